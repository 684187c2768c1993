"""Comparing tables: schema, number of rows, and every value, each column within its own tolerance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.types import FLOAT64, DataType, List, Schema, Struct
from onefold_conformance.oracle.tolerance import Tolerance, ulps_between
from onefold_conformance.oracle.values import Row, from_arrow, order_key

__all__ = ["Comparison", "compare_tables"]

MAX_SHOWN = 5
_EXACT = Tolerance()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Args:
        differences: Sentences about what differs; empty when nothing does.
        ulps: The largest distance between floats that were compared, in units in the last place; None for none.
    """

    differences: tuple[str, ...]
    ulps: float | None

    @property
    def same(self) -> bool:
        """Whether nothing differs beyond the tolerances."""
        return not self.differences


def compare_tables(
    expected: pa.Table,
    found: pa.Table,
    schema: Schema,
    *,
    ordered: bool,
    tolerances: Mapping[str, Tolerance] | None = None,
) -> Comparison:
    """Compare a table with what it should be.

    Args:
        expected: The rows as they should be, in the Arrow types of the schema.
        found: The rows as they are.
        schema: The declared schema.
        ordered: Whether the rows have to come in the order of the expected ones.
        tolerances: How far columns may be off; all others are compared exactly.

    Returns:
        What differs. Columns, their order and their Arrow types are always compared; null is not NaN.
    """
    if found.schema.remove_metadata() != expected.schema.remove_metadata():
        return Comparison((f"the schema is ({_shown(found.schema)}), expected ({_shown(expected.schema)})",), None)
    tolerances = tolerances or {}
    if found.num_rows != expected.num_rows:
        more = _unmatched(expected, found, schema)
        return Comparison((f"{found.num_rows} rows, expected {expected.num_rows}{more}",), None)
    try:
        found.validate(full=True)
    except pa.ArrowInvalid as error:
        return Comparison((f"the Arrow data is not valid: {error}",), None)
    left, right = from_arrow(expected, schema), from_arrow(found, schema)
    if not ordered:
        left, right = _sorted(left, schema, tolerances), _sorted(right, schema, tolerances)
    if negative := _with_negative_zero(found, schema):
        return Comparison((f"the column {negative!r} holds -0.0: there is one zero, 0.0",), None)
    differences: list[str] = []
    largest: float | None = None
    for number, (want, have) in enumerate(zip(left, right, strict=True)):
        for field in schema:
            distance, problem = _compare(
                want[field.name], have[field.name], field.dtype, tolerances.get(field.name, _EXACT)
            )
            largest = distance if largest is None else max(largest, distance or 0) if distance is not None else largest
            if problem and len(differences) <= MAX_SHOWN:
                place = f"row {number}" if ordered else f"a row ({_row_text(want, schema, field.name)})"
                differences.append(f"{place}, {field.name!r}: {_text(have[field.name])}, {problem}")
    if len(differences) > MAX_SHOWN:
        differences[MAX_SHOWN:] = ["and more"]
    return Comparison(tuple(differences), largest)


def _with_negative_zero(table: pa.Table, schema: Schema) -> str:
    """Return the name of a column with a −0.0 in it, those inside of lists and structs included; empty when none has."""

    def has(value: Any) -> bool:
        if isinstance(value, list | dict):
            return any(map(has, value.values() if isinstance(value, dict) else value))
        return isinstance(value, float) and value == 0 and math.copysign(1, value) < 0

    rows = from_arrow(table, schema, raw=True)
    return next((field.name for field in schema if any(has(row[field.name]) for row in rows)), "")


def _compare(want: Any, have: Any, dtype: DataType, tolerance: Tolerance) -> tuple[float | None, str]:
    """Return the distance of two floats in ulps, if that is what they are, and a sentence when they differ too much."""
    expected = f"expected {_text(want)}"
    if want is None or have is None:
        return None, "" if want is have else expected
    if isinstance(dtype, List):
        if len(want) != len(have):
            return None, expected
        pairs = [_compare(*pair, dtype.element, tolerance) for pair in zip(want, have, strict=True)]
        return _worst(pairs, expected)
    if isinstance(dtype, Struct):
        return _worst([_compare(want[name], have[name], kind, tolerance) for name, kind in dtype.fields], expected)
    if dtype == FLOAT64:
        ulps = _ulps(want, have)
        limit = "" if tolerance.is_exact else f" within {_tolerance_text(tolerance)}"
        return ulps, "" if tolerance.allows(want, have) else f"{expected}{limit}, which is {ulps:g} ulps away"
    if isinstance(want, int) and not isinstance(want, bool) and tolerance.allows(want, have):
        return None, ""
    return None, "" if want == have else expected


def _ulps(want: float, have: float) -> float:
    """Return the distance of two floats; none between equal ones, infinity to and from NaN."""
    if math.isnan(want) or math.isnan(have):
        return 0 if math.isnan(want) and math.isnan(have) else math.inf
    return ulps_between(want, have)


def _worst(pairs: Sequence[tuple[float | None, str]], expected: str) -> tuple[float | None, str]:
    distances = [ulps for ulps, _ in pairs if ulps is not None]
    return max(distances, default=None), expected if any(problem for _, problem in pairs) else ""


def _sorted(rows: list[Row], schema: Schema, tolerances: Mapping[str, Tolerance]) -> list[Row]:
    """Return rows by their exact columns first: inexact ones only tell apart what nothing else does."""
    fields = sorted(schema, key=lambda field: not tolerances.get(field.name, _EXACT).is_exact)
    return sorted(rows, key=lambda row: [_sort_key(row[field.name], field.dtype) for field in fields])


def _sort_key(value: Any, dtype: DataType) -> Any:
    if value is None:
        return (0,)
    if isinstance(dtype, List):
        return (1, [_sort_key(item, dtype.element) for item in value])
    if isinstance(dtype, Struct):
        return (1, [_sort_key(value[name], kind) for name, kind in dtype.fields])
    return (1, order_key(value, dtype))


def _unmatched(expected: pa.Table, found: pa.Table, schema: Schema) -> str:
    """Return what is missing or too much, for the message, as far as exact equality can tell."""
    want = [_row_text(row, schema) for row in from_arrow(expected, schema)]
    have = [_row_text(row, schema) for row in from_arrow(found, schema)]
    for row in list(want):
        if row in have:
            want.remove(row)
            have.remove(row)
    parts = [f"{what}: {rows[0]}" for what, rows in (("missing", want), ("too much", have)) if rows]
    return "; " + "; ".join(parts) if parts else ""


def _row_text(row: Row, schema: Schema, without: str | None = None) -> str:
    text = ", ".join(f"{field.name}={_text(row[field.name])}" for field in schema if field.name != without)
    return text if len(text) <= 200 else text[:200] + " …"


def _text(value: Any) -> str:
    text = "null" if value is None else str(value) if not isinstance(value, str | bytes) else repr(value)
    return text if len(text) <= 120 else text[:120] + " …"


def _tolerance_text(tolerance: Tolerance) -> str:
    parts = [f"{tolerance.ulps} ulps"] if tolerance.ulps else []
    parts += [f"{tolerance.absolute:g}"] if tolerance.absolute else []
    parts += [f"{tolerance.relative:g} of it"] if tolerance.relative else []
    return " or ".join(parts)


def _shown(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name}: {field.type}" for field in schema)
