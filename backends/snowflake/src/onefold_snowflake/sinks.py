"""Writing the rows of a query into a table of the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from snowflake.connector.errors import ProgrammingError

from onefold.errors import ConfigurationError, listed
from onefold.plan import Sink
from onefold.types import Schema
from onefold.types.naming import fresh
from onefold_snowflake.names import column_in, columns_of, quoted, stored_names, table_of
from onefold_snowflake.statements import Statements
from onefold_snowflake.transforms import TableFunction

__all__ = ["write_query", "writing"]

_NOTHING_SUCH, _EXISTS = 2003, 2002


def write_query(
    statements: Statements,
    query: str,
    schema: Schema,
    sink: Sink,
    *,
    written: Sequence[str] = (),
    functions: Sequence[TableFunction] = (),
) -> int:
    """Write the rows of a query into a table, and return their number.

    Each mode changes the table in one statement, so that a failure leaves it as it was. Columns of a new table are named
    so that analysts need no quotes; those of an existing one are found by their names. Snowflake divides tables by
    itself, so that the columns of ``partition_by`` only say which rows ``overwrite_partitions`` replaces.

    Args:
        statements: Where statements run.
        query: The query.
        schema: The columns that it gives.
        sink: The table, and what is done when it exists.
        written: What the author of a view wrote in the query.
        functions: The functions that the query calls.

    Raises:
        ConfigurationError: If the table exists and may not be changed, or lacks a column.
    """
    text = writing(statements, query, schema, sink)
    if text.startswith("CREATE"):
        try:
            statements.run(text, written=written, functions=functions).close()
        except ProgrammingError as error:
            if error.errno == _EXISTS:  # somebody else has made it since
                raise _exists(sink) from error
            raise
        ((rows,),) = statements.rows(f"SELECT COUNT(*) FROM {_place(sink)}")
        return int(rows)
    with statements.result(text, written=written, functions=functions) as cursor:
        # An INSERT says how many rows there are; a MERGE says it first, and then how many are gone.
        return int(cursor.fetchall()[0][0])


def writing(statements: Statements, query: str, schema: Schema, sink: Sink) -> str:
    """Return the statement that writes the rows of a query into a table as it is now.

    Args:
        statements: Where the columns of the table are asked for.
        query: The query.
        schema: The columns that it gives.
        sink: The table, and what is done when it exists.

    Raises:
        ConfigurationError: If the table exists and may not be changed, or lacks a column.
    """
    place = _place(sink)
    found = None if sink.mode == "overwrite" else _columns(statements, place)
    if found is None:
        return _making(query, schema, "CREATE OR REPLACE TABLE" if sink.mode == "overwrite" else "CREATE TABLE", place)
    if sink.mode == "error":
        raise _exists(sink)
    stored = {name: _stored(name, found, sink) for name in schema.names}
    return _merged(query, stored, sink, place) if sink.mode == "overwrite_partitions" else _added(query, stored, place)


def _place(sink: Sink) -> str:
    return table_of(sink.path, what="the sink").sql("snowflake")


def _making(query: str, schema: Schema, how: str, place: str) -> str:
    """Return the statement that makes a table of the rows of a query."""
    items = ", ".join(f"{quoted(name)} AS {quoted(stored)}" for name, stored in stored_names(schema.names).items())
    return f"{how} {place} AS SELECT {items} FROM ({query})"


def _added(query: str, stored: Mapping[str, str], place: str) -> str:
    """Return the statement that adds the rows of a query to a table."""
    places = ", ".join(map(quoted, stored.values()))
    return f"INSERT INTO {place} ({places}) SELECT {', '.join(map(quoted, stored))} FROM ({query})"


def _merged(query: str, stored: Mapping[str, str], sink: Sink, place: str) -> str:
    """Return the statement that adds the rows of a query in place of those with the same keys.

    The keys of the query, each once, meet the rows that are to go; its rows meet nothing, and are added. So no row of
    the table meets two rows of the query, which Snowflake refuses, and the same query once more changes nothing.
    """
    old = quoted(fresh("old", stored))
    names = ", ".join(map(quoted, stored))
    keys = ", ".join(quoted(name) if name in sink.partition_by else f"NULL AS {quoted(name)}" for name in stored)
    equal = " AND ".join(
        f"held.{quoted(stored[name])} IS NOT DISTINCT FROM given.{quoted(name)}" for name in sink.partition_by
    )
    rows = (
        f"WITH written AS ({query}) SELECT {names}, FALSE AS {old} FROM written "
        f"UNION ALL SELECT DISTINCT {keys}, TRUE AS {old} FROM written"
    )
    values = ", ".join(f"given.{quoted(name)}" for name in stored)
    return (
        f"MERGE INTO {place} AS held USING ({rows}) AS given ON given.{old} AND {equal} WHEN MATCHED THEN DELETE "
        f"WHEN NOT MATCHED AND NOT given.{old} THEN INSERT ({', '.join(map(quoted, stored.values()))}) VALUES ({values})"
    )


def _columns(statements: Statements, place: str) -> list[str] | None:
    """Return the names of the columns of a table; None when there is no such table."""
    try:
        return [column.name for column in statements.describe(f"SELECT * FROM {place}")]
    except ProgrammingError as error:
        if error.errno == _NOTHING_SUCH:
            return None
        raise


def _stored(name: str, found: Sequence[str], sink: Sink) -> str:
    stored = column_in(name, found)
    if stored is None:
        raise ConfigurationError(
            f"The table {sink.path!r} has no column {name!r}. {listed(name, columns_of(found), what='columns')} "
            'Use the mode "overwrite" to make it anew.'
        )
    return stored


def _exists(sink: Sink) -> ConfigurationError:
    return ConfigurationError(
        f'{sink.path!r} exists already. Choose another table, or use the mode "overwrite", "append", or '
        '"overwrite_partitions" with the columns whose values are replaced.'
    )
