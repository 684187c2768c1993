"""Mutants of groups: their keys, conditions, secondary keys, and groups without rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from onefold.plan import AggCall, Aggregate, Call, Column, Expression, Literal, Sort, SortKey, infer
from onefold_conformance.mutants.habits import is_nan
from onefold_conformance.mutants.keys import EQUALITIES, IDENTITIES, ORDERS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import zero_for_null
from onefold_conformance.mutants.steps import RIGHT, node_becomes, of_step, rows_in, rows_out, under, with_rules
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS", "calls", "secondary_keys"]

_ORDERED = tuple(
    f"aggregation.{name}"
    for name in ("first", "last", "first_n", "last_n", "collect", "first_distinct_n", "last_distinct_n")
)
"""The aggregations that depend on the order of rows."""

_BY = ("aggregation.by", "window.by")


def calls(node: Any, change: Callable[[AggCall], AggCall]) -> Any:
    """Return an aggregate or window whose aggregations are others."""
    return node.replace(
        measures=tuple(
            measure.model_copy(update={"call": change(measure.call)}) if isinstance(measure.call, AggCall) else measure
            for measure in node.measures
        )
    )


def secondary_keys(name: str, what: str, **methods: Callable[..., Any]) -> Mutant:
    """Return a mutant that is wrong about secondary keys."""
    return Mutant(f"by-{name}", what, touches=_BY, rules=with_rules(**methods))


def _known_keys(rows: list[Row], node: Aggregate) -> list[Row]:
    return [row for row in rows if all(row[name] is not None for name in node.by)]


def _known_rows(rows: list[Row], node: Aggregate) -> list[Row]:
    """Rows in which one key at least is not null."""
    return [row for row in rows if not node.by or any(row[name] is not None for name in node.by)]


def _without_nan(rows: list[Row], node: Aggregate) -> list[Row]:
    return [row for row in rows if not any(is_nan(row[name]) for name in node.by)]


def _merged(place: int) -> Callable[[list[Row], Aggregate], list[Row]]:
    """Return what takes one of the keys for the only one."""

    def change(rows: list[Row], node: Aggregate) -> list[Row]:
        first: dict[str, Row] = {}
        changed = []
        for row in rows:
            mine = first.setdefault(repr(row[node.by[place]]), row) if node.by else row
            changed.append({**row, **{name: mine[name] for name in node.by}})
        return changed

    return change


def _run_together(rows: list[Row], node: Aggregate) -> list[Row]:
    first: dict[str, Row] = {}
    changed = []
    for row in rows:
        mine = first.setdefault("".join(str(row[name]) for name in node.by), row)
        changed.append({**row, **{name: mine[name] for name in node.by}})
    return changed


def _runs(context: Context, node: Aggregate, right: Step) -> Result:
    """Only neighbours with equal keys are a group, as of rows that are taken for sorted."""
    below = context.result(node.input)
    result = right(context, node)
    if not node.by:
        return result
    parts: list[list[Row]] = []
    for row in below.rows:
        if not parts or repr([row[n] for n in node.by]) != repr([parts[-1][-1][n] for n in node.by]):
            parts.append([])
        parts[-1].append(row)
    rows: list[Row] = []
    for part in parts:
        known = {**context._known, node.input.fingerprint: dataclasses.replace(below, rows=part)}
        rows += right(dataclasses.replace(context, _known=known), node).rows
    return dataclasses.replace(result, rows=rows)


def _exchanged(rows: list[Row], node: Aggregate) -> list[Row]:
    """Keys in the order of the columns of the input, bound by their place."""
    reads = node.input.output
    names = sorted(node.by, key=reads.names.index)
    if any(reads[a].dtype != reads[b].dtype for a, b in zip(names, node.by, strict=True)):
        return rows
    return [{**row, **{b: row[a] for a, b in zip(names, node.by, strict=True)}} for row in rows]


def _sorted_measures(rows: list[Row], node: Aggregate) -> list[Row]:
    """Measures in the order of their names, bound by their place."""
    names = [measure.name for measure in node.measures]
    if any(node.output[a].dtype != node.output[b].dtype for a, b in zip(sorted(names), names, strict=True)):
        return rows
    return [{**row, **{b: row[a] for a, b in zip(sorted(names), names, strict=True)}} for row in rows]


def _measures_read_measures(context: Context, node: Aggregate, right: Step) -> Result:
    """A measure that reads a column gets the value of the measure of that name."""
    result = right(context, node)
    reads = {
        measure.name: measure.call.args[0].name
        for measure in node.measures
        if measure.call.args and isinstance(measure.call.args[0], Column)
    }
    other = {
        name: column
        for name, column in reads.items()
        if column in reads and column != name and node.output[column].dtype == node.output[name].dtype
    }
    rows = [{**row, **{name: row[column] for name, column in other.items()}} for row in result.rows]
    return dataclasses.replace(result, rows=rows)


def _own_name_is_a_key(context: Context, node: Aggregate, right: Step) -> Result:
    """A measure with the name of a column is taken for the column: its first value."""
    result = right(context, node)
    reads = node.input.output
    names = [m.name for m in node.measures if m.name in reads and reads[m.name].dtype == node.output[m.name].dtype]
    first = context.result(node.input).rows[:1]
    rows = [{**row, **{name: first[0][name] for name in names}} if first else row for row in result.rows]
    return dataclasses.replace(result, rows=rows)


def _row_for_keys(rows: list[Row], node: Aggregate) -> list[Row]:
    return rows or [dict.fromkeys(node.output.names)]


def _keys_of_all_rows(context: Context, node: Aggregate, right: Step) -> Result:
    result = right(context, node)
    rows = [{name: row[name] for name in node.by} for row in context.result(node.input).rows]
    return result if node.measures else dataclasses.replace(result, rows=rows)


def _filtered_groups(context: Context, node: Aggregate, right: Step) -> Result:
    """Groups in which no row meets a condition disappear."""
    result = right(context, node)
    conditions = [measure.call.where for measure in node.measures if measure.call.where is not None]
    if not conditions:
        return result
    below = context.result(node.input).rows
    holds = [context.compile(condition, node.input.output) for condition in conditions]
    met = {repr([row[n] for n in node.by]) for row in below if all(hold(row) is True for hold in holds)}
    return dataclasses.replace(result, rows=[row for row in result.rows if repr([row[n] for n in node.by]) in met])


def _first_condition(node: Any) -> Any:
    """The condition of the first measure that has one is that of all."""
    conditions = [m.call.where for m in node.measures if isinstance(m.call, AggCall) and m.call.where is not None]
    return calls(node, lambda call: call.replace(where=conditions[0])) if conditions else node


def _first_secondary_key(node: Any) -> Any:
    """The secondary key of the first measure that has one is that of all that have one."""
    keys = [m.call.by for m in node.measures if isinstance(m.call, AggCall) and m.call.by is not None]
    return calls(node, lambda call: call.replace(by=keys[0]) if _fits(call, keys[0], node) else call) if keys else node


def _fits(call: AggCall, key: Expression, node: Any) -> bool:
    schema = node.input.output
    return call.by is not None and infer(call.by, schema).dtype == infer(key, schema).dtype


def _condition_makes_zero(node: Any) -> Any:
    """With a condition nulls are zeros."""
    reads = node.input.output
    return calls(node, lambda call: zero_for_null(call, reads) if call.where is not None and call.args else call)


def _condition_is_not_null(call: AggCall) -> AggCall:
    where = call.where
    return call if where is None else call.replace(where=Call(function="is_not_null", args=(where,)))


def _by_values_known(rows: list[Value]) -> list[Value]:
    return [entry for entry in rows if entry["value"] not in {None, 0}] if _plain(rows) else rows


def _plain(rows: list[Value]) -> bool:
    return all(not isinstance(entry["value"], list | dict) for entry in rows)


def _too_many(rows: list[Row], node: Aggregate) -> list[Row]:
    return rows[:500]


def _of_the_sort_below(node: Any) -> Any:
    """The order of a sort below takes the place of the order of the measures."""
    if not isinstance(node.input, Sort):
        return node
    keys = node.input.keys
    return calls(node, lambda call: call.replace(order=keys) if call.order else call)


def _true() -> Literal:
    return Literal.of(True)


_ASCENDING = SortKey(column="key", nulls="first")

MUTANTS: tuple[Mutant, ...] = (
    # -- keys
    *(under(Aggregate, f"keys-{name}", f"Groups rows and {what}.", identity=lambda rules, v, d, identity=identity: identity(v, d)) for name, (what, identity) in IDENTITIES.items()),
    rows_in(Aggregate, "drops-null-keys", "Drops rows with a null key.", _known_keys),
    rows_in(Aggregate, "drops-rows-of-null-keys", "Drops rows in which all keys are null.", _known_rows),
    rows_in(Aggregate, "drops-nan-keys", "Drops rows whose key is NaN.", _without_nan),
    rows_in(Aggregate, "first-key", "Groups by the first key only.", _merged(0)),
    rows_in(Aggregate, "last-key", "Groups by the last key only.", _merged(-1)),
    rows_in(Aggregate, "runs-keys-together", "Joins the keys of a row into one text to group by it.", _run_together),
    of_step(Aggregate, "neighbours-only", "Groups neighbours with equal keys only.", _runs),
    rows_out(Aggregate, "keys-in-the-order-of-the-input", "Returns the keys in the order of the input's columns.", _exchanged),
    rows_out(Aggregate, "measures-by-name", "Returns the measures in the order of their names.", _sorted_measures),
    of_step(Aggregate, "measures-read-measures", "Reads the measure of a name where a column has it too.", _measures_read_measures),
    of_step(Aggregate, "measure-is-the-column-of-its-name", "Takes a measure for the column of its name.", _own_name_is_a_key),
    rows_out(Aggregate, "at-most-500-groups", "Returns at most 500 groups.", _too_many),
    rows_out(Aggregate, "keys-of-nothing-are-a-row", "Returns a row of nulls where there are no groups.", _row_for_keys),
    of_step(Aggregate, "nothing-is-no-row", "Returns no row for an empty input without keys.", lambda context, node, right: dataclasses.replace(right(context, node), rows=right(context, node).rows if context.result(node.input).rows else [])),
    of_step(Aggregate, "keys-alone-are-all-rows", "Returns a row for each row when there are keys and no measures.", _keys_of_all_rows),
    node_becomes(Aggregate, "ordered-by-the-sort-below", "Orders measures as a sort below, and not as they say.", _of_the_sort_below),
    # -- conditions
    node_becomes(Aggregate, "ignores-conditions", "Ignores the conditions of measures.", lambda node: calls(node, lambda call: call.replace(where=None))),
    node_becomes(Aggregate, "null-condition-holds", "Takes a null condition of a measure for true.", lambda node: calls(node, lambda call: call if call.where is None else call.replace(where=Call(function="coalesce", args=(call.where, _true()))))),
    node_becomes(Aggregate, "condition-is-not-null", "Counts rows whose condition is not null.", lambda node: calls(node, _condition_is_not_null)),
    node_becomes(Aggregate, "condition-turned-around", "Aggregates the rows for which the condition is not true.", lambda node: calls(node, lambda call: call if call.where is None else call.replace(where=Call(function="not", args=(call.where,))))),
    node_becomes(Aggregate, "one-condition-for-all", "Takes the condition of one measure for that of all.", _first_condition),
    node_becomes(Aggregate, "condition-makes-zeros", "Takes null for zero in measures with a condition.", _condition_makes_zero),
    of_step(Aggregate, "condition-removes-groups", "Drops groups in which no row meets the conditions.", _filtered_groups),
    # -- orders
    *(Mutant(f"order-{name}", f"Orders the rows of a group and {what}.", touches=_ORDERED, rules=with_rules(placed=lambda rules, v, d, key, placed=placed: placed(v, d, key))) for name, (what, placed) in ORDERS.items()),
    node_becomes(Aggregate, "first-order-key", "Orders the rows of a group by the first order key only.", lambda node: calls(node, lambda call: call.replace(order=call.order[:1]))),
    # -- secondary keys
    secondary_keys("null-is-a-key", "Takes null for a secondary key.", has_secondary_key=lambda rules, key: True),
    secondary_keys("none-is-empty", "Returns an empty list where there is no secondary key.", no_groups=lambda rules, groups: groups),
    secondary_keys("backwards", "Returns secondary keys in descending order.", no_groups=lambda rules, groups: groups[::-1] or None),
    secondary_keys("first-key", "Returns the first secondary key only.", no_groups=lambda rules, groups: groups[:1] or None),
    secondary_keys("without-empty-values", "Leaves out secondary keys whose value is null or zero.", no_groups=lambda rules, groups: _by_values_known(groups) or None),
    secondary_keys("by-value", "Orders secondary keys by their values.", no_groups=lambda rules, groups: (sorted(groups, key=lambda entry: str(entry["value"])) if _plain(groups) else groups) or None),
    secondary_keys("in-order-of-arrival", "Returns secondary keys in the order in which they arrive.", ascending=lambda rules, v, d: ()),
    secondary_keys("nan-below-numbers", "Orders NaN below all numbers among secondary keys.", ascending=lambda rules, v, d: (1, (-1, 0.0)) if is_nan(v) else RIGHT.ascending(v, d)),
    secondary_keys("nan-is-no-key", "Takes NaN for no secondary key.", has_secondary_key=lambda rules, key: key is not None and not is_nan(key)),
    secondary_keys("empty-is-no-key", "Takes empty text, and no bytes, for no secondary key.", has_secondary_key=lambda rules, key: key is not None and not (isinstance(key, str | bytes) and not key)),
    secondary_keys("false-is-no-key", "Takes false and zero for no secondary key.", has_secondary_key=lambda rules, key: key is not None and not (isinstance(key, bool | int | float) and not key)),
    *(Mutant(f"by-{name}", f"Tells secondary keys apart and {what}.", touches=_BY, rules=with_rules(identity=lambda rules, v, d, key=key: None if v is None else (key(v, d),))) for name, (what, key) in EQUALITIES.items()),
    *(Mutant(f"by-order-{name}", f"Orders secondary keys and {what}.", touches=_BY, rules=with_rules(ascending=lambda rules, v, d, placed=placed: placed(v, d, _ASCENDING) if d.is_ordered else RIGHT.ascending(v, d))) for name, (what, placed) in ORDERS.items() if not name.startswith(("null", "always", "nan"))),
    node_becomes(Aggregate, "ignores-conditions-beside-by", "Ignores the condition of a measure with a secondary key.", lambda node: calls(node, lambda call: call.replace(where=None) if call.by is not None else call)),
    node_becomes(Aggregate, "one-by-for-all", "Takes the secondary key of one measure for that of all.", _first_secondary_key),
)  # fmt: skip
"""Wrong groups."""
