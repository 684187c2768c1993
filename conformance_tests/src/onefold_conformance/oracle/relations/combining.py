"""Joins, unions and groups."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence

from onefold.plan import AggCall, Aggregate, Join, Relation, Union
from onefold.types import Schema
from onefold_conformance.oracle.calls import AppliedCall, Member
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.rows import identity_of, sort_key
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row

__all__ = ["STEPS", "grouped"]


def join(context: Context, node: Join) -> Result:
    """Return the pairs of rows with equal keys, and the rows that come out alone."""
    left, right = context.result(node.left), context.result(node.right)
    types = [node.left.output[name].dtype for name in node.left_on]
    rows: list[Row] = []
    met: set[int] = set()
    for row in left.rows:
        key = [row[name] for name in node.left_on]
        matches = [
            number
            for number, other in enumerate(right.rows)
            if context.rules.keys_match(key, [other[name] for name in node.right_on], types)
        ]
        met.update(matches)
        if context.rules.gives_pairs(node.how):
            rows += [_joined(node, row, right.rows[number]) for number in matches]
        if context.rules.keeps_left(node.how, matched=bool(matches)):
            rows.append(_joined(node, row, None))
    for number, other in enumerate(right.rows):
        if context.rules.keeps_right(node.how, matched=number in met):
            rows.append(_joined(node, None, other))
    tolerances = {name: left.tolerances[name] for name in node.left.output.names}
    tolerances |= {out: right.tolerances[name] for name, out in node.right_columns}
    return Result(rows, tolerances, left.decided_by(node.left_on) and right.decided_by(node.right_on))


def _joined(node: Join, left: Row | None, right: Row | None) -> Row:
    """Return an output row; the keys are those of whichever side there is."""
    if left is None:
        assert right is not None
        keys = dict(zip(node.left_on, (right[name] for name in node.right_on), strict=True))
        left = {name: keys.get(name) for name in node.left.output.names}
    return {**left, **{out: None if right is None else right[name] for name, out in node.right_columns}}


def union(context: Context, node: Union) -> Result:
    """Return the rows of all inputs, one after another."""
    parts = [context.result(relation) for relation in node.relations]
    rows = [context.rules.union_row(row, node.output.names) for part in parts for row in part.rows]
    tolerances = {name: Tolerance.covering(part.tolerances[name] for part in parts) for name in node.output.names}
    return Result(rows, tolerances, all(part.determined for part in parts))


def aggregate(context: Context, node: Aggregate) -> Result:
    """Return one row per group; without keys there is one group, also of no rows."""
    below = context.result(node.input)
    measures = {measure.name: measure.call for measure in node.measures}
    return grouped(context, below, node.input.output, node.by, measures)


def grouped(
    context: Context, below: Result, schema: Schema, by: Sequence[str], measures: Mapping[str, AggCall]
) -> Result:
    """Return one row per group of rows with equal keys.

    Args:
        context: The run.
        below: The rows.
        schema: Their columns.
        by: The keys; null is a key like any other.
        measures: What is computed for each group, by its name.
    """
    groups: dict[Hashable, list[Row]] = {} if by else {(): []}
    for row in below.rows:
        groups.setdefault(identity_of(context.rules, row, by, schema), []).append(row)
    calls = {name: AppliedCall(context, call, schema, below.tolerances) for name, call in measures.items()}
    rows: list[Row] = []
    for mine in groups.values():
        values = {
            name: calls[name].value(_members(context.rules, call, mine, schema)) for name, call in measures.items()
        }
        rows.append({**{name: mine[0][name] for name in by}, **values})
    tolerances = {name: below.tolerances[name] for name in by} | {name: call.tolerance for name, call in calls.items()}
    return Result(rows, tolerances, below.decided_by(by))


def _members(rules: Rules, call: AggCall, rows: Sequence[Row], schema: Schema) -> list[Member]:
    """Return the rows of a group with their ranks in the order of a call, and their ages where they count."""
    keys = [sort_key(rules, row, call.order, schema) for row in rows]
    ranks: list[int] = [0] * len(rows)
    places = sorted(range(len(rows)), key=keys.__getitem__)
    for before, place in itertools.pairwise(places):
        ranks[place] = ranks[before] + (keys[before] != keys[place])
    if call.entry.family != "decay":
        return [Member(row, rank) for row, rank in zip(rows, ranks, strict=True)]
    # Ages count from the greatest time of the whole group.
    times = [row[call.order[0].column] for row in rows]
    end = max((time for time in times if time is not None), default=0)
    ages = [None if time is None else end - time for time in times]
    return [Member(row, rank, age) for row, rank, age in zip(rows, ranks, ages, strict=True)]


STEPS: Mapping[type[Relation], Step] = {Join: join, Union: union, Aggregate: aggregate}
"""The interpreters of this family."""
