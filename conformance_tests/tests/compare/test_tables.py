"""The comparison itself: it accepts what is right, and nothing else."""

from __future__ import annotations

import decimal
import math
from typing import Any

import pyarrow as pa
import pytest

from onefold.types import Schema, schema_to_arrow
from onefold_conformance.compare.tables import Comparison, compare_tables
from onefold_conformance.oracle.tolerance import Tolerance


def _compare(
    dtype: str, want: list[Any], have: list[Any], *, ordered: bool = False, tolerance: Tolerance | None = None
) -> Comparison:
    schema = Schema.of(x=dtype)
    arrow = schema_to_arrow(schema)
    expected, found = (
        pa.table({"x": pa.array(values, arrow.field("x").type)}, schema=arrow) for values in (want, have)
    )
    return compare_tables(expected, found, schema, ordered=ordered, tolerances={"x": tolerance} if tolerance else {})


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("int64", [1, None, 2**63 - 1]),
        ("float64", [math.nan, math.inf, None, 0.1]),
        ("string", ["", None, "é"]),
        ("binary", [b"", b"\x00", None]),
        ("decimal128(38, 2)", [decimal.Decimal("1.10"), None]),
        ("list<float64>", [[math.nan, None], None, []]),
        ("struct<a: int64, b: list<string>>", [{"a": 1, "b": ["x"]}, {"a": None, "b": None}, None]),
    ],
)
def test_a_table_equals_itself_in_any_order_unless_it_has_one(dtype: str, values: list[Any]) -> None:
    assert _compare(dtype, values, values[::-1]).same
    assert _compare(dtype, values, list(values), ordered=True).same
    assert not _compare(dtype, values, values[::-1], ordered=True).same


@pytest.mark.parametrize(
    ("dtype", "want", "have"),
    [
        ("float64", [None], [math.nan]),
        ("float64", [math.nan], [None]),
        ("float64", [1.0], [1.0 + 2**-52]),
        ("float64", [math.inf], [1.7976931348623157e308]),
        ("int64", [1], [None]),
        ("int64", [2**53], [2**53 + 1]),
        ("string", [""], [None]),
        ("string", ["a"], ["a "]),
        ("list<int64>", [[]], [None]),
        ("list<int64>", [[1, 2]], [[2, 1]]),
        ("struct<a: int64>", [{"a": None}], [None]),
        ("int64", [1, 1, 2], [1, 2, 2]),
    ],
)
def test_what_differs_is_found(dtype: str, want: list[Any], have: list[Any]) -> None:
    found = _compare(dtype, want, have)
    assert not found.same
    assert "expected" in found.differences[0]


def test_rows_missing_and_too_many_are_named() -> None:
    assert "3 rows, expected 2; too much: x=7" in _compare("int64", [1, 2], [1, 2, 7]).differences[0]
    assert "1 rows, expected 2; missing: x=2" in _compare("int64", [1, 2], [1]).differences[0]


def test_types_are_compared_exactly() -> None:
    schema = Schema.of(x="string")
    want = pa.table({"x": pa.array(["a"])})
    have = pa.table({"x": pa.array(["a"], pa.large_string())})
    assert "the schema is (x: large_string)" in compare_tables(want, have, schema, ordered=False).differences[0]


def test_there_is_one_zero() -> None:
    assert "-0.0" in _compare("float64", [0.0], [-0.0]).differences[0]


def test_a_tolerance_is_a_bound_and_no_more() -> None:
    ulps = Tolerance(ulps=2)
    assert _compare("float64", [1.0], [1.0 + 2 * 2**-52], tolerance=ulps).same
    assert not _compare("float64", [1.0], [1.0 + 3 * 2**-52], tolerance=ulps).same
    assert _compare("float64", [1.0], [1.5], tolerance=Tolerance(absolute=0.5)).same
    assert not _compare("float64", [1.0], [1.6], tolerance=Tolerance(absolute=0.5)).same
    assert not _compare("float64", [None], [math.nan], tolerance=Tolerance(absolute=1e9)).same
    assert not _compare("float64", [math.nan], [1.0], tolerance=Tolerance(absolute=1e9)).same
    assert _compare("float64", [1.0, 5.0], [5.1, 1.1], tolerance=Tolerance(absolute=0.2)).same


def test_the_largest_distance_is_told() -> None:
    assert _compare("float64", [1.0, 2.0], [1.0, 2.0]).ulps == 0
    assert _compare("float64", [1.0], [1.0 + 2**-52], tolerance=Tolerance(ulps=4)).ulps == 1
    assert _compare("int64", [1], [1]).ulps is None


def test_invalid_arrow_data_is_found() -> None:
    schema = Schema.of(x="string")
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\x00\x00\x00\x00\x02\x00\x00\x00"), pa.py_buffer(b"\xff\xff"))
    want = pa.table({"x": pa.array(["ab"])})
    found = compare_tables(want, pa.table({"x": bad}), schema, ordered=False)
    assert "not valid" in found.differences[0]
