"""What one run of a plan does on Spark."""

from __future__ import annotations

import contextlib
import math
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from onefold.contract import StagedRows
from onefold.errors import Cancelled, OnefoldError
from onefold.plan import Input, Relation, Scan, Sink
from onefold.session import EngineConnection
from onefold.types import Schema
from onefold_spark.drivers import Driver
from onefold_spark.executors.tuning import Tuning
from onefold_spark.extents import Extent, extent_of
from onefold_spark.failures import FAILURES, quietly, translated
from onefold_spark.frames import Frames, Views, relational_texts
from onefold_spark.inputs import Loaded, hadoop_path, input_frame, loaded, staged
from onefold_spark.jobs import Jobs
from onefold_spark.leaves import NamesOnly, SparkLeaves, scan_extent
from onefold_spark.options import Options
from onefold_spark.settings import LARGE, PINNED, SMALL, Profile
from onefold_spark.sinks import write_rows
from onefold_spark.staging import Staging, drained
from onefold_spark.workers import Workers

__all__ = ["Place", "SparkConnection"]

ResultT = TypeVar("ResultT")

LARGE_READ = 2**30
"""From how many bytes in memory, estimated from above, it pays to look for keys with very many rows."""

HEAVY = 0.05
"""The share of all rows from which on such a key is cut in time, where its windows allow that."""

_PROFILES: Mapping[Profile, Mapping[str, str]] = {"small": SMALL, "large": LARGE}


@dataclass
class Place:
    """What all runs of a session share.

    Args:
        driver: The Spark that they run on.
        options: The session's options.
        staging: Where rows wait.
        workers: The threads that talk to Spark.
    """

    driver: Driver
    options: Options
    staging: Staging
    workers: Workers
    _sessions: dict[Profile, SparkSession] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, profile: Profile) -> SparkSession:
        """Return the Spark session for plans of a size."""
        with self._lock:
            if profile not in self._sessions:
                settings = {**_PROFILES[profile], **self.options.conf, **PINNED}
                self._sessions[profile] = self.driver.session(settings)
            return self._sessions[profile]


class SparkConnection(EngineConnection):
    """What one run holds until its rows have been read.

    Args:
        place: What it shares with other runs.
    """

    failures = FAILURES

    def __init__(self, place: Place) -> None:
        self._place = place
        self._inputs: dict[str, Loaded] = {}
        self._views: list[Views] = []
        self._queries: list[str] = []
        self._jobs: Jobs | None = None
        self._stopped = False

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Keep a small input, and write a large one to files."""
        del once
        self._inputs[table] = loaded(rows, schema, self._place.staging, self._place.options.small_input)

    def load_staged(self, table: str, rows: StagedRows, schema: Schema) -> None:
        """Note files that Spark reads by itself."""
        self._inputs[table] = staged(rows, schema)

    def batches(
        self, plan: Relation, tables: Mapping[str, str], cancelled: Callable[[], bool]
    ) -> Iterator[pa.RecordBatch]:
        """Run a plan, and yield its rows as they come.

        Args:
            plan: The plan.
            tables: The table that holds each of its inputs.
            cancelled: Whether the run was stopped.
        """
        extent = extent_of(plan, lambda leaf: self._extent(leaf, tables))
        limit = self._place.options.collect_limit
        if extent.bytes <= limit and extent.rows * 8 <= limit:
            table = self._run(plan, tables, lambda frame: frame.toArrow(), cancelled)
            yield from table.rename_columns(list(plan.output.names)).to_batches()
            return
        path = self._place.staging.new("result")
        names = [f"c{place}" for place in range(len(plan.output))]
        try:
            self._run(plan, tables, lambda frame: frame.toDF(*names).write.parquet(hadoop_path(path)), cancelled)
            yield from drained(path, plan.output)
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def store(self, plan: Relation, tables: Mapping[str, str], sink: Sink, cancelled: Callable[[], bool]) -> int:
        """Write the rows of a plan to a sink, from the executors, and return their number."""
        return self._run(plan, tables, lambda frame: write_rows(frame, plan.output, sink), cancelled)

    @property
    def query(self) -> str:
        """The text of the queries so far."""
        return "\n\n".join(self._queries)

    def explained(self, plan: Relation) -> list[tuple[str, str]]:
        """Return the queries that a plan is made of, and what is computed between them."""

        def texts() -> list[tuple[str, str]]:
            spark = self._place.session("large")
            return relational_texts(plan, SparkLeaves(spark, NamesOnly(), "input_{}".format))

        return self._place.workers.call(texts, lambda: False, lambda: None)

    def progress(self) -> tuple[int, int]:
        """Return how many tasks are done, and of how many."""
        return (0, 0) if self._jobs is None else self._jobs.progress()

    def interrupt(self) -> None:
        """Stop all jobs."""
        if self._jobs is not None:
            self._jobs.cancel()

    def close(self) -> None:
        """Stop what runs, and remove views and files; idempotent."""
        self._stopped = True
        views, self._views = self._views, []
        inputs, self._inputs = self._inputs, {}

        def clear() -> None:
            with quietly(), contextlib.suppress(*FAILURES):  # with Spark its views are gone
                for mine in views:
                    mine.drop()
            for held in inputs.values():
                if held.own and isinstance(held.rows, StagedRows):
                    shutil.rmtree(held.rows.path, ignore_errors=True)

        # Not in this thread: it may be in the midst of another call to Spark, when garbage collection lets go of a run.
        self._place.workers.later(clear)

    def translated(self, error: Exception, query: str) -> OnefoldError:
        """Return the error that callers see for one of Spark's."""
        return translated(error, self.query or query)

    def _run(
        self,
        plan: Relation,
        tables: Mapping[str, str],
        action: Callable[[DataFrame], ResultT],
        cancelled: Callable[[], bool],
    ) -> ResultT:
        """Return what an action gives on the frame of a plan."""
        jobs = self._jobs = Jobs(self._place.driver, f"onefold: {plan.kind} {plan.fingerprint[:12]}")

        def stopped() -> bool:
            return self._stopped or cancelled()

        def run() -> ResultT:
            read = self._bytes_read(plan, tables)
            spark = self._place.session("small" if read <= self._place.options.small_input else "large")
            views = Views(spark)
            self._views.append(views)

            def input_rows(leaf: Input, ordered: bool, numbered: bool) -> DataFrame:
                return input_frame(spark, self._inputs[tables[leaf.name]], ordered=ordered, numbered=numbered)

            with jobs.named(spark), quietly():
                leaves = partial(SparkLeaves, spark, views)
                tuning = Tuning(cut_above=HEAVY if read > LARGE_READ else None)
                frames = Frames(spark, views, leaves, input_rows, self._queries.append, tuning=tuning)
                frame = frames.frame(plan, ordered=True)
                if stopped():
                    raise Cancelled("The query was stopped.")
                return action(frame)

        return self._place.workers.call(run, stopped, jobs.cancel)

    def _extent(self, leaf: Input | Scan, tables: Mapping[str, str]) -> Extent:
        if isinstance(leaf, Scan):
            return scan_extent(leaf)
        held = self._inputs[tables[leaf.name]]
        return Extent(math.inf if held.count is None else held.count, held.bytes)

    def _bytes_read(self, plan: Relation, tables: Mapping[str, str]) -> float:
        leaves = {leaf.fingerprint: leaf for leaf in plan.walk() if isinstance(leaf, Input | Scan)}
        return sum(self._extent(leaf, tables).bytes for leaf in leaves.values())
