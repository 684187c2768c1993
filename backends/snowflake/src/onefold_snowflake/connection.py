"""What one run of a plan does in Snowflake: it loads inputs, runs queries, writes tables, and removes what it made."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from onefold.errors import OnefoldError
from onefold.plan import MapBatches, Sink
from onefold.sql.connection import SqlConnection, TableOf
from onefold.types import Schema, schema_from_arrow
from onefold_snowflake.conversions import Found, found_columns
from onefold_snowflake.failures import FAILURES, translated
from onefold_snowflake.fetching import batches_of
from onefold_snowflake.inline import inlined, with_tables
from onefold_snowflake.leaves import SnowflakeLeaves
from onefold_snowflake.links import Links
from onefold_snowflake.loading import load_rows
from onefold_snowflake.names import quoted
from onefold_snowflake.options import Options
from onefold_snowflake.places import with_places
from onefold_snowflake.sinks import write_query, writing
from onefold_snowflake.statements import Statements
from onefold_snowflake.transforms import TableFunction, table_function

__all__ = ["SnowflakeConnection"]

BATCH_ROWS = 65_536
_LOOKED_AT = 256


class SnowflakeConnection(SqlConnection):
    """What one run holds until its rows have been read.

    Args:
        links: Where it gets its connection from.
        options: The options of the session.
    """

    failures = FAILURES

    def __init__(self, links: Links, options: Options) -> None:
        self._options = options
        self._statements = Statements(links, options)
        self._inline: dict[str, str] = {}
        self._stored: dict[str, str] = {}
        self._described: dict[str, dict[str, Found]] = {}
        self._functions: dict[str, TableFunction] = {}

    def load(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: Schema, *, once: bool) -> None:
        """Note a small input to be written into the queries that read it, and load any other into a temporary table."""
        del once  # both can be read as often as anybody likes
        batches, schema = with_places(rows.to_batches(BATCH_ROWS) if isinstance(rows, pa.Table) else rows, schema)
        first = list(_until(batches, self._options.inline_limit))
        rest = next(batches, None)
        if rest is None and (text := inlined(first, schema, self._options.inline_limit)) is not None:
            self._inline[table] = text
            return
        name = f"ONEFOLD_{uuid.uuid4().hex.upper()}"
        self._stored[table] = name
        load_rows(self._statements, name, itertools.chain(first, () if rest is None else (rest,), batches), schema)

    def drop(self, table: str) -> None:
        """Free a table."""
        self._inline.pop(table, None)
        if (name := self._stored.pop(table, None)) is not None:
            self._statements.tidy(f"DROP TABLE IF EXISTS {quoted(name)}")

    def leaves(self, table_of: TableOf) -> SnowflakeLeaves:
        """Return how sources and inputs are read."""

        def place(name: str) -> str:
            table = table_of(name)
            return self._stored.get(table, table)

        return SnowflakeLeaves(self.describe, place, self._function_of)

    def functions(self, text: str) -> list[TableFunction]:
        """Return the functions that a query calls, which was written with the leaves of this connection."""
        return [function for name, function in self._functions.items() if quoted(name) in text]

    def describe(self, query: str) -> dict[str, Found]:
        """Return the types of the columns of a query, by their names in Snowflake; each query is asked about once."""
        if query not in self._described:
            self._described[query] = found_columns(self._statements.describe(with_tables(query, self._inline)))
        return self._described[query]

    def query(self, text: str, schema: Schema, written: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
        """Run a query and return its rows as they come.

        Args:
            text: The query.
            schema: The columns that it gives.
            written: What the author of a view wrote in it.
        """
        cursor = self._statements.run(self._complete(text), written=written, functions=self.functions(text))
        return batches_of(cursor, schema)

    def write(self, rows: pa.RecordBatchReader, sink: Sink) -> int:
        """Write rows that come from outside of the warehouse, through a temporary table."""
        schema = schema_from_arrow(rows.schema)
        name = f"input_written_{uuid.uuid4().hex}"
        self.load(name, rows, schema, once=True)
        columns = ", ".join(quoted(field.name) for field in schema)
        return self.store(f"SELECT {columns} FROM {quoted(self._stored.get(name, name))}", schema, sink)

    def store(self, text: str, schema: Schema, sink: Sink, written: Sequence[str] = ()) -> int:
        """Write the rows of a query into a table, and return their number; nothing leaves the warehouse.

        Args:
            text: The query.
            schema: The columns that it gives.
            sink: The table.
            written: What the author of a view wrote in it.
        """
        functions = self.functions(text)
        return write_query(self._statements, self._complete(text), schema, sink, written=written, functions=functions)

    def writing(self, schema: Schema, sink: Sink) -> str:
        """Return the statement that writes rows into a table as it is now, without running it."""
        return writing(self._statements, "the result", schema, sink)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """Run a small query about Snowflake itself, and return its rows."""
        return self._statements.rows(text, checked=False)

    def interrupt(self) -> None:
        """Stop all statements in Snowflake."""
        self._statements.stop()

    def close(self) -> None:
        """Drop all tables, and give the connection back."""
        for table in list(self._stored):
            self.drop(table)
        self._statements.close()

    def translated(self, error: Exception, query: str) -> OnefoldError:
        """Return the error that callers see for one of the connector's."""
        return translated(error, query, self._options.secrets, self._options.timeout)

    def _function_of(self, node: MapBatches) -> TableFunction:
        """Return the function that runs a transform; it is made before the first query that calls it."""
        function = table_function(node, self._options.packages)
        return self._functions.setdefault(function.name, function)

    def _complete(self, text: str) -> str:
        """Return a query together with the small inputs that it reads."""
        return with_tables(text, {name: rows for name, rows in self._inline.items() if quoted(name) in text})


def _until(batches: Iterator[pa.RecordBatch], limit: int) -> Iterable[pa.RecordBatch]:
    """Yield batches until they are surely larger than a limit in bytes, or very many."""
    held = 0
    for number, batch in enumerate(batches):
        yield batch
        held += batch.nbytes
        if held > limit or number > _LOOKED_AT:
            return
