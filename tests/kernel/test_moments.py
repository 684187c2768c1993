from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.segments import Case, cases, random_case

from onefold.kernel.central import central_moments
from onefold.kernel.moments import AGGREGATORS
from onefold.kernel.segment import Interval, Segment
from onefold.plan.aggregations import AGGREGATIONS

FLOATS = [
    st.integers(-3, 3).map(float),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0),
    st.sampled_from([1e15, 1e15 + 1, 1e15 + 2]),
    st.sampled_from([1e9, 1e9 + 1e-6, 1e9 + 3e-6, 1.0]),
    st.sampled_from([1.7e308, -1.7e308, 1e-300, 5e-324, 0.0]),
    st.sampled_from([5e-324, 1e-323, 1.5e-323]),
    st.sampled_from([1e160, 1.0000001e160, 3e160]),
    st.sampled_from([1e-160, 1.0000001e-160, 1.0]),
]
SPECIAL = st.sampled_from([1.0, 2.0, math.nan, math.inf, -math.inf])
NUMERIC = [
    *((pa.float64(), floats) for floats in FLOATS),
    (pa.int64(), st.integers(-3, 3)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.decimal128(9, 2), st.decimals("-1e6", "1e6", places=2)),
    (pa.decimal128(38, 2), st.decimals("-1e35", "1e35", places=2)),
]
ANY_NUMBER = st.sampled_from(NUMERIC).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))
ANY_PAIR = st.sampled_from(FLOATS).flatmap(
    lambda x: st.sampled_from(FLOATS).flatmap(lambda y: cases(x, y, types=[pa.float64(), pa.float64()], most=12))
)
WIDE = Context(prec=80, Emax=10**6, Emin=-(10**6))
SMALLEST = Decimal(2) ** -1072


def exact(value: Any) -> Fraction:
    """The value that the kernel computes with."""
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)
        whole = float((-1) ** sign * int("".join(map(str, digits))))
        return Fraction(whole) * Fraction(10) ** exponent
    return Fraction(float(value))


def central(values: list[Fraction], degree: int) -> Fraction:
    """The sum of powers of the distances from the mean."""
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** degree for value in values), Fraction(0))


def absolute(values: list[Fraction], degree: int) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum((abs(value - mean) ** degree for value in values), Fraction(0))


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def check(found: float | None, expected: Decimal, error: Decimal) -> None:
    """Fail unless a result is within an absolute error, where doubles reach so far."""
    assert found is not None
    if math.isinf(found):
        assert abs(expected) > Decimal("1.797693134862e308")
        assert (found > 0) == (expected > 0)
        return
    assert abs(Decimal(found) - expected) <= error + SMALLEST, (found, expected, error)


def check_single(case: Case) -> None:
    results = {
        name: case.run(AGGREGATORS[name])
        for name in ("var_samp", "var_pop", "stddev_samp", "stddev_pop", "skewness", "kurtosis")
    }
    for place, windows in enumerate(case.windows()):
        for row, (_, _, values) in enumerate(windows):
            found = {name: result[place][row] for name, result in results.items()}
            check_values(found, [exact(value) for value in values])


def check_values(found: dict[str, float | None], values: list[Fraction]) -> None:
    count = len(values)
    if not count:
        assert set(found.values()) == {None}
        return
    second = central(values, 2)
    if second == 0:
        zero = None if count == 1 else 0.0
        expected = {"var_samp": zero, "var_pop": 0.0, "stddev_samp": zero, "stddev_pop": 0.0}
        assert found == {**expected, "skewness": None, "kurtosis": None}
        return
    with localcontext(WIDE):
        for name, divisor in (("pop", count), ("samp", count - 1)):
            variance = decimal(second) / divisor
            check(found[f"var_{name}"], variance, variance * Decimal("1e-14"))
            deviation = variance.sqrt()
            check(found[f"stddev_{name}"], deviation, deviation * Decimal("1e-14"))
        root = (decimal(second) / count).sqrt()
        third, fourth = central(values, 3), central(values, 4)
        size = decimal(absolute(values, 3)) / count / root**3
        check(found["skewness"], decimal(third) / count / root**3, size * Decimal("1e-13"))
        ratio = decimal(fourth) / count / root**4
        check(found["kurtosis"], ratio - 3, (ratio + 3) * Decimal("1e-13"))


def check_pairs(case: Case) -> None:
    results = {name: case.run(AGGREGATORS[name]) for name in ("covar_samp", "covar_pop", "corr")}
    for place, windows in enumerate(case.windows()):
        for row, (_, _, left, right) in enumerate(windows):
            found = {name: result[place][row] for name, result in results.items()}
            if not left:
                assert set(found.values()) == {None}
                continue
            count = len(left)
            xs, ys = [exact(x) for x in left], [exact(y) for y in right]
            mean_x, mean_y = sum(xs, Fraction(0)) / count, sum(ys, Fraction(0)) / count
            product = sum(((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)), Fraction(0))
            with localcontext(WIDE):
                size = (decimal(central(xs, 2)) * decimal(central(ys, 2))).sqrt()
                check(found["covar_pop"], decimal(product) / count, size / count * Decimal("1e-13"))
                if count == 1:
                    assert found["covar_samp"] is None
                else:
                    check(found["covar_samp"], decimal(product) / (count - 1), size / (count - 1) * Decimal("1e-13"))
                if size == 0:
                    assert found["corr"] is None
                else:
                    check(found["corr"], decimal(product) / size, Decimal("1e-13"))
                    assert found["corr"] is not None
                    assert abs(found["corr"]) <= 1.0


def one_window(*columns: list[float], left: int = 0) -> Case:
    size = len(columns[0])
    args = tuple(pa.array(column, pa.float64()) for column in columns)
    segment = Segment(np.zeros(size, np.int64), np.arange(size), args, np.arange(size))
    return Case(segment, (Interval(np.array([left]), np.array([size]), np.array([size])),))


