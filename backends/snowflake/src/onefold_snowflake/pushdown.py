"""Conditions on columns that are converted, said once more about the columns themselves.

Snowflake leaves out micro-partitions by conditions on plain columns, and not by those on what is computed of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from onefold.plan import Call, Column, Expression, Literal, Scan
from onefold.types import DATE, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC
from onefold_snowflake.conversions import Found
from onefold_snowflake.names import literal, quoted
from onefold_snowflake.types import TIME_FORMAT

__all__ = ["conditions_of", "raw_conditions"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LEAST = (dt.datetime(1, 1, 1, tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
_MOST = (dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)
"""The first and last microsecond that an instant can be written as."""

_OPERATORS = {"equal": ("=", "="), "lt": ("<", ">"), "lte": ("<=", ">="), "gt": (">", "<"), "gte": (">=", "<=")}
"""How each comparison is written, and how with its sides exchanged."""


def conditions_of(scan: Scan) -> list[Expression]:
    """Return all that must hold for a row of a scan."""
    conditions: list[Expression] = []
    if scan.time_range is not None:
        time = Column(name=scan.time_range.column)
        for value, function in ((scan.time_range.start, "gte"), (scan.time_range.end, "lt")):
            if value is None:
                continue
            if not _LEAST <= value <= _MOST:
                holds = (value < _LEAST) == (function == "gte")
                conditions.append(Call(function="is_not_null", args=(time,)) if holds else Literal.of(False))
                continue
            instant = _EPOCH + dt.timedelta(microseconds=value)
            conditions.append(Call(function=function, args=(time, Literal.of(instant, TIMESTAMP_UTC))))
    if scan.predicate is not None:
        conditions.append(scan.predicate)
    return conditions


def raw_conditions(condition: Expression, stored: Mapping[str, str], found: Mapping[str, Found]) -> Iterator[str]:
    """Yield SQL conditions that hold for every row for which a condition is true.

    Args:
        condition: The condition, over the declared columns.
        stored: The names in Snowflake of those columns that are converted.
        found: The types of the columns, by their names in Snowflake.
    """
    if not isinstance(condition, Call):
        return
    if condition.function == "and":
        for part in condition.args:
            yield from raw_conditions(part, stored, found)
        return
    if condition.function not in _OPERATORS:
        return
    left, right = condition.args
    operator, exchanged = _OPERATORS[condition.function]
    if isinstance(left, Literal):
        left, right, operator = right, left, exchanged
    if not (isinstance(left, Column) and isinstance(right, Literal)) or left.name not in stored:
        return
    name = stored[left.name]
    value = _constant(right, found[name])
    if value is not None:
        yield f"{quoted(name)} {operator} {value}"


def _constant(constant: Literal, found: Found) -> str | None:
    """Return a constant that is compared with the found type without either being changed."""
    if constant.value is None:
        return None
    if constant.dtype == INT64 and found.kind == "FIXED":
        return str(constant.value)
    if constant.dtype == STRING and found.kind == "TEXT":
        return literal(str(constant.value))
    if constant.dtype == DATE and found.kind == "DATE":
        return f"TO_DATE('{constant.value}', 'YYYY-MM-DD')"
    text = str(constant.value).replace("T", " ")
    if constant.dtype == TIMESTAMP and found.kind == "TIMESTAMP_NTZ":
        return f"TO_TIMESTAMP_NTZ('{text}', '{TIME_FORMAT}')"
    if constant.dtype == TIMESTAMP_UTC and found.kind in ("TIMESTAMP_LTZ", "TIMESTAMP_TZ"):
        return f"TO_TIMESTAMP_TZ('{text} +00:00', '{TIME_FORMAT} TZH:TZM')"
    return None
