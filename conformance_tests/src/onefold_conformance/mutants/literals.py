"""Mutants of constants: how engines write them down, and read something else."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from onefold.plan import Literal, Node
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
    List,
    Schema,
)
from onefold_conformance.mutants.habits import saturated, single, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import plan_becomes

__all__ = ["MUTANTS"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_ZEROS: Mapping[DataType, Any] = {INT64: 0, FLOAT64: 0.0}
_TIMES: Mapping[DataType, Any] = {DATE: _EPOCH.date(), TIMESTAMP: _EPOCH.replace(tzinfo=None), TIMESTAMP_UTC: _EPOCH}
_GREATEST = 1.7976931348623157e308


def _constant(name: str, what: str, change: Callable[[Any, DataType], Any], of: Callable[[DataType], bool]) -> Mutant:
    """Return a mutant with other constants of some types; nulls stay."""

    def changed(node: Node, reads: Schema | None) -> Node:
        if not isinstance(node, Literal) or node.value is None or not of(node.dtype):
            return node
        return Literal.of(change(node.python_value, node.dtype), node.dtype)

    return plan_becomes(f"literal-{name}", what, changed, "expression.literal")


def _of(dtype: DataType, name: str, what: str, change: Callable[[Any], Any]) -> Mutant:
    return _constant(name, what, lambda value, _: change(value), lambda found: found == dtype)


def _text(name: str, what: str, change: Callable[[str], str | None]) -> Mutant:
    return _of(STRING, f"text-{name}", what, change)


def _list(name: str, what: str, change: Callable[[list[Any]], list[Any] | None]) -> Mutant:
    return _constant(f"list-{name}", what, lambda value, _: change(value), lambda found: isinstance(found, List))


def _null(name: str, what: str, change: Callable[[DataType], Any]) -> Mutant:
    def changed(node: Node, reads: Schema | None) -> Node:
        if not isinstance(node, Literal) or node.value is not None:
            return node
        return Literal.of(change(node.dtype), node.dtype)

    return plan_becomes(f"literal-null-{name}", what, changed, "expression.literal")


def _in_32_bits(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def _in_float(value: int) -> int:
    return saturated(int(float(value)))


def _decimal_in_float(value: decimal.Decimal, dtype: DataType) -> decimal.Decimal:
    assert isinstance(dtype, Decimal)
    places = decimal.Decimal(1).scaleb(-dtype.scale)
    rounded = decimal.Decimal(float(value)).quantize(places, context=decimal.Context(prec=100))
    return (
        rounded if abs(rounded.scaleb(dtype.scale, context=decimal.Context(prec=100))) < 10**dtype.precision else value
    )


def _cut_decimal(value: decimal.Decimal, dtype: DataType) -> decimal.Decimal:
    """At most 18 digits are kept."""
    digits = decimal.Context(prec=18, rounding=decimal.ROUND_DOWN)
    return digits.plus(value)


def _escaped(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\\\", "\\")


def _numbered(text: str) -> str:
    return re.sub(r"^0*([0-9]+)[.]([0-9]*?)0+$", r"\1.\2", text)


def _moved(value: Any, **by: int) -> Any:
    try:
        return value + dt.timedelta(**by)
    except OverflowError:
        return value


def _julian(value: Any) -> Any:
    return _moved(value, days=10) if value.year < 1583 and value.year > 1 else value


def _nanoseconds(value: dt.datetime) -> dt.datetime:
    """A time that went through nanoseconds in 64 bits."""
    epoch = dt.datetime(1970, 1, 1, tzinfo=value.tzinfo)
    number = wrapped((value - epoch) // dt.timedelta(microseconds=1) * 1000)
    return epoch + dt.timedelta(microseconds=number // 1000)


def _milliseconds(value: dt.datetime) -> dt.datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def _skips(value: dt.datetime) -> dt.datetime:
    """The hour that the clocks of New York skip in March is the next one."""
    return _moved(value, hours=1) if (value.month, value.day, value.hour) == (3, 10, 2) else value


def _binary(name: str, what: str, change: Callable[[bytes], bytes | None]) -> Mutant:
    return _of(BINARY, f"binary-{name}", what, change)


def _unique(items: list[Any]) -> list[Any]:
    return list({repr(item): item for item in items}.values())


MUTANTS: tuple[Mutant, ...] = (
    _of(INT64, "int64-in-32-bits", "Writes whole constants in 32 bits.", _in_32_bits),
    _of(INT64, "int64-in-float", "Writes whole constants as floats.", _in_float),
    _of(FLOAT64, "float64-in-15-digits", "Writes floats with 15 digits.", lambda v: float(f"{v:.15g}")),
    _of(FLOAT64, "float64-as-decimal", "Writes floats with nine decimals.", lambda v: round(v, 9) if math.isfinite(v) else v),
    _of(FLOAT64, "float64-in-32-bits", "Writes floats in 32 bits.", lambda v: single(v) if math.isfinite(v) else v),
    _of(FLOAT64, "float64-without-subnormals", "Writes the smallest floats as zero.", lambda v: 0.0 if abs(v) < 2.2250738585072014e-308 else v),
    _of(FLOAT64, "float64-infinity-is-the-greatest", "Writes infinities as the greatest float.", lambda v: math.copysign(_GREATEST, v) if math.isinf(v) else v),
    _of(FLOAT64, "float64-nan-is-null", "Writes NaN as null.", lambda v: None if math.isnan(v) else v),
    _of(BOOL, "bool-false-is-null", "Writes false as null.", lambda v: v or None),
    _of(BOOL, "bool-is-true", "Writes true for every truth value.", lambda v: True),
    _text("empty-is-null", "Writes empty text as null.", lambda v: v or None),
    _text("trimmed", "Drops blanks around text constants.", lambda v: v.strip(" ")),
    _text("escapes", "Reads backslashes in text constants as escapes.", _escaped),
    _text("quotes-doubled", "Doubles quotes in text constants.", lambda v: v.replace("'", "''")),
    _text("comments", "Takes what looks like a comment out of text constants.", lambda v: re.sub(r"--.*|/[*].*?[*]/", "", v)),
    _text("parameters", "Replaces what looks like a parameter in text constants.", lambda v: re.sub(r"[?]|%s|\$1|:a", "1", v)),
    _text("one-line", "Writes blanks for line ends in text constants.", lambda v: re.sub(r"\r?\n", " ", v)),
    _text("line-ends", "Writes one kind of line ends in text constants.", lambda v: v.replace("\r\n", "\n")),
    _text("tabs", "Writes blanks for tabs and control characters in text constants.", lambda v: re.sub("[\t\x1f]", " ", v)),
    _text("composed", "Composes accents in text constants.", lambda v: unicodedata.normalize("NFC", v)),
    _text("ascii", "Writes question marks for text beyond ASCII.", lambda v: v.encode("ascii", "replace").decode()),
    _text("cut", "Cuts text constants to 4,000 letters.", lambda v: v[:4000]),
    _text("words", "Takes text constants for what they look like.", lambda v: None if v.lower() == "null" else v),
    _text("numbers", "Takes text constants for numbers where they look like ones.", _numbered),
    _binary("without-zeros", "Ends bytes at the first zero.", lambda v: v.split(b"\0")[0]),
    _binary("as-text", "Reads bytes as text.", lambda v: v.decode("utf-8", "replace").encode()),
    _binary("empty-is-null", "Writes no bytes as null.", lambda v: v or None),
    _binary("in-hexadecimal", "Writes bytes as the text of their digits.", lambda v: v.hex().encode()),
    _of(DATE, "date-of-the-julian-calendar", "Moves dates before 1583 by ten days.", _julian),
    _of(DATE, "date-a-day-early", "Moves dates before 1970 by a day.", lambda v: _moved(v, days=-1) if v < dt.date(1970, 1, 1) else v),
    _of(DATE, "date-within-nanoseconds", "Cuts dates off where nanoseconds in 64 bits end.", lambda v: min(v, dt.date(2262, 4, 11))),
    *(
        mutant
        for dtype, kind in ((TIMESTAMP, "wall-clock"), (TIMESTAMP_UTC, "instant"))
        for mutant in (
            _of(dtype, f"{kind}-in-milliseconds", f"Writes constants that are a {kind} in milliseconds.", _milliseconds),
            _of(dtype, f"{kind}-in-nanoseconds", f"Writes constants that are a {kind} in nanoseconds, which overflow.", _nanoseconds),
            _of(dtype, f"{kind}-of-the-julian-calendar", f"Moves constants that are a {kind} before 1583 by ten days.", _julian),
            _of(dtype, f"{kind}-of-new-york", f"Reads constants that are a {kind} where clocks skip an hour.", _skips),
        )
    ),
    _of(TIMESTAMP_UTC, "instant-an-hour-early", "Reads constants that are an instant in another zone.", lambda v: _moved(v, hours=-1)),
    _constant("decimal-in-float", "Writes decimals as floats.", _decimal_in_float, lambda found: isinstance(found, Decimal)),
    _constant("decimal-of-18-digits", "Writes decimals with 18 digits.", _cut_decimal, lambda found: isinstance(found, Decimal)),
    _constant("decimal-without-scale", "Takes decimals for whole numbers of their last place.", lambda v, dtype: v.to_integral_value(decimal.ROUND_DOWN, decimal.Context(prec=60)), lambda found: isinstance(found, Decimal)),
    _null("list-is-empty", "Writes null lists as empty ones.", lambda dtype: [] if isinstance(dtype, List) else None),
    _null("is-zero", "Writes null numbers as zero.", _ZEROS.get),
    _null("is-nan", "Writes null floats as NaN.", lambda dtype: math.nan if dtype == FLOAT64 else None),
    _null("is-false", "Writes null truth values as false.", lambda dtype: False if dtype == BOOL else None),
    _null("is-empty", "Writes null text as empty.", lambda dtype: "" if dtype == STRING else None),
    _null("is-1970", "Writes null times as 1970.", _TIMES.get),
    _list("empty-is-null", "Writes empty lists as null.", lambda items: items or None),
    _list("without-nulls", "Drops nulls of lists.", lambda items: [item for item in items if item is not None]),
    _list("once", "Drops equal elements of lists.", _unique),
    _list("sorted", "Sorts lists.", lambda items: sorted(items, key=lambda item: (item is None, str(item)))),
    _list("in-float", "Writes whole numbers in lists as floats.", lambda items: [_in_float(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in items]),
)  # fmt: skip
"""Wrong constants."""
