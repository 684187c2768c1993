"""Ctrl-C while the thread starts that does the work: nothing of it goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from onefold.execution.interrupts import interruptibly
from onefold.transforms.interrupts import interruptible_call

Start = Callable[[threading.Thread], None]


def endless() -> None:
    with interruptible_call():
        while True:
            sum(range(1_000))


def working() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "onefold-work"]


def test_work_that_has_begun_when_ctrl_c_comes_while_its_thread_starts_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start: Start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == "onefold-work":
            time.sleep(0.1)  # the work has begun
            raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        interruptibly(endless)
    assert working() == []


def test_work_never_begins_when_ctrl_c_comes_before_its_thread_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    start: Start = threading.Thread.start
    kept: list[threading.Thread] = []

    def interrupted(thread: threading.Thread) -> None:
        if thread.name != "onefold-work":
            start(thread)
            return
        kept.append(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    begun = threading.Event()
    with pytest.raises(KeyboardInterrupt):
        interruptibly(begun.set)
    start(kept[0])  # as when the system starts it late
    kept[0].join()
    assert not begun.is_set()


def test_what_the_work_returns_or_raises_is_returned_or_raised() -> None:
    def failing() -> None:
        raise ValueError("as said")

    assert interruptibly(lambda: 7) == 7
    with pytest.raises(ValueError, match="as said"):
        interruptibly(failing)
    assert working() == []
