"""Calendar parts, units and steps as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.functions.epoch import wall_clock
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import DATE, TIMESTAMP_UTC

__all__ = ["LOWERINGS"]


def _part(text: str) -> Lowering:
    """Return a part of a date or timestamp; ``{t}`` in the text is its wall clock."""
    return lambda call: render(text.replace("{t}", wall_clock(call)), call)


def _same_type(text: str) -> Lowering:
    """Return a step in the calendar, with the result in the type of the first argument."""

    def lowering(call: LoweredCall) -> exp.Expression:
        inner = text.replace("{t}", wall_clock(call))
        if call.result_type == DATE:
            return render(f"CAST({inner} AS DATE)", call)
        if call.result_type == TIMESTAMP_UTC:
            return render(f"MAKE_TIMESTAMPTZ(EPOCH_US({inner}))", call)
        return render(inner, call)

    return lowering


def _between(unit: str) -> Lowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        start, end = (
            place if call.arg_types[index] == DATE else f"CAST({wall_clock(call, place, index)} AS DATE)"
            for index, place in enumerate(("{0}", "{1}"))
        )
        return render(f"DATE_DIFF('{unit}', {start}, {end})", call)

    return lowering


LOWERINGS: Mapping[str, Lowering] = {
    "year": _part("CAST(YEAR({t}) AS BIGINT)"),
    "quarter": _part("CAST(QUARTER({t}) AS BIGINT)"),
    "month": _part("CAST(MONTH({t}) AS BIGINT)"),
    "day": _part("CAST(DAY({t}) AS BIGINT)"),
    "day_of_week": _part("CAST(ISODOW({t}) AS BIGINT)"),
    "day_of_year": _part("CAST(DAYOFYEAR({t}) AS BIGINT)"),
    "iso_week": _part("CAST(WEEK({t}) AS BIGINT)"),
    "iso_year": _part("CAST(ISOYEAR({t}) AS BIGINT)"),
    "hour": _part("CAST(HOUR({t}) AS BIGINT)"),
    "minute": _part("CAST(MINUTE({t}) AS BIGINT)"),
    "second": _part("CAST(SECOND({t}) AS BIGINT)"),
    # The dialect counts these from the beginning of the minute.
    "millisecond": _part("CAST(MILLISECOND({t}) % 1000 AS BIGINT)"),
    "microsecond": _part("CAST(MICROSECOND({t}) % 1000000 AS BIGINT)"),
    "date_trunc": _same_type("DATE_TRUNC({unit}, {t})"),
    "last_day": _part("LAST_DAY(CAST({t} AS DATE))"),
    # Beside a null nothing is computed, and so nothing can be out of range.
    "add_days": _same_type("CASE WHEN {0} IS NOT NULL THEN {t} + TO_DAYS(CAST({1} AS INT)) END"),
    "add_months": _same_type("CASE WHEN {0} IS NOT NULL THEN {t} + TO_MONTHS(CAST({1} AS INT)) END"),
    "days_between": _between("day"),
    "months_between": _between("month"),
    "make_date": "CASE WHEN {0} BETWEEN 1 AND 9999 THEN TRY(MAKE_DATE({0}, {1}, {2})) END",
}
