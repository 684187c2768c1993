"""Ctrl-C while something runs that does not come back to Python for long."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from onefold.execution.sessions import cancel_all

__all__ = ["interruptibly"]

_T = TypeVar("_T")

_PATIENCE = 0.2
"""How many seconds pass until what still runs is stopped again: it may not have begun when it was stopped at first."""


def interruptibly(work: Callable[[], _T]) -> _T:
    """Return what a function returns; Ctrl-C stops what the engines run, and with it the function.

    Python notices Ctrl-C in its main thread only, and only between two of its own instructions: the work is done in
    another one.
    """
    worker: list[int] = []

    def working() -> _T:
        worker.append(threading.get_ident())
        return work()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="onefold-work") as pool:
        future = pool.submit(working)
        try:
            return future.result()
        except KeyboardInterrupt:
            _stop(future, worker)
            raise


def _stop(future: Future[_T], worker: list[int]) -> None:
    """Stop the engines, and then, where that does not end the work, the function of the user's that it is in."""
    cancel_all()
    if wait([future], timeout=_PATIENCE).done:
        return
    for thread in worker:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))
    while not wait([future], timeout=_PATIENCE).done:
        cancel_all()
