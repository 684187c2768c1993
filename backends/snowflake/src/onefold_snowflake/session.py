"""A session on Snowflake: plans run in the warehouse, and their rows stream out or stay there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from onefold.contract import TableStatistics
from onefold.errors import ConfigurationError
from onefold.kernel.splitting import needs_kernel
from onefold.plan import MapBatches, NativeSql, Relation, Sink, Table, Write
from onefold.session import Run
from onefold.session.redaction import redacted
from onefold.sql.connection import SqlConnection
from onefold.sql.relations.native import native_text
from onefold.sql.session import SqlSession
from onefold.types import Schema
from onefold_snowflake.capabilities import CAPABILITIES, WITH_TRANSFORMS
from onefold_snowflake.connection import SnowflakeConnection
from onefold_snowflake.dialect import DIALECT
from onefold_snowflake.leaves import schema_in
from onefold_snowflake.links import open_links
from onefold_snowflake.options import Options
from onefold_snowflake.statistics import statistics_of
from onefold_snowflake.transforms import table_function

__all__ = ["SnowflakeSession"]


class SnowflakeSession(SqlSession):
    """Connections to Snowflake that are kept between runs; several threads may use it at once.

    Args:
        options: Checked options.

    Raises:
        ConfigurationError: If the options name no account, or Snowflake refuses who logs in.
        EngineError: If Snowflake can not be reached.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._links = links = open_links(options)
        offered = WITH_TRANSFORMS if options.transforms == "warehouse" else CAPABILITIES
        super().__init__(DIALECT, offered, lambda: SnowflakeConnection(links, options))

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema of a table; its declared columns are not looked at.

        Raises:
            SourceError: If it can not be read, or a column has no portable type.
        """
        with self._connected() as connection:
            return schema_in(table, connection.describe)

    def statistics(self, table: Table) -> TableStatistics | None:
        """Return the rows and bytes of a table as Snowflake has counted them; None of a view."""
        with self._connected() as connection:
            return statistics_of(table, connection.rows)

    def check(self) -> str:
        """Return Snowflake's version, and so show that statements run."""
        with self._connected() as connection:
            ((version,),) = connection.rows("SELECT CURRENT_VERSION()")
            return str(version)

    def close(self) -> None:
        """Stop what runs, and close the connections that were opened here; idempotent."""
        super().close()
        self._links.close()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[SnowflakeConnection]:
        """Give a connection for a question about tables."""
        self.check_open()
        connection = SnowflakeConnection(self._links, self._options)
        try:
            yield connection
        except connection.failures as error:
            raise connection.translated(error, "a question about tables") from error
        finally:
            connection.close()

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream; see :class:`onefold.contract.Session`."""
        if self._options.transforms == "warehouse":  # what can not run there is refused before anything runs
            transforms = {node.fingerprint: node for node in plan.walk() if isinstance(node, MapBatches)}
            for transform in transforms.values():
                table_function(transform, self._options.packages)
        return super().execute(plan, inputs, sink=sink)

    def start(
        self, run: Run[SqlConnection], plan: Relation, tables: Mapping[str, str]
    ) -> tuple[Iterator[pa.RecordBatch], str]:
        """Start the query of an ordinary plan."""
        connection = _own(run)
        query = ""
        try:
            query = self._text(plan, connection.leaves(tables.__getitem__))
            return connection.query(query, plan.output, _written(plan)), query
        except connection.failures as error:
            raise run.failed(error, query) from error

    def query_texts(self, connection: SqlConnection, plan: Relation) -> list[tuple[str, str]]:
        """Return the texts of the queries that a plan is split into, and before them the functions that they call."""
        assert isinstance(connection, SnowflakeConnection)
        texts = super().query_texts(connection, plan)
        functions = connection.functions("".join(text for _, text in texts))
        return [*((function.title, function.shown) for function in functions), *texts]

    def sink_text(self, connection: SqlConnection, plan: Write) -> str:
        """Return the statement that writes the rows of a plan, or why there is none."""
        assert isinstance(connection, SnowflakeConnection)
        try:
            return connection.writing(plan.input.output, plan.sink)
        except ConfigurationError as error:
            return f"-- not available: {error}"
        except connection.failures as error:
            raise connection.translated(error, "a question about tables") from error

    def _written(
        self, run: Run[SqlConnection], rows: Relation, inputs: Mapping[str, Any], plan: Write
    ) -> pa.RecordBatchReader:
        """Write the rows of a plan; nothing leaves the warehouse, unless a part of it is for the kernel."""
        if needs_kernel(rows, self._kernel):
            return super()._written(run, rows, inputs, plan)
        connection = _own(run)
        tables: dict[str, str] = {}
        self._bind(run, rows, inputs, tables, whole=True)
        try:
            query = self._text(rows, connection.leaves(tables.__getitem__))
            count = connection.store(query, rows.output, plan.sink, _written(rows))
        except connection.failures as error:
            raise run.failed(error, f"writing {redacted(plan.sink.path)!r}") from error
        return self._report(plan, count)


def _own(run: Run[SqlConnection]) -> SnowflakeConnection:
    assert isinstance(run.connection, SnowflakeConnection)
    return run.connection


def _written(plan: Relation) -> list[str]:
    """Return what the authors of views wrote in a plan, as it stands in its query."""
    return [native_text(node) for node in plan.walk() if isinstance(node, NativeSql)]
