"""Putting values in place of nulls, and nulls in place of values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES"]


def coalesce(call: Application, *values: Value) -> Value:
    """Return the first argument that is not null."""
    return next((value for value in values if value is not None), None)


def nullif(call: Application, value: Value, unwanted: Value) -> Value:
    """Return null when the two arguments are equal, else the first."""
    if value is None or unwanted is None:
        return value
    (dtype, _) = call.arg_types
    return None if order_key(value, dtype) == order_key(unwanted, dtype) else value


def nan_to_null(call: Application, value: float) -> float | None:
    """Return null for NaN, every other number as it is."""
    return None if math.isnan(value) else value


RULES: Mapping[str, FunctionRule] = {"coalesce": coalesce, "nullif": nullif, "nan_to_null": nan_to_null}
