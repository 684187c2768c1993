"""Events in the order of code, time and sequence: compared with Python's sort, in memory and through files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.errors import ExchangeError
from onefold.kernel import arranging
from onefold.kernel.arranging import arranged
from onefold.kernel.options import KernelOptions
from onefold.kernel.scratch import Scratch

SCHEMA = pa.schema([("code", pa.int64()), ("time", pa.int64()), ("c0", pa.int64()), ("c1", pa.string())])
Row = tuple[int, int, int | None, str]


def batches(rows: Sequence[Row], size: int) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pylist([], SCHEMA)
    for start in range(0, len(rows), size):
        columns = zip(*rows[start : start + size], strict=True)
        yield pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def arrange(
    rows: Sequence[Row], codes: int, *, sequence: tuple[str, ...] = ("c0",), memory: int = 1 << 30, size: int = 7
) -> list[Row]:
    """Return rows in order, and check what is said about their keys."""
    with Scratch() as scratch, ThreadPoolExecutor(2) as pool:
        options = KernelOptions(memory_limit=memory)
        given = list(arranged(batches(rows, size), sequence, codes, options, scratch, pool=pool))
        directory = scratch.path("")
        assert not any(directory.iterdir()), "files that are done with are gone"
    for (before, complete), (after, _) in pairwise(pair for pair in given if pair[0].num_rows):
        first, second = before["code"][-1].as_py(), after["code"][0].as_py()
        assert first < second if complete else first <= second
    assert given[-1][1]
    table = pa.Table.from_batches([batch for batch, _ in given], SCHEMA)
    return [tuple(row.values()) for row in table.to_pylist()]


def ordered(row: Row) -> tuple[int, int, int]:
    """Return what rows are ordered by, nulls first."""
    return row[0], row[1], -(2**63) - 1 if row[2] is None else row[2]


def check(rows: Sequence[Row], codes: int, **options: int) -> None:
    got = arrange(rows, codes, **options)  # type: ignore[arg-type]
    assert list(map(ordered, got)) == sorted(map(ordered, rows))
    assert sorted(map(repr, got)) == sorted(map(repr, rows))


def random_rows(count: int, codes: int, *, times: int = 10**12, seed: int = 1) -> list[Row]:
    rng = random.Random(seed)
    return [
        (rng.randrange(codes), rng.randrange(times), rng.choice([None, rng.randrange(-3, 3)]), rng.choice("abc"))
        for _ in range(count)
    ]


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3),
        st.none() | st.integers(-2, 2),
        st.just(""),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(rows=ROWS, memory=st.sampled_from([0, 500, 3_000, 1 << 30]), size=st.integers(1, 20))
def test_any_rows(rows: list[Row], memory: int, size: int) -> None:
    check(rows, 6, memory=memory, size=size)


@pytest.mark.parametrize("memory", [0, 20_000, 200_000, 1 << 30])
@pytest.mark.parametrize("codes", [1, 2, 300, 5_000])
def test_keys_in_any_number(codes: int, memory: int) -> None:
    check(random_rows(4_000 if memory else 500, codes), codes, memory=memory, size=250)


@pytest.mark.parametrize("memory", [0, 20_000])
def test_a_key_that_does_not_fit_in_memory_is_spread_by_time(memory: int) -> None:
    heavy = [(3, time, sequence, text) for _, time, sequence, text in random_rows(3_000 if memory else 500, 1)]
    check([*random_rows(500, 7), *heavy], 7, memory=memory, size=250)


def test_rows_that_only_the_sequence_tells_apart() -> None:
    rng = random.Random(2)
    rows = [(0, 5, rng.randrange(1_000), "x") for _ in range(2_000)]
    check(rows, 1, memory=0, size=100)


@pytest.mark.parametrize("backwards", [False, True])
def test_rows_that_come_key_by_key(backwards: bool) -> None:
    rows = sorted(random_rows(4_000, 400), key=ordered, reverse=backwards)
    check(rows, 400, memory=30_000, size=100)


def test_files_are_only_written_beyond_the_limit(tmp_path: Path) -> None:
    rows = random_rows(4_000, 50)
    for memory, expected in ((1 << 30, False), (40_000, True)):
        with Scratch(tmp_path) as scratch, ThreadPoolExecutor(2) as pool:
            options = KernelOptions(memory_limit=memory)
            stream = arranged(batches(rows, 100), (), 50, options, scratch, pool=pool)
            next(stream)
            assert any(tmp_path.rglob("*.arrows")) == expected
            stream.close()  # type: ignore[attr-defined]


def test_a_frequent_key_shares_its_bucket_with_few() -> None:
    codes = np.where(np.arange(100_000) % 2, 7, np.arange(100_000) % 1_000)
    run = pa.record_batch([pa.array(codes), pa.array(codes)], names=["code", "time"])
    buckets = arranging._by_code(run, 1_000)(run)
    counts = np.bincount(buckets, minlength=arranging.BUCKETS)
    assert counts.max() < 51_000
    assert np.sort(counts)[-2] < 100_000 / 100


def test_more_keys_than_the_table_of_buckets_has_places() -> None:
    codes = 5_000_000
    rows = [(code * 997 % codes, 0, None, "") for code in range(3_000)]
    check([*rows, (codes - 1, 0, None, "")], codes, memory=100_000, size=100)


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("code", [0, None], "nulls in the key's code"),
        ("time", [0, None], "nulls in the key's code or in the time"),
        ("code", [0, 2], "codes of keys that the spine does not have"),
        ("code", [-1, 0], "codes of keys that the spine does not have"),
    ],
)
def test_what_can_not_be_arranged(column: str, values: list[int | None], said: str) -> None:
    columns = {"code": pa.array([0, 1]), "time": pa.array([0, 0]), column: pa.array(values, pa.int64())}
    batch = pa.record_batch(list(columns.values()), names=list(columns))
    with Scratch() as scratch, ThreadPoolExecutor(1) as pool, pytest.raises(ExchangeError, match=said):
        list(arranged([batch], (), 2, KernelOptions(), scratch, pool=pool))
