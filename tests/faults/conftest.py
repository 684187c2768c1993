"""Engines as others left them, and a check that each test leaves nothing behind."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark import SparkContext
from pyspark.sql import SparkSession
from tests.faults.leftovers import files, threads

from onefold.execution import close_all


@pytest.fixture(scope="session")
def their_spark() -> Iterator[SparkSession]:
    """A Spark of the user's own, on which the sessions of all tests in this process run."""
    close_all()
    before = SparkContext._active_spark_context
    settings: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # as in an active virtual environment
        session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    close_all()
    if before is None:
        session.stop()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory of temporary files, in which nothing may be left when all sessions are closed."""
    close_all()
    usual = threads()
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    yield directory
    close_all()
    assert files(directory) == []
    assert threads() <= usual


@pytest.fixture
def spark(their_spark: SparkSession, temporary: Path) -> Iterator[SparkSession]:
    """The user's Spark, which is as it was after the test."""
    tables = [table.name for table in their_spark.catalog.listTables()]
    yield their_spark
    close_all()
    assert their_spark.range(3).count() == 3, "it is not ours to stop"
    assert [table.name for table in their_spark.catalog.listTables()] == tables
