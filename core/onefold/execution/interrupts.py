"""Ctrl-C while something runs that does not come back to Python for long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
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
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="onefold-work") as pool:
        future = pool.submit(work)
        try:
            while not wait([future], timeout=_PATIENCE).done:  # of an unlimited wait, Ctrl-C is no end beside Polars
                pass
            return future.result()
        except KeyboardInterrupt:
            cancel_all()
            while not wait([future], timeout=_PATIENCE).done:
                interrupt_functions()
                cancel_all()
            raise


def interruptible(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return the same stream, of which Ctrl-C ends the waiting for a batch."""

    def batches() -> Iterator[pa.RecordBatch | None]:
        with reader:
            yield None
            while (batch := interruptibly(lambda: next(reader, None))) is not None:
                yield batch

    return pa.RecordBatchReader.from_batches(reader.schema, started(batches()))
