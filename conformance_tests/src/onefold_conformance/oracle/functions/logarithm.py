"""Exponentials and logarithms; a logarithm that does not exist is null."""

from __future__ import annotations

import decimal
import math
from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES"]

_CONTEXT = decimal.Context(prec=50)


def exp(call: Application, value: float) -> float:
    """Return e raised to the number; infinity when that is too large."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def ln(call: Application, value: float) -> float | None:
    """Return the natural logarithm."""
    return None if value <= 0 else math.log(value)


def log10(call: Application, value: float) -> float | None:
    """Return the logarithm to the base 10."""
    return None if value <= 0 else math.log10(value)


def log2(call: Application, value: float) -> float | None:
    """Return the logarithm to the base 2."""
    return None if value <= 0 else math.log2(value)


def log(call: Application, value: float) -> float | None:
    """Return the logarithm to a base of one's choice, rounded once: a quotient of floats would be rounded thrice."""
    if value <= 0:
        return None
    base = decimal.Decimal(call.options["base"])
    return float(_CONTEXT.divide(_CONTEXT.ln(decimal.Decimal(value)), _CONTEXT.ln(base)))


RULES: Mapping[str, FunctionRule] = {"exp": exp, "ln": ln, "log10": log10, "log2": log2, "log": log}
