"""What must hold for the rows of a scan, as conditions that every engine can write."""

from __future__ import annotations

import datetime as dt

from onefold.plan import Call, Column, Expression, Literal, Scan
from onefold.types import TIMESTAMP_UTC

__all__ = ["scan_conditions"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LEAST = (dt.datetime(1, 1, 1, tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
_MOST = (dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
"""The first and last microsecond that an instant can be written as."""


def scan_conditions(scan: Scan) -> list[Expression]:
    """Return all that must hold for a row of a scan: its range of times first, and then its predicate.

    Args:
        scan: The scan.
    """
    conditions: list[Expression] = []
    if scan.time_range is not None:
        time = Column(name=scan.time_range.column)
        for value, function in ((scan.time_range.start, "gte"), (scan.time_range.end, "lt")):
            if value is not None:
                conditions.append(_bounded(time, value, function))
    if scan.predicate is not None:
        conditions.append(scan.predicate)
    return conditions


def _bounded(time: Column, micros: int, function: str) -> Expression:
    """Return the condition that a time is not before, or is before, an instant that may be beyond all times."""
    if _LEAST <= micros <= _MOST:
        instant = _EPOCH + dt.timedelta(microseconds=micros)
        return Call(function=function, args=(time, Literal.of(instant, TIMESTAMP_UTC)))
    holds = (micros < _LEAST) == (function == "gte")
    return Call(function="is_not_null", args=(time,)) if holds else Literal.of(False)
