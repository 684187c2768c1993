"""Columns as users ask for them: names, expressions, and ``name=expression``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onefold.errors import DefinitionError, PlanError
from onefold.features.binding import bind
from onefold.features.expressions import Expr, as_column
from onefold.plan import Column, NamedExpression
from onefold.types import Schema

__all__ = ["added_columns", "flat", "named_expressions"]


def flat(items: Iterable[Any]) -> list[Any]:
    """Return items with lists and tuples of items written out, so that ``f("a", "b")`` and ``f(["a", "b"])`` agree."""
    found: list[Any] = []
    for item in items:
        found.extend(flat(item) if isinstance(item, list | tuple) else [item])
    return found


def named_expressions(
    columns: Iterable[Any], named: Mapping[str, Any], schema: Schema, *, verb: str
) -> tuple[NamedExpression, ...]:
    """Return the bound columns that a verb was given.

    Args:
        columns: Column names and expressions; an unnamed expression is named after the first column that it reads.
        named: Expressions by name.
        schema: The columns that they can read.
        verb: What was called, for errors.

    Raises:
        DefinitionError: If an expression has no name, or two have the same.
        PlanError: If a column does not exist or a type does not fit.
    """
    wanted: list[tuple[str, Expr]] = []
    for item in flat(columns):
        expression = item if isinstance(item, Expr) else Expr(as_column(item))
        name = expression.output_name
        if name is None:
            raise DefinitionError(f"{verb}: {expression!r} reads no column and has no name. Write name={expression!r}.")
        wanted.append((name, expression))
    wanted += [(name, item if isinstance(item, Expr) else Expr(as_column(item))) for name, item in named.items()]
    if not wanted:
        raise DefinitionError(f"{verb} needs at least one column, such as {verb}('a', b=col('c') + 1).")
    seen: dict[str, Expr] = {}
    for name, expression in wanted:
        if name in seen:
            raise DefinitionError(
                f"{verb}: {seen[name]!r} and {expression!r} would both be named {name!r}. "
                f"Name one of them: {verb}(new_name=...) or .alias('new_name')."
            )
        seen[name] = expression
    bound = []
    for name, expression in wanted:
        try:
            bound.append(NamedExpression(name=name, expression=bind(expression.node, schema)))
        except PlanError as error:
            raise error.within(verb, repr(name)) from None
    return tuple(bound)


def added_columns(schema: Schema, new: tuple[NamedExpression, ...]) -> tuple[NamedExpression, ...]:
    """Return all columns of a schema, with new ones in the place of those of their name, or at the end."""
    replaced = {column.name: column for column in new}
    kept = [replaced.pop(name, NamedExpression(name=name, expression=Column(name=name))) for name in schema.names]
    return (*kept, *replaced.values())
