"""Short ways to build the relations that the lowerings are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onefold.plan import (
    Call,
    Case,
    Cast,
    Column,
    Expression,
    Join,
    Literal,
    NamedExpression,
    Project,
    Relation,
    SortKey,
    Union,
    WhenThen,
)
from onefold.types import DataType

__all__ = [
    "ascending",
    "call",
    "cast",
    "col",
    "extended",
    "joined",
    "lit",
    "null",
    "present",
    "projected",
    "union",
    "when",
]


def col(name: str) -> Column:
    """Return a column."""
    return Column(name=name)


def lit(value: Any) -> Literal:
    """Return a constant."""
    return Literal.of(value)


def null(dtype: DataType) -> Literal:
    """Return the null of a type."""
    return Literal.of(None, dtype)


def call(function: str, *args: Expression, **options: Any) -> Call:
    """Return a call of a function."""
    return Call(function=function, args=args, options=options)


def cast(arg: Expression, to: DataType) -> Cast:
    """Return a conversion that stops at what can not be converted."""
    return Cast(arg=arg, to=to)


def when(condition: Expression | None, value: Expression, otherwise: Expression | None = None) -> Expression:
    """Return a value where a condition is true, and null or another value elsewhere; the value where there is none."""
    return value if condition is None else Case(branches=(WhenThen(when=condition, then=value),), otherwise=otherwise)


def present(names: Iterable[str]) -> Expression:
    """Return the condition that columns are not null."""
    tests = tuple(call("is_not_null", col(name)) for name in dict.fromkeys(names))
    return tests[0] if len(tests) == 1 else call("and", *tests)


def projected(relation: Relation, columns: Mapping[str, Expression]) -> Project:
    """Return exactly these columns of each row."""
    return Project(
        input=relation,
        columns=tuple(NamedExpression(name=name, expression=value) for name, value in columns.items()),
    )


def extended(relation: Relation, columns: Mapping[str, Expression]) -> Project:
    """Return all columns of each row, and these."""
    return projected(relation, {**{name: col(name) for name in relation.output.names}, **columns})


def ascending(names: Iterable[str]) -> tuple[SortKey, ...]:
    """Return the order by columns: ascending, nulls first."""
    return tuple(SortKey(column=name, nulls="first") for name in names)


def joined(left: Relation, right: Relation, left_on: Iterable[str], right_on: Iterable[str]) -> Join:
    """Return all rows of the left side, with the columns of a row of the right side with equal keys."""
    return Join(left=left, right=right, left_on=tuple(left_on), right_on=tuple(right_on), how="left")


def union(relations: Iterable[Relation]) -> Relation:
    """Return the rows of one or several relations."""
    several = tuple(relations)
    return several[0] if len(several) == 1 else Union(relations=several)
