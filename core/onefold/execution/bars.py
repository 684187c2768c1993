"""Bars that show people how far a run is: in a terminal, and in a notebook, without widgets."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from onefold.errors import DefinitionError
from onefold.execution.drawing import size_text
from onefold.execution.streams import Traffic

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["NotebookBar", "Progress", "TerminalBar", "watched"]

Progress: TypeAlias = bool | Callable[[Traffic], None] | None
"""How users ask to see how far a run is: True for a bar, or what is called with the traffic of the result so far."""

SECONDS_BETWEEN = 0.2
"""A notebook is sent no more than so many pictures of a bar: they travel to a browser."""

_ROW = "display:flex;gap:.9em;align-items:center;font-variant-numeric:tabular-nums"


@contextmanager
def watched(progress: Progress, label: str, *, total: int | None = None) -> Iterator[Callable[[Traffic], None] | None]:
    """Show how far a run is as a user has asked for it, and take down the bar at the end, however that comes.

    Args:
        progress: What was asked for. True shows a bar in a notebook, or on standard error where that is a terminal, and
            nothing elsewhere: a log is no place for one.
        label: What is being done.
        total: How many rows there will be, when that is known.

    Yields:
        What to call with the traffic; None when nothing is wanted.

    Raises:
        DefinitionError: If ``progress`` is something else.
    """
    if progress is None or progress is False:
        yield None
        return
    if progress is not True:
        if not callable(progress):
            raise DefinitionError(
                f"progress is True for a bar, or a function that is called with the traffic, not {progress!r:.60}."
            )
        yield progress
        return
    bar = _bar(label, total)
    if bar is None:
        yield None
        return
    try:
        yield bar.report
    except BaseException:
        bar.close(finished=False)
        raise
    bar.close(finished=True)


def _bar(label: str, total: int | None) -> NotebookBar | TerminalBar | None:
    display = _display_of_notebook()
    if display is not None:
        return NotebookBar(display, label, total)
    from rich.console import Console  # noqa: PLC0415 - only where something is shown with it

    console = Console(stderr=True, highlight=False)
    return TerminalBar(console, label, total) if console.is_terminal else None


def _display_of_notebook() -> Callable[..., Any] | None:
    """Return what shows something in the notebook that this code runs in; None outside of one.

    Who runs in a notebook has imported IPython: it is never imported here only to ask.
    """
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if getattr(shell, "kernel", None) is None:
        return None
    from IPython.display import display  # noqa: PLC0415

    shown: Callable[..., Any] = display
    return shown


class TerminalBar:
    """A bar in a terminal: tasks of the engines until there are rows, and then rows; it is gone at the end.

    Args:
        console: The terminal.
        label: What is being done.
        total: How many rows there will be, when that is known.
    """

    def __init__(self, console: Console, label: str, total: int | None) -> None:
        from rich.progress import (  # noqa: PLC0415 - slow to import
            BarColumn,
            MofNCompleteColumn,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.progress import Progress as Bars  # noqa: PLC0415

        unit = TextColumn("{task.fields[unit]}")
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), unit)
        self._bars = Bars(*columns, TimeElapsedColumn(), console=console, transient=True)
        self._rows = self._bars.add_task(label, total=total, unit="rows")
        self._tasks = self._bars.add_task(label, visible=False, unit="tasks")
        self._bars.start()

    def report(self, traffic: Traffic) -> None:
        """Show how far it is."""
        self._bars.update(self._rows, completed=traffic.rows, visible=traffic.tasks is None)
        done, total = traffic.tasks or (0, 0)
        self._bars.update(self._tasks, completed=done, total=total, visible=traffic.tasks is not None)

    def close(self, *, finished: bool) -> None:
        """Take the bar down."""
        del finished
        self._bars.stop()


class NotebookBar:
    """A bar in the output of a notebook's cell, which says at the end what there was.

    Args:
        display: ``IPython.display.display``.
        label: What is being done.
        total: How many rows there will be, when that is known.
    """

    def __init__(self, display: Callable[..., Any], label: str, total: int | None) -> None:
        self._label = label
        self._total = total
        self._began = self._shown = time.perf_counter()
        self._traffic = Traffic()
        self._handle = display(self._bundle(), raw=True, display_id=True)

    def report(self, traffic: Traffic) -> None:
        """Show how far it is, if that was not just done."""
        self._traffic = traffic
        now = time.perf_counter()
        if now - self._shown >= SECONDS_BETWEEN:
            self._shown = now
            self._handle.update(self._bundle(), raw=True)

    def close(self, *, finished: bool) -> None:
        """Say how it ended in place of the bar."""
        told = f"{self._traffic.rows:,} rows"
        if self._traffic.bytes:
            told += f", {size_text(self._traffic.bytes)}"
        told += f" in {time.perf_counter() - self._began:.1f} s"
        text = f"{self._label}: {told if finished else f'stopped after {told}'}"
        style = "opacity:.75;font-variant-numeric:tabular-nums"
        shown = f'<div style="{style}">{html.escape(text)}</div>'
        self._handle.update({"text/plain": text, "text/html": shown}, raw=True)

    def _bundle(self) -> dict[str, str]:
        traffic = self._traffic
        if traffic.tasks is not None:
            done, total, unit = *traffic.tasks, "tasks"
        else:
            done, total, unit = traffic.rows, self._total or 0, "rows"
        # Without a value, the bar moves to and fro: something is being done, and nobody knows how much there is.
        filled = f' value="{done}" max="{total}"' if total else ""
        told = f"{done:,} of {total:,} {unit}" if total else f"{done:,} {unit}"
        told += f" · {time.perf_counter() - self._began:.1f} s"
        shown = (
            f'<div style="{_ROW}"><span>{html.escape(self._label)}</span><progress{filled} style="width:16em"></progress>'
            f'<span style="opacity:.75">{told}</span></div>'
        )
        return {"text/plain": f"{self._label}: {told}", "text/html": shown}
