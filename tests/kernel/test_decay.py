from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.segments import Case, cases, random_case

from onefold.kernel.decay import AGGREGATORS
from onefold.kernel.segment import Interval, Segment
from onefold.plan.aggregations import AGGREGATIONS

NUMERIC = [
    (pa.int64(), st.integers(-3, 3)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
    (pa.float64(), st.sampled_from([1e308, -1e308, 1.7e308, 1.0, 1e-300])),
    (pa.decimal128(38, 2), st.decimals("-1e35", "1e35", places=2)),
]
ANY_NUMBER = st.sampled_from(NUMERIC).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))
HALF_LIVES = st.sampled_from([1, 2, 3, 1000, 10**12, 10**30])
BOUND = Decimal("1e-11")
SMALLEST = Decimal(2) ** -1022


class Exact:
    """The decayed sums of one window, to 60 digits."""

    def __init__(self, end: int, times: list[int], values: list[Any], half_life: int) -> None:
        with localcontext(prec=60, Emax=10**9, Emin=-(10**9)):
            weights = [Decimal(2) ** (Decimal(time - end) / half_life) for time in times]
            numbers = [Fraction(float(value)) for value in values]
            decimals = [Decimal(number.numerator) / number.denominator for number in numbers]
            self.sum = sum((x * w for x, w in zip(decimals, weights, strict=True)), Decimal(0))
            self.size = sum((abs(x) * w for x, w in zip(decimals, weights, strict=True)), Decimal(0))
            self.count = sum(weights, Decimal(0))

    @staticmethod
    def close(result: float, exact: Decimal, size: Decimal) -> bool:
        if math.isinf(result):  # right when the sum is beyond the greatest double, or so close that rounding decides
            return abs(exact) >= Decimal("1.797693134e308") and (result > 0) == (exact > 0)
        return abs(Decimal(result) - exact) <= BOUND * size + SMALLEST


def check(case: Case, half_life: int) -> None:
    results = {name: case.run(AGGREGATORS[name], half_life=half_life) for name in AGGREGATORS}
    for place, windows in enumerate(case.windows()):
        for row, (end, times, values) in enumerate(windows):
            found = {name: result[place][row] for name, result in results.items()}
            if not values:
                assert found == dict.fromkeys(AGGREGATORS)
                continue
            exact = Exact(end, times, values, half_life)
            with localcontext(prec=60, Emax=10**9, Emin=-(10**9)):
                assert exact.close(found["decayed_sum"], exact.sum, exact.size)
                assert exact.close(found["decayed_count"], exact.count, exact.count)
                mean, size = exact.sum / exact.count, exact.size / exact.count
                assert exact.close(found["decayed_mean"], mean, size)


@given(ANY_NUMBER, HALF_LIVES)
def test_every_numeric_type_and_all_half_lives(case: Case, half_life: int) -> None:
    check(case, half_life)


@pytest.mark.parametrize("half_life", [10, 1000, 10**5])
def test_many_rows(half_life: int) -> None:
    rng = np.random.default_rng(2)
    case = random_case(
        [(rng.normal(size=600) * 10.0 ** rng.integers(-5, 5, 600)).tolist()],
        [pa.float64()],
        keys=(rng.zipf(1.5, 600) % 8).tolist(),
        times=rng.integers(0, 3000, 600).tolist(),
        spine=[(int(key), int(end)) for key, end in rng.integers(0, (8, 5000), (60, 2))],
        sizes=[50, 700, None],
    )
    check(case, half_life)


def one_window(values: list[float], times: list[int], left: int, end: int) -> Case:
    size = len(values)
    segment = Segment(np.zeros(size, np.int64), np.array(times), (pa.array(values, pa.float64()),), np.arange(size))
    return Case(segment, (Interval(np.array([left]), np.array([size]), np.array([end])),))


def test_large_values_before_the_window_leave_no_trace() -> None:
    with_them = one_window([1e300, -1e300, 1e300, 1e-9, 3e-9], [0, 1, 2, 3, 4], left=3, end=5)
    alone = one_window([1e-9, 3e-9], [3, 4], left=0, end=5)
    for name in AGGREGATORS:
        assert with_them.run(AGGREGATORS[name], half_life=7) == alone.run(AGGREGATORS[name], half_life=7)


def test_an_equal_later_value_does_not_hide_a_decayed_one() -> None:
    case = one_window([1e20, -1e20, 1.0], [0, 0, 1], left=0, end=1)
    assert case.run(AGGREGATORS["decayed_sum"], half_life=1) == [[1.0]]


def test_long_after_the_last_row_sums_fade_to_nothing_and_means_stay() -> None:
    case = one_window([-3.0, -5.0], [0, 0], left=0, end=10**15)
    assert case.run(AGGREGATORS["decayed_sum"], half_life=10**6) == [[0.0]]
    assert math.copysign(1.0, case.run(AGGREGATORS["decayed_sum"], half_life=10**6)[0][0]) == 1.0
    assert case.run(AGGREGATORS["decayed_count"], half_life=10**6) == [[0.0]]
    assert case.run(AGGREGATORS["decayed_mean"], half_life=10**6) == [[-4.0]]


def test_a_weight_below_the_smallest_double_times_a_large_value_keeps_its_digits() -> None:
    case = one_window([3e300, 0.0], [0, 1060], left=0, end=1060)
    [[found]] = case.run(AGGREGATORS["decayed_sum"], half_life=1)
    assert found == pytest.approx(float(Fraction(3e300) / 2**1060), rel=1e-11, abs=0.0)


def test_sums_that_overflow_on_the_way_but_not_in_the_end() -> None:
    case = one_window([1.5e308, 1.5e308, -1.5e308, 1e308], [0] * 4, left=0, end=0)
    assert case.run(AGGREGATORS["decayed_sum"], half_life=1) == [[math.inf]]
    assert case.run(AGGREGATORS["decayed_mean"], half_life=1)[0][0] == pytest.approx(6.25e307, rel=1e-12)
    assert one_window([1.5e308] * 4, [0] * 4, 0, 2).run(AGGREGATORS["decayed_sum"], half_life=1)[0][0] == 1.5e308


@pytest.mark.parametrize("name", ["decayed_sum", "decayed_mean"])
def test_nan_and_infinities_spread_as_in_a_sum_however_old(name: str) -> None:
    far = 10**9
    for values, expected in [
        ([math.inf, 1.0], math.inf),
        ([-math.inf, 1.0], -math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.nan, 1.0], math.nan),
        ([math.nan, math.inf], math.nan),
    ]:
        [[found]] = one_window(values, [0, far], left=0, end=far).run(AGGREGATORS[name], half_life=1)
        assert found == expected or (math.isnan(found) and math.isnan(expected))
        [[later]] = one_window([*values, 2.0], [0, 1, 2], left=2, end=2).run(AGGREGATORS[name], half_life=1)
        assert later == 2.0


def test_rows_without_an_argument_are_counted() -> None:
    segment = Segment(np.zeros(2, np.int64), np.array([0, 10]), (), np.arange(2))
    case = Case(segment, (Interval(np.array([0]), np.array([2]), np.array([10])),))
    assert case.run(AGGREGATORS["decayed_count"], half_life=10) == [[1.5]]


def test_every_aggregation_of_the_family_is_there() -> None:
    assert set(AGGREGATORS) == {name for name, entry in AGGREGATIONS.items() if entry.family == "decay"}
