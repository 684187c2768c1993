"""Every function and every conversion against the oracle, on values that are hard for Polars."""

from __future__ import annotations

import datetime as dt
import decimal
import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from onefold.errors import PlanError
from onefold.plan import CASTS, FUNCTIONS, Call, Cast, Column, Expression, Literal, get_function, infer
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Schema,
    Struct,
    parse_type,
    schema_to_arrow,
)
from onefold_conformance.oracle.expressions import Evaluator
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.values import Row, from_arrow, to_table
from onefold_polars.expressions import compile_expression, polars_dtype

DAY = 86_400_000_000
_ULPS = {"exact": 0, "0ulp": 0, "4ulp": 4, "16ulp": 16}
_STRUCT = parse_type("struct<key: string, value: int64>")
_DECIMALS = (Decimal(10, 2), Decimal(38, 4), Decimal(18, 18), Decimal(5, 0))
_ANY_TYPE = (INT64, FLOAT64, BOOL, STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_UTC, Decimal(38, 4))
_DATES = [
    dt.date.fromisoformat(text).toordinal() - dt.date(1970, 1, 1).toordinal()
    for text in (
        "0001-01-01",
        "0004-02-29",
        "1582-10-04",
        "1900-02-28",
        "1969-12-31",
        "1970-01-01",
        "2000-02-29",
        "2020-12-31",
        "2021-01-03",
        "2023-01-01",
        "2024-01-31",
        "2024-02-29",
        "2024-12-30",
        "9999-12-31",
    )
]
_TEXTS = (
    *("", "a", "aBc1", "straße", "ÉTÉ", "日本語x", "😀", "e\u0301", "İı", "ﬁ", "ς", "K", "null\x00byte"),
    *("a,b,c", "a,,c", ",", " ", " a b ", "\ta ", "xyxa x", "a|b", "100%", "1é0%", "id=42;id=7", "a1b22", "a\nb"),
    *("$1", "\\", "a.b", "aaaa", "abab", "é", "b"),
)
_NUMERALS = (
    *("0", "+5", "-7", "00012", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "9" * 400),
    *(
        "1.5",
        ".5",
        "1.",
        "-.5",
        ".",
        "+",
        "-",
        "1e3",
        "1E-3",
        "1e400",
        "1e",
        "1_000",
        "0x1F",
        " 1",
        "1 ",
        "\uff11",
        "١٢",
    ),
    *("nan", "inf", "Infinity", "1.005", "-1.005", "0.005", "-0.004", "9" * 36 + ".994", "9" * 36 + ".995"),
    *("1.4949999999999999999999999999999999999999999999999", "1." + "0" * 60 + "1", "0" * 60 + "7", "12345678.905"),
    *("true", "TRUE", "t", "Yes", "1", "F", "no", " true ", "\ttrue", "tru", "on"),
)
_MOMENTS = (
    *("2024-02-29", "2023-02-29", "2024-1-1", "0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01", "2024-13-01"),
    *("2024-02-29 00:00:00", "2024-02-29T23:59:59.123456", "2024-02-29 24:00:00", "2024-02-29 23:59:60"),
    *("2024-02-29 12:00:00.1", "2024-02-29 12:00:00.", "2024-02-29 12:00:00.1234567", "2024-02-29 12:00"),
    *(
        "9999-12-31 23:59:59.999999",
        "2024-02-29\n",
        "-2024-01-01",
        "2024-02-29 12:00:00Z",
        "\uff12\uff10\uff12\uff14-01-01",
    ),
    *("29/02/2024", "30/02/2024", "01/13/2024", "2024-06-31", "20240229T235959", "20240229T235960", "20240229T245959"),
)
_VALUES: Mapping[DataType, Sequence[Any]] = {
    INT64: (
        *(0, 1, -1, 2, -2, 3, 7, -7, 10, -5, 15, 25, -25, 100, 2**63 - 1, -(2**63), 2**63 - 2, 1 - 2**63),
        *(2**53 + 1, -(2**53) - 1, 2**31, 2**32 + 1, 10**18, 3037000500, -3037000500, 12, 29, 45, 2024, 9999, 10000),
    ),
    FLOAT64: (
        *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 1 / 3, 2.675, 1.005, 0.49999999999999994, 3.0, 7.0),
        *(1e300, -1e300, 5e-324, math.inf, -math.inf, math.nan, 2.0**52, 4503599627370495.5, 2.0**63, -(2.0**63)),
        *(123456.789, 1000.0, 81.0, 100.0, 0.045, 1e15, 9.2e18, 1.7976931348623157e308),
    ),
    BOOL: (True, False),
    STRING: (*_TEXTS, *_NUMERALS, *_MOMENTS),
    BINARY: (b"", b"a", b"\x00\xff", b"abc", "é".encode()),
    DATE: _DATES,
}
_OPTIONS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "round": [{"digits": digits} for digits in (0, 1, 2, -1, -2, 15, -15)],
    "log": [{"base": base} for base in (3.0, 0.5)],
    "hash_bucket": [{"buckets": buckets} for buckets in (1, 100, 2**31 - 1)],
    "list_get": [{"index": index} for index in (1, -1, 3, -5, 2**31 - 1)],
    "list_sort": [{"descending": True}, {"descending": False}],
    "struct_get": [{"field": "value"}],
    "trim": [{}, {"characters": "xy"}, {"characters": "-]^é"}],
    "ltrim": [{}, {"characters": "xy"}],
    "rtrim": [{}, {"characters": "xa"}],
    "concat_ws": [{"separator": "é,"}],
    "substring": [{"start": start, "length": length} for start in (1, 2, -1, -5, 2**31 - 1) for length in (-1, 0, 3)],
    "left": [{"count": 0}, {"count": 2}],
    "right": [{"count": 0}, {"count": 2}],
    "lpad": [{"length": length, "fill": "é"} for length in (0, 1, 5)],
    "rpad": [{"length": length, "fill": "😀"} for length in (0, 1, 5)],
    "replace": [{"search": "a", "replacement": "$0"}, {"search": "$1", "replacement": "${1}\\1"}],
    "split_part": [{"separator": ",", "index": index} for index in (1, 2, 2**31 - 1)],
    "split": [{"separator": "|"}, {"separator": "é"}],
    "repeat": [{"count": 0}, {"count": 3}],
    "like": [{"pattern": text} for text in ("", "_", "a%", "%é%", "1_0!%", "a.b", "%\n%", "\\", "[a-z]%")],
    "regexp_matches": [{"pattern": text} for text in ("^a", "b$", "a.b", "^[^,]*$", "(a|b)+", "[\\[\\]]", "\\.")],
    "regexp_extract": [
        {"pattern": text, "group": group}
        for text, group in (("id=([0-9]+)", 1), ("(a)|(b)", 1), ("(a)|(b)", 2), ("(x)?a", 1), (".", 0))
    ],
    "regexp_replace": [
        {"pattern": text, "replacement": new}
        for text, new in (("([0-9]+)", "<\\1>"), ("a", "$1"), ("(a)(b)?", "\\2\\1"), ("(a)", "\\10"), ("[^a]", "${0}"))
    ],
    "date_trunc": [{"unit": unit} for unit in ("year", "quarter", "month", "week", "day", "hour", "millisecond")],
    "local_time": [{"zone": zone} for zone in ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia")],
    "strftime": [{"format": form} for form in ("%Y-%m-%dT%H:%M:%S.%f", "%d/%m/%Y", "%f_%Y%Y")],
    "to_date": [{"format": "%Y-%m-%d"}, {"format": "%d/%m/%Y"}],
    "to_timestamp": [{"format": "%Y-%m-%d %H:%M:%S.%f"}, {"format": "%Y%m%dT%H%M%S"}],
    "time_bucket": [{"every": every} for every in (1, 420_000_000, 7 * DAY)],
}


