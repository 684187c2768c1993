"""A session on an SQL engine: all of it that is the same for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from onefold.contract import Capabilities
from onefold.plan import Relation
from onefold.session import EngineSession, Run
from onefold.sql.connection import SqlConnection
from onefold.sql.dialect import SqlDialect
from onefold.sql.division import left_to_kernel
from onefold.sql.relations import Leaves, plan_text
from onefold.types import Field, Schema

__all__ = ["SqlSession"]


class SqlSession(EngineSession[SqlConnection]):
    """Runs plans on an SQL engine; the kernel computes what the engine's dialect lacks.

    Args:
        dialect: The engine's dialect.
        capabilities: What the backend offers; anything else is refused before anything runs.
        connect: Opens a connection for one run.
    """

    def __init__(self, dialect: SqlDialect, capabilities: Capabilities, connect: Callable[[], SqlConnection]) -> None:
        super().__init__(dialect.engine, capabilities, connect, left_to_kernel(dialect))
        self._dialect = dialect

    def start(
        self, run: Run[SqlConnection], plan: Relation, tables: Mapping[str, str]
    ) -> tuple[Iterator[pa.RecordBatch], str]:
        """Start the query of an ordinary plan."""
        query = self._text(plan, run.connection.leaves(tables.__getitem__))
        try:
            return run.connection.query(query, plan.output), query
        except run.connection.failures as error:
            raise run.failed(error, query) from error

    def query_text(self, connection: SqlConnection, plan: Relation) -> str:
        """Return the SQL of an ordinary plan, broken into lines."""
        return self._text(plan, connection.leaves(lambda name: f"input_{name}"), pretty=True)

    def loaded_schema(self, schema: Schema) -> Schema:
        """Return the columns of an input under names that the engine takes for columns."""
        return Schema(Field(self._dialect.name_of(f.name), f.dtype, f.nullable) for f in schema)

    def _text(self, plan: Relation, leaves: Leaves, *, pretty: bool = False) -> str:
        """Return the query of an ordinary plan."""
        return plan_text(plan, self._dialect, leaves, pretty=pretty)
