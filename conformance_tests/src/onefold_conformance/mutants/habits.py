"""What wrong engines do to numbers and text: they wrap, they round to 32 bits, they ignore case."""

from __future__ import annotations

import decimal
import math
import struct
import unicodedata
from collections.abc import Callable
from typing import Any

from onefold.types import BINARY, BOOL, FLOAT64, INT64, STRING, DataType, Decimal
from onefold_conformance.oracle.values import Value, order_key

__all__ = [
    "TEXT_KEYS",
    "add_half",
    "case_blind",
    "digits_kept",
    "is_nan",
    "key_with",
    "locale_like",
    "saturated",
    "single",
    "utf16",
    "wrapped",
    "zero_of",
]


def wrapped(value: int) -> int:
    """Return what is left of a whole number in 64 bits.

    Examples:
        >>> wrapped(2**63)
        -9223372036854775808
    """
    return (value + 2**63) % 2**64 - 2**63


def saturated(value: int) -> int:
    """Return the nearest whole number of 64 bits."""
    return max(-(2**63), min(2**63 - 1, value))


def single(value: float) -> float:
    """Return the nearest float of 32 bits; an infinity beyond the greatest.

    Examples:
        >>> single(0.1), single(1e300)
        (0.10000000149011612, inf)
    """
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def is_nan(value: Value) -> bool:
    """Return whether a value of any type is NaN."""
    return isinstance(value, float) and math.isnan(value)


def add_half(value: float) -> float:
    """Return the number rounded by adding a half: ties go up, and the largest float below 0.5 becomes 1."""
    return float(math.floor(value + 0.5)) if math.isfinite(value) else value


def digits_kept(value: decimal.Decimal, scale: int, rounding: str) -> decimal.Decimal:
    """Return a decimal with so many digits after the point, rounded as told."""
    context = decimal.Context(prec=1200, rounding=rounding)
    return value.quantize(decimal.Decimal(1).scaleb(-scale), context=context)


def case_blind(text: str) -> Any:
    """Return the key of text for which upper and lower case are the same."""
    return text.lower().encode()


def locale_like(text: str) -> Any:
    """Return the key of text as dictionaries sort it: without case and accents first."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.lower(), text.swapcase()


def utf16(text: str) -> Any:
    """Return the key of text that is ordered by its 16-bit units: emoji come before U+FF21."""
    return text.encode("utf-16-be", "surrogatepass")


TEXT_KEYS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "ignores-case": ("without regard to upper and lower case", case_blind),
    "ignores-blanks-at-the-end": ("without regard to blanks at its end", lambda text: text.rstrip(" ").encode()),
    "normalises": (
        "after composing its accents (NFC)",
        lambda text: unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass"),
    ),
}
"""Ways in which engines compare text for equality: how it is said, and the key that is compared."""


def key_with(text: Callable[[str], Any]) -> Callable[[Value, DataType], Any]:
    """Return the order of values in which text alone has another key."""
    return lambda value, dtype: text(value) if dtype == STRING else order_key(value, dtype)


def zero_of(dtype: DataType) -> Value:
    """Return what engines without nulls hold in place of null."""
    if dtype in (INT64, BOOL, FLOAT64):
        return {INT64: 0, BOOL: False, FLOAT64: 0.0}[dtype]
    if dtype in (STRING, BINARY):
        return "" if dtype == STRING else b""
    return decimal.Decimal(0).scaleb(-dtype.scale) if isinstance(dtype, Decimal) else 0
