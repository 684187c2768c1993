"""One session on Spark for all tests: it takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark import SparkContext

from onefold_spark.backend import SparkBackend
from onefold_spark.session import SparkEngineSession


@pytest.fixture(scope="session")
def shared_session() -> Iterator[SparkEngineSession]:
    """A session on two cores of this machine, or on the Spark that runs in this process already."""
    options = {} if SparkContext._active_spark_context is not None else {"master": "local[2]"}
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
    place = session._place
    # What is cleared away in other threads is done when a call that is asked for later is.
    for _ in range(100):
        place.workers.call(lambda: None, lambda: False, lambda: None)
        files = list(place.staging.path.iterdir())
        views = [table.name for spark in place._sessions.values() for table in spark.catalog.listTables()]
        views = [name for name in views if name.startswith("onefold")]
        if not files and not views:
            return
    assert (files, views) == ([], [])
