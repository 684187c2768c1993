"""Relations that look at one row, or put rows in order."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from onefold.plan import Deduplicate, Distinct, Filter, Limit, Project, Relation, Sort, SortKey, Unnest
from onefold.types import Schema
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.result import Result, tolerance_of
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row

__all__ = ["STEPS", "identity_of", "settled", "sort_key"]


def sort_key(rules: Rules, row: Row, keys: Sequence[SortKey], schema: Schema) -> tuple[Any, ...]:
    """Return what rows are sorted by."""
    return tuple(rules.placed(row[key.column], schema[key.column].dtype, key) for key in keys)


def settled(rules: Rules, rows: Sequence[Row], keys: Sequence[SortKey], schema: Schema) -> list[Row]:
    """Return rows in an order without ties: by the keys, then by all columns, ascending, nulls first.

    Lists and structs come after the other columns.
    """
    rest = sorted(schema, key=lambda field: not field.dtype.is_ordered)
    return sorted(
        rows,
        key=lambda row: (
            sort_key(rules, row, keys, schema),
            [rules.ascending(row[field.name], field.dtype) for field in rest],
        ),
    )


def identity_of(rules: Rules, row: Row, names: Sequence[str], schema: Schema) -> Hashable:
    """Return what tells rows apart by some of their columns."""
    return tuple(rules.identity(row[name], schema[name].dtype) for name in names)


def project(context: Context, node: Project) -> Result:
    """Return exactly these columns, computed from each row."""
    below = context.result(node.input)
    columns = {item.name: context.compile(item.expression, node.input.output) for item in node.columns}
    rows = [{name: compute(row) for name, compute in columns.items()} for row in below.rows]
    tolerances = {item.name: tolerance_of(item.expression, below.tolerances) for item in node.columns}
    return Result(rows, tolerances, below.determined)


def filter_rows(context: Context, node: Filter) -> Result:
    """Return the rows for which the predicate holds."""
    below = context.result(node.input)
    predicate = context.compile(node.predicate, node.input.output)
    rows = [row for row in below.rows if context.rules.holds(predicate(row))]
    return Result(rows, below.tolerances, below.decided_by(node.predicate.columns))


def sort(context: Context, node: Sort) -> Result:
    """Return the rows in the stated order."""
    below = context.result(node.input)
    rows = sorted(below.rows, key=lambda row: sort_key(context.rules, row, node.keys, node.output))
    return Result(rows, below.tolerances, below.determined)


def limit(context: Context, node: Limit) -> Result:
    """Return at most so many rows; which ones is determined by the order of the rows below, if they have one."""
    below = context.result(node.input)
    rows = list(context.rules.limited(below.rows, node.count, node.offset))
    return Result(rows, below.tolerances, below.determined and _cuts_are_determined(context, node, below))


def _cuts_are_determined(context: Context, node: Limit, below: Result) -> bool:
    cuts = [cut for cut in (node.offset, node.offset + node.count) if 0 < cut < len(below.rows)]
    if not node.count or not cuts:
        return True
    ordered: Relation = node.input
    while isinstance(ordered, Limit):
        ordered = ordered.input
    if not isinstance(ordered, Sort) or not below.is_exact(key.column for key in ordered.keys):
        return False
    keys = [sort_key(context.rules, row, ordered.keys, node.output) for row in below.rows]
    return all(keys[cut - 1] != keys[cut] for cut in cuts)


def distinct(context: Context, node: Distinct) -> Result:
    """Return each different row once."""
    below = context.result(node.input)
    names = node.output.names
    rows = {identity_of(context.rules, row, names, node.output): row for row in below.rows}
    return Result(list(rows.values()), below.tolerances, below.decided_by(names))


def deduplicate(context: Context, node: Deduplicate) -> Result:
    """Return the first or last row of each key in the stated order."""
    below = context.result(node.input)
    groups: dict[Hashable, list[Row]] = {}
    for row in settled(context.rules, below.rows, node.order, node.output):
        groups.setdefault(identity_of(context.rules, row, node.by, node.output), []).append(row)
    rows = [context.rules.kept(mine, node.keep) for mine in groups.values()]
    return Result(rows, below.tolerances, below.decided_by(node.output.names))


def unnest(context: Context, node: Unnest) -> Result:
    """Return a row per element of a list column."""
    below = context.result(node.input)
    rows = [{**row, node.column: element} for row in below.rows for element in context.rules.elements(row[node.column])]
    return Result(rows, below.tolerances, below.determined)


STEPS: Mapping[type[Relation], Step] = {
    Project: project,
    Filter: filter_rows,
    Sort: sort,
    Limit: limit,
    Distinct: distinct,
    Deduplicate: deduplicate,
    Unnest: unnest,
}
"""The interpreters of this family."""
