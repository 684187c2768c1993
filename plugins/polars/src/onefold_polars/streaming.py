"""Results as they come: a query that runs beside its reader, a few batches ahead of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import polars as pl

from onefold.errors import Cancelled
from onefold.types import Schema
from onefold_polars.columns import fresh
from onefold_polars.expressions import polars_dtype
from onefold_polars.options import Options

__all__ = ["RunningQuery"]

_AHEAD = 2
"""How many batches a query may be ahead of its reader."""


_PATIENCE = 0.2
"""After how many seconds whoever waits for a batch looks whether Ctrl-C was pressed."""


class RunningQuery:
    """A query that runs in a thread of its own, so that waiting for its rows can be broken off at any time.

    Polars stops a query when nobody holds its batches any more, but whoever waits for the next one holds them. And it
    ends the batches of a query that panics as if there were no more. So a last row is added, which says that all others
    have come.

    All queries run on Polars' streaming engine. Its other one holds a thread of the pool while it reads from a stream,
    so that queries that read from each other wait for ever.

    Args:
        frame: The query.
        schema: Its columns.
        options: How it is run.
    """

    def __init__(self, frame: pl.LazyFrame, schema: Schema, options: Options) -> None:
        self.frame = frame
        self._options = options
        self._end = fresh("end", schema.names)
        types = {field.name: polars_dtype(field.dtype) for field in schema}
        last = pl.LazyFrame({name: [None] for name in types}, schema=types)
        self._marked = pl.concat(
            [part.with_columns(pl.lit(value).alias(self._end)) for part, value in ((frame, False), (last, True))]
        )
        self._ready: SimpleQueue[pl.DataFrame | BaseException | None] = SimpleQueue()
        self._places = threading.Semaphore(_AHEAD)
        self._stopped = False
        threading.Thread(target=self._pull, name="onefold-polars", daemon=True).start()

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the batches as they come.

        Raises:
            Cancelled: If the query was stopped.
        """
        try:
            while (batch := self._next()) is not None:
                if self._stopped:
                    raise Cancelled("The query was stopped.")
                if isinstance(batch, BaseException):
                    raise batch
                self._places.release()
                yield batch
        finally:
            self.stop()

    def _next(self) -> pl.DataFrame | BaseException | None:
        while True:
            with contextlib.suppress(Empty):  # Polars has a signal handler, after which an unlimited wait goes on
                return self._ready.get(timeout=_PATIENCE)

    def stop(self) -> None:
        """Stop the query, and whoever waits for it; idempotent."""
        self._stopped = True
        self._places.release()
        self._ready.put(Cancelled("The query was stopped."))

    def _pull(self) -> None:
        try:
            batches = self._marked.collect_batches(chunk_size=self._options.batch_rows, engine="streaming")
            ended = False
            while True:
                self._places.acquire()
                if self._stopped:
                    return
                batch = next(batches, None)
                if batch is None:
                    break
                ended = batch.height > 0 and bool(batch[-1, self._end])
                rows = batch.drop(self._end)
                self._ready.put(rows[:-1] if ended else rows)
            if not ended:
                raise pl.exceptions.ComputeError("Polars stopped in the middle; why, it wrote to standard error")
            self._ready.put(None)
        except pl.exceptions.PanicException as error:  # no Exception: those who catch all errors would let it pass
            self._ready.put(pl.exceptions.ComputeError(f"Polars failed unexpectedly: {error}"))
        except BaseException as error:  # noqa: BLE001 - raised where the rows are read
            self._ready.put(error)
