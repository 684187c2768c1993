"""UNION: columns are put together by their places."""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.features.constructors import col
from onefold.features.deferred import ColumnRef
from onefold.features.table import Table
from onefold.plan import common_type
from onefold.sql_authoring.text import SqlText

__all__ = ["same_columns"]


def same_columns(query: SqlText, node: exp.Union, left: Table, right: Table) -> tuple[Table, Table]:
    """Return both tables with the names of the left one, and with the types that both sides can take.

    Args:
        query: The query, for errors.
        node: The UNION.
        left: What stands before it.
        right: What stands behind it.

    Raises:
        SqlError: If they have not as many columns, or of types that do not go together.
    """
    if len(left.columns) != len(right.columns):
        raise query.error(
            f"UNION puts columns together by their places, and there are {len(left.columns)} and {len(right.columns)}.",
            node.expression,
        )
    firsts, seconds = [], []
    for one, other in zip(left.schema, right.schema, strict=True):
        dtype = common_type(one.dtype, other.dtype)
        if dtype is None:
            raise query.error(
                f"The column {one.name!r} is {one.dtype} above and {other.dtype} below. Cast one of them.",
                node.expression,
            )
        firsts.append(col(one.name).cast(dtype) if dtype != one.dtype else col(one.name))
        value = col(other.name).cast(dtype) if dtype != other.dtype else col(other.name)
        seconds.append(value.alias(one.name))
    if any(not isinstance(value.node, ColumnRef) for value in firsts):
        left = left.select(*(value.alias(name) for value, name in zip(firsts, left.columns, strict=True)))
    same = [isinstance(value.node, ColumnRef) for value in seconds]
    if not all(same) or left.columns != right.columns:
        right = right.select(*seconds)
    return left, right
