"""Arithmetic: integers never wrap, division gives float64, decimals stay exact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from onefold.types import INT64, Decimal
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_decimal, checked_int64
from onefold_conformance.oracle.values import EXACT, Value, order_key

__all__ = ["RULES"]


def _number(call: Application, value: Any) -> Value:
    """Return a result in the type of the call, or fail where it does not fit."""
    if call.result_type == INT64:
        return checked_int64(value)
    return checked_decimal(value, call.result_type) if isinstance(call.result_type, Decimal) else value


def add(call: Application, left: Value, right: Value) -> Value:
    """Return the sum."""
    return _number(call, EXACT.add(left, right) if isinstance(call.result_type, Decimal) else left + right)


def subtract(call: Application, left: Value, right: Value) -> Value:
    """Return the difference, first minus second."""
    return _number(call, EXACT.subtract(left, right) if isinstance(call.result_type, Decimal) else left - right)


def multiply(call: Application, left: Value, right: Value) -> Value:
    """Return the product."""
    return _number(call, EXACT.multiply(left, right) if isinstance(call.result_type, Decimal) else left * right)


def divide(call: Application, left: float, right: float) -> float | None:
    """Return the quotient; null for a division by zero."""
    return None if right == 0 else left / right


def _truncated_quotient(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def int_divide(call: Application, left: int, right: int) -> int | None:
    """Return the quotient without its fraction; null for a division by zero."""
    return None if right == 0 else checked_int64(_truncated_quotient(left, right))


def modulo(call: Application, left: int, right: int) -> int | None:
    """Return what int_divide leaves; null for a division by zero."""
    return None if right == 0 else left - right * _truncated_quotient(left, right)


def negate(call: Application, value: Value) -> Value:
    """Return the number with its sign changed."""
    return _number(call, EXACT.minus(value) if isinstance(call.result_type, Decimal) else -value)


def absolute(call: Application, value: Value) -> Value:
    """Return the number without its sign."""
    return _number(call, EXACT.abs(value) if isinstance(call.result_type, Decimal) else abs(value))


def sign(call: Application, value: Value) -> Value:
    """Return -1, 0 or 1; NaN for NaN."""
    if isinstance(value, float):
        return value if math.isnan(value) else float((value > 0) - (value < 0))
    return (value > 0) - (value < 0)


def power(call: Application, base: float, exponent: float) -> float:
    """Return the first number raised to the second, as IEEE 754 has it."""
    try:
        return math.pow(base, exponent)
    except ValueError:  # zero raised to a negative number, or a negative number to a fraction
        return math.inf if base == 0 else math.nan
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf


def sqrt(call: Application, value: float) -> float | None:
    """Return the square root; null for a negative number."""
    return None if value < 0 else math.sqrt(value)


def greatest(call: Application, *values: Value) -> Value:
    """Return the greatest of the arguments that are not null."""
    known = [value for value in values if value is not None]
    return max(known, key=lambda value: order_key(value, call.result_type), default=None)


def least(call: Application, *values: Value) -> Value:
    """Return the least of the arguments that are not null."""
    known = [value for value in values if value is not None]
    return min(known, key=lambda value: order_key(value, call.result_type), default=None)


RULES: Mapping[str, FunctionRule] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "int_divide": int_divide,
    "modulo": modulo,
    "negate": negate,
    "abs": absolute,
    "sign": sign,
    "power": power,
    "sqrt": sqrt,
    "greatest": greatest,
    "least": least,
}
