"""Timestamps as numbers since 1970-01-01, and buckets of a fixed length that are aligned to it."""

from __future__ import annotations

import datetime as dt

from onefold.plan.functions.entry import Example, Function, Option
from onefold.plan.functions.signature import sig

__all__ = ["FUNCTIONS"]

_at = dt.datetime.fromisoformat
_EPOCH = _at("1970-01-01")
_BEFORE = _at("1969-12-31T23:59:59.999999")
_LEAP = _at("2024-02-29T13:14:15.123456")
_EITHER = "A wall clock (without a time zone) is taken as if it were UTC."


def _epoch(unit: str, per_second: str, values: tuple[int, int, int]) -> Function:
    return Function(
        name=f"epoch_{unit}",
        family="epoch",
        signatures=(sig("(timestamp[us, UTC]) -> int64"), sig("(timestamp[us]) -> int64")),
        description=(f"Whole {unit} since 1970-01-01 00:00:00 UTC{per_second}; negative before. {_EITHER}"),
        example=Example((("timestamp[us]", (_EPOCH, _BEFORE, _LEAP, None)),), (*values, None)),
    )


def _from_epoch(unit: str, factor: int) -> Function:
    moment = dt.datetime(2024, 1, 5, 10, tzinfo=dt.UTC)
    return Function(
        name=f"from_epoch_{unit}",
        family="epoch",
        signatures=(sig("(int64) -> timestamp[us, UTC]"),),
        description=(
            f"The instant a number of {unit} after 1970-01-01 00:00:00 UTC, or before it when negative. Engines "
            "agree in the years 1 to 9999; beyond what 64 bits of microseconds hold it is an error. Cast it to timestamp[us] for the wall clock in UTC."
        ),
        example=Example(
            (("int64", (0, -1, 1_704_448_800 * factor, None)),),
            (
                dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
                dt.datetime(1970, 1, 1, tzinfo=dt.UTC) - dt.timedelta(microseconds=1_000_000 // factor),
                moment,
                None,
            ),
        ),
    )


def _bucket_problem(every: int) -> str | None:
    return None if 0 < every <= 3_660_000 * 86_400_000_000 else "it is a length above zero, at most 10,000 years."


FUNCTIONS = (
    _epoch("seconds", ", rounded down", (0, -1, 1_709_212_455)),
    _epoch("milliseconds", ", rounded down", (0, -1, 1_709_212_455_123)),
    _epoch("microseconds", "", (0, -1, 1_709_212_455_123_456)),
    _from_epoch("seconds", 1),
    _from_epoch("milliseconds", 1_000),
    _from_epoch("microseconds", 1_000_000),
    Function(
        name="time_bucket",
        family="epoch",
        signatures=(
            sig("(timestamp[us, UTC]) -> timestamp[us, UTC]"),
            sig("(timestamp[us]) -> timestamp[us]"),
        ),
        description=(
            "The start of the bucket that holds the timestamp. Buckets have a fixed length, start at it, end before "
            "the next, and are aligned to 1970-01-01 00:00:00 UTC (a Thursday); for calendar units that start on "
            f"Mondays or on the first of a month use date_trunc. {_EITHER}"
        ),
        example=Example(
            (("timestamp[us]", (_EPOCH, _BEFORE, _LEAP, None)),),
            (_EPOCH, _at("1969-12-31T23:53"), _at("2024-02-29T13:11"), None),
            {"every": 420_000_000},
        ),
        options={"every": Option(int, "The length of a bucket in microseconds, above zero.", check=_bucket_problem)},
    ),
)
