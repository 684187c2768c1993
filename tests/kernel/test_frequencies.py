from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.segments import Case, cases, random_case
from tests.kernel.values import TYPES, same

from onefold.kernel import stabbing
from onefold.kernel.frequencies import AGGREGATORS
from onefold.plan.aggregations import AGGREGATIONS

ANY_TYPE = st.sampled_from(TYPES).flatmap(lambda pair: cases(pair[1], types=[pair[0]]))


def entries(values: list[Any]) -> list[tuple[Any, int]]:
    """Values with their counts, ascending by value."""
    return sorted(Counter(map(same, values)).items(), key=lambda entry: (entry[0] == "NaN", entry[0]))


def by_count(values: list[Any]) -> list[tuple[Any, int]]:
    return sorted(entries(values), key=lambda entry: -entry[1])  # a stable sort keeps values ascending


def plain(results: list[list[list[dict[str, Any]] | None]]) -> list[list[list[tuple[Any, int]] | None]]:
    return [[None if x is None else [(same(e["key"]), e["value"]) for e in x] for x in result] for result in results]


def check(case: Case, *ks: int) -> None:
    modes = [[same(value) for value in result] for result in case.run(AGGREGATORS["mode"])]
    assert modes == case.expect(lambda values: by_count(values)[0][0] if values else None)
    assert plain(case.run(AGGREGATORS["histogram"])) == case.expect(lambda values: entries(values) or None)
    for k in ks:
        assert plain(case.run(AGGREGATORS["top_k"], k=k)) == case.expect(lambda v, k=k: by_count(v)[:k] or None)


@given(ANY_TYPE, st.integers(1, 4))
def test_values_of_every_type(case: Case, k: int) -> None:
    check(case, k)


@pytest.mark.parametrize("cardinality", [3, 40, 10_000])
@pytest.mark.parametrize("budget", [1, 100, 1 << 21])
def test_many_rows_in_pieces_of_any_size(cardinality: int, budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stabbing, "_BUDGET", budget)
    rng = np.random.default_rng(11)
    case = random_case(
        [rng.integers(0, cardinality, 1500).astype(str).tolist()],
        [pa.string()],
        keys=(rng.zipf(1.5, 1500) % 20).tolist(),
        times=rng.integers(0, 300, 1500).tolist(),
        spine=[(int(key), int(end)) for key, end in rng.integers(0, (22, 320), (200, 2))],
        sizes=[5, 60, None],
    )
    check(case, 1, 5, 10_000)


def test_types_are_those_of_the_catalogue() -> None:
    case = random_case([["a"]], [pa.string()], keys=[0], times=[0], spine=[(0, 1)], sizes=[None])
    table = pa.struct([pa.field("key", pa.string()), pa.field("value", pa.int64())])
    lists = pa.list_(pa.field("element", table))
    for name, dtype in {"mode": pa.string(), "top_k": lists, "histogram": lists}.items():
        assert AGGREGATORS[name](case.segment, case.intervals, {"k": 1})[0].type == dtype


def test_every_aggregation_of_the_family_is_there() -> None:
    assert set(AGGREGATORS) == {name for name, entry in AGGREGATIONS.items() if entry.family == "frequencies"}
