"""Ctrl-C while a function of the user's runs in another thread than the main one, which alone notices it."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["interrupt_functions", "interruptible_call"]

_LOCK = threading.Lock()
_CALLING: set[int] = set()


@contextmanager
def interruptible_call() -> Iterator[None]:
    """Let :func:`interrupt_functions` reach what this thread does."""
    me = threading.get_ident()
    with _LOCK:
        _CALLING.add(me)
    try:
        yield
    finally:
        with _LOCK:
            _CALLING.discard(me)
            _raise_in(me, None)  # what has come too late


def interrupt_functions() -> None:
    """Raise KeyboardInterrupt in all functions of the user's that are running in other threads."""
    with _LOCK:
        for thread in _CALLING - {threading.get_ident()}:
            _raise_in(thread, KeyboardInterrupt)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise an error at its next instruction of Python, or take that back."""
    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
