"""Variance, higher moments, and how two values move together."""

from __future__ import annotations

from typing import Any

from onefold.errors import DefinitionError
from onefold.features.aggregations.builder import AggExpr, aggregate

__all__ = ["corr", "covar", "kurtosis", "skewness", "std", "var"]


def _form(ddof: int, builder: str) -> str:
    if ddof not in (0, 1) or isinstance(ddof, bool):
        raise DefinitionError(
            f"{builder}(ddof={ddof!r}): ddof is 1 for a sample (divides by n - 1) or 0 for the whole population."
        )
    return "samp" if ddof else "pop"


def _title(ddof: int, builder: str) -> str:
    return builder if ddof else f"{builder}_pop"


def var(expression: Any, *, ddof: int = 1, where: Any = None, by: Any = None) -> AggExpr:
    """Return the variance.

    Args:
        expression: A number; nulls are skipped.
        ddof: 1 divides by n - 1 (a sample), 0 by n (the whole population).
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null for fewer than two values (with ``ddof=0``: over no values).

    Examples:
        >>> var("amount").over("7d").names, var("amount", ddof=0).over("7d").names
        (('amount_var_7d',), ('amount_var_pop_7d',))
    """
    return aggregate(f"var_{_form(ddof, 'var')}", expression, where=where, by=by, title=_title(ddof, "var"))


def std(expression: Any, *, ddof: int = 1, where: Any = None, by: Any = None) -> AggExpr:
    """Return the standard deviation, the square root of the variance.

    Args:
        expression: A number; nulls are skipped.
        ddof: 1 divides by n - 1 (a sample), 0 by n (the whole population).
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null for fewer than two values (with ``ddof=0``: over no values).

    Examples:
        >>> std("amount").over("7d").names
        ('amount_std_7d',)
    """
    return aggregate(f"stddev_{_form(ddof, 'std')}", expression, where=where, by=by, title=_title(ddof, "std"))


def skewness(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the population skewness, without bias correction.

    Args:
        expression: A number; nulls are skipped.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null over no values and when all are equal.

    Examples:
        >>> skewness("amount").over("7d").names
        ('amount_skewness_7d',)
    """
    return aggregate("skewness", expression, where=where, by=by)


def kurtosis(expression: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return the population excess kurtosis (0 for a normal distribution), without bias correction.

    Args:
        expression: A number; nulls are skipped.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null over no values and when all are equal.

    Examples:
        >>> kurtosis("amount").over("7d").names
        ('amount_kurtosis_7d',)
    """
    return aggregate("kurtosis", expression, where=where, by=by)


def covar(left: Any, right: Any, *, ddof: int = 1, where: Any = None, by: Any = None) -> AggExpr:
    """Return the covariance of two values.

    Args:
        left: A number; rows where either is null are skipped.
        right: A number.
        ddof: 1 divides by n - 1 (a sample), 0 by n (the whole population).
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64; null for fewer than two pairs (with ``ddof=0``: over no pairs).

    Examples:
        >>> covar("price", "volume").over("7d").names
        ('price_volume_covar_7d',)
    """
    return aggregate(f"covar_{_form(ddof, 'covar')}", left, right, where=where, by=by, title=_title(ddof, "covar"))


def corr(left: Any, right: Any, *, where: Any = None, by: Any = None) -> AggExpr:
    """Return Pearson's correlation of two values.

    Args:
        left: A number; rows where either is null are skipped.
        right: A number.
        where: Only rows for which this is true count.
        by: A second key; one value per key.

    Returns:
        A float64 from -1 to 1; null for fewer than two pairs, and when one side is constant.

    Examples:
        >>> corr("price", "volume").over("7d").names
        ('price_volume_corr_7d',)
    """
    return aggregate("corr", left, right, where=where, by=by)
