"""Calendar parts, units and steps as Spark writes them; the session's time zone is UTC."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import DATE
from onefold_spark.functions.epoch import from_micros, micros

__all__ = ["LOWERINGS"]


def _part(text: str) -> Lowering:
    """Return a part of a date or timestamp as an int64: Spark's own have 32 bits."""
    return f"CAST({text} AS {{type}})"


def _in_second(text: str) -> Lowering:
    """Return a part of a second; ``{us}`` in the text is its microseconds."""
    return lambda call: render(text.replace("{us}", f"PMOD({micros(call)}, 1000000)"), call)


def _date_trunc(call: LoweredCall) -> exp.Expression:
    return render("CAST(DATE_TRUNC({unit}, {0}) AS {type})", call)


def _add_days(call: LoweredCall) -> exp.Expression:
    # On numbers of 64 bits: those of dates would wrap around. Beside a null nothing is computed, and so nothing can be
    # out of range.
    if call.result_type == DATE:
        moved = "DATE_FROM_UNIX_DATE(CAST(UNIX_DATE({0}) + {1} AS INT))"
    else:
        moved = from_micros(f"{micros(call)} + {{1}} * 86400000000", call.result_type)
    return render(f"CASE WHEN {{0}} IS NOT NULL THEN {moved} END", call)


def _add_months(call: LoweredCall) -> exp.Expression:
    moved = "{0} + MAKE_YM_INTERVAL(0, CAST({1} AS INT))"
    if call.result_type == DATE:
        moved = "ADD_MONTHS({0}, CAST({1} AS INT))"
    return render(f"CASE WHEN {{0}} IS NOT NULL THEN {moved} END", call)


LOWERINGS: Mapping[str, Lowering] = {
    "year": _part("YEAR({0})"),
    "quarter": _part("QUARTER({0})"),
    "month": _part("MONTH({0})"),
    "day": _part("DAY({0})"),
    "day_of_week": _part("WEEKDAY({0}) + 1"),
    "day_of_year": _part("DAYOFYEAR({0})"),
    "iso_week": _part("WEEKOFYEAR({0})"),
    "iso_year": _part("DATE_PART('YEAROFWEEK', {0})"),
    "hour": _part("HOUR({0})"),
    "minute": _part("MINUTE({0})"),
    "second": _part("SECOND({0})"),
    "millisecond": _in_second("{us} DIV 1000"),
    "microsecond": _in_second("{us}"),
    "date_trunc": _date_trunc,
    "last_day": "LAST_DAY(CAST({0} AS DATE))",
    "add_days": _add_days,
    "add_months": _add_months,
    "days_between": "CAST(DATEDIFF(CAST({1} AS DATE), CAST({0} AS DATE)) AS {type})",
    # Between first days of a month it is a whole number.
    "months_between": (
        "CAST(MONTHS_BETWEEN(TRUNC(CAST({1} AS DATE), 'MONTH'), TRUNC(CAST({0} AS DATE), 'MONTH')) AS {type})"
    ),
    # As text, which can be tried: MAKE_DATE stops the query where there is no such date.
    "make_date": (
        "CASE WHEN {0} BETWEEN 1 AND 9999 THEN TRY_CAST(LPAD(CAST({0} AS STRING), 4, '0') || '-' || "
        "CAST({1} AS STRING) || '-' || CAST({2} AS STRING) AS DATE) END"
    ),
}
