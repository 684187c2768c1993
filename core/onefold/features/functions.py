"""Functions of several columns, and functions that make dates and times."""

from __future__ import annotations

from typing import Any, Literal

from onefold.features.deferred import Invoke
from onefold.features.expressions import Expr, as_column
from onefold.features.projecting import flat
from onefold.features.times import epoch_unit

__all__ = ["atan2", "coalesce", "concat_str", "from_epoch", "greatest", "least", "make_date"]


def coalesce(*values: Any) -> Expr:
    """Return the first value that is not null.

    Args:
        values: Column names, expressions and constants of one type.

    Examples:
        >>> coalesce("arr_delay", "dep_delay", 0)
        coalesce(col('arr_delay'), col('dep_delay'), 0)
    """
    return _of("coalesce", values)


def greatest(*values: Any) -> Expr:
    """Return the greatest of several values in a row; nulls are skipped, NaN is greater than every number.

    Args:
        values: Column names, expressions and constants of one type.
    """
    return _of("greatest", values)


def least(*values: Any) -> Expr:
    """Return the smallest of several values in a row; nulls are skipped.

    Args:
        values: Column names, expressions and constants of one type.
    """
    return _of("least", values)


def concat_str(*values: Any, separator: str | None = None) -> Expr:
    """Return texts one after the other.

    Args:
        values: Column names and expressions; a text constant is written ``lit("-")``.
        separator: What stands between them; nulls are then left out. None joins them directly, and gives null when
            one of them is null.

    Examples:
        >>> concat_str("origin", "dest", separator="-")
        concat_ws(col('origin'), col('dest'), separator='-')
    """
    if separator is None:
        return _of("concat", values)
    return _of("concat_ws", values, separator=separator)


def atan2(y: Any, x: Any) -> Expr:
    """Return the angle in radians between the positive x axis and a point.

    Args:
        y: The second coordinate of the point.
        x: The first coordinate.
    """
    return _of("atan2", (y, x))


def make_date(year: Any, month: Any, day: Any) -> Expr:
    """Return the date of a year, month and day; null when there is no such date.

    Args:
        year: 1 to 9999.
        month: 1 to 12.
        day: 1 to 31.

    Examples:
        >>> make_date("year", "month", 1)
        make_date(col('year'), col('month'), 1)
    """
    return _of("make_date", (year, month, day))


def from_epoch(value: Any, unit: Literal["s", "ms", "us"] = "s") -> Expr:
    """Return the instant a number of units after 1970-01-01T00:00Z.

    Args:
        value: An int64.
        unit: ``"s"``, ``"ms"`` or ``"us"``.

    Examples:
        >>> from_epoch("clicked", "ms")
        from_epoch_milliseconds(col('clicked'))
    """
    return _of(f"from_epoch_{epoch_unit(unit)}", (value,))


def _of(function: str, values: tuple[Any, ...], **options: Any) -> Expr:
    return Expr(Invoke(function, tuple(as_column(value) for value in flat(values)), options))
