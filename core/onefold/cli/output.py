"""What commands print: tables for people, JSON for scripts; results on standard output, all else on standard error."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from onefold.execution import Traffic

__all__ = ["messages", "print_json", "progress_bar", "results"]


def results(*, width: int = 200) -> Console:
    """Return the console for results.

    Args:
        width: How wide text is when it is not for a terminal: tables keep their cells whole.
    """
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=width)


def messages() -> Console:
    """Return the console for progress and errors, on standard error."""
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print a value as JSON; what JSON does not know becomes text."""
    typer.echo(json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, decimal.Decimal | Path):
        return str(value)
    return value


@contextmanager
def progress_bar(label: str, *, total: int | None) -> Iterator[Callable[[Traffic], None] | None]:
    """Show rows as they are computed, and before that the tasks of the engines, on standard error, when that is a terminal.

    Args:
        label: What is being done.
        total: How many rows there will be, when that is known.

    Yields:
        What to call after each batch, and with the tasks that engines have done; None when nothing is shown.
    """
    console = messages()
    if not console.is_terminal:
        yield None
        return
    from onefold.execution.bars import TerminalBar

    bar = TerminalBar(console, label, total)
    try:
        yield bar.report
    finally:
        bar.close(finished=True)
