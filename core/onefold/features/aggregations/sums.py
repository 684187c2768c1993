"""Counts, sums, means, and the logical sums any and all."""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate

__all__ = ["all", "any", "count", "mean", "sum"]


def count(expression: Any = None, *, where: Any = None, by: Any = None) -> AggExpr:
    """Count rows, or rows whose value is not null.

    Args:
        expression: What must not be null; None counts all rows.
        where: Only rows for which this is true count.
        by: A second key; one count per key.

    Returns:
        An int64; 0 over no rows, never null (with ``by``: null over no rows).

    Examples:
        >>> count(where="late").over("1d", "7d").names
        ('late_count_1d', 'late_count_7d')
    """
    args = () if expression is None else (expression,)
    return aggregate("count", *args, where=where, by=by)


def sum(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Add up values; nulls are skipped.

    Args:
        expression: What is added: int64, float64 or a decimal.
        where: Only rows for which this is true count.
        by: A second key; one sum per key.

    Returns:
        An int64 (an overflow is an error), float64, or decimal of 38 digits; null over no values.

    Examples:
        >>> sum("amount").over("7d").names
        ('amount_sum_7d',)
    """
    return aggregate("sum", expression, where=where, by=by)


def mean(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Average values; nulls are skipped.

    Args:
        expression: What is averaged: int64, float64 or a decimal.
        where: Only rows for which this is true count.
        by: A second key; one mean per key.

    Returns:
        A float64; null over no values.

    Examples:
        >>> mean("dep_delay").over("30m").names
        ('dep_delay_mean_30m',)
    """
    return aggregate("mean", expression, where=where, by=by)


def any(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Tell whether at least one value is true; nulls are skipped.

    Args:
        expression: A bool.
        where: Only rows for which this is true count.
        by: A second key; one answer per key.

    Returns:
        A bool; null over no values.

    Examples:
        >>> any("late").over("1h").names
        ('late_any_1h',)
    """
    return aggregate("any", expression, where=where, by=by)


def all(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Tell whether no value is false; nulls are skipped.

    Args:
        expression: A bool.
        where: Only rows for which this is true count.
        by: A second key; one answer per key.

    Returns:
        A bool; null over no values.

    Examples:
        >>> all("late").over("1h").names
        ('late_all_1h',)
    """
    return aggregate("all", expression, where=where, by=by)
