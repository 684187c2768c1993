"""Aggregations that depend on the order of the rows: by time, then the source's sequence, then the value itself."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from onefold.features.aggregations.builder import AggExpr, aggregate
from onefold.features.ordering import Order

__all__ = ["Orders", "collect", "first", "last"]

_Nulls = Literal["skip", "keep"]
Orders: TypeAlias = Order | list[Order] | tuple[Order, ...] | None
"""One or more columns to order by."""


def first(
    expression: Any,
    n: int | None = None,
    *,
    nulls: _Nulls = "skip",
    where: Any = None,
    by: Any = None,
    order_by: Orders = None,
) -> AggExpr:
    """Return the earliest value, or a list of the n earliest.

    Args:
        expression: A value of any type with an order.
        n: None for one value; a number from 1 to 10,000 for a list, earliest first.
        nulls: ``"skip"`` leaves null values out, ``"keep"`` treats them as values.
        where: Only rows for which this is true count.
        by: A second key; one value per key.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.

    Returns:
        The type of the argument, or a list of it; null over no values.

    Examples:
        >>> first("origin").over("1d").names, first("origin", n=3).over("1d").names
        (('origin_first_1d',), ('origin_first_3_1d',))
    """
    return _end("first", expression, n, nulls=nulls, where=where, by=by, order_by=order_by)


def last(
    expression: Any,
    n: int | None = None,
    *,
    nulls: _Nulls = "skip",
    where: Any = None,
    by: Any = None,
    order_by: Orders = None,
) -> AggExpr:
    """Return the latest value, or a list of the n latest.

    Args:
        expression: A value of any type with an order.
        n: None for one value; a number from 1 to 10,000 for a list, the latest last.
        nulls: ``"skip"`` leaves null values out, ``"keep"`` treats them as values.
        where: Only rows for which this is true count.
        by: A second key; one value per key.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.

    Returns:
        The type of the argument, or a list of it; null over no values.

    Examples:
        >>> last("arr_delay", n=5).names
        ('arr_delay_last_5',)
    """
    return _end("last", expression, n, nulls=nulls, where=where, by=by, order_by=order_by)


def _end(
    which: str, expression: Any, n: int | None, *, nulls: _Nulls, where: Any, by: Any, order_by: Orders
) -> AggExpr:
    if n is None:
        return aggregate(which, expression, where=where, by=by, order_by=order_by, nulls=nulls)
    return aggregate(
        f"{which}_n", expression, where=where, by=by, order_by=order_by, title=f"{which}_{n}", n=n, nulls=nulls
    )


def collect(
    expression: Any,
    *,
    limit: int = 1000,
    nulls: _Nulls = "skip",
    where: Any = None,
    by: Any = None,
    order_by: Orders = None,
) -> AggExpr:
    """Return all values as a list, earliest first.

    Args:
        expression: A value of any type with an order.
        limit: At most so many values, 1 to 100,000; of more, the latest are kept.
        nulls: ``"skip"`` leaves null values out, ``"keep"`` treats them as values.
        where: Only rows for which this is true count.
        by: A second key; one list per key.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.

    Returns:
        A list; null over no values.

    Examples:
        >>> collect("dest", limit=50).over("7d").names
        ('dest_collect_7d',)
    """
    return aggregate("collect", expression, where=where, by=by, order_by=order_by, limit=limit, nulls=nulls)