def _values(dtype: DataType) -> Sequence[Any]:
    """Return values of a type as the oracle holds them."""
    some = random.Random(str(dtype))
    if dtype.is_time:
        return [day * DAY + time for day in _DATES for time in (0, 46_815_123_456, DAY - 1)]
    if isinstance(dtype, Decimal):
        units = (0, 1, -1, 5, -5, 15, 25, -25, 50, -149, 150, 10**dtype.precision - 1, 1 - 10**dtype.precision)
        return [decimal.Decimal(unit).scaleb(-dtype.scale, decimal.Context(prec=50)) for unit in units]
    if isinstance(dtype, List):
        element = [*_values(dtype.element), None]
        return [[], [None], *(some.choices(element, k=some.randint(1, 5)) for _ in range(20))]
    if isinstance(dtype, Struct):
        return [{name: some.choice([*_values(field), None]) for name, field in dtype.fields} for _ in range(10)]
    return _VALUES[dtype]


def _rows(types: Sequence[DataType], count: int = 400) -> list[Row]:
    pools = [[*_values(dtype), None] for dtype in types]
    if math.prod(map(len, pools)) <= count:
        chosen = list(itertools.product(*pools))
    else:
        some = random.Random(0)
        chosen = [tuple(some.choice(pool) for pool in pools) for _ in range(count)]
    return [{f"c{place}": value for place, value in enumerate(values)} for values in chosen]


def _bound(pattern: str, letters: Mapping[str, DataType], decimals: Iterator[DataType]) -> DataType:
    if pattern == "decimal":
        return next(decimals)
    if pattern == "struct":
        return _STRUCT
    if pattern.startswith("list<"):
        return List(_bound(pattern[5:-1], letters, decimals))
    return letters[pattern] if pattern in letters else parse_type(pattern)