@given(ANY_NUMBER)
def test_moments_of_every_numeric_type_against_fractions(case: Case) -> None:
    check_single(case)


@given(ANY_PAIR)
def test_moments_of_pairs_against_fractions(case: Case) -> None:
    check_pairs(case)


@pytest.mark.parametrize("offset", [0.0, 100.0, 1e5, 1e9, 1e15])
def test_many_rows(offset: float) -> None:
    rng = np.random.default_rng(4)
    keys = (rng.zipf(1.5, 800) % 10).tolist()
    times = rng.integers(0, 300, 800).tolist()
    spine = [(int(key), int(end)) for key, end in rng.integers(0, (11, 320), (80, 2))]
    values = (offset + rng.normal(size=800)).tolist()
    others = (offset + rng.normal(size=800) + np.array(values)).tolist()
    sizes = [5, 60, None]
    check_single(random_case([values], [pa.float64()], keys=keys, times=times, spine=spine, sizes=sizes))
    check_pairs(random_case([values, others], [pa.float64()] * 2, keys=keys, times=times, spine=spine, sizes=sizes))


def test_a_level_that_changes_leaves_no_trace() -> None:
    before = [1e300, -3.0, 1e18, 7e17, 0.1]
    window = [1e15, 1e15 + 1, 1e15 + 2, 1e15 + 1]
    for name in AGGREGATORS:
        pair = name.startswith(("cov", "corr"))
        columns = [[*before, *window], [*before[::-1], *window]] if pair else [[*before, *window]]
        alone = [window] * len(columns)
        assert one_window(*columns, left=5).run(AGGREGATORS[name]) == one_window(*alone).run(AGGREGATORS[name])


@pytest.mark.parametrize("start", range(5))
def test_results_depend_on_the_rows_of_the_window_alone(start: int) -> None:
    rng = np.random.default_rng(9)
    window = (rng.normal(size=37) + 3.0).tolist()
    before = (rng.normal(size=start) * 1e3).tolist()
    for name in AGGREGATORS:
        columns = 2 if name.startswith(("cov", "corr")) else 1
        longer = one_window(*([[*before, *window]] * columns), left=start)
        assert longer.run(AGGREGATORS[name]) == one_window(*([window] * columns)).run(AGGREGATORS[name])


@given(cases(SPECIAL, types=[pa.float64()]))
def test_nan_and_infinities_give_nan(case: Case) -> None:
    few = {"var_samp": 2, "var_pop": 1, "stddev_samp": 2, "stddev_pop": 1, "skewness": 1, "kurtosis": 1}
    for name, least in few.items():
        for found, windows in zip(case.run(AGGREGATORS[name]), case.windows(), strict=True):
            for value, (_, _, values) in zip(found, windows, strict=True):
                if len(values) < least:
                    assert value is None
                elif not all(map(math.isfinite, values)):
                    assert math.isnan(value)
                else:
                    assert value is None or math.isfinite(value)


@given(cases(SPECIAL, SPECIAL, types=[pa.float64(), pa.float64()]))
def test_nan_and_infinities_on_either_side_of_a_pair_give_nan(case: Case) -> None:
    for name, least in {"covar_samp": 2, "covar_pop": 1, "corr": 2}.items():
        for found, windows in zip(case.run(AGGREGATORS[name]), case.windows(), strict=True):
            for value, (_, _, left, right) in zip(found, windows, strict=True):
                if len(left) < least:
                    assert value is None
                elif not all(map(math.isfinite, [*left, *right])):
                    assert math.isnan(value)
                else:
                    assert value is None or math.isfinite(value)


def test_a_straight_line_correlates_fully() -> None:
    values = [0.1, 0.7, 1e-3, 5.0, -2.25]
    up, down = [3.0 * x for x in values], [-x for x in values]
    assert one_window(values, values).run(AGGREGATORS["corr"]) == [[1.0]]
    assert one_window(values, down).run(AGGREGATORS["corr"]) == [[-1.0]]
    assert one_window(values, up).run(AGGREGATORS["corr"])[0][0] == pytest.approx(1.0, abs=1e-15)


def test_decimals_are_exact_where_doubles_are_not() -> None:
    values = [Decimal("0.10"), Decimal("0.20"), Decimal("0.30")]
    case = random_case([values], [pa.decimal128(9, 2)], keys=[0] * 3, times=[0, 1, 2], spine=[(0, 3)], sizes=[None])
    assert case.run(AGGREGATORS["var_samp"]) == [[0.01]]
    assert case.run(AGGREGATORS["stddev_samp"]) == [[0.1]]


def test_no_rows_and_no_windows() -> None:
    empty = np.zeros(0, np.int64)
    for name in AGGREGATORS:
        segment = Segment(empty, empty, (pa.array([], pa.float64()),) * 2, empty)
        zero = np.zeros(2, np.int64)
        assert Case(segment, (Interval(zero, zero, zero), Interval(empty, empty, empty))).run(AGGREGATORS[name]) == [
            [None, None],
            [],
        ]
        assert AGGREGATORS[name](segment, [], {}) == []


def test_windows_are_never_mixed_across_keys() -> None:
    keys = np.repeat(np.arange(50), 3)
    column = np.arange(150.0) ** 3
    starts = np.arange(0, 150, 3)
    found = central_moments(keys, [column], starts, starts + 3)
    assert found.second[0] == pytest.approx(column.reshape(50, 3).var(axis=1) * 3, rel=1e-12)


def test_every_aggregation_of_the_family_is_there() -> None:
    assert set(AGGREGATORS) == {name for name, entry in AGGREGATIONS.items() if entry.family == "moments"}
