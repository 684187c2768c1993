"""What a task does with the rows of its partition, without Spark."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pyarrow as pa
import pytest

from onefold_spark.executors.errors import shipped_error
from onefold_spark.executors.keys import KeyFinder, evenly
from onefold_spark.executors.timeline import Side, SideReader


def batches(sides: list[int], cuts: list[int]) -> Iterator[pa.RecordBatch]:
    edges = [0, *cuts, len(sides)]
    for start, stop in pairwise(edges):
        numbers = range(start, stop)
        yield pa.record_batch({"side": pa.array(sides[start:stop], pa.int8()), "v0_0": pa.array(numbers, pa.int64())})


@pytest.mark.parametrize("cuts", [[], [2], [3], [5], [1, 3, 3, 8], [4, 6]])
@pytest.mark.parametrize("asked", [(0, 1, 2), (0, 2), (1,), (0, 1, 2, 3)])
def test_sides_are_read_one_after_another(cuts: list[int], asked: tuple[int, ...]) -> None:
    sides = [0, 0, 0, 1, 1, 2, 2, 2, 2]
    reader = SideReader(batches(sides, cuts))
    found = {
        number: [row["value"] for batch in reader.take(Side(number, (("value", "v0_0"),))) for row in batch.to_pylist()]
        for number in asked
    }
    assert found == {number: [at for at, side in enumerate(sides) if side == number] for number in asked}
    reader.finish()


def test_a_reader_is_finished_when_all_is_read() -> None:
    source = batches([0, 0, 1, 1], [1, 2, 3])
    reader = SideReader(source)
    next(reader.take(Side(0, (("value", "v0_0"),))))
    reader.finish()
    assert next(source, None) is None


@pytest.mark.parametrize("width", [1, 2, 3])
def test_keys_are_found(width: int) -> None:
    draw = random.Random(width)
    values: list[list[object]] = [["a", "b", "", "ä"], [1, 2, -3], [b"x", b"", b"y"]]
    everything = list({tuple(draw.choice(of) for of in values[:width]) for _ in range(60)})
    listed, asked = everything[::2], sorted(everything * 3, key=repr)
    finder = KeyFinder([pa.array(column) for column in zip(*listed, strict=True)])
    columns = [pa.array(column) for column in zip(*asked, strict=True)]
    batch = pa.record_batch([*columns, pa.array(range(len(asked)))], names=[*"abc"[:width], "number"])
    kept, codes = finder.coded(batch, columns)
    wanted = [(number, listed.index(key)) for number, key in enumerate(asked) if key in listed]
    assert list(zip(kept.column("number").to_pylist(), codes.tolist(), strict=True)) == wanted


def test_batches_are_joined() -> None:
    sizes = [len(batch) for batch in evenly(batches([0] * 10, [1, 2, 4, 8]), rows=3)]
    assert sizes == [4, 4, 2]


@pytest.mark.parametrize("text", ["", "Job aborted", "[onefold error: @@@]", "[onefold error: YWJj]"])
def test_other_failures_are_not_ours(text: str) -> None:
    assert shipped_error(text) is None
