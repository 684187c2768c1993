"""One flight of the training set, its features, and the events that were known or not yet known at its time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onefold.api.repository import Repository

__all__ = ["closeup", "pick"]

_SHOWN = 46


def closeup(console: Console, table: pa.Table, arrivals: pa.Table, repository: Repository) -> None:
    """Show a flight whose plane is still under way when it is due: what that plane's features know, and what not.

    Args:
        console: Where to show it.
        table: The training set.
        arrivals: The arrivals of all planes.
        repository: The definitions, for the order of the features.
    """
    flight = table.slice(pick(table, arrivals), 1).to_pylist()[0]
    due: dt.datetime = flight["scheduled_at"]
    console.print(
        f"[bold]{flight['carrier']} {flight['flight']}[/] from {flight['origin']} to {flight['dest']} is due at "
        f"[bold]{due:%Y-%m-%d %H:%M} UTC[/] with the plane [bold]{flight['tailnum']}[/]. What had landed by then:\n"
    )
    console.print(_timeline(arrivals.filter(pc.equal(arrivals["tailnum"], flight["tailnum"])), due))
    console.print(
        "\nAn event is used from the moment it is known, and one with exactly the flight's time is not: that would be "
        "leakage. So the training set says:\n"
    )
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("view", "feature", "value"):
        shown.add_column(heading, header_style="dim", style="bold" if heading == "value" else "")
    for view in repository.views.values():
        for number, name in enumerate(view.feature_names):
            shown.add_row(escape(view.name) if not number else "", escape(name), escape(_text(flight[name])))
    console.print(shown)
    label = {True: "yes", False: "no", None: "it did not arrive"}[flight["late"]]
    console.print(f"\nThe label, which no feature has seen: more than 30 minutes late? [bold]{label}[/]")


def pick(table: pa.Table, arrivals: pa.Table) -> int:
    """Return the number of a row worth a close look: in July, late, its plane landing within two hours after it was due.

    Falls back to the first row when there is none such.
    """
    candidates = table.append_column("row", pa.array(range(len(table))))
    candidates = candidates.filter(pc.fill_null(candidates["late"], False)).filter(pc.equal(pc.field("month"), 7))
    landed: dict[str, list[dt.datetime]] = {}
    july = arrivals.filter(pc.equal(pc.month(arrivals["landed_at"]), 7))
    for tailnum, at in zip(july["tailnum"].to_pylist(), july["landed_at"].to_pylist(), strict=True):
        landed.setdefault(tailnum, []).append(at)
    columns = (candidates[name].to_pylist() for name in ("row", "tailnum", "scheduled_at"))
    for row, tailnum, due in zip(*columns, strict=True):
        times = landed.get(tailnum, [])
        before = sum(due - dt.timedelta(days=2) < at < due for at in times)
        after = sum(due <= at < due + dt.timedelta(hours=2) for at in times)
        if before >= 3 and after:
            return int(row)
    return 0


def _timeline(own: pa.Table, due: dt.datetime) -> Table:
    """Return the plane's landings around a time, and whether each was known by then."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for heading in ("landed (UTC)", "at", "delay", ""):
        shown.add_column(heading, header_style="dim", justify="right" if heading == "delay" else "left")
    landings = own.select(["landed_at", "dest", "arr_delay"]).to_pylist()
    before = [landing for landing in landings if landing["landed_at"] < due][-4:]
    after = [landing for landing in landings if landing["landed_at"] >= due][:2]
    for landing in [*before, *after]:
        known = landing["landed_at"] < due
        shown.add_row(
            f"{landing['landed_at']:%Y-%m-%d %H:%M}",
            landing["dest"],
            f"{landing['arr_delay']:+d} min",
            "[green]known[/]" if known else "[red]not yet known[/]",
            style="" if known else "dim",
        )
    return shown


def _text(value: Any) -> str:
    """Return a value as a person reads it, long lists cut."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    if isinstance(value, list):
        items = [f"{item['key']} {_text(item['value'])}" if isinstance(item, dict) else _text(item) for item in value]
        text = ", ".join(items)
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 4]} ..."
    return str(value)
