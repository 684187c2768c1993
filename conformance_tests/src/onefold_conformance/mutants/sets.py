"""Mutants of relations that compare whole rows or keys, or put rows together: distinct rows, one row per key, unions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from onefold.plan import (
    Aggregate,
    Column,
    Deduplicate,
    Distinct,
    Input,
    NamedExpression,
    Project,
    Relation,
    SortKey,
    Union,
)
from onefold_conformance.mutants.keys import IDENTITIES, ORDERS, TIES
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.relations import complete, once
from onefold_conformance.mutants.steps import RIGHT, node_becomes, of_step, rows_in, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.catalogue import RELATIONS
from onefold_conformance.oracle.relations.rows import identity_of
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row

__all__ = ["MUTANTS"]


# -- distinct rows


def _first_of_runs(rows: list[Row], node: Distinct) -> list[Row]:
    return [row for place, row in enumerate(rows) if not place or repr(row) != repr(rows[place - 1])]


def _by_the_first_column(context: Context, node: Distinct, right: Step) -> Result:
    below = context.result(node.input)
    names = node.output.names[:1]
    rows = {identity_of(context.rules, row, names, node.output): row for row in below.rows}
    return dataclasses.replace(below, rows=list(rows.values()))


def _run_together(names: Callable[[Any], Sequence[str]]) -> Callable[[list[Row], Any], list[Row]]:
    """Return what takes rows for equal whose columns give the same text one after another."""

    def change(rows: list[Row], node: Any) -> list[Row]:
        found: dict[str, Row] = {}
        changed = []
        for row in rows:
            text = "".join(str(row[name]) for name in names(node))
            first = found.setdefault(text, row)
            changed.append({**row, **{name: first[name] for name in names(node)}})
        return changed

    return change


def _before_the_projection(node: Distinct) -> Relation:
    if not isinstance(node.input, Project) or not all(f.dtype.is_ordered for f in node.input.input.output):
        return node
    return node.input.replace(input=Distinct(input=node.input.input))


# -- one row per key


def _last_known(rows: list[Row], node: Deduplicate) -> list[Row]:
    """Nulls of a row filled from the other rows of its key."""
    known: dict[str, Row] = {}
    for row in rows:
        mine = known.setdefault(repr([row[name] for name in node.by]), {})
        mine.update({name: value for name, value in row.items() if value is not None})
    return [{name: known[repr([row[k] for k in node.by])].get(name) for name in row} for row in rows]


def _ties_backwards(node: Deduplicate) -> Deduplicate:
    """The last row is the first of the order turned around, nulls and ties included."""
    turned = tuple(SortKey(column=key.column, descending=not key.descending, nulls=key.nulls) for key in node.order)
    return node.replace(order=turned, keep="first" if node.keep == "last" else "last") if turned else node


def _known_keys(rows: list[Row], node: Any) -> list[Row]:
    return [row for row in rows if all(row[name] is not None for name in node.by)]


def _merged_keys(rows: list[Row], node: Any) -> list[Row]:
    """Only the first key counts: the others are those of its first row."""
    first: dict[str, Row] = {}
    changed = []
    for row in rows:
        mine = first.setdefault(repr(row[node.by[0]]), row)
        changed.append({**row, **{name: mine[name] for name in node.by[1:]}})
    return changed


# -- unions


def _by_position(context: Context, node: Union, right: Step) -> Result:
    """Columns of the inputs bound by their place, where that fits their types."""
    result = right(context, node)
    rows: list[Row] = []
    for relation in node.relations:
        names = node.output.names
        own = relation.output
        fits = all(own[a].dtype == node.output[b].dtype for a, b in zip(own.names, names, strict=True))
        read = own.names if fits else names
        rows += [{b: row[a] for a, b in zip(read, names, strict=True)} for row in context.result(relation).rows]
    return dataclasses.replace(result, rows=rows)


def _order_of_filled(context: Context, node: Union, right: Step) -> Result:
    """The columns have the order of the first input that has rows."""
    filled = next((relation for relation in node.relations if context.result(relation).rows), node)
    names, own = filled.output.names, node.output
    result = right(context, node)
    if any(own[a].dtype != own[b].dtype for a, b in zip(names, own.names, strict=True)):
        return result
    rows = [{b: row[a] for a, b in zip(names, own.names, strict=True)} for row in result.rows]
    return dataclasses.replace(result, rows=rows)


def _inputs(name: str, what: str, keep: Callable[[Sequence[Relation]], Sequence[Relation]]) -> Mutant:
    """Return a mutant that reads some of the inputs of a union only."""

    def step(context: Context, node: Union, right: Step) -> Result:
        result = right(context, node)
        rows = [RIGHT.union_row(row, node.output.names) for r in keep(node.relations) for row in context.result(r).rows]
        return dataclasses.replace(result, rows=rows)

    return of_step(Union, name, what, step)


def _different(relations: Sequence[Relation]) -> list[Relation]:
    return list({relation.fingerprint: relation for relation in relations}.values())


def _not_read_yet(relations: Sequence[Relation]) -> list[Relation]:
    """Inputs that read no stream that was read before."""
    read: set[str] = set()
    kept = []
    for relation in relations:
        mine = {leaf.name for leaf in relation.walk() if isinstance(leaf, Input)}
        if not mine & read:
            kept.append(relation)
        read |= mine
    return kept


def _flat(relations: Sequence[Relation]) -> list[Relation]:
    """Of unions below a union the first input only."""
    return [relation.relations[0] if isinstance(relation, Union) else relation for relation in relations]


def _for_each_input(kind: type[Relation]) -> Callable[[Any], Relation]:
    """Return what computes a relation above a union for each of its inputs."""

    def change(node: Any) -> Relation:
        if not isinstance(node.input, Union):
            return node  # type: ignore[no-any-return]
        first = node.input.relations[0].output.names
        parts = [
            node.replace(
                input=Project(
                    input=relation,
                    columns=tuple(NamedExpression(name=n, expression=Column(name=n)) for n in first),
                )
            )
            for relation in node.input.relations
        ]
        return Union(relations=tuple(parts))

    return change


def _ignoring_case(context: Context, node: Input, right: Step) -> Result:
    """Names of inputs are looked up in either case."""
    for name, table in sorted(context.inputs.items()):
        if name.lower() == node.name.lower() and table.schema.equals(context.inputs[node.name].schema):
            return right(context, node.replace(name=name))
    return right(context, node)


_INPUT = RELATIONS[Input]

MUTANTS: tuple[Mutant, ...] = (
    # -- distinct rows
    *(under(Distinct, name, f"Finds distinct rows and {what}.", identity=lambda rules, v, d, identity=identity: identity(v, d)) for name, (what, identity) in IDENTITIES.items()),
    node_becomes(Distinct, "ignored", "Keeps rows that are alike.", lambda node: node.input),
    rows_out(Distinct, "drops-incomplete-rows", "Drops rows that hold a null when it looks for distinct ones.", complete),
    rows_out(Distinct, "drops-rows-of-nulls", "Drops a row of nothing but nulls when it looks for distinct ones.", lambda rows, node: [row for row in rows if any(v is not None for v in row.values())]),
    of_step(Distinct, "neighbours-only", "Compares neighbours only when it looks for distinct rows.", lambda context, node, right: dataclasses.replace(right(context, node), rows=_first_of_runs(context.result(node.input).rows, node))),
    of_step(Distinct, "by-the-first-column", "Finds distinct values of the first column.", _by_the_first_column),
    rows_in(Distinct, "runs-columns-together", "Joins the columns of a row into one text to compare it.", _run_together(lambda node: node.output.names)),
    node_becomes(Distinct, "before-the-projection", "Looks for distinct rows before the projection below.", _before_the_projection),
    of_step(Distinct, "none-that-are-twice", "Drops all rows that are there more than once.", lambda context, node, right: dataclasses.replace(right(context, node), rows=[row for row in context.result(node.input).rows if [repr(r) for r in context.result(node.input).rows].count(repr(row)) == 1])),
    # -- one row per key
    *(under(Deduplicate, f"keys-{name}", f"Keeps a row per key and {what}.", identity=lambda rules, v, d, identity=identity: identity(v, d)) for name, (what, identity) in IDENTITIES.items()),
    *(under(Deduplicate, f"order-{name}", f"Keeps the first or last row and {what}.", placed=lambda rules, v, d, key, placed=placed: placed(v, d, key)) for name, (what, placed) in ORDERS.items()),
    *(under(Deduplicate, f"ties-{name}", f"Keeps the first or last row and {what}.", ascending=lambda rules, v, d, ascending=ascending: ascending(v, d)) for name, (what, ascending) in TIES.items()),
    under(Deduplicate, "other-end", "Keeps the row at the other end.", kept=lambda rules, rows, keep: rows[-1] if keep == "first" else rows[0]),
    under(Deduplicate, "always-the-first", "Keeps the first row, also where the last is asked for.", kept=lambda rules, rows, keep: rows[0]),
    under(Deduplicate, "always-the-last", "Keeps the last row, also where the first is asked for.", kept=lambda rules, rows, keep: rows[-1]),
    under(Deduplicate, "of-one-only", "Drops rows whose key is there more than once.", kept=lambda rules, rows, keep: rows[0] if len(rows) == 1 else {**rows[0], **dict.fromkeys(list(rows[0])[-1:])}),
    node_becomes(Deduplicate, "ignores-order", "Ignores the order of the rows of a key.", lambda node: node.replace(order=())),
    node_becomes(Deduplicate, "first-order-key", "Orders the rows of a key by the first order key only.", lambda node: node.replace(order=node.order[:1])),
    node_becomes(Deduplicate, "last-is-first-turned-around", "Turns the order around to find the last row, which turns the ties around as well.", _ties_backwards),
    rows_in(Deduplicate, "first-key", "Keeps a row for each value of the first key only.", _merged_keys),
    rows_in(Deduplicate, "runs-keys-together", "Joins the keys into one text to compare them.", _run_together(lambda node: node.by)),
    rows_in(Deduplicate, "drops-null-keys", "Drops rows with a null key when it keeps one for each key.", _known_keys),
    rows_in(Deduplicate, "fills-nulls", "Fills nulls of a row from other rows of its key.", _last_known),
    node_becomes(Deduplicate, "ignored", "Keeps all rows of a key.", lambda node: node.input),
    # -- unions
    of_step(Union, "by-position", "Binds the columns of the inputs of a union by their place.", _by_position),
    of_step(Union, "order-of-filled", "Takes the order of columns from the first input that has rows.", _order_of_filled),
    rows_out(Union, "drops-duplicates", "Drops rows that are alike from a union.", once),
    rows_out(Union, "drops-incomplete-rows", "Drops rows that hold a null from a union.", complete),
    _inputs("of-the-first", "Reads the first input of a union only.", lambda relations: relations[:1]),
    _inputs("of-two", "Reads the first two inputs of a union only.", lambda relations: relations[:2]),
    _inputs("of-different-inputs", "Reads equal inputs of a union once.", _different),
    _inputs("reads-streams-once", "Reads a stream once, so that it is empty where a union reads it again.", _not_read_yet),
    _inputs("of-unions-the-first", "Loses all but the first input of a union below a union.", _flat),
    node_becomes(Aggregate, "for-each-input", "Aggregates each input of a union by itself.", _for_each_input(Aggregate)),
    node_becomes(Distinct, "for-each-input", "Finds distinct rows of each input of a union by itself.", _for_each_input(Distinct)),
    Mutant("inputs-ignore-case", "Looks up inputs in either case.", touches=("relation.union",), relations={Input: lambda context, node: _ignoring_case(context, node, _INPUT)}),
)  # fmt: skip
"""Wrong sets of rows."""
