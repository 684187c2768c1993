"""The smallest and greatest values."""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate

__all__ = ["max", "max_n", "min", "min_n"]


def min(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the smallest value; nulls are skipped, NaN is greater than every number.

    Args:
        expression: A value of any type with an order.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        The type of the argument; null over no values.

    Examples:
        >>> min("dep_delay").over("7d").names
        ('dep_delay_min_7d',)
    """
    return aggregate("min", expression, where=where, by=by)


def max(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the greatest value; nulls are skipped, NaN is greater than every number.

    Args:
        expression: A value of any type with an order.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        The type of the argument; null over no values.

    Examples:
        >>> max("dep_delay").over("7d").names
        ('dep_delay_max_7d',)
    """
    return aggregate("max", expression, where=where, by=by)


def min_n(expression: Any, n: int, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the n smallest values, ascending, duplicates kept.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        n: How many at most, 1 to 10,000.
        where: Only rows for which this is true count.
        by: A second key; one list per key.

    Returns:
        A list; null over no values.

    Examples:
        >>> min_n("price", 3).over("7d").names
        ('price_min_3_7d',)
    """
    return aggregate("min_n", expression, where=where, by=by, title=f"min_{n}", n=n)


def max_n(expression: Any, n: int, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the n greatest values, descending, duplicates kept.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        n: How many at most, 1 to 10,000.
        where: Only rows for which this is true count.
        by: A second key; one list per key.

    Returns:
        A list; null over no values.

    Examples:
        >>> max_n("price", 3).over("7d").names
        ('price_max_3_7d',)
    """
    return aggregate("max_n", expression, where=where, by=by, title=f"max_{n}", n=n)
