"""Constants and types as they are written in SQL."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from typing import Any

from sqlglot import expressions as exp

from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.text import SqlText
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
)

__all__ = ["Length", "constant", "interval", "number", "portable_type", "timed"]

_TYPES = {
    "BIGINT": INT64,
    "INT": INT64,
    "DOUBLE": FLOAT64,
    "BOOLEAN": BOOL,
    "TEXT": STRING,
    "VARCHAR": STRING,
    "VARBINARY": BINARY,
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
    "TIMESTAMPTZ": TIMESTAMP_UTC,
}
_TYPE_NAMES = "BIGINT, DOUBLE PRECISION, BOOLEAN, VARCHAR, VARBINARY, DATE, TIMESTAMP, TIMESTAMPTZ and DECIMAL(p, s)"
_OTHER_TYPES = {
    "FLOAT": "FLOAT and REAL have 32 bits in some databases and 64 in others: write DOUBLE PRECISION.",
    "CHAR": "CHAR is filled up with blanks: write VARCHAR.",
    "SMALLINT": "Whole numbers have 64 bits: write BIGINT.",
    "TINYINT": "Whole numbers have 64 bits: write BIGINT.",
    "TIMESTAMPNTZ": "Write TIMESTAMP.",
    "TIMESTAMPLTZ": "Write TIMESTAMPTZ.",
    "TIME": "There is no type for the time of day: keep a TIMESTAMP, or whole microseconds in a BIGINT.",
}

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(_DATE.pattern + r"(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")
_ZONE = re.compile(r"(?P<clock>" + _TIME.pattern + r") ?(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)")

_UNITS = {
    "WEEK": 7 * 86_400_000_000,
    "DAY": 86_400_000_000,
    "HOUR": 3_600_000_000,
    "MINUTE": 60_000_000,
    "SECOND": 1_000_000,
    "MILLISECOND": 1_000,
    "MICROSECOND": 1,
}
_MONTHS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}


class Length:
    """A length of time: months, or microseconds.

    Args:
        months: How many months; 0 for a length in microseconds.
        micros: How many microseconds; 0 for a length in months.
    """

    def __init__(self, *, months: int = 0, micros: int = 0) -> None:
        self.months = months
        self.micros = micros

    def negated(self) -> Length:
        """Return the length into the past."""
        return Length(months=-self.months, micros=-self.micros)


def portable_type(query: SqlText, node: exp.DataType) -> DataType:
    """Return the portable type that a type of SQL means.

    Raises:
        SqlError: If there is none, or its meaning depends on the database.
    """
    parts = Parts(query, node)
    name = str(parts.take("this").value if hasattr(node.this, "value") else parts.take("this"))
    arguments = parts.take("expressions") or []
    parts.take("nested")
    parts.finish()
    if name == "DECIMAL":
        if len(arguments) != 2:
            raise query.error(
                "How many digits a DECIMAL has without stating them depends on the database. Write DECIMAL(10, 2).",
                node,
            )
        precision, scale = (_whole(query, argument.this) for argument in arguments)
        with query.at(node):
            return Decimal(precision, scale)
    if arguments:
        raise query.error(f"{name} takes no length here: values are kept whole. Write {name} alone.", node)
    if name not in _TYPES:
        advice = _OTHER_TYPES.get(name, f"The types are {_TYPE_NAMES}.")
        raise query.error(f"There is no portable type {name}. {advice}", node)
    return _TYPES[name]


def number(query: SqlText, node: exp.Literal) -> int | float | decimal.Decimal:
    """Return a number: whole, exact (with a point), or approximate (with an exponent), as the standard has it."""
    text = node.this
    if "e" in text.lower():
        return float(text)
    if "." in text:
        return decimal.Decimal(text.rstrip(".") if text.endswith(".") else text)
    value = int(text)
    if value > 2**63:
        raise query.error(f"{text} does not fit in 64 bits. Write it with a point: {text}.0", node)
    return value


def constant(query: SqlText, node: exp.Expr, *, what: str) -> Any:
    """Return the value of a constant: a number, text, true or false, or a length of time in microseconds.

    Raises:
        SqlError: If it is none.
    """
    if isinstance(node, exp.Paren):
        return constant(query, node.this, what=what)
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else number(query, node)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Neg):
        value = constant(query, node.this, what=what)
        if isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool):
            return -value
    if isinstance(node, exp.Interval):
        length = interval(query, node)
        if length.months:
            raise query.error("A month has no fixed length. Give days: INTERVAL '30' DAY.", node)
        return length.micros
    raise query.error(f"{what} is a constant, such as 3 or 'text': it is the same for all rows.", node)


def interval(query: SqlText, node: exp.Interval) -> Length:
    """Return the length of ``INTERVAL '7' DAY``.

    Raises:
        SqlError: If it has no constant number, or no unit, or several.
    """
    parts = Parts(query, node)
    value, unit = parts.take("this"), parts.take("unit")
    parts.finish()
    sign = 1
    while isinstance(value, exp.Neg | exp.Paren):
        sign = -sign if isinstance(value, exp.Neg) else sign
        value = value.this
    text = value.this.strip() if isinstance(value, exp.Literal) else ""
    name = unit.name.upper().removesuffix("S") if isinstance(unit, exp.Var) else ""
    if not re.fullmatch(r"[+-]?\d+", text) or (name not in _UNITS and name not in _MONTHS):
        raise query.error(
            "An interval is a constant whole number of one unit, such as INTERVAL '7' DAY; the units are "
            f"{', '.join([*_MONTHS, *_UNITS])}. To move a time by a column, write add_days(t, n) or add_duration(t, "
            "microseconds).",
            node,
        )
    count = sign * int(text)
    return Length(months=count * _MONTHS[name]) if name in _MONTHS else Length(micros=count * _UNITS[name])


def timed(query: SqlText, text: str, dtype: DataType, node: exp.Expr) -> dt.date | dt.datetime:
    """Return the date or time that a constant text means.

    Raises:
        SqlError: If it does not have the form of its type.
    """
    try:
        if dtype == DATE and _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
        if dtype == TIMESTAMP and _TIME.fullmatch(text):
            return dt.datetime.fromisoformat(text)
        if dtype == TIMESTAMP_UTC and (found := _ZONE.fullmatch(text)):
            return dt.datetime.fromisoformat(found["clock"] + found["zone"])
    except ValueError as error:
        raise query.error(f"{text!r} is no {dtype}: {error}.", node) from error
    if dtype == TIMESTAMP and _ZONE.fullmatch(text):
        raise query.error(f"{text!r} has a time zone. Write TIMESTAMPTZ {text!r}, or leave the zone out.", node)
    if dtype == TIMESTAMP_UTC and _TIME.fullmatch(text):
        raise query.error(
            f"{text!r} is an instant only with its time zone: nothing is read in the zone of a session. "
            f"Write TIMESTAMPTZ '{text}+00:00'.",
            node,
        )
    clock = "" if dtype == DATE else " 12:00:00" if dtype == TIMESTAMP else " 12:00:00+00:00"
    raise query.error(f"{text!r} is no {dtype}. Write it as '2013-01-31{clock}'.", node)


def _whole(query: SqlText, node: exp.Expr) -> int:
    value = constant(query, node, what="The number of digits")
    if type(value) is not int:
        raise query.error("The number of digits is a whole number.", node)
    return value
