"""Different values: how many, the earliest, the latest. NaN is one value, and -0.0 is 0.0."""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate
from onefold.features.aggregations.order import Orders

__all__ = ["approx_count_distinct", "count_distinct", "first_distinct", "last_distinct"]


def count_distinct(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Count the different values that are not null, exactly.

    Args:
        expression: A value of any type with an order.
        where: Only rows for which this is true count.
        by: A second key; one count per key.

    Returns:
        An int64; 0 over no values (with ``by``: null over no rows).

    Examples:
        >>> count_distinct("dest").over("7d").names
        ('dest_count_distinct_7d',)
    """
    return aggregate("count_distinct", expression, where=where, by=by)


def approx_count_distinct(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Count the different values that are not null, within the catalogue's error bound.

    Args:
        expression: A value of any type with an order.
        where: Only rows for which this is true count.
        by: A second key; one count per key.

    Returns:
        An int64; 0 over no values. Engines may differ within the bound, or be exact.

    Examples:
        >>> approx_count_distinct("dest").over("7d").names
        ('dest_approx_count_distinct_7d',)
    """
    return aggregate("approx_count_distinct", expression, where=where, by=by)


def first_distinct(expression: Any, n: int, *, where: Any = None, by: Any = None, order_by: Orders = None) -> AggExpr:
    """Return the n different values that occurred earliest, by their first occurrence.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        n: How many at most, 1 to 10,000.
        where: Only rows for which this is true count.
        by: A second key; one list per key.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.

    Returns:
        A list, earliest first; null over no values.

    Examples:
        >>> first_distinct("dest", 3).over("7d").names
        ('dest_first_distinct_3_7d',)
    """
    title = f"first_distinct_{n}"
    return aggregate("first_distinct_n", expression, where=where, by=by, order_by=order_by, title=title, n=n)


def last_distinct(expression: Any, n: int, *, where: Any = None, by: Any = None, order_by: Orders = None) -> AggExpr:
    """Return the n different values that occurred latest, by their last occurrence.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        n: How many at most, 1 to 10,000.
        where: Only rows for which this is true count.
        by: A second key; one list per key.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.

    Returns:
        A list, the most recent last; null over no values.

    Examples:
        >>> last_distinct("dest", 3).over("7d").names
        ('dest_last_distinct_3_7d',)
    """
    title = f"last_distinct_{n}"
    return aggregate("last_distinct_n", expression, where=where, by=by, order_by=order_by, title=title, n=n)
