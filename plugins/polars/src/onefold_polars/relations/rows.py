"""Relations that keep, drop, compute or rearrange rows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import polars.selectors as cs

from onefold.plan import Column, Deduplicate, Distinct, Filter, Limit, Project, Sort, SortKey, Unnest
from onefold.types import Schema
from onefold_polars.columns import column, fresh
from onefold_polars.expressions import can_fail, compile_expression

__all__ = [
    "lower_deduplicate",
    "lower_distinct",
    "lower_filter",
    "lower_limit",
    "lower_project",
    "lower_sort",
    "lower_unnest",
]

_MOST_ROWS = 2**32 - 1
"""How many rows a slice can have; more are all that there are."""


def lower_project(node: Project, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the columns, computed from each row."""
    (frame,) = below
    schema = node.input.output
    columns = [compile_expression(item.expression, schema).alias(item.name) for item in node.columns]
    if any(isinstance(item.expression, Column) for item in node.columns):
        return frame.select(columns)
    # A selection of nothing but constants, or of what Polars finds to be constants, has one row, whatever the frame has.
    return frame.with_columns(columns).select(map(column, node.output.names))


def lower_filter(node: Filter, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the rows for which the predicate is true.

    Polars moves conditions below joins and other filters, where they meet more rows. A condition that can fail stays in
    its place as a column.
    """
    (frame,) = below
    schema = node.input.output
    predicate = compile_expression(node.predicate, schema)
    if not can_fail(node.predicate, schema):
        return frame.filter(predicate)
    holds = fresh("holds", schema.names)
    return frame.with_columns(predicate.alias(holds)).filter(column(holds)).select(map(column, schema.names))


def lower_sort(node: Sort, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the input in another order."""
    (frame,) = below
    return _sorted(frame, node.keys)


def lower_limit(node: Limit, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the first rows of the input."""
    (frame,) = below
    return frame.slice(node.offset, node.count if node.count <= _MOST_ROWS else None)


def lower_distinct(node: Distinct, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return each different row once."""
    (frame,) = below
    return frame.unique()


def lower_deduplicate(node: Deduplicate, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the first or last row of each key in the stated order."""
    (frame,) = below
    return _sorted(frame, settled(node.order, node.input.output)).unique(
        subset=[column(name) for name in node.by], keep=node.keep
    )


def lower_unnest(node: Unnest, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return one row per element of a list."""
    (frame,) = below
    return frame.explode(cs.by_name(node.column), empty_as_null=False, keep_nulls=False)


def settled(keys: Sequence[SortKey], schema: Schema) -> list[SortKey]:
    """Return an order that leaves only equal rows together: the keys, then all columns ascending, nulls first.

    Lists and structs have no portable order; they come last, so that at least this engine agrees with itself.
    """
    named = {key.column for key in keys}
    rest = [field for field in schema if field.name not in named]
    rest.sort(key=lambda field: not field.dtype.is_ordered)
    return [*keys, *(SortKey(column=field.name, nulls="first") for field in rest)]


def _sorted(frame: pl.LazyFrame, keys: Sequence[SortKey]) -> pl.LazyFrame:
    return frame.sort(
        [column(key.column) for key in keys],
        descending=[key.descending for key in keys],
        nulls_last=[key.nulls == "last" for key in keys],
    )
