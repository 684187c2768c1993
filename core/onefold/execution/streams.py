"""Arrow streams that count what passes and clean up behind themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pyarrow as pa

from onefold.types.streams import started

__all__ = ["Traffic", "observed"]


@dataclass(slots=True)
class Traffic:
    """What has passed through a stream so far.

    Args:
        rows: Rows.
        bytes: Bytes in Arrow's layout.
        seconds: Time spent waiting for batches, the stages below included.
        done: Whether the stream was read to its end.
        failure: What was raised while it was read; an engine that reads the stream may report only its text.
        tasks: How many tasks of the engines are done, and how many there are, while nothing has come yet and where an
            engine tells.
    """

    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0
    done: bool = False
    failure: BaseException | None = None
    tasks: tuple[int, int] | None = None

    def add(self, rows: int, size: int) -> None:
        """Count rows and bytes."""
        self.rows += rows
        self.bytes += size


def observed(
    reader: pa.RecordBatchReader,
    traffic: Traffic,
    *,
    schema: pa.Schema | None = None,
    change: Callable[[pa.RecordBatch], pa.RecordBatch] = lambda batch: batch,
    turn: AbstractContextManager[object] = nullcontext(),  # noqa: B008 - it holds nothing
    on_open: Callable[[Iterator[pa.RecordBatch]], None] = lambda batches: None,
    on_batch: Callable[[Traffic], None] | None = None,
    on_failure: Callable[[BaseException], None] | None = None,
    on_close: Callable[[], None] | None = None,
) -> pa.RecordBatchReader:
    """Return the same stream, which counts into ``traffic`` and calls back.

    Args:
        reader: The stream; closed when the returned one ends, fails, or is dropped (pyarrow's ``close()`` alone does
            not reach the Python code that makes the batches).
        traffic: What to count into.
        schema: The schema of the batches once they are changed; None: that of the stream.
        change: Makes of each batch the one that is handed on.
        turn: Held while a batch is read, for streams that may not be read at once.
        on_open: Called with the generator of the batches: closing it closes the stream, whoever still refers to it.
        on_batch: Called after each batch.
        on_failure: Called with what is raised while reading, Ctrl-C included, before it goes on; it may raise
            something better. What ``on_batch`` raises is no failure of the stream, and goes on as it is.
        on_close: Called once at the end, however it came.
    """

    def batches() -> Iterator[pa.RecordBatch | None]:
        nonlocal reader
        said: Exception | None = None
        try:
            with reader:
                yield None
                while True:
                    began = time.perf_counter()
                    try:
                        with turn:
                            batch = next(reader, None)
                        if batch is not None:
                            batch = change(batch)
                    finally:
                        traffic.seconds += time.perf_counter() - began
                    if batch is None:
                        traffic.done = True
                        return
                    traffic.add(batch.num_rows, batch.nbytes)
                    if on_batch is not None:
                        try:
                            on_batch(traffic)
                        except Exception as error:
                            said = error
                            raise
                    yield batch
        except GeneratorExit:
            raise
        except BaseException as error:
            traffic.failure = error
            if on_failure is not None and error is not said:
                on_failure(error)
            raise
        finally:
            del reader  # the traceback of an error refers to this frame, and may live long
            if on_close is not None:
                on_close()

    running = started(batches())
    on_open(running)
    return pa.RecordBatchReader.from_batches(schema or reader.schema, running)
