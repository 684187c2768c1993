"""Mutants of unnesting: rows from lists."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Sequence

from onefold.plan import (
    Unnest,
)
from onefold_conformance.mutants.habits import is_nan, saturated, zero_of
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import of_step, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]


def _elements(name: str, what: str, elements: Callable[[Value], Sequence[Value]]) -> Mutant:
    return under(Unnest, name, what, elements=lambda rules, items: elements(items))


def _different_elements(items: Value) -> Sequence[Value]:
    return list({repr(item): item for item in items or ()}.values())


def _flattened(items: Value) -> Iterator[Value]:
    for item in items or ():
        if isinstance(item, list):
            yield from ([inner] for inner in _flattened(item))
        else:
            yield item


def _one_level(items: Value) -> Sequence[Value]:
    """Empty and null lists inside of a list are no elements."""
    return [item for item in items or () if item != [] and (item is not None or not _holds_lists(items))]


def _holds_lists(items: Value) -> bool:
    return any(isinstance(item, list) for item in items)


def _null_structs_filled(items: Value) -> Sequence[Value]:
    fields = next((item for item in items or () if isinstance(item, dict)), None)
    return [dict.fromkeys(fields) if item is None and fields is not None else item for item in items or ()]


def _known_beside(rows: list[Row], node: Unnest) -> list[Row]:
    return [row for row in rows if all(value is not None for name, value in row.items() if name != node.column)]


def _only_in_the_first(rows: list[Row], node: Unnest) -> list[Row]:
    """Other columns are null beside all elements but the first."""
    changed = []
    for place, row in enumerate(rows):
        same = place and all(repr(row[n]) == repr(rows[place - 1][n]) for n in row if n != node.column)
        changed.append({n: v if n == node.column or not same else None for n, v in row.items()})
    return changed


def _side_by_side(context: Context, node: Unnest, right: Step) -> Result:
    """Two lists that are unnested one after another give their elements side by side."""
    below = node.input
    if not isinstance(below, Unnest) or below.column == node.column:
        return right(context, node)
    source = context.result(below.input)
    rows = [
        {**row, below.column: first, node.column: second}
        for row in source.rows
        for first, second in itertools.zip_longest(row[below.column] or (), row[node.column] or ())
    ]
    return dataclasses.replace(right(context, node), rows=rows)


def _element_at_the_end(rows: list[Row], node: Unnest) -> list[Row]:
    """The element comes behind the other columns, which are then bound by their place."""
    schema = node.output
    names = [name for name in schema.names if name != node.column] + [node.column]
    if any(schema[a].dtype != schema[b].dtype for a, b in zip(names, schema.names, strict=True)):
        return rows
    return [{b: row[a] for a, b in zip(names, schema.names, strict=True)} for row in rows]


def _through_float(items: Value) -> Sequence[Value]:
    whole = [isinstance(item, int) and not isinstance(item, bool) for item in items or ()]
    if not any(whole) or None not in items:
        return items or ()
    return [None if item is None else saturated(int(float(item))) for item in items]


def _zero_for_null(rows: list[Row], node: Unnest) -> list[Row]:
    dtype = node.output[node.column].dtype
    if dtype.is_ordered and not dtype.is_time:
        return [{**row, node.column: zero_of(dtype) if row[node.column] is None else row[node.column]} for row in rows]
    return rows


def _cut_to_seconds(rows: list[Row], node: Unnest) -> list[Row]:
    if not node.output[node.column].dtype.is_time:
        return rows
    return [{**row, node.column: row[node.column] and row[node.column] // 10**6 * 10**6} for row in rows]


MUTANTS: tuple[Mutant, ...] = (
    # -- lists
    _elements("keeps-nulls-and-empties", "Keeps rows with a null or empty list.", lambda items: items or (None,)),
    _elements("keeps-nulls", "Keeps rows with a null list.", lambda items: (None,) if items is None else items),
    _elements("keeps-empties", "Keeps rows with an empty list.", lambda items: (None,) if items == [] else items or ()),
    _elements("drops-null-elements", "Drops null elements.", lambda items: [item for item in items or () if item is not None]),
    _elements("drops-nan", "Drops NaN among elements.", lambda items: [item for item in items or () if not is_nan(item)]),
    _elements("drops-duplicates", "Drops equal elements of a list.", _different_elements),
    _elements("first-element", "Gives a row for the first element only.", lambda items: (items or ())[:1]),
    _elements("one-fewer", "Loses the last element of a list.", lambda items: (items or ())[:-1]),
    _elements("all-levels", "Unnests lists of lists down to their elements.", lambda items: list(_flattened(items))),
    _elements("drops-empty-elements", "Drops null and empty lists inside of lists.", _one_level),
    _elements("null-structs-are-filled", "Takes a null struct among elements for a struct of nulls.", _null_structs_filled),
    _elements("integers-through-float", "Rounds whole numbers beside nulls beyond 2^53.", _through_float),
    _elements("infinity-is-null", "Takes an infinite element for null.", lambda items: [None if isinstance(item, float) and math.isinf(item) else item for item in items or ()]),
    rows_out(Unnest, "null-elements-are-zero", "Returns zero, false or empty text for null elements.", _zero_for_null),
    rows_out(Unnest, "drops-incomplete-rows", "Drops rows with a null beside the list.", _known_beside),
    rows_out(Unnest, "others-once", "Gives the other columns beside the first element only.", _only_in_the_first),
    rows_out(Unnest, "element-at-the-end", "Puts the element behind the other columns.", _element_at_the_end),
    rows_out(Unnest, "times-in-seconds", "Cuts times in lists to seconds.", _cut_to_seconds),
    rows_out(Unnest, "keeps-a-row", "Keeps a row of nulls where no list has elements.", lambda rows, node: rows or [dict.fromkeys(node.output.names)]),
    of_step(Unnest, "side-by-side", "Gives the elements of two lists side by side.", _side_by_side),
)  # fmt: skip
"""Wrong rows from lists."""
