"""Ctrl-C while something runs that does not come back to Python for long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from onefold.execution.sessions import cancel_all

__all__ = ["interruptibly"]

_T = TypeVar("_T")


def interruptibly(work: Callable[[], _T]) -> _T:
    """Return what a function returns; Ctrl-C stops what the engines run, and with it the function.

    Python notices Ctrl-C in its main thread only, and only between two of its own instructions: the work is done in
    another one.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="onefold-work") as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            cancel_all()
            raise
