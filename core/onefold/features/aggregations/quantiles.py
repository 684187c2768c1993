"""Quantiles; NaN sorts above every number."""

from __future__ import annotations

from typing import Any

from onefold.features.aggregations.builder import AggExpr, aggregate

__all__ = ["approx_quantile", "median", "quantile", "quantile_disc"]


def _percent(q: object) -> str:
    """Return a quantile as it appears in names: ``90`` for 0.9, ``99_9`` for 0.999."""
    return f"{q * 100:g}".replace(".", "_") if isinstance(q, int | float) else str(q)


def median(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the exact median: the middle value, or the mean of the two middle ones.

    Args:
        expression: A number; nulls are skipped.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null over no values.

    Examples:
        >>> median("amount").over("7d").names
        ('amount_median_7d',)
    """
    return aggregate("median", expression, where=where, by=by)


def quantile(expression: Any, q: float, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return an exact quantile with linear interpolation (type 7, the default of NumPy and R).

    Args:
        expression: A number; nulls are skipped.
        q: 0.0 for the smallest value to 1.0 for the greatest.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null over no values.

    Examples:
        >>> quantile("amount", 0.9).over("7d").names
        ('amount_q90_7d',)
    """
    return aggregate("quantile", expression, where=where, by=by, title=f"q{_percent(q)}", q=q)


def quantile_disc(expression: Any, q: float, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return an exact quantile that is one of the values: the smallest with a cumulative share of at least q.

    Args:
        expression: A value of any type with an order; nulls are skipped.
        q: 0.0 for the smallest value to 1.0 for the greatest.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        The type of the argument; null over no values.

    Examples:
        >>> quantile_disc("amount", 0.5).over("7d").names
        ('amount_disc_q50_7d',)
    """
    return aggregate("quantile_disc", expression, where=where, by=by, title=f"disc_q{_percent(q)}", q=q)


def approx_quantile(expression: Any, q: float, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return a quantile within the catalogue's error bound.

    Args:
        expression: A number; nulls are skipped.
        q: 0.0 for the smallest value to 1.0 for the greatest.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null over no values. Engines may differ within the bound, or be exact.

    Examples:
        >>> approx_quantile("amount", 0.999).over("7d").names
        ('amount_approx_q99_9_7d',)
    """
    return aggregate("approx_quantile", expression, where=where, by=by, title=f"approx_q{_percent(q)}", q=q)
