"""Conditions on columns that are converted, said once more about the values as they lie in the files.

DuckDB's Parquet reader skips row groups by conditions on plain columns. A column that is widened or checked on the way
is no longer plain, so simple comparisons are repeated in the type that the file has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from onefold.plan import Call, Column, Expression, Literal
from onefold.types import DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC
from onefold_rift.readers import identifier, literal

__all__ = ["raw_conditions"]

_OPERATORS: Mapping[str, tuple[str, str]] = {
    "equal": ("=", "="), "lt": ("<", ">"), "lte": ("<=", ">="), "gt": (">", "<"), "gte": (">=", "<="),
}  # fmt: skip
"""How each comparison is written, and how with its sides exchanged."""

_NANOSECONDS = {"TIMESTAMP_NS": TIMESTAMP, "TIMESTAMPTZ_NS": TIMESTAMP_UTC}


def raw_conditions(predicate: Expression | None, found: Mapping[str, Any], converted: set[str]) -> list[str]:
    """Return SQL conditions that hold for every row for which a predicate is true.

    Args:
        predicate: The predicate, over the declared columns.
        found: The DuckDB type of each column in the files.
        converted: The columns that are converted on the way.
    """
    if predicate is None:
        return []
    return [text for part in _conjuncts(predicate) if (text := _raw(part, found, converted)) is not None]


def _conjuncts(predicate: Expression) -> Iterator[Expression]:
    stack = [predicate]
    while stack:
        part = stack.pop()
        if isinstance(part, Call) and part.function == "and":
            stack.extend(reversed(part.args))
        else:
            yield part


def _raw(part: Expression, found: Mapping[str, Any], converted: set[str]) -> str | None:
    if not isinstance(part, Call) or part.function not in _OPERATORS:
        return None
    left, right = part.args
    operator, exchanged = _OPERATORS[part.function]
    if isinstance(left, Literal) and isinstance(right, Column):
        left, right, operator = right, left, exchanged
    if not (isinstance(left, Column) and isinstance(right, Literal)) or left.name not in converted:
        return None
    value = _value(right, str(found[left.name]))
    return None if value is None else f"{identifier(left.name)} {operator} {value}"


def _value(constant: Literal, found: str) -> str | None:
    """Return a constant that DuckDB compares with the found type without changing either."""
    if constant.value is None:
        return None
    if found in _NANOSECONDS and constant.dtype == _NANOSECONDS[found]:
        zone = "+00" if found == "TIMESTAMPTZ_NS" else ""
        year = int(str(constant.value)[:4])
        # Nanoseconds reach from 1677 to 2262.
        return f"CAST('{str(constant.value).replace('T', ' ')}{zone}' AS {found})" if 1678 <= year <= 2261 else None
    if constant.dtype == INT64:
        return str(constant.value)
    if constant.dtype in (STRING, DATE):
        return literal(constant.value)
    if constant.dtype == FLOAT64 and abs(float(str(constant.value))) < math.inf:
        return f"CAST({constant.value!r} AS DOUBLE)"
    return None
