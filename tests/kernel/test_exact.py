"""Exact window sums: equal to math.fsum and to integer arithmetic, whatever surrounds the window."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.kernel.exact import ExactPrefix, two_product

AWKWARD = [
    0.0, 1.0, -1.0, 1e16, -1e16, 1e300, -1e300, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
    -1.7976931348623157e308, 0.1, 0.2, 0.3, 20.37, -999999.99, 2**53 + 2.0, 2.0**-1022, 1 + 2.0**-52, 123456789.125,
]  # fmt: skip
numbers = st.one_of(st.sampled_from(AWKWARD), st.floats(allow_nan=False, allow_infinity=False), st.floats(-1e6, 1e6))


def windows(n: int, seed: int = 0, count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.integers(0, n + 1, (count, 2)), axis=1)
    ends = np.vstack([ends, [[0, n], [0, 0], [n, n]]])
    return ends[:, 0].astype(np.int64), ends[:, 1].astype(np.int64)


def fsum(values: list[float]) -> float:
    """The correctly rounded sum, infinity where it is beyond the doubles (math.fsum raises there)."""
    exact = sum(map(Fraction, values), Fraction(0))
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


@settings(max_examples=300, deadline=None)
@given(st.lists(numbers, max_size=40))
def test_float_sums_are_rounded_once(values: list[float]) -> None:
    prefix = ExactPrefix.of_floats(np.array(values, np.float64))
    left, right = windows(len(values))
    high, low = prefix.window(left, right)
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        expected = fsum(values[a:b])
        assert high[i] == expected
        if math.isfinite(expected):
            rest = sum(map(Fraction, values[a:b]), Fraction(0)) - Fraction(expected)
            assert low[i] == float(rest)


@pytest.mark.parametrize("scale", [1.0, 1e-3, 2.0**-1060, 2.0**900, 1e10])
@pytest.mark.parametrize("size", [1, 7, 1000, 70_000])
def test_many_values_of_money(size: int, scale: float) -> None:
    rng = np.random.default_rng(size)
    values = np.round(np.exp(rng.normal(3, 1.5, size)), 2) * rng.choice([-1.0, 1.0], size) * scale
    left, right = windows(size, seed=1, count=20)
    got = ExactPrefix.of_floats(values).rounded(left, right)
    assert got.tolist() == [math.fsum(values[a:b]) for a, b in zip(left, right, strict=True)]


def test_one_extreme_value_does_not_disturb_other_windows() -> None:
    values = np.round(np.random.default_rng(3).normal(0, 100, 5000), 2)
    values[2500:2503] = [1e300, 5e-324, -1e16]
    left, right = windows(5000, seed=2, count=200)
    got = ExactPrefix.of_floats(values).rounded(left, right)
    assert got.tolist() == [math.fsum(values[a:b]) for a, b in zip(left, right, strict=True)]


def test_nan_and_infinities_count_only_inside_their_windows() -> None:
    values = np.array([1.0, math.nan, 2.0, math.inf, 3.0, -math.inf, 4.0])
    left = np.array([0, 0, 2, 3, 2, 4, 6, 4, 5])
    right = np.array([1, 2, 3, 4, 6, 6, 7, 5, 7])
    high, low = ExactPrefix.of_floats(values).window(left, right)
    expected = [1.0, math.nan, 2.0, math.inf, math.nan, -math.inf, 4.0, 3.0, -math.inf]
    np.testing.assert_array_equal(high, expected)
    assert low.tolist() == [0.0] * 9


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e100, 1e100), st.floats(-1e60, 1e60)), min_size=1, max_size=20))
def test_terms_are_added_exactly(pairs: list[tuple[float, float]]) -> None:
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    left, right = windows(len(pairs))
    got = ExactPrefix.of_floats(first, second).rounded(left, right)
    flat = [[x for pair in pairs[a:b] for x in pair] for a, b in zip(left, right, strict=True)]
    assert got.tolist() == [fsum(values) for values in flat]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(-1e100, 1e100).filter(lambda x: x == 0 or abs(x) > 1e-100), min_size=1))
def test_two_product_is_exact(values: list[float]) -> None:
    left, right = np.array(values), np.array(values[::-1])
    product, error = two_product(left, right)
    for a, b, p, e in zip(left, right, product, error, strict=True):
        assert Fraction(a) * Fraction(b) == Fraction(p) + Fraction(e)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30))
def test_integer_sums(values: list[int]) -> None:
    prefix = ExactPrefix.of_ints(np.array(values, np.int64))
    left, right = windows(len(values))
    got, overflow = prefix.integers(left, right)
    high = prefix.rounded(left, right)
    low_word, high_word = prefix.words(left, right)
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        exact = sum(values[a:b])
        assert bool(overflow[i]) == (not -(2**63) <= exact < 2**63)
        assert overflow[i] or int(got[i]) == exact
        assert high[i] == float(exact)
        assert int(low_word[i]) + (int(high_word[i]) << 64) == exact


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(-(10**38) + 1, 10**38 - 1), max_size=30), st.booleans())
def test_decimal_sums(values: list[int], small: bool) -> None:
    values = [v % 10**12 for v in values] if small else values
    column = pa.array([Decimal(v) for v in values], pa.decimal128(38, 0))
    prefix = ExactPrefix.of_decimals(column)
    left, right = windows(len(values))
    low, high = prefix.words(left, right)
    rounded = prefix.rounded(left, right)
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        exact = sum(values[a:b])
        assert rounded[i] == float(exact)
        assert (int(low[i]) + (int(high[i]) << 64) - exact) % 2**128 == 0


def test_sliced_decimal_columns_are_read_from_their_offset() -> None:
    column = pa.array([Decimal("1.50"), Decimal("2.25"), Decimal("-4.00")], pa.decimal128(10, 2)).slice(1)
    low, _ = ExactPrefix.of_decimals(column).words(np.array([0]), np.array([1]))
    assert low.tolist() == [225]
