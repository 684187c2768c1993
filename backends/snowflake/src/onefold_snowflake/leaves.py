"""How Snowflake reads the sources and inputs of a plan: what the shared SQL lowering asks a backend for."""

from __future__ import annotations

from collections.abc import Callable

from snowflake.connector.errors import ProgrammingError
from sqlglot import expressions as exp

from onefold.errors import PlanError, SourceError, UnsupportedOperation, listed
from onefold.plan import Input, MapBatches, Scan, Table
from onefold.sql.expressions import column
from onefold.sql.relations import Context, Fragment, table_named
from onefold.types import TIMESTAMP_UTC, DataType, Field, Schema
from onefold_snowflake.conversions import Found, conversion, portable_type
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.names import column_in, columns_of, quoted, table_of
from onefold_snowflake.pushdown import conditions_of, raw_conditions
from onefold_snowflake.transforms import TableFunction, lower_transform

__all__ = ["Describe", "SnowflakeLeaves", "columns_in", "schema_in"]

Describe = Callable[[str], dict[str, Found]]
"""Returns the types of the columns of a query, without running it."""


def columns_in(table: Table, describe: Describe) -> tuple[str, dict[str, Found]]:
    """Return a source as it is named in SQL, and the types of its columns by their names in Snowflake.

    Raises:
        SourceError: If there is no such table, or it may not be read.
        ConfigurationError: If its name is not that of a table.
        UnsupportedOperation: If it is not a table of Snowflake.
    """
    if table.format != "table":
        raise UnsupportedOperation(
            node=f"source.{table.format}",
            engine=ENGINE,
            reason="files of other places can not be read from inside of the warehouse",
            way_out="Load them into a table, or let another engine read them.",
        )
    if table.options:
        raise SourceError(f"The source {table.name!r} has the option {next(iter(table.options))!r}; tables have none.")
    place = table_of(table.paths[0], what=f"the source {table.name!r}").sql("snowflake")
    try:
        return place, describe(f"SELECT * FROM {place}")
    except ProgrammingError as error:
        raise SourceError(
            f"The table {table.paths[0]!r} of the source {table.name!r} can not be read: {error.msg} Check its name, and "
            "what the options database, schema and role say."
        ) from error


def schema_in(table: Table, describe: Describe) -> Schema:
    """Return the portable schema of a table, its columns under the names that they have here.

    Raises:
        SourceError: If it can not be read, or a column has no portable type.
    """
    _, found = columns_in(table, describe)
    fields = []
    for name, stored in columns_of(found).items():
        dtype = portable_type(found[stored])
        if dtype is None:
            raise SourceError(
                f"The column {stored!r} of the source {table.name!r} is a {found[stored]}, which no portable type can hold. "
                "Declare the other columns, or make plain columns of it in native SQL or in a view."
            )
        fields.append(Field(name, dtype))
    return Schema(fields)


class SnowflakeLeaves:
    """Reads tables of the warehouse, and inputs that were loaded.

    Args:
        describe: Asks Snowflake for the columns of a query.
        input_name: Returns the table that holds a bound input.
        function_of: Returns the table function that runs a transform.
    """

    def __init__(
        self,
        describe: Describe,
        input_name: Callable[[str], str],
        function_of: Callable[[MapBatches], TableFunction],
    ) -> None:
        self._describe = describe
        self._input_name = input_name
        self._function_of = function_of

    def input(self, leaf: Input) -> Fragment:
        """Return the bound data of an input."""
        return Fragment(table_named(self._input_name(leaf.name)), leaf.output)

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Return the declared columns of native SQL, each converted to its declared type where that loses nothing.

        Raises:
            PlanError: If Snowflake refuses the query, a column is missing, or has another type than declared.
        """
        try:
            found = self._describe(query)
        except ProgrammingError as error:
            raise PlanError(f"Snowflake refuses the SQL: {error.msg}", path=("NativeSql", "text")) from error
        columns: dict[str, exp.Expression] = {}
        for field in declared:
            stored = column_in(field.name, found)
            if stored is None:
                raise PlanError(
                    f"The SQL gives no column {field.name!r}, which is declared. "
                    f"{listed(field.name, columns_of(found), what='columns')}",
                    path=("NativeSql", "text"),
                )
            value = conversion(quoted(stored), found[stored], field.dtype, f"{field.name!r} of native SQL")
            if value is None:
                how = f" ({stored}::TIMESTAMP_TZ)" if field.dtype == TIMESTAMP_UTC else ""
                raise PlanError(
                    f"The SQL gives the column {field.name!r} as {found[stored]}, but it is declared as {field.dtype}. "
                    f"Cast it in the SQL{how}, or declare the type that it has.",
                    path=("NativeSql", "columns"),
                )
            columns[field.name] = column(stored) if value == quoted(stored) else exp.Var(this=value)
        return columns

    def transform(self, node: MapBatches, context: Context) -> Fragment:
        """Return the rows that a function in the warehouse makes.

        Raises:
            UnsupportedOperation: If it can not run there.
        """
        return lower_transform(context, node, self._function_of(node))

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Return a source's rows in their declared types; conditions stand where they spare micro-partitions.

        Raises:
            SourceError: If a column is missing or has another type than declared.
        """
        table = scan.table
        place, found = columns_in(table, self._describe)
        conditions = conditions_of(scan)
        wanted = set(scan.output.names).union(*(condition.columns for condition in conditions))
        scope = table.columns.select(name for name in table.columns.names if name in wanted)
        stored = {field.name: _stored(table, field.name, found) for field in scope}
        values = {field.name: _value(table, field.name, field.dtype, stored[field.name], found) for field in scope}
        items = [value if value == quoted(name) else f"{value} AS {quoted(name)}" for name, value in values.items()]
        converted = {name: stored[name] for name, value in values.items() if value != quoted(stored[name])}
        raw = [text for condition in conditions for text in raw_conditions(condition, converted, found)]
        where = f" WHERE {' AND '.join(raw)}" if raw else ""
        # It is Snowflake's own text already: there is nothing for a syntax tree to translate.
        source = exp.Table(this=exp.Var(this=f"(SELECT {', '.join(items)} FROM {place}{where})"))
        source.set("alias", exp.TableAlias(this=exp.to_identifier("scanned", quoted=True)))
        fragment = Fragment(source, scope, {name: column(name) for name in scan.output.names})
        for condition in conditions:
            fragment = fragment.with_where(context.expression(condition, scope))
        return fragment


def _stored(table: Table, name: str, found: dict[str, Found]) -> str:
    stored = column_in(name, found)
    if stored is None:
        raise SourceError(
            f"The source {table.name!r} has no column {name!r} in its table. "
            f"{listed(name, columns_of(found), what='columns')}"
        )
    return stored


def _value(table: Table, name: str, dtype: DataType, stored: str, found: dict[str, Found]) -> str:
    value = conversion(quoted(stored), found[stored], dtype, f"{name!r} of the source {table.name!r}")
    if value is None:
        raise SourceError(
            f"The source {table.name!r}: the column {name!r} is declared as {dtype}, but is a {found[stored]} in its table, "
            "which can not become that without a loss. Declare the type that it has, and cast it in a transform."
        )
    return value
