"""Relations that put others together."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onefold.plan import Join, Union
from onefold_polars.columns import column, fresh

__all__ = ["lower_join", "lower_union"]


def lower_union(node: Union, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the rows of all inputs, their columns in the order of the first."""
    columns = [column(name) for name in node.output.names]
    return pl.concat([frame.select(columns) for frame in below], how="vertical")


def lower_join(node: Join, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the joined rows; a null key matches nothing.

    The right keys get names of their own before, and so does a left key that is compared twice: Polars can not keep
    them apart, and stops.
    """
    left, right = below
    taken = {*node.left.output.names, *node.output.names}
    pairs = [column(name).alias(out) for name, out in node.right_columns]
    if node.how == "cross":
        return left.join(right.select(pairs), how="cross")
    left_keys: list[str] = []
    right_keys: list[str] = []
    for number, (left_key, right_key) in enumerate(zip(node.left_on, node.right_on, strict=True)):
        right_keys.append(fresh(f"right_{number}", taken))
        pairs.append(column(right_key).alias(right_keys[-1]))
        if left_key in left_keys:
            left_keys.append(fresh(f"left_{number}", taken))
            left = left.with_columns(column(left_key).alias(left_keys[-1]))
        else:
            left_keys.append(left_key)
    joined = left.join(
        right.select(pairs),
        how=node.how,
        left_on=[column(name) for name in left_keys],
        right_on=right_keys,
        coalesce=None if node.how in ("semi", "anti") else True,
    )
    return joined.select(map(column, node.output.names))
