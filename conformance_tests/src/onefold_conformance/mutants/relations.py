"""Mutants of relations that keep, drop or rearrange rows: filters, sorting, limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from onefold.plan import (
    Aggregate,
    Call,
    Deduplicate,
    Distinct,
    Filter,
    Join,
    Limit,
    Project,
    Relation,
    Sort,
    Union,
    Window,
)
from onefold_conformance.mutants.keys import ORDERS
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import RIGHT, node_becomes, of_step, rows_in, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS", "complete", "once"]


def once(rows: list[Row], node: Relation) -> list[Row]:
    """Rows that are alike once each."""
    found: list[Row] = []
    for row in rows:
        if repr(row) not in map(repr, found):
            found.append(row)
    return found


def complete(rows: list[Row], node: Relation) -> list[Row]:
    """Rows without a null."""
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
        found = isinstance(node.input, kind)
        return node.replace(input=node.input.input) if found else node  # type: ignore[no-any-return]

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
    rows_out(Filter, "drops-duplicates", "Drops rows that are alike when it filters.", once),
    rows_out(Filter, "drops-incomplete-rows", "Drops rows that hold a null when it filters.", complete),
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
    rows_out(Sort, "drops-duplicates", "Drops rows that are alike when it sorts.", once),
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
)  # fmt: skip
"""Wrong rows."""
