"""Mutants that run another plan than they were given: the way to be wrong about null, which no rule gets to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from onefold.errors import PlanError
from onefold.plan import AggCall, Call, Case, Cast, Expression, Literal, Node, Relation, infer
from onefold.plan.node import Part
from onefold.types import DataType, Schema, schema_to_arrow
from onefold_conformance.mutants.habits import zero_of
from onefold_conformance.mutants.model import Execute, Mutant
from onefold_conformance.oracle.values import to_table

__all__ = [
    "Change",
    "aggregation_becomes",
    "call_becomes",
    "case_becomes",
    "cast_becomes",
    "rewritten",
    "running",
    "zero",
    "zero_for_null",
]

Change = Callable[[Node, "Schema | None"], Node]
"""Returns what takes the place of a node, whose parts are changed already; with the columns that its relation reads."""


def rewritten(plan: Relation, change: Change) -> Relation:
    """Return a plan in which every node was changed, those below first.

    Plans may be deeper than Python's stack: what is below comes first, on a stack of our own.
    """
    known: dict[int, Node] = {}
    pending: list[tuple[Node, Schema | None]] = [(plan, None)]
    while pending:
        node, above = pending[-1]
        reads = _read_by(node) if isinstance(node, Relation) else above
        missing = [child for child in node.children if id(child) not in known]
        if missing:
            pending.extend((child, reads) for child in missing)
            continue
        pending.pop()
        if id(node) not in known:
            known[id(node)] = change(_rebuilt(node, known), reads)
    found = known[id(plan)]
    assert isinstance(found, Relation)
    return found


def _read_by(relation: Relation) -> Schema | None:
    """Return the columns that the aggregations of a relation read."""
    events = relation.__dict__.get("events")
    below = events if events is not None else next(iter(relation.inputs), None)
    return None if below is None else below.output


def _rebuilt(node: Node, known: Mapping[int, Node]) -> Node:
    if all(known[id(child)] is child for child in node.children):
        return node
    fields = {name: _replaced(node.__dict__[name], known) for name in type(node).model_fields}
    return type(node)(**fields)


def _replaced(value: Any, known: Mapping[int, Node]) -> Any:
    if isinstance(value, Node):
        return known[id(value)]
    if isinstance(value, Part):
        return type(value)(**{name: _replaced(item, known) for name, item in value.__dict__.items()})
    return tuple(_replaced(item, known) for item in value) if isinstance(value, tuple) else value


def running(change: Change) -> Callable[[Execute], Execute]:
    """Return what runs the changed plan, and hands its rows out in the schema of the plan that was given."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            try:
                other = rewritten(plan, change)
            except PlanError:  # it has become too deep, or too large
                other = plan
            table = execute(other, inputs, **more).read_all()
            return pa.Table.from_arrays(table.columns, schema=schema_to_arrow(plan.output)).to_reader()

        return wrong

    return spoil


def call_becomes(of: str, name: str, what: str, change: Callable[[Call], Expression]) -> Mutant:
    """Return a mutant that computes another expression in place of the calls of a function.

    Args:
        of: The function.
        name: The end of the mutant's name, which begins with that of the function.
        what: What it gets wrong.
        change: Returns the other expression, of the same type.
    """

    def changed(node: Node, reads: Schema | None) -> Node:
        return change(node) if isinstance(node, Call) and node.function == of else node

    spoil = running(changed)
    return Mutant(f"{of.replace('_', '-')}-{name}", what, touches=(f"function.{of}",), spoil=spoil)


def aggregation_becomes(of: str, name: str, what: str, change: Callable[[AggCall, Schema], AggCall]) -> Mutant:
    """Return a mutant that computes another aggregation in place of the calls of one.

    Args:
        of: The aggregation.
        name: The end of the mutant's name, which begins with that of the aggregation.
        what: What it gets wrong.
        change: Returns the other aggregation, given the call and the columns that it reads.
    """

    def changed(node: Node, reads: Schema | None) -> Node:
        if not isinstance(node, AggCall) or node.function != of:
            return node
        assert reads is not None
        return change(node, reads)

    touches = tuple(f"{group}.{of}" for group in ("aggregation", "window", "trailing"))
    return Mutant(f"{of.replace('_', '-')}-{name}", what, touches=touches, spoil=running(changed))


def case_becomes(name: str, what: str, change: Callable[[Case], Expression]) -> Mutant:
    """Return a mutant that computes another expression in place of a case.

    Args:
        name: The end of the mutant's name.
        what: What it gets wrong.
        change: Returns the other expression, of the same type.
    """

    def changed(node: Node, reads: Schema | None) -> Node:
        return change(node) if isinstance(node, Case) else node

    return Mutant(f"case-{name}", what, touches=("expression.case",), spoil=running(changed))


def cast_becomes(name: str, what: str, change: Callable[[Cast], Expression]) -> Mutant:
    """Return a mutant that computes another expression in place of a conversion.

    Args:
        name: The end of the mutant's name.
        what: What it gets wrong.
        change: Returns the other expression, of the same type.
    """

    def changed(node: Node, reads: Schema | None) -> Node:
        return change(node) if isinstance(node, Cast) else node

    return Mutant(f"cast-{name}", what, touches=("expression.cast",), spoil=running(changed))


def zero(dtype: DataType) -> Literal:
    """Return the literal of what engines without nulls hold in place of null."""
    (value,) = to_table([{"zero": zero_of(dtype)}], Schema.of(zero=dtype)).column("zero").to_pylist()
    return Literal.of(value, dtype)


def zero_for_null(call: AggCall, reads: Schema) -> AggCall:
    """Return an aggregation that takes null for zero, false, empty text, or 1970."""
    args = [Call(function="coalesce", args=(arg, zero(infer(arg, reads).dtype))) for arg in call.args]
    return call.replace(args=tuple(args))
