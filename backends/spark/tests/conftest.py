"""One session on Spark for all tests: it takes seconds to start."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pyspark import SparkContext

from onefold_spark.backend import SparkBackend
from onefold_spark.session import SparkEngineSession


@pytest.fixture(scope="session")
def shared_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngineSession]:
    """A session on two cores of this machine, or on the Spark that runs in this process already."""
    warehouse = str(tmp_path_factory.mktemp("warehouse"))
    own = {"master": "local[2]", "conf": {"spark.sql.warehouse.dir": warehouse}}
    options = {} if SparkContext._active_spark_context is not None else own
    with SparkBackend().open(options) as opened:
        yield opened


@pytest.fixture
def session(shared_session: SparkEngineSession) -> Iterator[SparkEngineSession]:
    """The session, in which no run, file or view is left after a test."""
    yield shared_session
    left_behind(shared_session)


def left_behind(session: SparkEngineSession) -> None:
    """Check that no run, file or view of a session is left."""
    assert session._runs == []
    end = time.monotonic() + 10
    while (left := _left(session)) and time.monotonic() < end:
        time.sleep(0.05)  # it is cleared away in threads of the session's own
    assert left == []


def _left(session: SparkEngineSession) -> list[str]:
    place = session._place
    files = [file.name for file in place.staging.path.iterdir()]
    views = [table.name for spark in place._sessions.values() for table in spark.catalog.listTables()]
    return files + [name for name in views if name.startswith("onefold")]
