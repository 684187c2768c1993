"""Ctrl-C while something runs that does not come back to Python for long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

import pyarrow as pa

from onefold.execution.sessions import cancel_all
from onefold.transforms import interrupt_functions
from onefold.types.streams import started

__all__ = ["interruptible", "interruptibly"]

_T = TypeVar("_T")

_PATIENCE = 0.2
"""How many seconds pass until what still runs is stopped again: it may not have begun when it was stopped at first."""


def interruptibly(work: Callable[[], _T]) -> _T:
    """Return what a function returns; Ctrl-C stops what the engines run, and with it the function.

    Python notices Ctrl-C in its main thread only, and only between two of its own instructions: the work is done in
    another one.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    future: Future[_T] = Future()
    thread = threading.Thread(target=_run, args=(work, future), name="onefold-work")
    try:
        thread.start()
        while not wait([future], timeout=_PATIENCE).done:  # of an unlimited wait, Ctrl-C is no end beside Polars
            pass
        return future.result()
    except KeyboardInterrupt:
        # Where Ctrl-C comes while the thread starts, it has begun or never will: only the future knows.
        if not future.cancel():
            cancel_all()
            while not wait([future], timeout=_PATIENCE).done:
                interrupt_functions()
                cancel_all()
        raise
    finally:
        if thread.is_alive():
            thread.join()
        del future  # as in _run


def _run(work: Callable[[], _T], future: Future[_T]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            future.set_exception(error)
            del future  # what was raised refers to this frame, and the future to what was raised


def interruptible(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return the same stream, of which Ctrl-C ends the waiting for a batch."""

    def batches() -> Iterator[pa.RecordBatch | None]:
        with reader:
            yield None
            while (batch := interruptibly(lambda: next(reader, None))) is not None:
                yield batch

    return pa.RecordBatchReader.from_batches(reader.schema, started(batches()))
