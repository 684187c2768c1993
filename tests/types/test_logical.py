"""Portable types: their text form is exact both ways, and hostile text is refused with one kind of error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.types.strategies import PRIMITIVES, types

from onefold.errors import DefinitionError
from onefold.types import (
    BOOL,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Struct,
    parse_type,
)


@given(types)
def test_every_type_is_read_back_from_its_text(dtype: DataType) -> None:
    assert parse_type(str(dtype)) == dtype


@given(st.text() | st.text(alphabet='list<>()[]struct: ,"\\int6438utampUTC'))
def test_any_text_is_a_type_or_a_definition_error(text: str) -> None:
    try:
        dtype = parse_type(text)
    except DefinitionError:
        return
    assert parse_type(str(dtype)) == dtype


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("timestamp[us,UTC]", "timestamp[us, UTC]"),
        (" list < int64 > ", "list<int64>"),
        ("decimal128(10,2)", "decimal128(10, 2)"),
        ('struct<"a": int64,b:list<string>>', "struct<a: int64, b: list<string>>"),
        ('struct<"two words": bool>', 'struct<"two words": bool>'),
    ],
)
def test_text_is_written_in_one_way(text: str, canonical: str) -> None:
    assert str(parse_type(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "int32",
        "INT64",
        "float",
        "timestamp",
        "timestamp[ns]",
        "timestamp[us, Europe/Paris]",
        "list",
        "list<>",
        "list<int64",
        "list<int64>>",
        "int64 int64",
        "struct<>",
        "struct<a>",
        "struct<a:>",
        "struct<a: int64,>",
        "struct<a: int64, a: int64>",
        'struct<"": int64>',
        "struct<<: int64>",
        "struct<timestamp[us]: int64>",
        "struct<1: int64>",
        'struct<"\\x": int64>',
        'struct<"\n": int64>',
        'struct<"\\ud800": int64>',
        'struct<"a: int64>',
        "decimal128",
        "decimal128(0, 0)",
        "decimal128(39, 0)",
        "decimal128(3, 4)",
        "decimal128(-1, 0)",
        "decimal128(" + "9" * 5000 + ", 1)",
        "decimal128(٣, 1)",
        "list<" * 33 + "int64" + ">" * 33,
        "list<" * 100_000,
        "<" * 100_001,
        "a" * 1_000_000,
        "\x00",
        "int64\x00",
    ],
    ids=lambda text: f"{text[:40]!r} of {len(text)}",
)
def test_what_is_no_type_is_refused_with_a_short_message(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_type(text)
    assert len(str(caught.value)) < 500


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(DefinitionError, match="written as text such as 'int64'"):
        parse_type(int)


def test_types_are_nested_at_most_32_deep_however_they_are_made() -> None:
    deepest: DataType = INT64
    for _ in range(32):
        deepest = List(deepest)
    assert parse_type(str(deepest)) == deepest
    with pytest.raises(DefinitionError, match="at most 32 deep"):
        List(deepest)
    with pytest.raises(DefinitionError, match="at most 32 deep"):
        Struct((("a", INT64), ("b", deepest)))


@pytest.mark.parametrize("fields", [(), (("a", INT64), ("a", BOOL)), (("", INT64),), (("\ud800", INT64),)])
def test_a_struct_has_uniquely_named_fields(fields: tuple[tuple[str, DataType], ...]) -> None:
    with pytest.raises(DefinitionError):
        Struct(fields)


def test_only_flat_types_have_an_order_and_only_numbers_are_numeric() -> None:
    assert [dtype for dtype in PRIMITIVES if not dtype.is_ordered] == []
    assert not List(INT64).is_ordered
    assert not Struct((("a", INT64),)).is_ordered
    assert {str(dtype) for dtype in (*PRIMITIVES, Decimal(5, 2), List(INT64)) if dtype.is_numeric} == {
        "int64",
        "float64",
        "decimal128(5, 2)",
    }
    assert [dtype for dtype in PRIMITIVES if dtype.is_time] == [TIMESTAMP, TIMESTAMP_UTC]


def test_a_struct_gives_the_type_of_a_field() -> None:
    struct = Struct((("key", STRING), ("value", INT64)))
    assert struct.field("value") == INT64
    assert struct.field("other") is None
