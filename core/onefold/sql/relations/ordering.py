"""Orders of rows as SQL; where nulls go is always part of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import expressions as exp

from onefold.plan import SortKey
from onefold.sql.expressions import column
from onefold.types import Schema

__all__ = ["ascending", "lower_keys", "settled"]


def lower_keys(keys: Iterable[SortKey], table: str | None = None) -> list[exp.Ordered]:
    """Return sort keys as SQL."""
    return [
        exp.Ordered(this=column(key.column, table), desc=key.descending, nulls_first=key.nulls == "first")
        for key in keys
    ]


def ascending(value: exp.Expression) -> exp.Ordered:
    """Return the order by one value: ascending, nulls first."""
    return exp.Ordered(this=value.copy(), desc=False, nulls_first=True)


def settled(keys: Sequence[SortKey], schema: Schema) -> list[exp.Ordered]:
    """Return an order that leaves only equal rows together: the keys, then all columns ascending, nulls first.

    Lists and structs have no portable order; they come last, so that at least one engine agrees with itself.
    """
    named = {key.column for key in keys}
    rest = [field for field in schema if field.name not in named]
    rest.sort(key=lambda field: not field.dtype.is_ordered)
    return [*lower_keys(keys), *(ascending(column(field.name)) for field in rest)]
