"""Joins: on equal columns, so that every engine has them, and with the names that SQL gives both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from sqlglot import expressions as exp

from onefold.features.constructors import col
from onefold.features.table import Table
from onefold.plan import Join
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope, Visible, fresh_name
from onefold.sql_authoring.text import SqlText

__all__ = ["conjuncts", "joined"]

How: TypeAlias = Literal["inner", "left", "full", "cross"]

_KINDS: dict[tuple[str, str], How] = {
    ("", ""): "inner",
    ("", "INNER"): "inner",
    ("LEFT", ""): "left",
    ("LEFT", "OUTER"): "left",
    ("RIGHT", ""): "left",
    ("RIGHT", "OUTER"): "left",
    ("FULL", ""): "full",
    ("FULL", "OUTER"): "full",
    ("", "CROSS"): "cross",
}


@dataclass(frozen=True, slots=True)
class _Condition:
    """What a join compares: columns of both sides, the names of USING, and what else has to be true."""

    pairs: tuple[tuple[str, str], ...]
    using: tuple[str, ...]
    rest: tuple[exp.Expr, ...]


def conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the conditions that stand side by side with AND, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        while isinstance(current, exp.Paren):
            current = current.this
        if isinstance(current, exp.And):
            stack += [current.expression, current.this]
        else:
            yield current


def joined(query: SqlText, left: Scope, right: Scope, node: exp.Join, named: Sequence[exp.Expr]) -> Scope:
    """Return the rows of two tables joined.

    Args:
        query: The query, for errors.
        left: What stands before JOIN.
        right: What stands behind it.
        node: The join.
        named: The parts of the query that can name columns of the join: a key of the right table of an outer join is
            kept as a column of its own when one of them does.

    Raises:
        SqlError: If the join is not one on equal columns.
    """
    parts = Parts(query, node)
    parts.take("this")
    side, kind = str(parts.take("side") or "").upper(), str(parts.take("kind") or "").upper()
    on, using = parts.take("on"), parts.take("using")
    parts.finish()
    how = _KINDS.get((side, kind))
    if how is None:
        raise query.error(
            f"There is no {f'{side} {kind}'.strip()} JOIN. There are INNER, LEFT, RIGHT, FULL and CROSS JOIN; rows with or "
            "without a match are WHERE [NOT] EXISTS (SELECT 1 FROM b WHERE b.k = a.k).",
            node,
        )
    if how == "cross":
        if on is not None or using is not None:
            raise query.error("CROSS JOIN takes no condition. Write JOIN.", node)
        return _paired(query, left, right, node)
    if on is None and using is None:
        raise query.error(
            "Say what is joined: JOIN b ON a.k = b.k, JOIN b USING (k), or CROSS JOIN b for all pairs.", node
        )
    condition = _using(query, left, right, using) if on is None else _on(query, left, right, on)
    if condition.rest and how != "inner":
        raise query.error(
            "An outer join compares columns of both sides with =, and nothing else. Filter the table first: LEFT JOIN "
            "(SELECT * FROM b WHERE ...) AS b ON a.k = b.k.",
            condition.rest[0],
        )
    if side == "RIGHT":
        swapped = _Condition(tuple((second, first) for first, second in condition.pairs), condition.using, ())
        both = _matched(query, right, left, swapped, how, node, named)
        count = len(right.visible)
        merged, others = both.visible[: len(condition.using)], both.visible[len(condition.using) :]
        return replace(both, visible=(*merged, *others[count:], *others[:count]))
    both = _matched(query, left, right, condition, how, node, named)
    if condition.rest:
        reader = ExpressionReader(query, both)
        for test in condition.rest:
            with query.at(test):
                both = both.over(both.table.filter(reader.read(test)))
    return both


def _paired(query: SqlText, left: Scope, right: Scope, node: exp.Join) -> Scope:
    with query.at(node):
        table = left.table.join(right.table, how="cross", suffix=_suffix(left.table, right.table, ()))
    out = dict(cast(Join, table.relation).right_columns)
    return Scope(query, table, (*left.visible, *(replace(one, column=out[one.column]) for one in right.visible)))


def _matched(  # noqa: PLR0917 - both sides, and what joins them
    query: SqlText,
    left: Scope,
    right: Scope,
    condition: _Condition,
    how: How,
    node: exp.Join,
    named: Sequence[exp.Expr],
) -> Scope:
    """Return the join, and where each column of both sides is found in it."""
    left_table, right_table = left.table, right.table
    left_on, right_on = [first for first, _ in condition.pairs], [second for _, second in condition.pairs]
    taken = [*left_table.columns, *right_table.columns]
    left_copies: dict[str, str] = {}
    right_copies: dict[str, str] = {}
    sides = [(right, right_on, right_copies)] if how == "left" else []
    sides = [(left, left_on, left_copies), (right, right_on, right_copies)] if how == "full" else sides
    for scope, keys, copies in sides:
        for key in dict.fromkeys(keys):
            if any(one.column == key and _is_named(one, condition, named) for one in scope.visible):
                copies[key] = fresh_name(f"{key}_", [*taken, *left_copies.values(), *right_copies.values()])
    with query.at(node):
        if left_copies:
            left_table = left_table.with_columns(**{name: col(key) for key, name in left_copies.items()})
        if right_copies:
            right_table = right_table.with_columns(**{name: col(key) for key, name in right_copies.items()})
        suffix = _suffix(left_table, right_table, right_on)
        table = left_table.join(right_table, left_on=left_on, right_on=right_on, how=how, suffix=suffix)
    out = dict(cast(Join, table.relation).right_columns)
    partner = dict(zip(right_on, left_on, strict=True))
    merged = tuple(Visible(None, name, left_on[place]) for place, name in enumerate(condition.using))
    keys_of_using = set(right_on[: len(condition.using)]), set(left_on[: len(condition.using)])

    def shown(one: Visible, column: str, *, key: bool) -> Visible:
        return replace(one, column=column, bare=one.bare and not key, listed=one.listed and not key)

    lefts = tuple(
        shown(one, left_copies.get(one.column, one.column), key=one.column in keys_of_using[1]) for one in left.visible
    )
    rights = tuple(
        shown(
            one,
            out[right_copies.get(one.column, one.column)]
            if one.column not in partner or one.column in right_copies
            else partner[one.column],
            key=one.column in keys_of_using[0],
        )
        for one in right.visible
    )
    return Scope(query, table, (*merged, *lefts, *rights))


def _is_named(one: Visible, condition: _Condition, named: Sequence[exp.Expr]) -> bool:
    """Whether a key of an outer join is named where its own value is meant, which is null without a match."""
    merged = one.name in condition.using
    for part in named:
        for node in part.find_all(exp.Column, exp.Star):
            if isinstance(node, exp.Star):
                if not isinstance(node.parent, exp.Anonymous) and not (
                    merged and not isinstance(node.parent, exp.Column)
                ):
                    return True
            elif isinstance(node.this, exp.Identifier) and node.name.lower() == one.name.lower():
                table = node.args.get("table")
                if (table is None and not merged) or (
                    table is not None and one.table is not None and table.name.lower() == one.table.lower()
                ):
                    return True
    return False


def _using(query: SqlText, left: Scope, right: Scope, names: Sequence[exp.Expr]) -> _Condition:
    pairs, merged = [], []
    for name in names:
        if not isinstance(name, exp.Identifier) or not name.this:
            raise query.error("USING takes names of columns: JOIN b USING (k).", name)
        node = exp.Column(this=name.copy())
        node.meta.update(name.meta)
        pairs.append((left.column(node), right.column(node)))
        merged.append(left.find(node)[0].name)
    return _Condition(tuple(pairs), tuple(merged), ())


def _on(query: SqlText, left: Scope, right: Scope, on: exp.Expr) -> _Condition:
    both = Scope(query, left.table, (*left.visible, *right.visible))
    pairs, rest = [], []
    for test in conjuncts(on):
        pair = _pair(query, left, right, both, test) if isinstance(test, exp.EQ) else None
        if pair is None:
            rest.append(test)
        else:
            pairs.append(pair)
    if not pairs:
        raise query.error(
            "A join compares columns of both sides: ON a.k = b.k. For all pairs with a condition write CROSS JOIN b WHERE ...; "
            "for the latest row before a time, use table.join_asof in Python.",
            on,
        )
    return _Condition(tuple(pairs), (), tuple(rest))


def _pair(query: SqlText, left: Scope, right: Scope, both: Scope, test: exp.EQ) -> tuple[str, str] | None:
    first, second = test.this, test.expression
    if not (isinstance(first, exp.Column) and isinstance(second, exp.Column)):
        return None
    for node in (first, second):
        both.column(node)  # refuses what is missing or ambiguous
    if left.find(first) and right.find(second):
        return left.column(first), right.column(second)
    if left.find(second) and right.find(first):
        return left.column(second), right.column(first)
    return None


def _suffix(left: Table, right: Table, keys: Sequence[str]) -> str:
    """Return what is appended to columns of the right whose names the left has, so that no name occurs twice."""
    suffix = "_right"
    others = [name for name in right.columns if name not in keys]
    while any(name in left.columns and name + suffix in {*left.columns, *others} for name in others):
        suffix += "_"
    return suffix
