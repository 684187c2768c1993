"""Lists and structs on their way into arrays and out of them: what JSON alone would lose."""

from __future__ import annotations

import datetime as dt
import math
import struct
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from onefold.types import parse_type, to_arrow
from onefold_snowflake.variants.texts import constant_text, nested_values, texts

UTC = dt.UTC

TEXTS: list[tuple[str, Any, str]] = [
    ("list<int64>", [2**63 - 1, -(2**63), None], "[9223372036854775807,-9223372036854775808,null]"),
    ("list<bool>", [True, False, None], "[true,false,null]"),
    ("list<string>", ["", 'a"\\\n', "é😀", "null", None], '["","a\\"\\\\\\n","é😀","null",null]'),
    ("list<float64>", [0.1, -1.5e-300], '["1.0000000000000001E-01","-1.5000000000000001E-300"]'),
    ("list<float64>", [math.nan, math.inf, -math.inf, None], '["NaN","inf","-inf",null]'),
    ("list<decimal128(38, 2)>", [Decimal("-0.5"), Decimal(10) ** 35], f'["-0.50","1{"0" * 35}.00"]'),
    ("list<binary>", [b"", b"\x00\xff"], '["","00FF"]'),
    ("list<date32>", [dt.date(1, 1, 1), dt.date(9999, 12, 31)], '["0001-01-01","9999-12-31"]'),
    ("list<timestamp[us]>", [dt.datetime.fromisoformat("2024-02-29T01:02:03")], '["2024-02-29 01:02:03.000000"]'),
    ("list<timestamp[us, UTC]>", [dt.datetime(1, 1, 1, 0, 0, 0, 1, UTC)], '["0001-01-01 00:00:00.000001"]'),
    ("list<list<int64>>", [[1], [], None, [None]], "[[1],[],null,[null]]"),
    ("list<int64>", [], "[]"),
    (
        "struct<key: string, value: float64>",
        {"key": None, "value": 2.0},
        '{"key":null,"value":"2.0000000000000000E+00"}',
    ),
    ('struct<"a b": list<struct<d: date32>>>', {"a b": [{"d": None}, None]}, '{"a b":[{"d":null},null]}'),
]


@pytest.mark.parametrize(("type_text", "value", "text"), TEXTS)
def test_values_are_texts_that_json_keeps_and_come_back(type_text: str, value: Any, text: str) -> None:
    dtype = parse_type(type_text)
    column = pa.array([value, None, value], to_arrow(dtype))
    assert texts(column, dtype).to_pylist() == [text, None, text]
    back = nested_values(pa.array([text, None, text]), dtype)
    assert back.type == column.type
    assert repr(back.to_pylist()) == repr(column.to_pylist())  # as text: NaN is not equal to itself


def test_texts_are_read_as_snowflake_writes_them() -> None:
    # Indented, the fields of an object in any order, exponents without zeros.
    dtype = parse_type("list<struct<key: float64, value: int64>>")
    text = '[\n  {\n    "value": 2,\n    "key": "1.0000000000000001E-1"\n  },\n  null\n]'
    assert nested_values(pa.array([text]), dtype).to_pylist() == [[{"key": 0.1, "value": 2}, None]]


def test_floats_come_back_to_the_last_bit() -> None:
    bits = [1, 2**52 - 1, 2**52, 0x3FF0000000000001, 0x4340000000000001, 0x7FEFFFFFFFFFFFFF, 2**63]
    values = [struct.unpack("<d", number.to_bytes(8, "little"))[0] for number in bits]
    dtype = parse_type("list<float64>")
    back = nested_values(texts(pa.array([values]), dtype), dtype).to_pylist()[0]
    assert [struct.pack("<d", value) for value in back] == [struct.pack("<d", value) for value in values]


@pytest.mark.parametrize(
    ("type_text", "text"),
    [
        ("list<int64>", "[1.5]"),
        ("list<int64>", '["1"]'),
        ("list<int64>", "[undefined]"),
        ("list<int64>", "[9223372036854775808]"),
        ("list<float64>", "[0.1]"),
        ("list<date32>", '["yesterday"]'),
        ("struct<a: int64>", '{"a":1,"b":2}'),
        ("struct<a: int64>", "[1]"),
    ],
)
def test_what_is_something_else_is_refused(type_text: str, text: str) -> None:
    with pytest.raises(pa.ArrowInvalid):
        nested_values(pa.array([text]), parse_type(type_text))


def test_no_rows_are_no_lists() -> None:
    dtype = parse_type("list<string>")
    assert nested_values(pa.array([], pa.string()), dtype).type == to_arrow(dtype)


def test_many_rows_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onefold_snowflake.variants.texts._MOST_BYTES", 64)
    values = [[number, None] if number % 3 else None for number in range(100)]
    dtype = parse_type("list<int64>")
    assert nested_values(texts(pa.array(values), dtype), dtype).to_pylist() == values


def test_constants_are_written_like_values() -> None:
    document = ("2024-02-29T01:02:03.500000", None)
    assert constant_text(document, parse_type("list<timestamp[us]>")) == '["2024-02-29 01:02:03.500000",null]'
