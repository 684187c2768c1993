"""Boundaries: what goes through is converted without loss, and everything else is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import struct
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import ExchangeError, SourceError
from onefold.types import Schema, SchemaNormaliser, normalise_batch, normalise_reader, parse_type, to_arrow

WALL = dt.datetime.fromisoformat("1970-01-01")


def normalised(array: pa.Array, text: str) -> pa.Array:
    batch = normalise_batch(pa.record_batch({"v": array}), Schema.of(v=text), where="a test")
    batch.validate(full=True)
    assert batch.schema.field("v").type.equals(to_arrow(parse_type(text)), check_metadata=True)
    return batch.column(0)


LOSSLESS: list[tuple[str, pa.Array, str, list[Any]]] = [
    ("int8", pa.array([-128, None], pa.int8()), "int64", [-128, None]),
    ("uint64 that fits", pa.array([2**63 - 1], pa.uint64()), "int64", [2**63 - 1]),
    ("whole floats", pa.array([2.0, -0.0, None]), "int64", [2, 0, None]),
    ("a sum of integers as a decimal", pa.array([decimal.Decimal(7)], pa.decimal128(38, 0)), "int64", [7]),
    ("float32", pa.array([0.5, None], pa.float32()), "float64", [0.5, None]),
    ("float16 between stages", pa.array([0.5], pa.float16()), "float64", [0.5]),
    ("integers as floats", pa.array([2**53, None]), "float64", [2.0**53, None]),
    ("large_string", pa.array(["a", None], pa.large_string()), "string", ["a", None]),
    ("string_view", pa.array(["a", None, "b" * 50], pa.string_view()), "string", ["a", None, "b" * 50]),
    ("dictionary", pa.array(["a", None, "a"]).dictionary_encode(), "string", ["a", None, "a"]),
    ("dictionary with a null value", pa.DictionaryArray.from_arrays([0, 1], ["a", None]), "string", ["a", None]),
    ("fixed_size_binary", pa.array([b"ab", None], pa.binary(2)), "binary", [b"ab", None]),
    ("binary_view", pa.array([b"ab"], pa.binary_view()), "binary", [b"ab"]),
    ("date64 at midnight", pa.array([dt.date(2024, 2, 29)], pa.date64()), "date32", [dt.date(2024, 2, 29)]),
    ("seconds", pa.array([-1], pa.timestamp("s")), "timestamp[us]", [WALL - dt.timedelta(seconds=1)]),
    ("whole us in ns", pa.array([-1000], pa.timestamp("ns")), "timestamp[us]", [WALL - dt.timedelta(microseconds=1)]),
    ("another zone", pa.array([0], pa.timestamp("ms", "Europe/Paris")), "timestamp[us, UTC]", [WALL.replace(tzinfo=dt.UTC)]),
    ("decimal256", pa.array([decimal.Decimal("1.50")], pa.decimal256(40, 2)), "decimal128(3, 2)", [decimal.Decimal("1.50")]),
    ("a scale that grows", pa.array([decimal.Decimal("1.5")]), "decimal128(5, 3)", [decimal.Decimal("1.500")]),
    ("integers as decimals", pa.array([12]), "decimal128(21, 2)", [decimal.Decimal("12.00")]),
    ("nothing but nulls", pa.nulls(2), "timestamp[us, UTC]", [None, None]),
    ("nulls for lists", pa.nulls(2), "list<string>", [None, None]),
    ("nulls for structs", pa.nulls(2), "struct<a: int64>", [None, None]),
    ("lists of nulls", pa.array([[None], None, []], pa.list_(pa.null())), "list<int64>", [[None], None, []]),
]  # fmt: skip


@pytest.mark.parametrize(("array", "text", "values"), [pytest.param(*case, id=name) for name, *case in LOSSLESS])
def test_what_loses_nothing_is_converted(array: pa.Array, text: str, values: list[Any]) -> None:
    assert normalised(array, text).to_pylist() == values


LOSSY: list[tuple[str, pa.Array, str]] = [
    ("uint64 that does not fit", pa.array([2**63], pa.uint64()), "int64"),
    ("fractions", pa.array([0.5]), "int64"),
    ("NaN as an integer", pa.array([math.nan]), "int64"),
    ("infinity as an integer", pa.array([math.inf]), "int64"),
    ("2^63 as an integer", pa.array([2.0**63]), "int64"),
    ("decimals with digits", pa.array([decimal.Decimal("5.5")]), "int64"),
    ("decimals beyond int64", pa.array([decimal.Decimal(2**63)], pa.decimal128(38, 0)), "int64"),
    ("integers that no float holds", pa.array([2**53 + 1]), "float64"),
    ("decimals as floats", pa.array([decimal.Decimal("0.1")]), "float64"),
    ("text as a number", pa.array(["1.5"]), "float64"),
    ("text as an integer", pa.array(["1"]), "int64"),
    ("bools as integers", pa.array([True]), "int64"),
    ("integers as bools", pa.array([1]), "bool"),
    ("numbers as text", pa.array([1]), "string"),
    ("binary as text", pa.array([b"a"]), "string"),
    ("text as binary", pa.array(["a"]), "binary"),
    ("integers as instants", pa.array([0]), "timestamp[us, UTC]"),
    ("instants as integers", pa.array([0], pa.timestamp("us")), "int64"),
    ("text as instants", pa.array(["2024-01-01"]), "timestamp[us]"),
    ("dates as instants", pa.array([dt.date(2024, 1, 1)]), "timestamp[us]"),
    ("instants as dates", pa.array([0], pa.timestamp("us")), "date32"),
    ("a wall clock as an instant", pa.array([0], pa.timestamp("us")), "timestamp[us, UTC]"),
    ("an instant as a wall clock", pa.array([0], pa.timestamp("us", "UTC")), "timestamp[us]"),
    ("ns between two us", pa.array([1], pa.timestamp("ns")), "timestamp[us]"),
    ("seconds beyond us", pa.array([2**60], pa.timestamp("s")), "timestamp[us]"),
    ("date64 within a day", pa.array([1], pa.date64()), "date32"),
    ("a scale that shrinks", pa.array([decimal.Decimal("1.55")]), "decimal128(3, 1)"),
    ("a precision that is too small", pa.array([decimal.Decimal(123)]), "decimal128(2, 0)"),
    ("floats as decimals", pa.array([0.5]), "decimal128(3, 1)"),
    ("a duration as an integer", pa.array([1], pa.duration("us")), "int64"),
    ("a time as an integer", pa.array([1], pa.time64("us")), "int64"),
    ("a number as a list", pa.array([1]), "list<int64>"),
    ("a list as a number", pa.array([[1]]), "int64"),
    ("a struct as a list", pa.array([{"a": 1}]), "list<int64>"),
    ("a list as a struct", pa.array([[1]]), "struct<a: int64>"),
    ("a struct with other fields", pa.array([{"b": 1}]), "struct<a: int64>"),
    ("a struct with its fields in another order", pa.array([{"b": 1, "a": 1}]), "struct<a: int64, b: int64>"),
    ("a map", pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "list<int64>"),
    ("something too large within a list", pa.array([[2**64 - 1]], pa.list_(pa.uint64())), "list<int64>"),
]  # fmt: skip


@pytest.mark.parametrize(("array", "text"), [pytest.param(*case, id=name) for name, *case in LOSSY])
def test_what_would_change_a_value_is_refused(array: pa.Array, text: str) -> None:
    with pytest.raises(ExchangeError, match=r"a test: the column 'v' .* without loss"):
        normalised(array, text)
    with pytest.raises(SourceError):
        SchemaNormaliser(Schema.of(v=text), where="a test", at_source=True)(pa.record_batch({"v": array}))


LISTS = [[1, 2], None, [], [5, None], [7, 8]]


@pytest.mark.parametrize(
    "layout",
    [pa.list_(pa.uint8()), pa.large_list(pa.int16()), pa.list_view(pa.uint8()), pa.large_list_view(pa.int32())],
    ids=str,
)
@pytest.mark.parametrize(("start", "length"), [(0, 5), (0, 2), (1, 3), (3, 2), (4, 1), (5, 0)])
def test_slices_of_every_list_layout(layout: pa.DataType, start: int, length: int) -> None:
    array = pa.array(LISTS, layout).slice(start, length)
    assert normalised(array, "list<int64>").to_pylist() == LISTS[start : start + length]


@pytest.mark.parametrize(("start", "length"), [(0, 3), (0, 1), (1, 2), (2, 1)])
def test_slices_of_lists_of_one_size(start: int, length: int) -> None:
    values = [[1, 2], None, [None, 6]]
    array = pa.array(values, pa.list_(pa.int8(), 2)).slice(start, length)
    assert normalised(array, "list<int64>").to_pylist() == values[start : start + length]


def test_what_lies_outside_of_a_slice_is_no_value() -> None:
    array = pa.array([[2**64 - 1], [3], [2**64 - 1]], pa.list_(pa.uint64())).slice(1, 1)
    assert normalised(array, "list<int64>").to_pylist() == [[3]]
    rows = pa.array([{"a": 2**64 - 1}, {"a": 3}], pa.struct([("a", pa.uint64())])).slice(1, 1)
    assert normalised(rows, "struct<a: int64>").to_pylist() == [{"a": 3}]


def test_what_lies_under_a_null_is_no_value() -> None:
    hidden = pa.array([2**64 - 1, 3], pa.uint64())
    mask = pa.array([True, False])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), hidden, mask=mask)
    assert normalised(lists, "list<int64>").to_pylist() == [None, [3]]
    rows = pa.StructArray.from_arrays([hidden], names=["a"], mask=mask)
    assert normalised(rows, "struct<a: int64>").to_pylist() == [None, {"a": 3}]


def test_deeply_nested_data_with_offsets() -> None:
    values = [[{"a": [0.5]}], None, [{"a": None}, None, {"a": [-0.0, None]}], []]
    array = pa.array(values, pa.large_list(pa.struct([("a", pa.list_(pa.float32()))]))).slice(1, 3)
    assert normalised(array, "list<struct<a: list<float64>>>").to_pylist() == values[1:]


def bits(value: float) -> int:
    return int.from_bytes(struct.pack(">d", value), "big")


NANS = [struct.unpack(">d", number.to_bytes(8, "big"))[0] for number in (0x7FF8000000000001, 0xFFF8000000000000)]


@pytest.mark.parametrize("text", ["float64", "list<float64>", "struct<a: float64>"])
def test_there_is_one_zero_and_one_nan(text: str) -> None:
    floats = pa.array([-0.0, 0.0, *NANS, math.nan, -1.5, None])
    array = {
        "float64": lambda: floats,
        "list<float64>": lambda: pa.ListArray.from_arrays(pa.array([0, 7], pa.int32()), floats),
        "struct<a: float64>": lambda: pa.StructArray.from_arrays([floats], names=["a"]),
    }[text]()
    result = normalised(array, text)
    found = (result if text == "float64" else result.flatten() if text[0] == "l" else result.field(0)).to_pylist()
    assert [None if value is None else bits(value) for value in found] == [
        bits(0.0), bits(0.0), bits(math.nan), bits(math.nan), bits(math.nan), bits(-1.5), None,
    ]  # fmt: skip


@pytest.mark.parametrize("place", [0, 3, 6])
@pytest.mark.parametrize("odd", [-0.0, *NANS, math.nan], ids=["zero", "signalled", "negative", "nan"])
def test_a_single_odd_float_is_found(odd: float, place: int) -> None:
    values: list[float | None] = [-math.inf, -5e-324, -1.5, 5e-324, None, math.inf]
    values.insert(place, odd)
    expected = [0.0 if value == 0 else math.nan if value != value else value for value in values]  # noqa: PLR0124
    found = normalised(pa.array([0.25, *values], pa.float64()).slice(1), "float64").to_pylist()
    assert [value if value is None else bits(value) for value in found] == [
        value if value is None else bits(value) for value in expected
    ]


@given(st.lists(st.floats(width=64) | st.none()), st.integers(0, 5))
def test_other_floats_are_kept_to_the_bit(values: list[float | None], start: int) -> None:
    found = normalised(pa.array(values, pa.float64()).slice(start), "float64").to_pylist()
    for value, given_value in zip(found, values[start:], strict=True):
        if given_value is None:
            assert value is None
        elif math.isnan(given_value) or given_value == 0:
            assert bits(value) in (bits(math.nan), bits(0.0))
        else:
            assert bits(value) == bits(given_value)


@given(st.lists(st.none() | st.lists(st.none() | st.integers(-(2**31), 2**31 - 1), max_size=4), max_size=8), st.data())
def test_any_slice_of_any_list_is_kept(values: list[list[int | None] | None], data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from([pa.list_, pa.large_list, pa.list_view, pa.large_list_view]))
    start = data.draw(st.integers(0, len(values)))
    length = data.draw(st.integers(0, len(values) - start))
    array = pa.array(values, layout(pa.int32())).slice(start, length)
    assert normalised(array, "list<int64>").to_pylist() == values[start : start + length]


def test_columns_are_matched_by_name_and_come_out_in_order() -> None:
    batch = pa.record_batch({"b": ["x"], "a": [1]})
    assert normalise_batch(batch, Schema.of(a="int64", b="string"), where="w").to_pydict() == {"a": [1], "b": ["x"]}


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (pa.record_batch({"a": [1]}), r"missing \['b'\], unexpected \[\]"),
        (pa.record_batch({"a": [1], "b": [1], "c": [1]}), r"missing \[\], unexpected \['c'\]"),
        (pa.RecordBatch.from_arrays([pa.array([1])] * 3, ["a", "b", "b"]), "unexpected"),
    ],
    ids=["missing", "unexpected", "twice"],
)
def test_columns_are_exactly_those_declared(batch: pa.RecordBatch, message: str) -> None:
    with pytest.raises(ExchangeError, match=message):
        normalise_batch(batch, Schema.of(a="int64", b="int64"), where="w")


def test_a_reader_is_converted_lazily_and_closed_when_it_is_dropped() -> None:
    seen: list[str] = []

    def batches() -> Any:
        try:
            for number in range(3):
                seen.append(f"made {number}")
                yield pa.record_batch({"v": pa.array([number], pa.int8())})
        finally:
            seen.append("closed")

    schema = pa.schema([("v", pa.int8())])
    reader = normalise_reader(pa.RecordBatchReader.from_batches(schema, batches()), Schema.of(v="int64"), where="w")
    assert seen == []
    assert next(reader).to_pydict() == {"v": [0]}
    assert "made 2" not in seen
    del reader
    assert seen[-1] == "closed"


def test_anything_that_speaks_arrow_is_read() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"v": [1, 2], "s": ["a", None]}, schema={"v": polars.UInt8, "s": polars.Categorical})
    reader = normalise_reader(frame, Schema.of(v="int64", s="string"), where="w")
    assert reader.read_all().to_pydict() == {"v": [1, 2], "s": ["a", None]}
