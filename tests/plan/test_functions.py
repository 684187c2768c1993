"""The catalogue of scalar functions: complete, documented, consistent, and helpful when misused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pyarrow as pa
import pytest

from onefold.errors import PlanError
from onefold.plan import FUNCTIONS, Call, Column, Literal, get_function, infer
from onefold.plan.functions import Function
from onefold.sql.functions import FUNCTIONS as LOWERINGS
from onefold.types import TIMESTAMP_UTC, Field, Schema, parse_type, to_arrow

ENTRIES = list(FUNCTIONS.values())
NAMES = [entry.name for entry in ENTRIES]


def example_call(entry: Function) -> tuple[Call, Schema]:
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, (dtype, _) in enumerate(entry.example.args))
    args = tuple(Column(name=item.name) for item in schema)
    return Call(function=entry.name, args=args, options=entry.example.options), schema


def call(name: str, *types: str, **options: Any) -> Call:
    return Call(function=name, args=tuple(Literal.of(None, parse_type(dtype)) for dtype in types), options=options)


def result_of(name: str, *types: str, **options: Any) -> str:
    return str(infer(call(name, *types, **options), Schema()).dtype)


def test_every_function_has_a_lowering_to_sql_and_the_other_way_round() -> None:
    assert sorted(LOWERINGS) == sorted(FUNCTIONS)


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_entries_are_documented(entry: Function) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.name)
    assert entry.capability == f"function.{entry.name}"
    assert entry.signatures
    assert entry.description[0].isupper() or entry.description[0] in "-e"
    assert entry.description.endswith(".")
    assert "  " not in entry.description
    assert len(entry.description) < 700
    for option in entry.options.values():
        assert option.description.endswith(".")


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_examples_have_a_null_and_equal_lengths(entry: Function) -> None:
    columns = [values for _, values in entry.example.args]
    assert {len(values) for values in columns} == {len(entry.example.result)}
    assert any(None in values for values in columns)
    assert len(entry.example.result) >= 3


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_example_values_are_of_the_inferred_type(entry: Function) -> None:
    declared, schema = example_call(entry)
    columns = [*(values for _, values in entry.example.args), entry.example.result]
    types = [*(field.dtype for field in schema), infer(declared, schema).dtype]
    for values, dtype in zip(columns, types, strict=True):
        stored = pa.array(list(values), to_arrow(dtype)).to_pylist()
        assert [repr(value) for value in stored] == [repr(value) for value in values] or dtype == TIMESTAMP_UTC


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_nulls_of_the_example_follow_the_declared_rule(entry: Function) -> None:
    rows = zip(*(values for _, values in entry.example.args), strict=True)
    for row, result in zip(rows, entry.example.result, strict=True):
        if entry.nulls == "propagate" and None in row:
            assert result is None
        if result is None:
            assert entry.can_be_null or None in row


REFUSING = [entry for entry in ENTRIES if entry.name != "coalesce"]  # which takes anything


@pytest.mark.parametrize("entry", REFUSING, ids=[entry.name for entry in REFUSING])
def test_a_wrong_argument_lists_the_signatures(entry: Function) -> None:
    wrong = call(entry.name, *["struct<zz: bool>"] * 7, **entry.example.options)
    with pytest.raises(PlanError) as caught:
        infer(wrong, Schema())
    assert entry.name in str(caught.value)
    assert str(entry.signatures[0]) in str(caught.value)


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_an_unknown_option_names_those_that_exist(entry: Function) -> None:
    with pytest.raises(PlanError, match=f"{entry.name!r} has no option 'nonsense'"):
        call(entry.name, nonsense=1, **entry.example.options)


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_calls_are_equal_by_content(entry: Function) -> None:
    declared, _ = example_call(entry)
    again = Call(function=entry.name, args=declared.args, options=dict(declared.options))
    assert again == declared
    assert hash(again) == hash(declared)


def test_a_misspelt_function_gives_near_matches() -> None:
    with pytest.raises(PlanError, match="Did you mean 'substring'"):
        get_function("substr")
    with pytest.raises(PlanError, match="Did you mean 'coalesce'"):
        call("coalesc", "int64")


@pytest.mark.parametrize(
    ("name", "types", "options", "expected"),
    [
        ("add", ["int64", "int64"], {}, "int64"),
        ("add", ["decimal128(10, 2)", "decimal128(5, 4)"], {}, "decimal128(13, 4)"),
        ("multiply", ["decimal128(10, 2)", "decimal128(5, 4)"], {}, "decimal128(38, 6)"),
        ("divide", ["float64", "float64"], {}, "float64"),
        ("negate", ["decimal128(10, 2)"], {}, "decimal128(10, 2)"),
        ("sign", ["decimal128(10, 2)"], {}, "int64"),
        ("round", ["decimal128(10, 2)"], {"digits": 1}, "decimal128(10, 1)"),
        ("round", ["decimal128(10, 2)"], {"digits": -2}, "decimal128(9, 0)"),
        ("round", ["decimal128(10, 2)"], {"digits": 2}, "decimal128(10, 2)"),
        ("round", ["decimal128(38, 0)"], {"digits": -2}, "decimal128(38, 0)"),
        ("round", ["decimal128(38, 38)"], {"digits": 0}, "decimal128(1, 0)"),
        ("greatest", ["date32", "date32", "date32"], {}, "date32"),
        ("coalesce", ["list<string>"], {}, "list<string>"),
        ("date_trunc", ["timestamp[us, UTC]"], {"unit": "hour"}, "timestamp[us, UTC]"),
        ("date_trunc", ["date32"], {"unit": "month"}, "date32"),
        ("last_day", ["timestamp[us]"], {}, "date32"),
        ("local_time", ["timestamp[us, UTC]"], {"zone": "UTC"}, "timestamp[us]"),
        ("split", ["string"], {"separator": ","}, "list<string>"),
        ("list_get", ["list<list<int64>>"], {"index": 1}, "list<int64>"),
        ("struct_get", ["struct<a: int64, b: date32>"], {"field": "b"}, "date32"),
    ],
)
def test_result_types(name: str, types: list[str], options: dict[str, Any], expected: str) -> None:
    assert result_of(name, *types, **options) == expected


@pytest.mark.parametrize(
    ("name", "types", "options", "message"),
    [
        ("equal", ["timestamp[us]", "timestamp[us, UTC]"], {}, "does not take"),
        ("equal", ["int64", "float64"], {}, "does not take"),
        ("lt", ["list<int64>", "list<int64>"], {}, "does not take"),
        ("add", ["date32", "int64"], {}, "does not take"),
        ("add", ["decimal128(38, 0)", "decimal128(38, 0)"], {}, "more than 38 digits"),
        ("multiply", ["decimal128(10, 7)", "decimal128(10, 6)"], {}, "agree up to 12"),
        ("date_trunc", ["date32"], {"unit": "hour"}, "A date has no hours"),
        ("struct_get", ["struct<amount: int64>"], {"field": "amont"}, "Did you mean 'amount'"),
        ("hour", ["date32"], {}, "does not take"),
        ("local_time", ["timestamp[us]"], {"zone": "UTC"}, "does not take"),
        ("regexp_extract", ["string"], {"pattern": "(a)", "group": 2}, "there is no group 2"),
        ("regexp_extract", ["string"], {"pattern": "a*"}, "matches the empty text"),
        ("regexp_replace", ["string"], {"pattern": "a?", "replacement": ""}, "matches the empty text"),
        ("regexp_replace", ["string"], {"pattern": "a", "replacement": "\\1"}, r"can not use \\1"),
        ("length", ["binary"], {}, "does not take"),
    ],
)
def test_type_errors(name: str, types: list[str], options: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        result_of(name, *types, **options)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("round", {"digits": 16}, "between -15 and 15"),
        ("round", {"digits": 1.5}, "of type int"),
        ("log", {"base": 1.0}, "above zero and not 1"),
        ("log", {"base": -2}, "above zero and not 1"),
        ("log", {"base": float("nan")}, "above zero and not 1"),
        ("log", {}, "needs the option 'base'"),
        ("trim", {"characters": ""}, "must not be empty"),
        ("substring", {"start": 0}, "count from 1"),
        ("substring", {"start": 1, "length": -2}, "-1 for all"),
        ("left", {"count": -1}, "between 0 and 1,000,000"),
        ("lpad", {"length": 3, "fill": ""}, "exactly one character"),
        ("lpad", {"length": 3, "fill": "ab"}, "exactly one character"),
        ("replace", {"search": "", "replacement": "x"}, "must not be empty"),
        ("split", {"separator": ""}, "must not be empty"),
        ("split_part", {"separator": ",", "index": 0}, "parts count from 1"),
        ("repeat", {"count": 10_000_000}, "between 0 and 1,000,000"),
        ("like", {"pattern": "100!"}, "write '!!'"),
        ("like", {"pattern": "a!b"}, "write '!!'"),
        ("regexp_matches", {"pattern": "\\d"}, r"write \[0-9\]"),
        ("regexp_replace", {"pattern": "a", "replacement": "\\n"}, "number of a group"),
        ("regexp_extract", {"pattern": "a", "group": 10}, "from 1 to 9"),
        ("hash_bucket", {"buckets": 0}, "between 1 and 2147483647"),
        ("date_trunc", {"unit": "mont"}, "Did you mean 'month'"),
        ("time_bucket", {"every": 0}, "above zero"),
        ("time_bucket", {"every": -5}, "above zero"),
        ("local_time", {"zone": "CET+1"}, "IANA time zone"),
        ("local_time", {"zone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'"),
        ("local_time", {"zone": "../../etc/passwd"}, "IANA time zone"),
        ("strftime", {"format": "%B"}, "made of %Y"),
        ("strftime", {"format": "%Y'"}, "made of %Y"),
        ("strftime", {"format": ""}, "made of %Y"),
        ("to_date", {"format": "%Y-%m"}, "exactly once"),
        ("to_date", {"format": "%Y-%m-%d %H"}, "exactly once"),
        ("to_timestamp", {"format": "%Y-%m-%d"}, "at most one %f"),
        ("list_get", {"index": 0}, "count from 1"),
        ("list_sort", {"descending": 1}, "of type bool"),
    ],
)
def test_option_errors(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        call(name, **options)


def test_options_get_their_defaults() -> None:
    assert call("round", "float64").options == {"digits": 0}
    assert call("substring", "string", start=2).options == {"start": 2, "length": -1}
    assert call("log", "float64", base=2).options == {"base": 2.0}


def test_examples_use_values_of_plain_python_types() -> None:
    plain = (bool, int, float, str, bytes, dt.date, dt.datetime, list, dict, type(None))
    for entry in ENTRIES:
        for values in (*(values for _, values in entry.example.args), entry.example.result):
            assert all(isinstance(value, plain) for value in values)
