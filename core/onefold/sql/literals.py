"""Constants as SQL, always with their type: no engine may guess one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import expressions as exp

from onefold.plan import Literal
from onefold.sql.types import SqlTypes
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Decimal, List

__all__ = ["TIMES_AS_NUMBERS", "lower_literal", "lower_value"]


def _days(text: str) -> str:
    return str((dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days)


def _micros(text: str) -> str:
    since = dt.datetime.fromisoformat(f"{text}+00:00") - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return str(since // dt.timedelta(microseconds=1))


TIMES_AS_NUMBERS: Mapping[DataType, Callable[[str], str]] = {DATE: _days, TIMESTAMP: _micros, TIMESTAMP_UTC: _micros}
"""How constants are written for engines that hold dates as days and timestamps as microseconds since 1970-01-01."""


def lower_literal(literal: Literal, types: SqlTypes) -> exp.Expression:
    """Return a literal of a plan as SQL.

    Strings and booleans are written plainly; all others are cast from a text that every engine reads in one way
    (``0.1`` alone is a decimal for many engines, and ``1`` a 32-bit integer).

    Examples:
        >>> from onefold.sql.types import sql_types
        >>> lower_literal(Literal.of(0.1), sql_types("duckdb")).sql("duckdb")
        'CAST(0.1e0 AS DOUBLE)'
    """
    return lower_value(literal.value, literal.dtype, types)


def lower_value(value: Any, dtype: DataType, types: SqlTypes) -> exp.Expression:
    """Return a value in its document form (see :class:`onefold.plan.Literal`) as SQL."""
    if value is None:
        return _cast(exp.null(), dtype, types)
    if (own := types.literals.get(dtype)) is not None and (text := own(value)) is not None:
        return exp.Paren(this=exp.Var(this=text))
    if isinstance(dtype, List):
        if types.list_literal is not None:
            return exp.Paren(this=exp.Var(this=types.list_literal(value, dtype)))
        items = [lower_value(item, dtype.element, types) for item in value]
        return _cast(exp.Array(expressions=items), dtype, types)
    if dtype == BOOL:
        return exp.true() if value else exp.false()
    if dtype == STRING:
        return exp.Literal.string(value)
    if dtype == INT64:
        return _cast(_number(str(value)), dtype, types)
    if dtype == FLOAT64:
        return _cast(_float_text(value), dtype, types)
    if dtype == BINARY:
        return exp.Anonymous(this="UNHEX", expressions=[exp.Literal.string(value)])
    if dtype == DATE or isinstance(dtype, Decimal):
        return _cast(exp.Literal.string(value), dtype, types)
    if dtype == TIMESTAMP:
        return _cast(exp.Literal.string(value.replace("T", " ")), dtype, types)
    if dtype == TIMESTAMP_UTC:
        return _cast(exp.Literal.string(value.replace("T", " ") + "+00:00"), dtype, types)
    raise AssertionError(f"literals of the type {dtype} can not be built")


def _float_text(value: float) -> exp.Expression:
    if math.isnan(value):
        return exp.Literal.string("NaN")
    if math.isinf(value):
        return exp.Literal.string("Infinity" if value > 0 else "-Infinity")
    text = repr(value)
    # With an exponent it is read as a binary float at once; without one it would pass through a decimal.
    return _number(text if "e" in text else text + "e0")


def _number(text: str) -> exp.Expression:
    return exp.Neg(this=exp.Literal.number(text[1:])) if text.startswith("-") else exp.Literal.number(text)


def _cast(value: exp.Expression, dtype: DataType, types: SqlTypes) -> exp.Expression:
    return exp.Cast(this=value, to=types(dtype)) if types.casts else value
