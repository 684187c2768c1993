"""The oracle's aggregations: every example of the catalogue, edges by hand, and rounding against the statistics module."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from decimal import Decimal as Number
from fractions import Fraction
from typing import Any

import pytest

from onefold.plan import AGGREGATIONS, Aggregation
from onefold.types import FLOAT64, INT64, Decimal, parse_type
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS as RULES
from onefold_conformance.oracle.aggregations.exact import root, rounded
from onefold_conformance.oracle.bounds import bound_of
from onefold_conformance.oracle.interface import Application, Entry, ValueFailure

INF, NAN = math.inf, math.nan


def applied(name: str, *args: Sequence[Any], dtype: str = "float64", **options: Any) -> Any:
    """Return an aggregation of columns of one type, one second between rows, the last at the end."""
    entries = [
        Entry(values, rank, (len(args[0]) - 1 - rank) * 1_000_000)
        for rank, values in enumerate(zip(*args, strict=True))
    ]
    types = (parse_type(dtype),) * len(args)
    return RULES[name](Application(name, types, AGGREGATIONS[name].result_type(types, options), options), entries)


def test_every_aggregation_has_a_rule() -> None:
    assert list(RULES) == list(AGGREGATIONS)


@pytest.mark.parametrize("entry", AGGREGATIONS.values(), ids=lambda entry: entry.name)
def test_examples_of_the_catalogue(entry: Aggregation) -> None:
    types = tuple(parse_type(text) for text, _ in entry.example.args)
    rows = list(zip(*(values for _, values in entry.example.args), strict=True))
    options = {name: option.default for name, option in entry.options.items()} | dict(entry.example.options)
    entries = [Entry(row, rank, (len(rows) - 1 - rank) * 1_000_000) for rank, row in enumerate(rows) if None not in row]
    call = Application(entry.name, types, entry.result_type(types, options), options)
    found = RULES[entry.name](call, entries)
    if isinstance(found, float):  # the catalogue's numbers are those of floats, the oracle's are exact
        assert bound_of(call, entries, found, exact_sums=False).allows(found, entry.example.result)
    else:
        assert found == entry.example.result


@pytest.mark.parametrize("entry", AGGREGATIONS.values(), ids=lambda entry: entry.name)
def test_nothing_is_null_or_zero(entry: Aggregation) -> None:
    types = tuple(parse_type(text) for text, _ in entry.example.args)
    options = {name: option.default for name, option in entry.options.items()} | dict(entry.example.options)
    call = Application(entry.name, types, entry.result_type(types, options), options)
    assert RULES[entry.name](call, []) == (0 if entry.empty == "zero" else None)


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([1e16, 1.0, -1e16], 1.0),
        ([0.1] * 10, 1.0),
        ([INF, 1.0], INF),
        ([INF, -INF], NAN),
        ([NAN, INF], NAN),
        ([1.7e308, 1.7e308], INF),
        ([1.7e308, 1.7e308, -1.7e308], 1.7e308),
        ([-0.0], 0.0),
    ],
)
def test_sum_of_floats(values: list[float], total: float) -> None:
    found = applied("sum", values)
    assert found == total or (math.isnan(found) and math.isnan(total))
    assert math.copysign(1, found) == math.copysign(1, total) or math.isnan(total)


def test_sums_that_do_not_fit() -> None:
    most = 2**63 - 1
    assert applied("sum", [most, 1, -1], dtype="int64") == most
    with pytest.raises(ValueFailure):
        applied("sum", [most, 1], dtype="int64")
    assert applied("sum", [-(2**63)], dtype="int64") == -(2**63)
    great = Number("9" * 38)
    assert applied("sum", [great, Number(-1)], dtype="decimal128(38, 0)") == Number("9" * 37 + "8")
    with pytest.raises(ValueFailure):
        applied("sum", [great, Number(1)], dtype="decimal128(38, 0)")


def test_mean_divides_the_rounded_sum() -> None:
    # 2^53 + 1 rounds to 2^53 before it is divided by three: 3002399751580330.67 is not what comes out.
    assert applied("mean", [2**53, 1, 0], dtype="int64") == 2.0**53 / 3
    assert applied("mean", [2**62, 2**62, 2**62], dtype="int64") == 2.0**62
    assert applied("mean", [Number("0.1"), Number("0.2")], dtype="decimal128(2, 1)") == 0.3 / 2


def test_moments_against_the_statistics_module() -> None:
    values = [1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.4]
    assert applied("var_samp", values) == statistics.variance(values)
    assert applied("var_pop", values) == statistics.pvariance(values)
    assert applied("stddev_samp", values) == statistics.stdev(values)
    assert applied("stddev_pop", values) == statistics.pstdev(values)


def test_moments_by_hand() -> None:
    # {0, 0, 0, 4}: mean 1, m2 = 3, m3 = (27 - 3) / 4 = 6, m4 = (81 + 3) / 4 = 21.
    values = [0.0, 0.0, 0.0, 4.0]
    assert applied("skewness", values) == rounded(Fraction(6)) / (3 * math.sqrt(3)) == pytest.approx(1.1547005)
    assert applied("kurtosis", values) == rounded(Fraction(21, 9) - 3)
    assert applied("skewness", [-value for value in values]) == -applied("skewness", values)
    assert applied("covar_samp", [1.0, 2.0], [2.0, 6.0]) == 2.0
    assert applied("corr", [1.0, 2.0, 3.0], [1.0, 0.0, -1.0]) == -1.0


def test_few_equal_and_infinite_values() -> None:
    assert [applied(name, [7.0]) for name in ("var_samp", "stddev_samp", "var_pop", "stddev_pop")] == [None, None, 0, 0]
    assert applied("skewness", [2.0, 2.0]) is None
    assert applied("kurtosis", [0.1, 0.1, 0.1]) is None
    assert applied("corr", [1.0], [1.0]) is applied("covar_samp", [1.0], [1.0]) is None
    assert applied("corr", [1.0, 1.0], [1.0, 2.0]) is None
    assert applied("covar_pop", [1.0], [1.0]) == 0.0
    assert math.isnan(applied("skewness", [INF]))
    assert math.isnan(applied("var_pop", [NAN]))
    assert applied("var_samp", [NAN]) is None
    assert math.isnan(applied("corr", [INF, 1.0], [1.0, 1.0]))


def test_nan_is_one_value_above_all_numbers() -> None:
    values = [NAN, INF, 1.0, NAN]
    assert math.isnan(applied("max", values))
    assert applied("min", values) == 1.0
    assert applied("count_distinct", values) == 3
    assert [item["value"] for item in applied("histogram", values)] == [1, 1, 2]
    assert math.isnan(applied("mode", values))
    smallest = applied("min_n", values, n=3)
    assert smallest[:2] == [1.0, INF]
    assert math.isnan(smallest[2])


def test_text_is_ordered_by_its_bytes() -> None:
    # U+10000 is after U+FFFD, although its first UTF-16 unit is smaller.
    assert applied("max", ["�", "\U00010000"], dtype="string") == "\U00010000"
    assert applied("min", ["a", "B"], dtype="string") == "B"


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([1.0, 2.0, 3.0, 4.0], 0.25, 1.75),
        ([1.0, INF], 0.0, 1.0),
        ([1.0, INF], 0.5, INF),
        ([-INF, 1.0], 0.5, NAN),
        ([-INF, -INF], 0.5, -INF),
        ([-1.7e308, 1.7e308], 0.5, 0.0),
        ([1.0, NAN], 0.5, NAN),
        ([1.0, 2.0, NAN], 0.5, 2.0),
    ],
)
def test_quantiles(values: list[float], q: float, expected: float) -> None:
    found = applied("quantile", values, q=q)
    assert found == expected or (math.isnan(found) and math.isnan(expected))


def test_discrete_quantiles() -> None:
    values = ["a", "b", "c", "d"]
    shares = [(0.0, "a"), (0.25, "a"), (0.26, "b"), (0.5, "b"), (1.0, "d")]
    assert [applied("quantile_disc", values, dtype="string", q=q) for q, _ in shares] == [value for _, value in shares]


def test_decay_far_away() -> None:
    old = [Entry((8.0,), 0, 10_000_000_000), Entry((4.0,), 1, 10_000_000_000)]
    for name, expected in (("decayed_sum", 0.0), ("decayed_count", 0.0), ("decayed_mean", 6.0)):
        call = Application(name, (FLOAT64,), FLOAT64, {"half_life": 1_000_000})
        assert RULES[name](call, old) == expected
    call = Application("decayed_sum", (FLOAT64,), FLOAT64, {"half_life": 1})
    assert RULES["decayed_sum"](call, [Entry((INF,), 0, 10**17)]) == INF


@pytest.mark.parametrize("square", [Fraction(1, 3), Fraction(10**40 + 1), Fraction(1, 10**300), Fraction(2**106 + 1)])
def test_roots_are_rounded_once(square: Fraction) -> None:
    found = Fraction(root(square))
    below, above = Fraction(math.nextafter(root(square), 0)), Fraction(math.nextafter(root(square), INF))
    assert ((found + below) / 2) ** 2 <= square <= ((found + above) / 2) ** 2


def test_bounds_hold_for_plain_floats_and_not_for_one_pass_formulas() -> None:
    values = [1e9 + step / 7 for step in range(20)]
    entries = [Entry((value,)) for value in values]
    call = Application("var_pop", (FLOAT64,), FLOAT64)
    exact = RULES["var_pop"](call, entries)
    bound = bound_of(call, entries, exact, exact_sums=False)
    mean = sum(values) / 20
    two_pass = sum((value - mean) ** 2 for value in values) / 20
    one_pass = sum(value * value for value in values) / 20 - mean * mean
    assert bound.allows(exact, two_pass)
    assert not bound.allows(exact, one_pass)


def test_bounds_of_sums() -> None:
    entries = [Entry((0.1,))] * 10
    call = Application("sum", (FLOAT64,), FLOAT64)
    assert bound_of(call, entries, 1.0, exact_sums=True).is_exact
    bound = bound_of(call, entries, 1.0, exact_sums=False)
    assert bound.absolute == pytest.approx(2 * 10 * 2.0**-53)
    assert bound.allows(1.0, sum([0.1] * 10))
    assert not bound.allows(1.0, 1.0 + 1e-14)
    whole = Application("sum", (INT64,), INT64)
    assert bound_of(whole, [Entry((1,))] * 3, 3, exact_sums=False).is_exact


def test_bounds_of_approximations() -> None:
    count = Application("approx_count_distinct", (INT64,), INT64)
    assert bound_of(count, [Entry((1,))], 20, exact_sums=False).allows(20, 22)
    assert not bound_of(count, [Entry((1,))], 20, exact_sums=False).allows(20, 23)
    assert bound_of(count, [Entry((1,))], 1000, exact_sums=False).allows(1000, 1100)
    quantile = Application("approx_quantile", (INT64,), FLOAT64, {"q": 0.5})
    entries = [Entry((value,)) for value in range(1001)]
    bound = bound_of(quantile, entries, 500.0, exact_sums=False)
    assert bound.allows(500.0, 480.0)
    assert bound.allows(500.0, 520.0)
    assert not bound.allows(500.0, 522.0)


def test_decimals_keep_their_scale() -> None:
    assert AGGREGATIONS["sum"].result_type((Decimal(5, 2),), {}) == Decimal(38, 2)
    assert applied("sum", [Number("1.10"), Number("2.20")], dtype="decimal128(5, 2)") == Number("3.30")
