"""How DuckDB reads the sources and inputs of a plan: what the shared SQL lowering asks a backend for."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import expressions as exp

from onefold.errors import EngineError, PlanError, SourceError, UnsupportedOperation, listed
from onefold.plan import Input, Scan, Table
from onefold.session.scanning import scan_conditions
from onefold.sql.expressions import column
from onefold.sql.relations import Context, Fragment, table_named
from onefold.types import DataType, Schema
from onefold_rift.dialect import DIALECT, ENGINE
from onefold_rift.pushdown import raw_conditions
from onefold_rift.readers import Describe, identifier, reader_call
from onefold_rift.types import conversion

__all__ = ["DuckLeaves", "type_text"]


def type_text(dtype: DataType) -> str:
    """Return a portable type in DuckDB's dialect."""
    return DIALECT.types(dtype).sql("duckdb")


class DuckLeaves:
    """Reads files with DuckDB's table functions and inputs as tables.

    Args:
        describe: Asks DuckDB for the columns of a query.
        input_name: Returns the table that holds a bound input.
    """

    def __init__(self, describe: Describe, input_name: Callable[[str], str]) -> None:
        self._describe = describe
        self._input_name = input_name

    def input(self, leaf: Input) -> Fragment:
        """Return the bound data of an input."""
        return Fragment(table_named(self._input_name(leaf.name)), leaf.output)

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Return the declared columns of native SQL, each converted to its declared type where that loses nothing.

        Raises:
            PlanError: If DuckDB refuses the query, a column is missing, or has another type than declared.
        """
        try:
            found = dict(self._describe(query))
        except EngineError as error:
            raise PlanError(
                f"DuckDB refuses the SQL: {error.__cause__ or error}", path=("NativeSql", "text")
            ) from error
        columns: dict[str, exp.Expression] = {}
        for field in declared:
            if field.name not in found:
                raise PlanError(
                    f"The SQL gives no column {field.name!r}, which is declared. {listed(field.name, found, what='columns')}",
                    path=("NativeSql", "text"),
                )
            what = f"{field.name!r} of native SQL"
            value = conversion(identifier(field.name), found[field.name], field.dtype, type_text, what)
            if value is None:
                raise PlanError(
                    f"The SQL gives the column {field.name!r} as {found[field.name]}, but it is declared as {field.dtype}. "
                    "Cast it in the SQL, or declare the type that it has.",
                    path=("NativeSql", "columns"),
                )
            columns[field.name] = column(field.name) if value == identifier(field.name) else exp.Var(this=value)
        return columns

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Return a source's rows in their declared types; conditions stand where they reach DuckDB's readers.

        Raises:
            SourceError: If a column is missing or has another type than declared.
        """
        table = scan.table
        if table.format == "table":
            raise UnsupportedOperation(
                node="source.table",
                engine=ENGINE,
                reason=f"the table {table.name!r} lives in another engine, and rift keeps no tables of its own",
                way_out="Run the view on the engine that holds the table.",
            )
        declared = table.columns
        call = reader_call(table, self._describe, type_text, declared)
        found = dict(self._describe(f"SELECT * FROM {call}"))
        wanted = set(scan.output.names)
        if scan.predicate is not None:
            wanted |= scan.predicate.columns
        if scan.time_range is not None:
            wanted.add(scan.time_range.column)
        values = {
            field.name: self._value(table, field.name, field.dtype, found) for field in declared if field.name in wanted
        }
        scope = declared.select(name for name in declared.names if name in wanted)
        converted = {name for name, value in values.items() if value != identifier(name)}
        text = call
        if converted:
            items = [f"{value} AS {identifier(name)}" if name in converted else value for name, value in values.items()]
            raw = [condition for part in scan_conditions(scan) for condition in raw_conditions(part, found, converted)]
            where = f" WHERE {' AND '.join(raw)}" if raw else ""
            text = f"(SELECT {', '.join(items)} FROM {call}{where})"
        # Table functions with named arguments are DuckDB's own: there is nothing for a syntax tree to translate.
        source = exp.Table(this=exp.Var(this=text))
        columns = {name: column(name) for name in scan.output.names}
        fragment = Fragment(source, scope, columns)
        for condition in scan_conditions(scan):
            fragment = fragment.with_where(context.expression(condition, scope))
        return fragment

    def _value(self, table: Table, name: str, dtype: DataType, found: dict[str, object]) -> str:
        if name not in found:
            raise SourceError(
                f"The source {table.name!r} has no column {name!r} in its files. {listed(name, found, what='columns')}"
            )
        what = f"{name!r} of the source {table.name!r}"
        sql = conversion(identifier(name), found[name], dtype, type_text, what, text=table.format != "parquet")
        if sql is None:
            raise SourceError(
                f"The source {table.name!r}: the column {name!r} is declared as {dtype}, but holds {found[name]} in its "
                "files, which can not become that without a loss. Declare the type that it has, and cast it in a transform."
            )
        return sql
