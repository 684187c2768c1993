"""Orders as users write them: column names, and columns marked as descending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from onefold.errors import DefinitionError
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr
from onefold.plan import SortKey

__all__ = ["Order", "asc", "desc", "sort_keys"]

Order: TypeAlias = str | Expr | SortKey
"""A column to order by: its name, ``col("x")``, or :func:`asc` or :func:`desc` of it."""


def asc(column: str | Expr, *, nulls: Literal["first", "last"] = "last") -> SortKey:
    """Return an ascending order, with nulls last unless told otherwise."""
    return SortKey(column=_name(column), nulls=nulls)


def desc(column: str | Expr, *, nulls: Literal["first", "last"] = "last") -> SortKey:
    """Return a descending order, with nulls last unless told otherwise.

    Examples:
        >>> print(desc("departed_at"))
        departed_at desc nulls last
    """
    return SortKey(column=_name(column), descending=True, nulls=nulls)


def sort_keys(
    order: Order | Sequence[Order], *, descending: bool = False, nulls: Literal["first", "last"] = "last"
) -> tuple[SortKey, ...]:
    """Return the sort keys of what was written.

    Args:
        order: One or more columns.
        descending: Whether plain columns are meant from the greatest to the smallest.
        nulls: Where the nulls of plain columns go.
    """
    several = [order] if isinstance(order, str | Expr | SortKey) else list(order)
    return tuple(
        key if isinstance(key, SortKey) else SortKey(column=_name(key), descending=descending, nulls=nulls)
        for key in several
    )


def _name(column: object) -> str:
    if isinstance(column, str) and column:
        return column
    if isinstance(column, Expr) and isinstance(column.node, ColumnRef):
        return column.node.name
    raise DefinitionError(
        f"{column!r} is not a column to order by. Give a column's name or of.desc(name); to order by something "
        "computed, make it a column with with_columns(...) first."
    )
