"""Results that are read half, not at all, or after they were closed."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.faults.data import ENGINES, spine, training_set, view
from tests.faults.leftovers import files

import onefold as of


def mixed(engine: str) -> of.TrainingSet:
    """Return a training set of several batches, of which one engine computes a half."""
    return training_set(view("one", engine=engine), view("other", engine="rift"), rows=spine(150_000))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_that_is_dropped_half_way_leaves_nothing(engine: str, spark: SparkSession, temporary: Path) -> None:
    reader = mixed(engine).batches()
    assert 0 < next(reader).num_rows < 150_000
    del reader
    gc.collect()
    assert [name for name in files(temporary) if "stage_" in name] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_that_is_never_read_leaves_nothing(engine: str, spark: SparkSession, temporary: Path) -> None:
    reader = mixed(engine).batches()
    assert reader.schema.names[-1] == "other_newest"
    del reader
    gc.collect()
    assert [name for name in files(temporary) if "stage_" in name] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_read_after_closing_is_never_wrong(engine: str, spark: SparkSession, temporary: Path) -> None:
    """Pyarrow does not pass on that a reader was closed, so that it goes on where it was; letting go of it ends it."""
    reader = mixed(engine).batches()
    first = next(reader)
    reader.close()
    second = next(reader)
    assert second["label"][0].as_py() == first["label"][-1].as_py() + 1
    del reader
    gc.collect()
    assert [name for name in files(temporary) if "stage_" in name] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_at_its_end_stays_there(engine: str, spark: SparkSession) -> None:
    reader = mixed(engine).batches()
    assert reader.read_all().num_rows == 150_000
    with pytest.raises(StopIteration):
        next(reader)
