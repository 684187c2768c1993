"""Mutants of relations that keep, drop or rearrange rows: filters, sets, sorting, limits, unions, lists."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from onefold.plan import (
    Aggregate,
    Call,
    Column,
    Deduplicate,
    Distinct,
    Filter,
    Input,
    Join,
    Limit,
    NamedExpression,
    Project,
    Relation,
    Sort,
    SortKey,
    Union,
    Unnest,
    Window,
)
from onefold_conformance.mutants.habits import is_nan, saturated, zero_of
from onefold_conformance.mutants.keys import IDENTITIES, ORDERS, TIES
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import RIGHT, node_becomes, of_step, rows_in, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.relations.catalogue import RELATIONS
from onefold_conformance.oracle.relations.rows import identity_of
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]


def _once(rows: list[Row], node: Relation) -> list[Row]:
    """Rows that are alike once each."""
    found: list[Row] = []
    for row in rows:
        if repr(row) not in map(repr, found):
            found.append(row)
    return found


def _complete(rows: list[Row], node: Relation) -> list[Row]:
    return [row for row in rows if None not in row.values()]


# -- filters


def _null_fails(condition: Value) -> bool:
    if condition is None:
        raise ValueFailure("the condition is null")
    return bool(condition)


def _failures_are_false(context: Context, node: Filter, right: Step) -> Result:
    """Rows for which the predicate fails go."""
    below = context.result(node.input)
    predicate = context.compile(node.predicate, node.input.output)

    def holds(row: Row) -> bool:
        try:
            return predicate(row) is True
        except ValueFailure:
            return False

    return dataclasses.replace(below, rows=[row for row in below.rows if holds(row)])


def _changed_input(node: Filter, kind: type[Relation], change: Callable[[Any], Relation | None]) -> Relation:
    """Return the filter pushed below a relation of a kind, where ``change`` gives that."""
    pushed = change(node.input) if isinstance(node.input, kind) else None
    return node if pushed is None else pushed


def _pushed(kind: type[Relation], field: str = "input") -> Callable[[Filter], Relation]:
    """Return what pushes a filter below a relation where all columns that it reads are there."""

    def below(node: Filter, relation: Any) -> Relation | None:
        target: Relation = getattr(relation, field)
        if not all(
            name in target.output and target.output[name].dtype == relation.output[name].dtype
            for name in node.predicate.columns
        ):
            return None
        return relation.replace(**{field: Filter(input=target, predicate=node.predicate)})  # type: ignore[no-any-return]

    return lambda node: _changed_input(node, kind, lambda relation: below(node, relation))


def _on_the_first_input(node: Filter) -> Relation:
    if not isinstance(node.input, Union):
        return node
    first, *rest = node.input.relations
    return node.input.replace(relations=(Filter(input=first, predicate=node.predicate), *rest))


def _first_part_of(function: str) -> Callable[[Filter], Relation]:
    def change(node: Filter) -> Relation:
        predicate = node.predicate
        if not isinstance(predicate, Call) or predicate.function != function:
            return node
        return node.replace(predicate=predicate.args[0])

    return change


def _without(kind: type[Relation]) -> Callable[[Any], Relation]:
    """Return what leaves out a relation of a kind below a node."""

    def change(node: Any) -> Relation:
        below = node.input
        return node.replace(input=below.input) if isinstance(below, kind) else node  # type: ignore[no-any-return]

    return change


def _skipped(kind: type[Relation]) -> Callable[[Any], Relation]:
    """Return what leaves out a node above a relation of a kind."""
    return lambda node: node.input if isinstance(node.input, kind) else node


# -- sorting and limits


def _column_alone(rows: list[Row], node: Sort) -> list[Row]:
    """The first key is sorted, and the other columns stay where they were."""
    name = node.keys[0].column
    moved = sorted((row[name] for row in rows), key=lambda value: RIGHT.placed(value, node.output[name].dtype, node.keys[0]))  # fmt: skip
    return [{**row, name: value} for row, value in zip(rows, moved, strict=True)]


def _all_keys_like_the_first(node: Sort) -> Sort:
    first = node.keys[0]
    return node.replace(keys=tuple(first.model_copy(update={"column": key.column}) for key in node.keys))


def _by_the_old_column(context: Context, node: Sort, right: Step) -> Result:
    """A sort above a projection is by what the names of its keys meant below."""
    project = node.input
    if not isinstance(project, Project):
        return right(context, node)
    reads = project.input.output
    if not all(key.column in reads and reads[key.column].dtype.is_ordered for key in node.keys):
        return right(context, node)
    below = context.result(project)
    source = context.result(project.input).rows
    key = lambda place: tuple(  # noqa: E731
        RIGHT.placed(source[place][k.column], reads[k.column].dtype, k) for k in node.keys
    )
    places = sorted(range(len(source)), key=key)
    return dataclasses.replace(below, rows=[below.rows[place] for place in places])


def _limited(name: str, what: str, keep: Callable[[Sequence[Row], int, int], Sequence[Row]]) -> Mutant:
    return under(Limit, name, what, limited=lambda rules, rows, count, offset: keep(rows, count, offset))


def _in_32_bits(count: int) -> int:
    return max(0, (count + 2**31) % 2**32 - 2**31)


def _beyond_fails(rows: Sequence[Row], count: int, offset: int) -> Sequence[Row]:
    if offset + count > len(rows) and count < 2**62:
        raise ValueFailure("there are not so many rows")
    return rows[offset : offset + count]


def _overflowing(rows: Sequence[Row], count: int, offset: int) -> Sequence[Row]:
    end = (offset + count + 2**63) % 2**64 - 2**63
    return rows[offset : max(0, end)]


def _cut_first(kind: type[Relation], field: str = "input") -> Callable[[Limit], Relation]:
    """Return what pushes a limit, and the sort below it, below a relation."""

    def change(node: Limit) -> Relation:
        sort = node.input
        if not isinstance(sort, Sort) or not isinstance(sort.input, kind):
            return node
        relation: Any = sort.input
        target: Relation = getattr(relation, field)
        keys = tuple(key for key in sort.keys if key.column in target.output and target.output[key.column].dtype.is_ordered)  # fmt: skip
        if not keys:
            return node
        cut = node.replace(input=Sort(input=target, keys=keys))
        return sort.replace(input=relation.replace(**{field: cut}))

    return change


def _before_the_sort(node: Limit) -> Relation:
    if not isinstance(node.input, Sort):
        return node
    return node.input.replace(input=node.replace(input=node.input.input))


def _limit_below(node: Limit) -> Limit | None:
    """Return the limit below the sort of a limit."""
    sort = node.input
    return sort.input if isinstance(sort, Sort) and isinstance(sort.input, Limit) else None


def _without_the_limit_below(node: Limit) -> Limit:
    below = _limit_below(node)
    return node if below is None else node.replace(input=Sort(input=below.input, keys=node.input.keys))  # type: ignore[attr-defined]


def _of_two_the_least(node: Limit) -> Limit:
    below = _limit_below(node)
    if below is None:
        return node
    return Limit(input=below.input, count=min(node.count, below.count), offset=max(node.offset, below.offset))


def _none_is_no_row(context: Context, node: Aggregate, right: Step) -> Result:
    """Nothing above a limit of 0 gives a row."""
    result = right(context, node)
    empty = isinstance(node.input, Limit) and not node.input.count
    return dataclasses.replace(result, rows=[]) if empty else result


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


def _keys_as_pairs(rows: list[Row], node: Union) -> list[Row]:
    """Each row as often as any input has it."""
    return _once(rows, node)


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


# -- lists


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


_INPUT = RELATIONS[Input]

_PUSHED = (
    (Limit, "limit", "input"),
    (Window, "window", "input"),
    (Deduplicate, "deduplicate", "input"),
    (Project, "projection", "input"),
)

MUTANTS: tuple[Mutant, ...] = (
    # -- filters
    under(Filter, "null-holds", "Keeps rows for which the predicate is null.", holds=lambda rules, c: c is not False),
    under(Filter, "null-fails", "Fails for rows for which the predicate is null.", holds=lambda rules, c: _null_fails(c)),
    under(Filter, "false-holds", "Drops rows for which the predicate is null, and keeps the others.", holds=lambda rules, c: c is not None),
    of_step(Filter, "failure-is-false", "Drops rows for which the predicate fails.", _failures_are_false),
    rows_out(Filter, "drops-duplicates", "Drops rows that are alike when it filters.", _once),
    rows_out(Filter, "drops-incomplete-rows", "Drops rows that hold a null when it filters.", _complete),
    rows_out(Filter, "clears-what-it-reads", "Clears the columns that the predicate reads.", lambda rows, node: [{n: None if n in node.predicate.columns else v for n, v in row.items()} for row in rows]),
    rows_out(Filter, "keeps-a-row", "Keeps a row of nulls where no row stays.", lambda rows, node: rows or [dict.fromkeys(node.output.names)]),
    node_becomes(Filter, "of-a-filter-alone", "Forgets a filter below another one.", _without(Filter)),
    node_becomes(Filter, "below-a-filter-alone", "Forgets a filter above another one.", _skipped(Filter)),
    node_becomes(Filter, "above-aggregate-ignored", "Forgets a filter above an aggregation.", _skipped(Aggregate)),
    node_becomes(Aggregate, "without-the-filter-below", "Forgets a filter below an aggregation.", _without(Filter)),
    node_becomes(Window, "without-the-filter-below", "Forgets a filter below a window.", _without(Filter)),
    *(node_becomes(Filter, f"below-{name}", f"Filters before a {name} instead of after it.", _pushed(kind, field)) for kind, name, field in _PUSHED),
    node_becomes(Filter, "below-join-on-the-left", "Filters the left side of every join instead of what it gives.", _pushed(Join, "left")),
    node_becomes(Filter, "below-join-on-the-right", "Filters the right side of every join instead of what it gives.", _pushed(Join, "right")),
    node_becomes(Filter, "of-the-first-input", "Filters the first input of a union only.", _on_the_first_input),
    node_becomes(Filter, "first-part-of-and", "Filters by the first part of a conjunction only.", _first_part_of("and")),
    node_becomes(Filter, "first-part-of-or", "Filters by the first part of a disjunction only.", _first_part_of("or")),
    # -- sorting
    *(under(Sort, name, f"Sorts rows and {what}.", placed=lambda rules, v, d, key, placed=placed: placed(v, d, key)) for name, (what, placed) in ORDERS.items()),
    node_becomes(Sort, "by-the-first-key", "Sorts by the first key only.", lambda node: node.replace(keys=node.keys[:1])),
    node_becomes(Sort, "by-the-last-key", "Sorts by the last key first.", lambda node: node.replace(keys=node.keys[::-1])),
    node_becomes(Sort, "all-keys-like-the-first", "Sorts by all keys in the direction of the first.", _all_keys_like_the_first),
    node_becomes(Sort, "below-a-limit", "Sorts before a limit that is below the sort.", lambda node: node.input.replace(input=node.replace(input=node.input.input)) if isinstance(node.input, Limit) else node),
    node_becomes(Sort, "of-a-sort-ignored", "Ignores a sort above another one.", _skipped(Sort)),
    rows_out(Sort, "drops-duplicates", "Drops rows that are alike when it sorts.", _once),
    rows_out(Sort, "drops-null-keys", "Drops rows whose sort key is null.", lambda rows, node: [row for row in rows if row[node.keys[0].column] is not None]),
    rows_in(Sort, "moves-the-key-only", "Sorts the column of the key, and leaves the others where they are.", _column_alone),
    of_step(Sort, "by-the-old-column", "Sorts a projection by the column that had the name before.", _by_the_old_column),
    rows_out(Sort, "backwards", "Sorts in the opposite order.", lambda rows, node: rows[::-1]),
    # -- limits
    _limited("ignores-offset", "Ignores the offset of a limit.", lambda rows, count, offset: rows[:count]),
    _limited("counts-the-skipped", "Counts the rows that it skips.", lambda rows, count, offset: rows[offset:count]),
    _limited("one-more", "Keeps one row more than the limit.", lambda rows, count, offset: rows[offset : offset + count + 1]),
    _limited("one-fewer", "Keeps one row fewer than the limit.", lambda rows, count, offset: rows[offset : offset + max(0, count - 1)]),
    _limited("zero-is-all", "Takes a limit of 0 for none.", lambda rows, count, offset: rows[offset : offset + count] if count else rows[offset:]),
    _limited("zero-is-one", "Keeps a row at least.", lambda rows, count, offset: rows[offset : offset + max(1, count)]),
    _limited("from-the-end", "Keeps the last rows.", lambda rows, count, offset: rows[max(0, len(rows) - offset - count) : max(0, len(rows) - offset)]),
    _limited("skips-one-more", "Skips one row more than the offset.", lambda rows, count, offset: rows[offset + 1 : offset + 1 + count] if offset else rows[:count]),
    _limited("skips-one-fewer", "Counts the rows that it skips from 1.", lambda rows, count, offset: rows[max(0, offset - 1) : max(0, offset - 1) + count]),
    _limited("never-beyond-the-end", "Skips at most so many rows that one is left.", lambda rows, count, offset: rows[min(offset, max(0, len(rows) - 1)) :][:count]),
    _limited("fills-up", "Skips fewer rows where too few would be left.", lambda rows, count, offset: rows[max(0, min(offset, len(rows) - count)) :][:count]),
    _limited("beyond-fails", "Fails when there are fewer rows than the limit.", _beyond_fails),
    _limited("overflows", "Adds count and offset in 64 bits, which overflows.", _overflowing),
    _limited("in-32-bits", "Holds the limit in 32 bits.", lambda rows, count, offset: rows[offset : offset + _in_32_bits(count)]),
    node_becomes(Limit, "before-the-sort", "Cuts rows off before it sorts them.", _before_the_sort),
    node_becomes(Limit, "of-a-limit-alone", "Forgets a limit below the sort of another one.", _without_the_limit_below),
    node_becomes(Limit, "merged", "Merges two limits into the least count and the greatest offset.", _of_two_the_least),
    *(node_becomes(Limit, f"below-{kind.kind.replace('_', '-')}", f"Cuts rows off before a {kind.kind} that is below the limit.", _cut_first(kind)) for kind in (Window, Filter, Aggregate, Distinct)),
    node_becomes(Limit, "below-join", "Cuts rows of the left side off before a join that is below the limit.", _cut_first(Join, "left")),
    node_becomes(Aggregate, "without-the-limit-below", "Forgets a limit below an aggregation.", _without(Limit)),
    of_step(Aggregate, "of-no-rows-by-limit-is-nothing", "Gives no row above a limit of 0.", _none_is_no_row),
    # -- distinct rows
    *(under(Distinct, name, f"Finds distinct rows and {what}.", identity=lambda rules, v, d, identity=identity: identity(v, d)) for name, (what, identity) in IDENTITIES.items()),
    node_becomes(Distinct, "ignored", "Keeps rows that are alike.", lambda node: node.input),
    rows_out(Distinct, "drops-incomplete-rows", "Drops rows that hold a null when it looks for distinct ones.", _complete),
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
    rows_out(Union, "drops-duplicates", "Drops rows that are alike from a union.", _once),
    rows_out(Union, "drops-incomplete-rows", "Drops rows that hold a null from a union.", _complete),
    _inputs("of-the-first", "Reads the first input of a union only.", lambda relations: relations[:1]),
    _inputs("of-two", "Reads the first two inputs of a union only.", lambda relations: relations[:2]),
    _inputs("of-different-inputs", "Reads equal inputs of a union once.", _different),
    _inputs("reads-streams-once", "Reads a stream once, so that it is empty where a union reads it again.", _not_read_yet),
    _inputs("of-unions-the-first", "Loses all but the first input of a union below a union.", _flat),
    node_becomes(Aggregate, "for-each-input", "Aggregates each input of a union by itself.", _for_each_input(Aggregate)),
    node_becomes(Distinct, "for-each-input", "Finds distinct rows of each input of a union by itself.", _for_each_input(Distinct)),
    Mutant("inputs-ignore-case", "Looks up inputs in either case.", touches=("relation.union",), relations={Input: lambda context, node: _ignoring_case(context, node, _INPUT)}),
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
"""Wrong rows."""
