"""What a session needs of an SQL engine's driver: the part of an SQL backend that is not the same for all."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

import pyarrow as pa
from sqlglot import expressions as exp

from onefold.plan import Input, Scan
from onefold.session import EngineConnection, TableOf, no_source
from onefold.sql.relations import Context, Fragment, Leaves, table_named
from onefold.types import Schema

__all__ = ["InputLeaves", "SqlConnection", "TableOf"]


class SqlConnection(EngineConnection):
    """What one run of a plan does on an SQL engine."""

    @abstractmethod
    def query(self, text: str, schema: Schema) -> Iterator[pa.RecordBatch]:
        """Start a query and return its rows as they come.

        Args:
            text: The query.
            schema: The columns that it gives; values are checked against it afterwards.
        """

    def leaves(self, table_of: TableOf) -> Leaves:
        """Return how sources and inputs are read: only inputs, unless a backend offers more."""
        return InputLeaves(table_of)


class InputLeaves:
    """Reads inputs from tables, and nothing else.

    Args:
        table_of: Returns the name of the table that holds an input.
    """

    def __init__(self, table_of: TableOf) -> None:
        self._table_of = table_of

    def input(self, leaf: Input) -> Fragment:
        """Return the bound data of an input."""
        return Fragment(table_named(self._table_of(leaf.name)), leaf.output)

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Raise: no sources are offered."""
        raise no_source(scan.table, context.dialect.engine)

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Raise: no native SQL is offered."""
        raise AssertionError(f"no native SQL is offered for {declared}: {query}")
