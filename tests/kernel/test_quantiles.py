from __future__ import annotations

import math
import statistics
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.segments import Case, cases, random_case
from tests.kernel.values import TYPES, ascending, same

from onefold.kernel.doubles import doubles_of
from onefold.kernel.quantiles import AGGREGATORS
from onefold.plan.aggregations import AGGREGATIONS

NUMERIC = [
    (pa.int64(), st.integers(-3, 3)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float64(), st.floats(width=64).map(lambda x: x + 0.0)),
    (pa.float64(), st.sampled_from([math.inf, -math.inf, math.nan, 1.7e308, -1.7e308, 1.0])),
    (pa.decimal128(38, 2), st.decimals("-1e35", "1e35", places=2)),
]
ANY_NUMBER = st.sampled_from(NUMERIC).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))
ANY_TYPE = st.sampled_from(TYPES).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))
SHARES = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), st.floats(0.0, 1.0))


def linear(values: list[Any], q: float) -> float | None:
    if not values:
        return None
    ordered = [float(value) for value in ascending(values)]
    height = q * (len(values) - 1)
    place = math.floor(height)
    fraction = height - place
    low = ordered[place]
    if fraction == 0.0 or low == ordered[place + 1]:
        return low
    high = ordered[place + 1]
    if math.isinf(high - low) and math.isfinite(low) and math.isfinite(high):
        return low * (1 - fraction) + high * fraction
    return low + (high - low) * fraction


def discrete(values: list[Any], q: float) -> Any:
    return ascending(values)[max(1, math.ceil(q * len(values))) - 1] if values else None


def comparable(results: list[list[Any]]) -> list[list[Any]]:
    return [[same(value) for value in result] for result in results]


@given(ANY_NUMBER, SHARES)
def test_interpolated_quantiles_of_every_numeric_type(case: Case, q: float) -> None:
    expected = comparable(case.expect(lambda values: linear(values, q)))
    assert comparable(case.run(AGGREGATORS["quantile"], q=q)) == expected
    assert comparable(case.run(AGGREGATORS["approx_quantile"], q=q)) == expected


@given(cases(st.integers(-1000, 1000), types=[pa.int64()]))
def test_the_median_is_the_median(case: Case) -> None:
    assert case.run(AGGREGATORS["median"]) == case.expect(lambda v: float(statistics.median(v)) if v else None)


@given(ANY_TYPE, SHARES)
def test_discrete_quantiles_of_every_type(case: Case, q: float) -> None:
    assert comparable(case.run(AGGREGATORS["quantile_disc"], q=q)) == comparable(
        case.expect(lambda values: discrete(values, q))
    )


@pytest.mark.parametrize("cardinality", [1, 3, 1000, 10**9])
def test_many_rows(cardinality: int) -> None:
    rng = np.random.default_rng(5)
    case = random_case(
        [rng.integers(0, cardinality, 3000).tolist()],
        [pa.int64()],
        keys=(rng.zipf(1.5, 3000) % 20).tolist(),
        times=rng.integers(0, 300, 3000).tolist(),
        spine=[(int(key), int(end)) for key, end in rng.integers(0, (22, 320), (300, 2))],
        sizes=[5, 60, None],
    )
    for q in (0.0, 0.1, 0.5, 0.95, 1.0):
        assert case.run(AGGREGATORS["quantile"], q=q) == case.expect(lambda v, q=q: linear(v, q))
        assert case.run(AGGREGATORS["quantile_disc"], q=q) == case.expect(lambda v, q=q: discrete(v, q))


def test_infinities() -> None:
    case = random_case(
        [[math.inf, math.inf, -math.inf, 1.0]],
        [pa.float64()],
        keys=[0, 0, 1, 1],
        times=[0, 1, 0, 1],
        spine=[(0, 2), (1, 2)],
        sizes=[None],
    )
    [[equal, apart]] = case.run(AGGREGATORS["median"])
    assert equal == math.inf
    assert math.isnan(apart)


@pytest.mark.parametrize(("precision", "scale"), [(9, 2), (18, 4), (18, 18), (30, 5), (38, 0), (38, 10), (38, 38)])
def test_decimals_become_the_nearest_doubles(precision: int, scale: int) -> None:
    rng = np.random.default_rng(3)
    digits = [rng.integers(0, 10, rng.integers(1, precision + 1)).tolist() for _ in range(2000)]
    exact = [Decimal((int(rng.integers(0, 2)), tuple(some), -scale)) for some in digits]
    exact += [Decimal(0), Decimal((0, (9,) * precision, -scale))]
    column = pa.array(exact, pa.decimal128(precision, scale))
    assert doubles_of(column).tolist() == [float(value) for value in column.to_pylist()]
    assert doubles_of(column[7:]).tolist() == [float(value) for value in column[7:].to_pylist()]


def test_a_decimal_in_the_middle_between_two_doubles_goes_to_the_even_one() -> None:
    middle = [Decimal(2**53 + 1), Decimal(2**53 + 3), Decimal(-(2**60) - 2**7), Decimal(2**100 + 2**47)]
    assert doubles_of(pa.array(middle, pa.decimal128(38, 0))).tolist() == [float(value) for value in middle]


def test_every_aggregation_of_the_family_is_there() -> None:
    assert set(AGGREGATORS) == {name for name, entry in AGGREGATIONS.items() if entry.family == "quantiles"}
