"""What a value of a training set was computed from, as an object, as text and as HTML."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.debugging.intervals import Interval
from onefold.display import card, details, facts, html_page, html_table, span_text, text_table, value_text
from onefold.execution import Explanation
from onefold.types import DataType

__all__ = ["Provenance"]

_MOST = 400
"""How many characters of the value are shown."""

_MOST_IN_TABLES = 90
"""How many characters of one value of an event."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one value of a training set comes from; prints as text, and as HTML in a notebook.

    Args:
        feature: The feature.
        view: The name of its view.
        computed: What it computes, such as ``mean(dep_delay) over 7d``.
        row: The position of the row in the spine, from 0.
        spine: The row of the spine.
        keys: The columns of the spine that say for whom the value is.
        time: The column of the spine that says as of when it is.
        value: The value, computed for this row by the plan of the training set.
        dtype: Its type.
        window: The moments at which an event has to have become known; None where nothing can enter.
        entered: The events that entered, the earliest first. Of many, the first and the last ones.
        count: How many entered.
        outside: Those nearest to the window that did not enter, the earliest first; the column ``why`` says why not.
        counts: How many there were of each kind outside, as far as was looked.
        around: How far outside of the window was looked, in microseconds.
        engine: The engine that computes the view.
        reason: Why it is that one.
        notes: What else is to be known.
        explanation: The plan that gave the value: stages and the engine's own queries.
        reading: The plan that read the events; None where nothing can enter.
        queries: Whether the text shows the engine's own queries.
    """

    feature: str
    view: str
    computed: str
    row: int
    spine: Mapping[str, Any]
    keys: tuple[str, ...]
    time: str
    value: Any
    dtype: DataType
    window: Interval | None
    entered: pa.Table
    count: int
    outside: pa.Table
    counts: Mapping[str, int]
    around: int
    engine: str
    reason: str
    notes: tuple[str, ...]
    explanation: Explanation
    reading: Explanation | None
    queries: bool = False

    @property
    def left_out(self) -> int:
        """How many of the events that entered are not among ``entered``."""
        return self.count - int(self.entered.num_rows)

    def to_html(self) -> str:
        """Return a whole HTML page, without scripts, that fits light and dark screens."""
        return html_page(f"onefold: {self.feature}", self._repr_html_())

    def __str__(self) -> str:
        told = list(self._facts())
        width = max(len(name) for name, _ in told)
        lines = [self._title, self._subtitle, ""]
        for name, texts in told:
            lines += [
                f"  {head:<{width}}  {text}" for head, text in zip((name, *[""] * len(texts)), texts, strict=False)
            ]
        for title, about, rows, gap in self._tables():
            lines += ["", f"{title}{f': {about}' if about else ''}"]
            if rows.num_rows:
                table = text_table(rows.schema.names, _values(rows), gap=gap, most=_MOST_IN_TABLES)
                lines += [f"  {line}" for line in table]
        lines += [f"note: {note}" for note in self.notes]
        for title, query in self._queries() if self.queries else ():
            lines += ["", f"{title}:", textwrap.indent(query, "  ")]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        tables = "".join(
            f'<div style="margin-top:.7em"><b>{html.escape(title)}</b> '
            f'<span style="opacity:.75">{html.escape(told)}</span></div>'
            + (html_table(rows.schema.names, _values(rows), gap=gap, most=_MOST_IN_TABLES) if rows.num_rows else "")
            for title, told, rows, gap in self._tables()
        )
        notes = "".join(f'<div style="margin-top:.4em"><i>note: {html.escape(note)}</i></div>' for note in self.notes)
        queries = "".join(details(title, query) for title, query in self._queries())
        return card(self._title, self._subtitle, facts(self._facts()), tables, notes, queries)

    @property
    def _title(self) -> str:
        return f"{self.feature} = {self.computed}"

    @property
    def _subtitle(self) -> str:
        keys = ", ".join(f"{key} = {value_text(self.spine[key])}" for key in self.keys)
        return f"row {self.row} of the spine: {keys}, {self.time} = {value_text(self.spine[self.time])}"

    def _facts(self) -> Iterator[tuple[str, list[str]]]:
        yield "value", [f"{value_text(self.value, most=_MOST)}  ({self.dtype})"]
        if self.window is not None:
            yield "window", self.window.lines()
        yield "view", [self.view]
        yield "engine", [f"{self.engine}{f' ({self.reason})' if self.reason else ''}"]

    def _queries(self) -> Iterator[tuple[str, str]]:
        for report in self.explanation.stages:
            if report.query:
                yield f"native query ({report.title})", report.query

    def _tables(self) -> Iterator[tuple[str, str, pa.Table, int | None]]:
        """Yield the tables: title, what is said about it, rows, and the place where rows are left out."""
        many = "1 event entered" if self.count == 1 else f"{self.count:,} events entered"
        shown = f"{self.left_out:,} between the first and the last ones are not shown" if self.left_out else ""
        yield many, shown, self.entered, self.entered.num_rows // 2 if self.left_out else None
        if self.window is not None:
            kinds = [f"{count:,} {what}" for what, count in self.counts.items()]
            sides = "after it" if self.window.start is None else "before and after the window"
            told = ", ".join([*(kinds or ["nothing"]), f"as far as {span_text(self.around)} {sides}"])
            yield "Just outside", told, self.outside, None


def _values(rows: pa.Table) -> list[list[Any]]:
    columns = [column.to_pylist() for column in rows.columns]
    return [list(row) for row in zip(*columns, strict=True)]
