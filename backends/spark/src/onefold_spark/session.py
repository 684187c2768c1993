"""A session on Spark: plans run on its executors, and their rows stream back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from onefold.errors import ConfigurationError
from onefold.plan import Relation, Table, Write
from onefold.session import EngineSession, Run
from onefold.session.redaction import redacted
from onefold.sql.division import left_to_kernel
from onefold.types import Schema
from onefold_spark.capabilities import CAPABILITIES
from onefold_spark.connection import Place, SparkConnection
from onefold_spark.dialect import DIALECT, ENGINE
from onefold_spark.drivers import acquire
from onefold_spark.options import Options
from onefold_spark.samples import schema_in
from onefold_spark.staging import Staging
from onefold_spark.workers import Workers

__all__ = ["SparkEngineSession"]


class SparkEngineSession(EngineSession[SparkConnection]):
    """Runs plans on Spark, with settings of its own.

    Args:
        options: Checked options.
    """

    def __init__(self, options: Options) -> None:
        driver = acquire(options)
        try:
            if not driver.local and options.staging is None:
                raise ConfigurationError(
                    "The option staging is needed where Spark runs on other machines: it names a directory that this "
                    "process, the driver and all executors reach, through which rows come and go."
                )
            self._place = Place(driver, options, Staging(options.staging), Workers())
        except BaseException:
            driver.release()
            raise
        try:
            self._place.workers.call(lambda: self._place.session("small"), lambda: False, lambda: None)
            super().__init__(ENGINE, CAPABILITIES, lambda: SparkConnection(self._place), left_to_kernel(DIALECT))
        except BaseException:
            self._end()
            raise

    def progress(self) -> tuple[int, int]:
        """Return how many tasks of the running jobs are done, and of how many."""
        with self._lock:
            runs = list(self._runs)
        counts = [run.connection.progress() for run in runs]
        return sum(done for done, _ in counts), sum(total for _, total in counts)

    def is_alive(self) -> bool:
        """Return whether Spark still runs: its Java process may have been killed, or Spark stopped by its owner."""
        return self._place.driver.alive

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that a source has by itself; its declared columns are not looked at.

        Raises:
            SourceError: If it can not be read, or a column has no portable type.
        """
        self.check_open()
        place = self._place
        return place.workers.call(lambda: schema_in(place.session("large"), table), lambda: False, lambda: None)

    def close(self) -> None:
        """Stop what runs, and remove all files; Spark itself ends with the last session on it, if it was started here."""
        if self._closed:
            return
        super().close()
        self._end()

    def start(
        self, run: Run[SparkConnection], plan: Relation, tables: Mapping[str, str]
    ) -> tuple[Iterator[pa.RecordBatch], str]:
        """Start a plan, when its first rows are asked for."""
        return run.connection.batches(plan, tables, lambda: run.cancelled), ""

    def query_text(self, connection: SparkConnection, plan: Relation) -> str:
        """Return the SQL of a plan, and what is computed between its queries."""
        return "\n\n".join(text for _, text in self.query_texts(connection, plan))

    def query_texts(self, connection: SparkConnection, plan: Relation) -> list[tuple[str, str]]:
        """Return the queries that a plan is made of, and what is computed between them on the executors."""
        return connection.explained(plan)

    def _rows(self, run: Run[SparkConnection], plan: Relation, inputs: Mapping[str, Any]) -> pa.RecordBatchReader:
        tables: dict[str, str] = {}
        self._bind(run, plan, inputs, tables, whole=True)
        return self._query(run, plan, tables)

    def _written(
        self, run: Run[SparkConnection], rows: Relation, inputs: Mapping[str, Any], plan: Write
    ) -> pa.RecordBatchReader:
        tables: dict[str, str] = {}
        self._bind(run, rows, inputs, tables, whole=True)
        try:
            written = run.connection.store(rows, tables, plan.sink, lambda: run.cancelled)
        except run.connection.failures as error:
            raise run.failed(error, f"writing {redacted(plan.sink.path)!r}") from error
        return self._report(plan, written)

    def _end(self) -> None:
        self._place.workers.close()
        self._place.staging.close()
        self._place.driver.release()