def _typings(name: str) -> Iterator[tuple[DataType, ...]]:
    """Yield combinations of argument types that a function takes."""
    for signature in FUNCTIONS[name].signatures:
        patterns = signature.args + signature.args[-1:] * signature.variadic
        decimals = list(itertools.product(_DECIMALS, repeat=patterns.count("decimal")))
        for dtype in _ANY_TYPE if any(p in {"T", "O", "list<T>", "list<O>"} for p in patterns) else (INT64,):
            for some in decimals:
                types = iter(some)
                yield tuple(_bound(pattern, {"T": dtype, "O": dtype}, types) for pattern in patterns)


def _computed(rows: Sequence[Row], expression: Expression, schema: Schema, *, streaming: bool) -> list[Any]:
    frame, result = pl.DataFrame(to_table(rows, schema, raw=True)), Schema.of(r=infer(expression, schema).dtype)
    compiled = compile_expression(expression, schema).alias("r")
    if streaming:
        found = frame.lazy().with_columns(compiled).collect(engine="streaming").select("r")
    else:
        found = frame.with_columns(compiled).select("r")
    assert found.schema["r"] == polars_dtype(result["r"].dtype)
    return [row["r"] for row in from_arrow(found.to_arrow().cast(schema_to_arrow(result)), result)]


def _same(left: Any, right: Any, ulps: int) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right or abs(left - right) <= ulps * math.ulp(left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right, [ulps] * len(left)))
    return type(left) is type(right) and left == right


def _assert_agrees(expression: Expression, schema: Schema, rows: Sequence[Row], *, ulps: int = 0) -> None:
    """Compare an expression with the oracle: its values, for no rows too, and the rows for which it is an error."""
    oracle = Evaluator().compile(expression, schema)
    good, expected, bad = [], [], []
    for row in rows:
        try:
            expected.append(oracle(row))
            good.append(row)
        except ValueFailure:
            bad.append(row)
    assert good
    for streaming in (False, True):
        found = _computed(good, expression, schema, streaming=streaming)
        wrong = [case for case in zip(good, expected, found, strict=True) if not _same(case[1], case[2], ulps)]
        assert wrong == []
        assert _computed([], expression, schema, streaming=streaming) == []
    for row in bad[::7]:
        with pytest.raises(pl.exceptions.PolarsError):
            _computed([row], expression, schema, streaming=False)


def _constant(value: Any, dtype: DataType) -> Literal:
    if value is None:
        return Literal.of(None, dtype)
    if dtype == DATE:
        return Literal.of(dt.date(1970, 1, 1) + dt.timedelta(days=value))
    if dtype.is_time:
        zone = dt.UTC if dtype == TIMESTAMP_UTC else None
        return Literal.of(dt.datetime(1970, 1, 1, tzinfo=zone) + dt.timedelta(microseconds=value))
    return Literal.of(value, dtype)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_the_values_and_the_errors_of_the_oracle(name: str) -> None:
    ulps = _ULPS[get_function(name).accuracy]
    for types in dict.fromkeys(_typings(name)):
        schema = Schema.of(**{f"c{place}": str(dtype) for place, dtype in enumerate(types)})
        columns = tuple(Column(name=field.name) for field in schema)
        rows = _rows(types)
        if name == "local_time":  # engines have their own rules for other years
            rows = [row for row in rows if row["c0"] is None or 0 < row["c0"] < 66 * 365 * DAY]
        for options in _OPTIONS.get(name, [{}]):
            call = Call(function=name, args=columns, options=options)
            try:
                infer(call, schema)
            except PlanError:  # a sum of more than 38 digits, the hour of a date
                continue
            _assert_agrees(call, schema, rows, ulps=ulps)
            if len(types) == 2 and not any(dtype.is_nested for dtype in types):
                for value in (*random.Random(name).sample(_values(types[1]), 2), None):
                    one = Call(function=name, args=(columns[0], _constant(value, types[1])), options=options)
                    _assert_agrees(one, schema, rows[:60], ulps=ulps)


def _of_kind(kind: str) -> tuple[DataType, ...]:
    return (*_DECIMALS, Decimal(38, 0), Decimal(3, 3)) if kind == "decimal" else (parse_type(kind),)


@pytest.mark.parametrize("kind", CASTS)
@pytest.mark.parametrize("on_failure", ["error", "null"])
def test_a_conversion_has_the_values_and_the_errors_of_the_oracle(kind: str, on_failure: Any) -> None:
    targets = [*CASTS[kind], "decimal"] if kind == "decimal" else [*CASTS[kind]]
    for source, target in itertools.product(_of_kind(kind), [dtype for name in targets for dtype in _of_kind(name)]):
        cast = Cast(arg=Column(name="c0"), to=target, on_failure=on_failure)
        _assert_agrees(cast, Schema.of(c0=str(source)), _rows([source]))
