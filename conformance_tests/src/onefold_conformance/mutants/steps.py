"""How the mutants of relations are made: the right step, for another node, over other rows, or by other rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pyarrow as pa

from onefold.plan import Relation
from onefold.types import schema_to_arrow
from onefold_conformance.mutants.model import Execute, Mutant
from onefold_conformance.mutants.plans import Change, rewritten
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.catalogue import RELATIONS
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row

__all__ = [
    "RIGHT",
    "RowsChange",
    "node_becomes",
    "of_step",
    "plan_becomes",
    "rows_in",
    "rows_out",
    "under",
    "with_rows",
    "with_rules",
]

RIGHT = Rules()
"""The right rules."""

RowsChange: TypeAlias = Callable[[list[Row], Any], list[Row]]
"""``change(rows, node)`` returns other rows for those of a node, or of what it reads."""


def with_rows(context: Context, relation: Relation, rows: list[Row]) -> Context:
    """Return a run in which a relation gives other rows."""
    known = {**context._known, relation.fingerprint: dataclasses.replace(context.result(relation), rows=rows)}
    return dataclasses.replace(context, _known=known)


def with_rules(**methods: Callable[..., Any]) -> Rules:
    """Return rules of which some methods are others; each takes the rules first."""
    rules: Rules = type("Wrong", (Rules,), methods)()
    return rules


def of_step(kind: type[Relation], name: str, what: str, step: Callable[[Context, Any, Step], Result]) -> Mutant:
    """Return a mutant that runs a relation in another way.

    Args:
        kind: The relation.
        name: The end of the mutant's name, which begins with the kind of the relation.
        what: What it gets wrong.
        step: The other way: ``step(context, node, right)``, where ``right`` is the right step.
    """
    right = RELATIONS[kind]
    return Mutant(
        f"{kind.kind}-{name}", what, relations={kind: lambda context, node: step(context, node, right)}
    )  # fmt: skip


def under(kind: type[Relation], name: str, what: str, **methods: Callable[..., Any]) -> Mutant:
    """Return a mutant that runs a relation by other rules; each method takes the rules first."""
    rules = with_rules(**methods)
    return of_step(
        kind, name, what, lambda context, node, right: right(dataclasses.replace(context, rules=rules), node)
    )


def node_becomes(kind: type[Relation], name: str, what: str, change: Callable[[Any], Relation]) -> Mutant:
    """Return a mutant that runs another node: ``change(node)``, also one of another kind."""

    def step(context: Context, node: Any, right: Step) -> Result:
        changed = change(node)
        if isinstance(changed, kind):
            return right(context, changed)
        return context.result(changed)

    return of_step(kind, name, what, step)


def rows_in(kind: type[Relation], name: str, what: str, change: RowsChange, side: str = "input") -> Mutant:
    """Return a mutant that sees other rows: those of the relation that is held under the name ``side``."""

    def step(context: Context, node: Any, right: Step) -> Result:
        below = getattr(node, side)
        return right(with_rows(context, below, change(context.result(below).rows, node)), node)

    return of_step(kind, name, what, step)


def rows_out(kind: type[Relation], name: str, what: str, change: RowsChange) -> Mutant:
    """Return a mutant that changes the rows that come out."""

    def step(context: Context, node: Any, right: Step) -> Result:
        result = right(context, node)
        return dataclasses.replace(result, rows=change(result.rows, node))

    return of_step(kind, name, what, step)


def plan_becomes(name: str, what: str, change: Change, *touches: str) -> Mutant:
    """Return a mutant that runs another plan: one in which every node was changed, those below first.

    Args:
        name: Its name.
        what: What it gets wrong.
        change: Returns what takes the place of a node, given the columns that its relation reads.
        touches: The capabilities of which a plan has to need one for the mutant to be wrong about it.
    """

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            table = execute(rewritten(plan, change), inputs, **more).read_all()
            return pa.Table.from_arrays(table.columns, schema=schema_to_arrow(plan.output)).to_reader()

        return wrong

    return Mutant(name, what, touches=touches, spoil=spoil)
