"""The mapping to Arrow: every Arrow type either has one portable type or is refused with advice."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from tests.types.strategies import types

from onefold.errors import SourceError
from onefold.types import DataType, Schema, from_arrow, parse_type, schema_from_arrow, schema_to_arrow, to_arrow


@given(types)
def test_every_portable_type_survives_arrow(dtype: DataType) -> None:
    assert from_arrow(to_arrow(dtype), column="c") == dtype


CONVERTED = [
    *((arrow, "int64") for arrow in (pa.int8(), pa.int16(), pa.int32(), pa.int64())),
    *((arrow, "int64") for arrow in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())),
    (pa.float32(), "float64"),
    (pa.float64(), "float64"),
    (pa.bool_(), "bool"),
    (pa.string(), "string"),
    (pa.large_string(), "string"),
    (pa.string_view(), "string"),
    (pa.binary(), "binary"),
    (pa.large_binary(), "binary"),
    (pa.binary_view(), "binary"),
    (pa.binary(16), "binary"),
    (pa.date32(), "date32"),
    (pa.date64(), "date32"),
    *((pa.timestamp(unit), "timestamp[us]") for unit in ("s", "ms", "us", "ns")),
    *((pa.timestamp(unit, "Europe/Paris"), "timestamp[us, UTC]") for unit in ("s", "ms", "us", "ns")),
    (pa.timestamp("us", "+02:00"), "timestamp[us, UTC]"),
    (pa.decimal32(5, 2), "decimal128(5, 2)"),
    (pa.decimal64(15, 2), "decimal128(15, 2)"),
    (pa.decimal128(38, 0), "decimal128(38, 0)"),
    (pa.decimal256(38, 10), "decimal128(38, 10)"),
    (pa.dictionary(pa.int8(), pa.large_string()), "string"),
    (pa.dictionary(pa.int32(), pa.timestamp("ns", "UTC")), "timestamp[us, UTC]"),
    (pa.list_(pa.int8()), "list<int64>"),
    (pa.large_list(pa.float32()), "list<float64>"),
    (pa.list_(pa.int8(), 3), "list<int64>"),
    (pa.list_view(pa.string_view()), "list<string>"),
    (pa.large_list_view(pa.int8()), "list<int64>"),
    (pa.list_(pa.dictionary(pa.int8(), pa.string())), "list<string>"),
    (pa.struct([("a", pa.uint8()), ("b", pa.list_(pa.float32()))]), "struct<a: int64, b: list<float64>>"),
]

REFUSED = [
    (pa.float16(), "Cast it to float64"),
    (pa.duration("us"), "int64 microseconds"),
    (pa.time32("s"), "since midnight"),
    (pa.time64("us"), "since midnight"),
    (pa.month_day_nano_interval(), "microseconds or months"),
    (pa.null(), "only nulls"),
    (pa.map_(pa.string(), pa.int64()), "list of structs"),
    (pa.decimal256(40, 2), "at most 38 digits"),
    (pa.decimal128(5, -2), "scale from 0"),
    (pa.run_end_encoded(pa.int32(), pa.int64()), "Cast it"),
    (pa.uuid(), "Cast it"),
    (pa.dense_union([pa.field("a", pa.int64())]), "Cast it"),
    (pa.struct([]), "at least one field"),
    (pa.struct([("a", pa.int64()), ("a", pa.int64())]), "two fields of one name"),
    (pa.list_(pa.duration("s")), "int64 microseconds"),
]


@pytest.mark.parametrize(("arrow", "text"), CONVERTED, ids=str)
def test_arrow_types_with_a_portable_form(arrow: pa.DataType, text: str) -> None:
    assert from_arrow(arrow, column="c") == parse_type(text)


@pytest.mark.parametrize(("arrow", "advice"), REFUSED, ids=str)
def test_arrow_types_without_one_are_refused_with_advice(arrow: pa.DataType, advice: str) -> None:
    with pytest.raises(SourceError, match="column 'when") as caught:
        from_arrow(arrow, column="when")
    assert advice in str(caught.value)


def test_every_arrow_type_that_pyarrow_knows_is_decided() -> None:
    """A type that pyarrow adds must be put into one of the two lists above."""
    known = {getattr(pa.lib, name): name for name in dir(pa.lib) if name.startswith("Type_")}
    undecided = {known[number] for number in set(known) - {arrow.id for arrow, _ in [*CONVERTED, *REFUSED]}}
    assert undecided == {"Type_INTERVAL_MONTHS", "Type_INTERVAL_DAY_TIME", "Type_SPARSE_UNION"}, "from Python, too?"


def test_the_place_in_a_nested_column_is_named() -> None:
    with pytest.raises(SourceError, match=r"'trip\.legs\[\]'"):
        from_arrow(pa.struct([("legs", pa.list_(pa.duration("s")))]), column="trip")


def test_nesting_without_end_is_refused() -> None:
    arrow = pa.int64()
    for _ in range(500):
        arrow = pa.list_(arrow)
    with pytest.raises(SourceError, match="nested at most 32 deep"):
        from_arrow(arrow, column="c")


def test_every_field_is_nullable_and_list_children_are_called_element() -> None:
    arrow = schema_to_arrow(Schema.of(a="int64", b="list<struct<x: list<int64>>>"))
    assert arrow.field("a").nullable
    outer = arrow.field("b").type.value_field
    assert outer.name == "element"
    assert outer.type.field(0).type.value_field.name == "element"


@pytest.mark.parametrize("names", [["a", "a"], ["a", ""]])
def test_columns_of_data_have_unique_names(names: list[str]) -> None:
    with pytest.raises(SourceError, match="Rename"):
        schema_from_arrow(pa.schema([(name, pa.int64()) for name in names]))
