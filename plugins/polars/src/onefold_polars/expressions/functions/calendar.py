"""Calendar parts, units and steps."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import polars as pl

from onefold.types import DATE, TIMESTAMP_UTC, DataType
from onefold_polars.expressions.lowering import LoweredCall, Lowering, always, frame, kernel, refused, wall_clock
from onefold_polars.expressions.numbers import checked

__all__ = ["DAY", "LOWERINGS"]

DAY = 86_400_000_000
"""The microseconds of a day."""

MOST_MONTHS = 12 * 200_000
"""How many months from 1970 Polars counts without an error of its own, rounded down."""

_UNITS = {
    "year": "1y",
    "quarter": "1q",
    "month": "1mo",
    "week": "1w",
    "day": "1d",
    "hour": "1h",
    "minute": "1m",
    "second": "1s",
    "millisecond": "1ms",
}


def _part(part: Callable[[pl.Expr], pl.Expr]) -> Lowering:
    """Return a part of the wall clock, as int64: Polars has small integers for them, which wrap around early."""
    return Lowering(lambda call: part(wall_clock(call.args[0], call.arg_types[0])).cast(pl.Int64))


def _date(value: pl.Expr, dtype: DataType) -> pl.Expr:
    return value if dtype == DATE else wall_clock(value, dtype).dt.date()


def _days(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Return the days from 1970-01-01 to a date, or to that of a timestamp."""
    return _date(value, dtype).to_physical().cast(pl.Int64)


def _month(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Return the number of the month, counted from the year 0."""
    clock = wall_clock(value, dtype)
    return clock.dt.year().cast(pl.Int64) * 12 + clock.dt.month()


def _date_trunc(call: LoweredCall) -> pl.Expr:
    (value,), (dtype,) = call.args, call.arg_types
    truncated = wall_clock(value, dtype).dt.truncate(_UNITS[call.options["unit"]])
    return truncated.dt.replace_time_zone("UTC") if dtype == TIMESTAMP_UTC else truncated


def _last_day(call: LoweredCall) -> pl.Expr:
    return _date(call.args[0], call.arg_types[0]).dt.month_end()


def _add_days(call: LoweredCall) -> pl.Expr:
    value, days = call.args
    if call.result_type == DATE:
        return checked(operator.add, value.to_physical().cast(pl.Int64), days, dtype=pl.Int32()).cast(call.dtype)
    day = pl.lit(DAY, dtype=pl.Int64)
    return checked(lambda start, count, day: start + count * day, value.to_physical(), days, day).cast(call.dtype)


def _months_later(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Return the same day of a later month, or the last day of it."""
    month = day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1 + months
    first = pl.date(month // 12, month % 12 + 1, 1)  # both round down, for the years before 0 too
    days = pl.min_horizontal(day.dt.day(), first.dt.month_end().dt.day()).cast(pl.Int32)
    return (first.to_physical() + days - 1).cast(pl.Date)


def _add_months(call: LoweredCall) -> pl.Expr:
    value, months = call.args
    dtype = call.arg_types[0]

    def compute(values: pl.Series, counts: pl.Series) -> pl.Series:
        rows = frame([values, counts])
        start, count = pl.col("0"), pl.col("1")
        far = rows.select(start.is_not_null() & ~count.is_between(-MOST_MONTHS, MOST_MONTHS)).to_series()
        if far.any():
            raise refused(rows["1"], far.fill_null(False), "months later there is no date")
        later = _months_later(_date(start, dtype), pl.when(start.is_not_null()).then(count))
        if dtype != DATE:
            time = start.to_physical() % DAY
            later = (later.to_physical().cast(pl.Int64) * DAY + time).cast(call.dtype)
        return rows.select(later).to_series()

    return kernel(compute, [value, months], call.dtype)


def _days_between(call: LoweredCall) -> pl.Expr:
    start, end = map(_days, call.args, call.arg_types)
    return end - start


def _months_between(call: LoweredCall) -> pl.Expr:
    start, end = map(_month, call.args, call.arg_types)
    return end - start


def _make_date(call: LoweredCall) -> pl.Expr:
    year, month, day = call.args
    exists = year.is_between(1, 9999) & month.is_between(1, 12)
    # Polars stops at a date that does not exist, so the day is checked against the length of its month.
    first = pl.date(pl.when(exists).then(year), month, 1)
    right = day.is_between(1, first.dt.month_end().dt.day())
    return pl.when(right).then((first.to_physical() + day.cast(pl.Int32, strict=False) - 1).cast(pl.Date))


LOWERINGS: Mapping[str, Lowering] = {
    "year": _part(lambda clock: clock.dt.year()),
    "quarter": _part(lambda clock: clock.dt.quarter()),
    "month": _part(lambda clock: clock.dt.month()),
    "day": _part(lambda clock: clock.dt.day()),
    "day_of_week": _part(lambda clock: clock.dt.weekday()),
    "day_of_year": _part(lambda clock: clock.dt.ordinal_day()),
    "iso_week": _part(lambda clock: clock.dt.week()),
    "iso_year": _part(lambda clock: clock.dt.iso_year()),
    "hour": _part(lambda clock: clock.dt.hour()),
    "minute": _part(lambda clock: clock.dt.minute()),
    "second": _part(lambda clock: clock.dt.second()),
    "millisecond": _part(lambda clock: clock.dt.millisecond()),
    "microsecond": _part(lambda clock: clock.dt.microsecond()),
    "date_trunc": Lowering(_date_trunc),
    "last_day": Lowering(_last_day),
    "add_days": Lowering(_add_days, can_fail=always),
    "add_months": Lowering(_add_months, can_fail=always),
    "days_between": Lowering(_days_between),
    "months_between": Lowering(_months_between),
    "make_date": Lowering(_make_date),
}
