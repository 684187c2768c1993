"""Timestamps: exact lengths of time, wall clocks of zones, and their text."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

from onefold.errors import listed
from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig

__all__ = ["DIRECTIVES", "FUNCTIONS"]

DIRECTIVES = ("%Y", "%m", "%d", "%H", "%M", "%S", "%f")
"""What a format is made of: year (4 digits), month, day, hour, minute, second (2 each), microsecond (6)."""

_FORMAT = re.compile(r"(?:%[YmdHMSf]|[ TZ_/.,:-])*")
_FORMAT_TEXT = (
    "Made of %Y (year, 4 digits), %m, %d, %H (0 to 23), %M, %S (2 digits each), %f (microsecond, 6 digits) and the "
    "characters - / . , : _ T Z and blank."
)
_at = dt.datetime.fromisoformat


def _zone_problem(zone: str) -> str | None:
    if zone == "UTC":
        return None
    if not re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}", zone):
        return "it is the name of an IANA time zone, such as 'Europe/Berlin', or 'UTC'."
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        # A machine without time zone data can not tell; the engine has its own.
        return f"there is no such time zone. {listed(zone, sorted(known), what='zones')}" if known else None
    return None


def _format_problem(text: str) -> str | None:
    return None if text and _FORMAT.fullmatch(text) else f"it is {_FORMAT_TEXT[0].lower()}{_FORMAT_TEXT[1:]}"


def _date_format_problem(text: str) -> str | None:
    return _format_problem(text) or _once(text, needed="Ymd", allowed="Ymd")


def _timestamp_format_problem(text: str) -> str | None:
    return _format_problem(text) or _once(text, needed="YmdHMS", allowed="YmdHMSf")


def _once(text: str, *, needed: str, allowed: str) -> str | None:
    used = re.findall("%(.)", text)
    if sorted(used) in (sorted(needed), sorted(allowed)):
        return None
    optional = "".join(f", and at most one %{letter}" for letter in allowed if letter not in needed)
    return f"it has each of {' '.join('%' + letter for letter in needed)} exactly once{optional}."


FUNCTIONS = (
    Function(
        name="add_duration",
        family="clock",
        signatures=(
            sig("(timestamp[us, UTC], int64) -> timestamp[us, UTC]"),
            sig("(timestamp[us], int64) -> timestamp[us]"),
        ),
        description=(
            "The timestamp so many microseconds later, or earlier when negative. Between instants this is exact "
            "elapsed time; a wall clock moves as one without daylight saving. Outside of the years 1 to 9999 engines "
            "differ; beyond what 64 bits hold it is an error."
        ),
        example=Example(
            (
                (
                    "timestamp[us]",
                    (_at("2024-02-29T23:59:59.999999"), _at("1970-01-01T00:00:00"), _at("2024-01-01"), None),
                ),
                ("int64", (1, -1, None, 1)),
            ),
            (_at("2024-03-01T00:00:00"), _at("1969-12-31T23:59:59.999999"), None, None),
        ),
    ),
    Function(
        name="duration_between",
        family="clock",
        signatures=(
            sig("(timestamp[us, UTC], timestamp[us, UTC]) -> int64"),
            sig("(timestamp[us], timestamp[us]) -> int64"),
        ),
        description=(
            "The microseconds from the first timestamp to the second; negative when that is earlier. Between wall "
            "clocks it takes each day as 24 hours."
        ),
        example=Example(
            (
                ("timestamp[us]", (_at("2024-02-28T23:59:59"), _at("1970-01-01"), _at("2024-01-01"), None)),
                (
                    "timestamp[us]",
                    (_at("2024-03-01T00:00:00"), _at("1969-12-31T23:59:59.999999"), None, _at("2024-01-01")),
                ),
            ),
            (86_401_000_000, -1, None, None),
        ),
    ),
    Function(
        name="local_time",
        family="clock",
        signatures=(sig("(timestamp[us, UTC]) -> timestamp[us]"),),
        description=(
            "The wall clock that an IANA time zone shows at an instant, daylight saving included: for hours of the "
            "day and local dates. Engines agree from 1970 to 2037; later years depend on each engine's zone data. "
            "There is no way back, because a wall clock shows some times twice."
        ),
        example=Example(
            (
                (
                    "timestamp[us, UTC]",
                    (
                        _at("2024-03-10T06:59:59+00:00"),
                        _at("2024-03-10T07:00:00+00:00"),
                        _at("1970-01-01T00:00:00+00:00"),
                        None,
                    ),
                ),
            ),
            (_at("2024-03-10T01:59:59"), _at("2024-03-10T03:00:00"), _at("1969-12-31T19:00:00"), None),
            {"zone": "America/New_York"},
        ),
        options={"zone": Option(str, "The IANA name of the time zone, such as 'Europe/Berlin'.", check=_zone_problem)},
    ),
    Function(
        name="strftime",
        family="clock",
        signatures=(
            sig("(date32) -> string"),
            sig("(timestamp[us]) -> string"),
            sig("(timestamp[us, UTC]) -> string"),
        ),
        description=(
            "A date or timestamp as text in a format of digits; names of months and days depend on engine and "
            "language and are not offered. A date has the time 00:00:00. An instant is read in UTC."
        ),
        example=Example(
            (("timestamp[us]", (_at("2024-02-29T03:04:05.000600"), _at("0001-01-01"), _at("9999-12-31"), None)),),
            ("2024-02-29T03:04:05.000600", "0001-01-01T00:00:00.000000", "9999-12-31T00:00:00.000000", None),
            {"format": "%Y-%m-%dT%H:%M:%S.%f"},
        ),
        options={"format": Option(str, _FORMAT_TEXT, check=_format_problem)},
        substrait="strftime",
    ),
    Function(
        name="to_date",
        family="clock",
        signatures=(sig("(string) -> date32"),),
        description=(
            "The date that a text in a format means; null when the text does not have exactly that form (blanks "
            "and missing zeros included) or there is no such date. A cast from text demands YYYY-MM-DD."
        ),
        example=Example(
            (("string", ("29/02/2024", "29/02/2023", "1/2/2024", "31/12/9999", "", None)),),
            (dt.date(2024, 2, 29), None, None, dt.date(9999, 12, 31), None, None),
            {"format": "%d/%m/%Y"},
        ),
        can_be_null=True,
        options={"format": Option(str, f"{_FORMAT_TEXT} Has year, month and day.", check=_date_format_problem)},
    ),
    Function(
        name="to_timestamp",
        family="clock",
        signatures=(sig("(string) -> timestamp[us]"),),
        description=(
            "The wall clock that a text in a format means; null when the text does not have exactly that form or "
            "there is no such time. Cast it to timestamp[us, UTC] when it is meant as UTC."
        ),
        example=Example(
            (("string", ("20240229T235959", "20230229T000000", "20240101T240000", "20240101", None)),),
            (_at("2024-02-29T23:59:59"), None, None, None, None),
            {"format": "%Y%m%dT%H%M%S"},
        ),
        can_be_null=True,
        options={
            "format": Option(
                str, f"{_FORMAT_TEXT} Has year, month, day, hour, minute and second.", check=_timestamp_format_problem
            )
        },
    ),
)
