"""Exponentially decayed aggregations: a value of age a counts with the weight 2^(-a / half_life).

The age is measured from the end of the window; in ``group_by(...).agg(...)`` from the greatest time of the group, which
``order_by`` names.
"""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate
from onefold.features.aggregations.order import Orders
from onefold.types import Duration, format_duration, parse_duration

__all__ = ["decayed_count", "decayed_mean", "decayed_sum"]


def decayed_sum(
    expression: Any, half_life: Duration, *, where: Any = None, by: Any = None, order_by: Orders = None
) -> AggExpr:
    """Add up values that count less the older they are.

    Args:
        expression: A number; nulls are skipped.
        half_life: The age at which a value counts half, such as ``"7d"``.
        where: Only rows for which this is true count.
        by: A second key; one value per key.
        order_by: The time column in ``group_by(...).agg(...)``; windows know the time themselves.

    Returns:
        A float64; null over no values.

    Examples:
        >>> decayed_sum("amount", half_life="7d").names
        ('amount_decayed_sum_7d',)
    """
    return _decayed("decayed_sum", (expression,), half_life, where=where, by=by, order_by=order_by)


def decayed_count(
    expression: Any = None, *, half_life: Duration, where: Any = None, by: Any = None, order_by: Orders = None
) -> AggExpr:
    """Count rows, or values that are not null, that count less the older they are.

    Args:
        expression: What must not be null; None counts all rows.
        half_life: The age at which a row counts half, such as ``"7d"``.
        where: Only rows for which this is true count.
        by: A second key; one value per key.
        order_by: The time column in ``group_by(...).agg(...)``; windows know the time themselves.

    Returns:
        A float64; null over no rows.

    Examples:
        >>> decayed_count(half_life="1h").over("1d").names
        ('decayed_count_1h_1d',)
    """
    return _decayed(
        "decayed_count", () if expression is None else (expression,), half_life, where=where, by=by, order_by=order_by
    )


def decayed_mean(
    expression: Any, half_life: Duration, *, where: Any = None, by: Any = None, order_by: Orders = None
) -> AggExpr:
    """Average values with weights that favour recent ones: the decayed sum divided by the decayed count.

    Args:
        expression: A number; nulls are skipped.
        half_life: The age at which a value counts half, such as ``"7d"``.
        where: Only rows for which this is true count.
        by: A second key; one value per key.
        order_by: The time column in ``group_by(...).agg(...)``; windows know the time themselves.

    Returns:
        A float64; null over no values.

    Examples:
        >>> decayed_mean("amount", half_life="7d").over("30d").names
        ('amount_decayed_mean_7d_30d',)
    """
    return _decayed("decayed_mean", (expression,), half_life, where=where, by=by, order_by=order_by)


def _decayed(
    function: str, args: tuple[Any, ...], half_life: Duration, *, where: Any, by: Any, order_by: Orders
) -> AggExpr:
    micros = parse_duration(half_life, what="half-life")
    title = f"{function}_{format_duration(micros)}"
    return aggregate(function, *args, where=where, by=by, order_by=order_by, title=title, half_life=micros)
