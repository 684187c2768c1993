"""Calendar parts, units and steps as Snowflake writes them, none of which depends on a parameter of the session."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS"]


def _part(text: str) -> Lowering:
    return f"CAST({text} AS {{type}})"


def _date_trunc(call: LoweredCall) -> exp.Expression:
    unit = call.options["unit"].upper()
    start = f"DATE_TRUNC('{unit}', {{0}})"
    if unit == "WEEK":  # that of DATE_TRUNC begins on the day that WEEK_START says
        start = "DATEADD('DAY', 1 - DAYOFWEEKISO({0}), DATE_TRUNC('DAY', {0}))"
    return render(f"CAST({start} AS {{type}})", call)


def _moved(unit: str, digits: int) -> Lowering:
    # So many digits hold more than dates do, and less than would overflow. Beside a null nothing is computed, and so
    # nothing can be out of range.
    moved = f"DATEADD('{unit}', CAST({{1}} AS NUMBER({digits}, 0)), {{0}})"
    return f"CASE WHEN {{0}} IS NOT NULL THEN CAST({moved} AS {{type}}) END"


LOWERINGS: Mapping[str, Lowering] = {
    "year": _part("YEAR({0})"),
    "quarter": _part("QUARTER({0})"),
    "month": _part("MONTH({0})"),
    "day": _part("DAYOFMONTH({0})"),
    "day_of_week": _part("DAYOFWEEKISO({0})"),
    "day_of_year": _part("DAYOFYEAR({0})"),
    "iso_week": _part("WEEKISO({0})"),
    "iso_year": _part("YEAROFWEEKISO({0})"),
    "hour": _part("HOUR({0})"),
    "minute": _part("MINUTE({0})"),
    "second": _part("SECOND({0})"),
    "millisecond": _part("TRUNC(DATE_PART('NANOSECOND', {0}) / 1000000)"),
    "microsecond": _part("TRUNC(DATE_PART('NANOSECOND', {0}) / 1000)"),
    "date_trunc": _date_trunc,
    "last_day": "LAST_DAY(CAST({0} AS DATE))",
    "add_days": _moved("DAY", 8),
    "add_months": _moved("MONTH", 6),
    "days_between": _part("DATEDIFF('DAY', {0}, {1})"),
    "months_between": _part("DATEDIFF('MONTH', {0}, {1})"),
    # DATE_FROM_PARTS takes month 13 for the January after.
    "make_date": (
        "CASE WHEN {0} BETWEEN 1 AND 9999 AND {1} BETWEEN 1 AND 12 THEN "
        "CASE WHEN {2} BETWEEN 1 AND DAYOFMONTH(LAST_DAY(DATE_FROM_PARTS({0}, {1}, 1))) "
        "THEN DATE_FROM_PARTS({0}, {1}, {2}) END END"
    ),
}
