"""How often values occur."""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate

__all__ = ["histogram", "mode", "top_k"]


def mode(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the value that occurs most often; of several, the smallest.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        The type of the argument; null over no values.

    Examples:
        >>> mode("dest").over("7d").names
        ('dest_mode_7d',)
    """
    return aggregate("mode", expression, where=where, by=by)


def top_k(expression: Any, k: int, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the k values that occur most often, with their counts.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        k: How many at most, 1 to 10,000.
        where: Only rows for which this is true count.
        by: A second key; one list per key.

    Returns:
        A list of ``{key, value}``, by count descending, then by key ascending; null over no values.

    Examples:
        >>> top_k("dest", 3).over("7d").names
        ('dest_top_3_7d',)
    """
    return aggregate("top_k", expression, where=where, by=by, title=f"top_{k}", k=k)


def histogram(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return each different value with its count.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        where: Only rows for which this is true count.
        by: A second key; one list per key.

    Returns:
        A list of ``{key, value}``, ascending by key; null over no values.

    Examples:
        >>> histogram("dest").over("7d").names
        ('dest_histogram_7d',)
    """
    return aggregate("histogram", expression, where=where, by=by)
