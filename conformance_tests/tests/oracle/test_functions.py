"""The oracle's functions and casts: the catalogue's examples, and cases that were derived by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from conformance_tests.tests.oracle.evaluation import applied, converted
from tests.sql.evaluation import ERROR, INF, NAN, Case, allowed_ulps, same
from tests.sql.function_cases import logic, numbers, text, times
from tests.sql.function_cases.casts import CASTS as CONVERSIONS

from onefold.plan import CASTS as CAST_PAIRS
from onefold.plan import FUNCTIONS as CATALOGUE
from onefold.plan import Call
from onefold.types import parse_type
from onefold_conformance.oracle.casts import CASTS
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.functions.pattern import like_pattern, portable_pattern
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.numbers import round_half_away
from onefold_conformance.oracle.values import Value, from_python

LARGEST = 1.7976931348623157e308

CASES = [*numbers.CASES, *logic.CASES, *text.CASES, *times.CASES]


def result_of(boundary: Case) -> Value:
    entry = CATALOGUE[boundary.function]
    dtype = entry.result_type(
        tuple(map(parse_type, boundary.types)), Call(function=entry.name, options=boundary.options).options
    )
    return from_python(boundary.expected, dtype)


# -- completeness, examples, boundary cases


def test_every_function_of_the_catalogue_has_a_rule() -> None:
    assert list(FUNCTIONS) == list(CATALOGUE)


def test_every_cast_has_a_rule() -> None:
    pairs = {(source, target) for source, targets in CAST_PAIRS.items() for target in targets}
    assert set(CASTS) == pairs | {("decimal", "decimal")}


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_example(name: str) -> None:
    example = CATALOGUE[name].example
    types = tuple(dtype for dtype, _ in example.args)
    rows = list(zip(*(values for _, values in example.args), strict=True))
    for args, expected in zip(rows, example.result, strict=True):
        wanted = result_of(Case(name, types, args, expected, dict(example.options)))
        got = applied(name, types, args, example.options)
        assert same(got, wanted, ulps=allowed_ulps(name)), f"{args}: {got!r} instead of {wanted!r}"


@pytest.mark.parametrize("boundary", CASES, ids=[f"{i:03}-{case.function}" for i, case in enumerate(CASES)])
def test_boundary(boundary: Case) -> None:
    def value() -> Value:
        return applied(boundary.function, boundary.types, boundary.args, boundary.options)

    if boundary.expected is ERROR:
        with pytest.raises(ValueFailure):
            value()
        return
    assert same(value(), result_of(boundary), ulps=allowed_ulps(boundary.function)), f"{value()!r}"


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"),
    CONVERSIONS,
    ids=[f"{i:03}-{row[0]}-{row[1]}" for i, row in enumerate(CONVERSIONS)],
)
def test_cast(source: str, target: str, value: Any, expected: Any) -> None:
    if expected is ERROR:
        assert converted(value, source, target, "null") is None
        with pytest.raises(ValueFailure):
            converted(value, source, target)
    else:
        wanted = from_python(expected, parse_type(target))
        assert same(converted(value, source, target), wanted)
        assert same(converted(value, source, target, "null"), wanted)


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if entry.nulls == "propagate"])
def test_a_null_argument_gives_null_where_the_catalogue_says_so(name: str) -> None:
    example = CATALOGUE[name].example
    types = tuple(dtype for dtype, _ in example.args)
    filled = [next(value for value in values if value is not None) for _, values in example.args]
    for missing in range(len(filled)):
        args = tuple(None if index == missing else value for index, value in enumerate(filled))
        assert applied(name, types, args, example.options) is None


# -- numbers


FLOATS = ("float64", "float64")


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("power", (-10.0, 309.0), -INF),
        ("power", (-10.0, 310.0), INF),
        ("power", (-0.5, -INF), INF),
        ("power", (1.0, NAN), 1.0),
        ("power", (NAN, 1.0), NAN),
        ("power", (-INF, 3.0), -INF),
        ("power", (0.0, -2.5), INF),
        ("multiply", (-1e308, 10.0), -INF),
        ("divide", (-1e308, 1e-10), -INF),
        ("atan2", (0.0, -INF), 3.141592653589793),
    ],
)
def test_floats_that_are_too_large_are_infinite(name: str, args: tuple[float, float], expected: float) -> None:
    assert same(applied(name, FLOATS, args, {}), expected)


def test_hyperbolic_functions_overflow_to_the_infinity_of_their_sign() -> None:
    got = [applied(name, ("float64",), (x,), {}) for name in ("sinh", "cosh") for x in (-800.0, 800.0)]
    assert got == [-INF, INF, INF, INF]


def test_a_logarithm_to_a_base_is_rounded_once() -> None:
    # Powers of three up to 3**33 are exact in float64; a quotient of two rounded logarithms misses 5 and others.
    exponents = range(34)
    assert [applied("log", ("float64",), (3.0**n,), {"base": 3.0}) for n in exponents] == [float(n) for n in exponents]
    assert applied("log", ("float64",), (INF,), {"base": 0.5}) == -INF


def test_rounding_goes_step_by_step_in_floats() -> None:
    def rounded(value: float, digits: int) -> Value:
        return applied("round", ("float64",), (value,), {"digits": digits})

    assert rounded(5e-16, 15) == 1e-15
    assert rounded(4503599627370495.5, 0) == 4503599627370496.0
    assert rounded(-1.5e15, -15) == -2e15
    assert rounded(4.35, 1) == 4.4  # 4.35 is stored as a little less, but 4.35 * 10 is 43.5
    assert round_half_away(-0.5) == -1.0


def test_whole_floats_stay_where_the_formula_would_overflow() -> None:
    assert applied("round", ("float64",), (LARGEST,), {"digits": 2}) == LARGEST
    assert applied("round", ("float64",), (-LARGEST,), {"digits": 15}) == -LARGEST
    assert applied("round", ("float64",), (2.0**52 + 1,), {"digits": 1}) == 2.0**52 + 1
    assert applied("round", ("float64",), (1.6e308,), {"digits": -15}) == 1.6e308


def test_decimals_have_one_zero() -> None:
    dtype = "decimal128(5, 2)"
    assert str(applied("multiply", (dtype, dtype), (Decimal("0.00"), Decimal("-1.00")), {})) == "0.0000"
    assert str(converted(Decimal("-0.004"), "decimal128(5, 3)", dtype)) == "0.00"
    assert converted(Decimal("-0.00"), dtype, "string") == "0.00"


def test_decimals_of_38_digits_are_exact() -> None:
    most = Decimal("9" * 38)
    big, small = "decimal128(38, 0)", "decimal128(38, 38)"
    assert converted(most, big, "decimal128(38, 0)") == most
    with pytest.raises(ValueFailure):
        applied("round", (big,), (most,), {"digits": -1})
    tiny = Decimal(1).scaleb(-38)
    assert converted(tiny, small, "string") == "0." + "0" * 37 + "1"
    assert applied("negate", (small,), (tiny,), {}) == -tiny


def test_numerals_of_any_length_are_read() -> None:
    assert converted("0" * 10_000 + "7", "string", "int64") == 7
    assert converted("-" + "9" * 10_000, "string", "int64", "null") is None
    assert converted("9" * 400, "string", "float64") == INF
    assert converted("0." + "4" * 10_000, "string", "decimal128(3, 1)") == Decimal("0.4")
    assert converted("9" * 10_000, "string", "decimal128(3, 1)", "null") is None


# -- text


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("a$", "a\n", None),
        ("[|][|]", "||", "||"),
        ("[||\\&]+", "x|&|", "|&|"),
        ("[$.]+", "a$.b", "$."),
        ("[^\\]a-c]+", "a]xyb", "xy"),
        ("[a\\-z]+", "m-z", "-z"),
        ("\\$[0-9]+\\.[0-9]{2}", "is $10.50", "$10.50"),
        ("a|ab", "ab", "a"),
        ("(a|ab)(c|bcd)", "abcd", "abcd"),
        ("é.", "aé\né😀", "é😀"),
        ("x{2,}", "xxxx", "xxxx"),
    ],
)
def test_portable_patterns(pattern: str, subject: str, expected: str | None) -> None:
    assert applied("regexp_extract", ("string",), (subject,), {"pattern": pattern}) == expected


def test_a_group_that_took_no_part_is_replaced_by_nothing() -> None:
    options = {"pattern": "(a)?b", "replacement": "<\\1\\0>"}
    assert applied("regexp_replace", ("string",), ("bab",), options) == "<b><aab>"


def test_like_escapes_what_regular_expressions_would_read() -> None:
    assert like_pattern("a.(b)*!!_").fullmatch("a.(b)*!\n")
    assert not like_pattern("a.c").fullmatch("abc")
    assert portable_pattern("a.c").search("a\nc") is None
