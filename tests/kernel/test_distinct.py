from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.segments import Case, cases, random_case
from tests.kernel.values import TYPES, same

from onefold.kernel import stabbing
from onefold.kernel.distinct import AGGREGATORS
from onefold.plan.aggregations import AGGREGATIONS

ANY_TYPE = st.sampled_from(TYPES).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))


def plain(results: list[list[list[Any] | None]]) -> list[list[list[Any] | None]]:
    return [[None if x is None else [same(v) for v in x] for x in result] for result in results]


def first_n(values: list[Any], n: int) -> list[Any] | None:
    return list(dict.fromkeys(map(same, values)))[:n] or None


def last_n(values: list[Any], n: int) -> list[Any] | None:
    return list(dict.fromkeys(map(same, reversed(values))))[:n][::-1] or None


@given(ANY_TYPE)
def test_counts_distinct_values_of_every_type(case: Case) -> None:
    expected = case.expect(lambda values: len(set(map(same, values))))
    assert case.run(AGGREGATORS["count_distinct"]) == expected
    assert case.run(AGGREGATORS["approx_count_distinct"]) == expected


@given(ANY_TYPE, st.integers(1, 4))
def test_first_and_last_distinct_values_of_every_type(case: Case, n: int) -> None:
    assert plain(case.run(AGGREGATORS["first_distinct_n"], n=n)) == case.expect(lambda v: first_n(v, n))
    assert plain(case.run(AGGREGATORS["last_distinct_n"], n=n)) == case.expect(lambda v: last_n(v, n))


@pytest.mark.parametrize("cardinality", [3, 40, 10_000])
@pytest.mark.parametrize("budget", [1, 100, 1 << 21])
def test_many_rows_in_pieces_of_any_size(cardinality: int, budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stabbing, "_BUDGET", budget)
    rng = np.random.default_rng(7)
    case = random_case(
        [rng.integers(0, cardinality, 1500).tolist()],
        [pa.int64()],
        keys=(rng.zipf(1.5, 1500) % 20).tolist(),
        times=rng.integers(0, 300, 1500).tolist(),
        spine=[(int(key), int(end)) for key, end in rng.integers(0, (22, 320), (200, 2))],
        sizes=[5, 60, None],
    )
    assert case.run(AGGREGATORS["count_distinct"]) == case.expect(lambda values: len(set(values)))
    for n in (1, 7, 10_000):
        assert case.run(AGGREGATORS["first_distinct_n"], n=n) == case.expect(lambda v, n=n: first_n(v, n))
        assert case.run(AGGREGATORS["last_distinct_n"], n=n) == case.expect(lambda v, n=n: last_n(v, n))


def test_values_of_one_instant_are_ordered_by_themselves() -> None:
    case = random_case(
        [["c", "a", "b", "a"]], [pa.string()], keys=[0] * 4, times=[5, 5, 5, 9], spine=[(0, 6), (0, 10)], sizes=[None]
    )
    assert case.run(AGGREGATORS["first_distinct_n"], n=2) == [[["a", "b"], ["a", "b"]]]
    assert case.run(AGGREGATORS["last_distinct_n"], n=2) == [[["b", "c"], ["c", "a"]]]


def test_types_are_those_of_the_catalogue() -> None:
    case = random_case([["a"]], [pa.string()], keys=[0], times=[0], spine=[(0, 1)], sizes=[None])
    lists = pa.list_(pa.field("element", pa.string()))
    for name, dtype in {"count_distinct": pa.int64(), "first_distinct_n": lists, "last_distinct_n": lists}.items():
        assert AGGREGATORS[name](case.segment, case.intervals, {"n": 1})[0].type == dtype


def test_every_aggregation_of_the_family_is_there() -> None:
    assert set(AGGREGATORS) == {name for name, entry in AGGREGATIONS.items() if entry.family == "distinct"}
