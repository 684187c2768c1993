"""Mutants of sinks: what is written, and what is left of what was there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from onefold.plan import Write
from onefold.types import INT64
from onefold_conformance.mutants.habits import is_nan
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.context import Context
from onefold_conformance.oracle.relations.foreign import write
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]


def _write(name: str, what: str, change: Callable[[Write], Write]) -> Mutant:
    """Return a mutant that writes to another sink than it was given."""
    return Mutant(f"write-{name}", what, relations={Write: lambda context, node: write(context, change(node))})


def _removed_before(context: Context, node: Write) -> Result:
    """Remove what is overwritten before the rows are computed: when that fails, nothing is left."""
    if node.sink.mode in ("overwrite", "overwrite_partitions"):
        for file in Path(node.sink.path).rglob("*.parquet"):
            file.unlink()
    return write(context, node)


def _sink(node: Write, **changes: Any) -> Write:
    return node.replace(sink=node.sink.model_copy(update=changes))


def _write_rows(name: str, what: str, change: Callable[[list[Row], Write], list[Row]]) -> Mutant:
    """Return a mutant that writes other rows."""

    def wrong(context: Context, node: Write) -> Result:
        right = context.result(node.input)
        known = {**context._known, node.input.fingerprint: dataclasses.replace(right, rows=change(right.rows, node))}
        found = write(dataclasses.replace(context, _known=known), node)
        rows = [{**row, "rows": len(right.rows)} for row in found.rows]
        return dataclasses.replace(found, rows=rows)

    return Mutant(f"write-{name}", what, relations={Write: wrong})


def _count(name: str, what: str, count: Callable[[int], int]) -> Mutant:
    def wrong(context: Context, node: Write) -> Result:
        found = write(context, node)
        return dataclasses.replace(found, rows=[{**row, "rows": count(row["rows"])} for row in found.rows])

    return Mutant(f"write-{name}", what, relations={Write: wrong})


def _nothing_for_nothing(context: Context, node: Write) -> Result:
    if context.result(node.input).rows:
        return write(context, node)
    return Result([{"path": node.sink.path, "rows": 0}], dict.fromkeys(node.output.names, Tolerance()))


def _changed(change: Callable[[Value], Value]) -> Callable[[list[Row], Write], list[Row]]:
    return lambda rows, node: [{name: change(value) for name, value in row.items()} for row in rows]


def _partition_values(change: Callable[[Value], Value]) -> Callable[[list[Row], Write], list[Row]]:
    return lambda rows, node: [
        {name: change(value) if name in node.sink.partition_by else value for name, value in row.items()}
        for row in rows
    ]


def _known_partitions(rows: list[Row], node: Write) -> list[Row]:
    return [row for row in rows if None not in [row[name] for name in node.sink.partition_by]]


def _text(value: Value, change: Callable[[str], str]) -> Value:
    return change(value) if isinstance(value, str) else value


MUTANTS: tuple[Mutant, ...] = (
    _write("overwrite-appends", "Leaves what was there when it overwrites.", lambda node: _sink(node, mode="append") if node.sink.mode == "overwrite" else node),
    _write("append-overwrites", "Takes away what was there when it appends.", lambda node: _sink(node, mode="overwrite") if node.sink.mode == "append" else node),
    _write("partitions-append", "Leaves what was in the partitions that it replaces.", lambda node: _sink(node, mode="append") if node.sink.mode == "overwrite_partitions" else node),
    _write("partitions-overwrite-all", "Takes away the partitions that get no rows.", lambda node: _sink(node, mode="overwrite") if node.sink.mode == "overwrite_partitions" else node),
    _write("ignores-partitions", "Writes into the sink itself instead of into partitions.", lambda node: _sink(node, partition_by=())),
    _write("first-partition-only", "Partitions by the first column only.", lambda node: _sink(node, partition_by=node.sink.partition_by[:1])),
    _write("error-overwrites", "Overwrites what was there, without being asked to.", lambda node: _sink(node, mode="overwrite") if node.sink.mode == "error" else node),
    _write("error-appends", "Adds to what was there, without being asked to.", lambda node: _sink(node, mode="append") if node.sink.mode == "error" else node),
    Mutant("write-removes-first", "Removes what was there before it has the new rows.", relations={Write: _removed_before}),
    _count("counts-one-more", "Says that it wrote one row more.", lambda count: count + 1),
    _count("counts-nothing", "Says that it wrote nothing.", lambda count: 0),
    Mutant("write-nothing-for-nothing", "Writes nothing at all when there are no rows.", relations={Write: _nothing_for_nothing}),
    _write_rows("loses-the-last-row", "Does not write the last row.", lambda rows, node: rows[:-1]),
    _write_rows("loses-null-partitions", "Does not write rows whose partition is null.", _known_partitions),
    _write_rows("null-partition-is-text", "Writes a null partition as text.", _partition_values(lambda value: "null" if value is None else value)),
    _write_rows("partitions-escaped-twice", "Escapes the values of partitions two times.", _partition_values(lambda value: _text(value, lambda text: quote(text, safe="")))),
    _write_rows("nan-is-null", "Writes NaN as null.", _changed(lambda value: None if is_nan(value) else value)),
    _write_rows("infinity-is-null", "Writes infinities as null.", _changed(lambda value: None if isinstance(value, float) and abs(value) == float("inf") else value)),
    _write_rows("empty-lists-are-null", "Writes empty lists as null.", _changed(lambda value: None if value == [] else value)),
    _write_rows("null-is-zero", "Writes a null integer as zero.", lambda rows, node: [{n: 0 if v is None and node.input.output[n].dtype == INT64 else v for n, v in row.items()} for row in rows]),
    _write_rows("times-in-milliseconds", "Cuts times to milliseconds.", lambda rows, node: [{n: v // 1000 * 1000 if v is not None and node.input.output[n].dtype.is_time else v for n, v in row.items()} for row in rows]),
    _write_rows("rows-once", "Writes equal rows once.", lambda rows, node: list({repr(row): row for row in rows}.values())),
)  # fmt: skip
"""Wrong sinks."""
