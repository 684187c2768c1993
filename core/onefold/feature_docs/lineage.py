"""From a column of a plan to the columns of sources that its values are computed from."""

from __future__ import annotations

from collections.abc import Iterable

from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Expression,
    Input,
    Join,
    MapBatches,
    NativeSql,
    Project,
    Relation,
    Scan,
    TrailingAggregate,
    Union,
    Window,
)

__all__ = ["Origin", "origins"]

Origin = tuple[str, str]
"""A source and one of its columns."""


def origins(relation: Relation, columns: Iterable[str]) -> tuple[Origin, ...]:
    """Return the columns of sources from which some columns of a relation are computed, sorted.

    What decides only whether a row is there, such as a filter or the keys of a join, is not among them. Of code that a plan
    can not look into, all columns that it gets count.

    Args:
        relation: The relation.
        columns: The names of some of its columns.
    """
    found: set[Origin] = set()
    seen: set[tuple[int, str]] = set()
    pending = [(relation, name) for name in columns]
    while pending:
        node, name = pending.pop()
        if (id(node), name) in seen:
            continue
        seen.add((id(node), name))
        if isinstance(node, Scan):
            found.add((node.table.name, name))
        elif isinstance(node, Input):
            found.add((node.name, name))
        else:
            pending += _below(node, name)
    return tuple(sorted(found))


def _below(node: Relation, name: str) -> list[tuple[Relation, str]]:
    """Return the columns of the relations directly below that a column comes from."""
    match node:
        case Project():
            read = _read(column.expression for column in node.columns if column.name == name)
            return [(node.input, one) for one in read]
        case Join():
            right = {out: column for column, out in node.right_columns}
            if name in right:
                return [(node.right, right[name])]
            found: list[tuple[Relation, str]] = [(node.left, name)]
            if node.how == "full" and name in node.left_on:
                found.append((node.right, node.right_on[node.left_on.index(name)]))
            return found
        case AsOfJoin():
            taken = {column.name: column.column for column in node.columns}
            return [(node.events, taken[name])] if name in taken else [(node.spine, name)]
        case TrailingAggregate():
            calls = {measure.name: measure.call for measure in node.measures}
            return (
                [(node.events, one) for one in sorted(calls[name].columns)] if name in calls else [(node.spine, name)]
            )
        case Aggregate():
            grouped = {measure.name: measure.call for measure in node.measures}
            return [(node.input, one) for one in (sorted(grouped[name].columns) if name in grouped else [name])]
        case Window():
            return [(node.input, one) for one in _window_columns(node, name)]
        case Union():
            return [(one, name) for one in node.relations]
        case MapBatches() | NativeSql():
            return [(one, column) for one in node.inputs for column in one.output.names]
    return [(one, name) for one in node.inputs]


def _window_columns(node: Window, name: str) -> list[str]:
    for measure in node.measures:
        if measure.name == name:
            call = measure.call
            parts = [part for part in call.children if isinstance(part, Expression)]
            return sorted({*_read(parts), *node.partition_by, *(key.column for key in node.order_by)})
    return [name]


def _read(expressions: Iterable[Expression]) -> list[str]:
    return sorted({name for expression in expressions for name in expression.columns})
