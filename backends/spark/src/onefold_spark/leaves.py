"""How Spark reads the sources and inputs of a plan: what the shared SQL lowering asks a backend for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Protocol

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from sqlglot import expressions as exp

from onefold.errors import PlanError, SourceError, listed
from onefold.plan import Call, Column, Expression, Input, Literal, Scan
from onefold.session.scanning import scan_conditions
from onefold.sql.expressions import column
from onefold.sql.relations import Context, Fragment, table_named
from onefold.types import TIMESTAMP, TIMESTAMP_UTC, Schema
from onefold_spark.conversions import stored_value
from onefold_spark.extents import UNKNOWN, Extent
from onefold_spark.failures import translated
from onefold_spark.locations import located
from onefold_spark.names import quoted
from onefold_spark.readers import Part, read_source

__all__ = ["NamesOnly", "SparkLeaves", "scan_extent"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class ViewsOf(Protocol):
    """Gives names to frames."""

    def of(self, frame: DataFrame, what: str = "rows") -> str:
        """Return the name of a view of a frame."""
        ...


class NamesOnly:
    """Gives names that people can read, for queries that are shown and not run."""

    def of(self, frame: DataFrame, what: str = "rows") -> str:
        """Return a name."""
        del frame
        return what


class SparkLeaves:
    """Reads sources with Spark's readers, and inputs as views.

    Args:
        spark: The session.
        views: Gives names to what is read.
        table_of: Returns the view that holds an input.
    """

    def __init__(self, spark: SparkSession, views: ViewsOf, table_of: Callable[[str], str]) -> None:
        self._spark = spark
        self._views = views
        self._table_of = table_of

    def input(self, leaf: Input) -> Fragment:
        """Return the bound data of an input."""
        return Fragment(table_named(self._table_of(leaf.name)), leaf.output)

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Return a source's rows in their declared types; conditions stand where they reach Spark's readers.

        Raises:
            SourceError: If a column is missing or has another type than declared.
        """
        declared = scan.table.columns
        wanted = set(scan.output.names)
        if scan.predicate is not None:
            wanted |= scan.predicate.columns
        if scan.time_range is not None:
            wanted.add(scan.time_range.column)
        names = [name for name in declared.names if name in wanted]
        parts = read_source(self._spark, scan.table, names)
        text = " UNION ALL ".join(self._select(part, names, scan) for part in parts)
        # The text is Spark's own: there is nothing for a syntax tree to translate.
        source = exp.Table(this=exp.Var(this=f"({text})"))
        source.set("alias", exp.TableAlias(this=exp.to_identifier("scanned", quoted=True)))
        scope = declared.select(names)
        fragment = Fragment(source, scope, {name: column(name) for name in scan.output.names})
        for condition in scan_conditions(scan):
            fragment = fragment.with_where(context.expression(condition, scope))
        return fragment

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Return the declared columns of native SQL, each converted to its declared type where that loses nothing.

        Raises:
            PlanError: If Spark refuses the query, a column is missing, or has another type than declared.
        """
        try:
            found = {field.name: field.dataType for field in self._spark.sql(query).schema.fields}
        except PySparkException as error:
            raise PlanError(f"Spark refuses the SQL: {translated(error, '')}", path=("NativeSql", "text")) from error
        columns: dict[str, exp.Expression] = {}
        for field in declared:
            if field.name not in found:
                raise PlanError(
                    f"The SQL gives no column {field.name!r}, which is declared. {listed(field.name, found, what='columns')}",
                    path=("NativeSql", "text"),
                )
            place = quoted(field.name)
            value = stored_value(place, found[field.name], None, field.dtype, f"{field.name!r} of native SQL")
            if value is None:
                raise PlanError(
                    f"The SQL gives the column {field.name!r} as {found[field.name].simpleString()}, but it is declared as "
                    f"{field.dtype}. Cast it in the SQL, or declare the type that it has.",
                    path=("NativeSql", "columns"),
                )
            columns[field.name] = column(field.name) if value == place else exp.Var(this=value)
        return columns

    def _select(self, part: Part, names: list[str], scan: Scan) -> str:
        items = []
        for name in names:
            value = part.values[name]
            items.append(value if value == quoted(name) else f"{value} AS {quoted(name)}")
        raw = [text for condition in scan_conditions(scan) for text in _raw(condition, part.nanoseconds)]
        where = f" WHERE {' AND '.join(raw)}" if raw else ""
        view = self._views.of(part.frame, f"source_{scan.table.name}")
        return f"SELECT {', '.join(items)} FROM {quoted(view)}{where}"


def scan_extent(scan: Scan) -> Extent:
    """Return how large a source is in memory, from the sizes of its files; unknown when they are not on this machine."""
    table = scan.table
    if table.format in ("table", "delta"):
        return UNKNOWN
    try:
        files = [file for place in located(table.paths, table.format, table.name) for file in place.local or (None,)]
    except SourceError:  # said again when it is read
        return Extent(0, 0)
    if None in files:
        return UNKNOWN
    size = sum(file.stat().st_size for file in files if file is not None)
    if table.format != "parquet":
        return Extent(size, size * 4)
    rows = size * 8  # a few bytes can stand for very many equal rows, so the bound is none of the rows
    return Extent(rows, size * 16)


_OPERATORS = {"equal": ("=", "="), "lt": ("<", ">"), "lte": ("<=", ">="), "gt": (">", "<"), "gte": (">=", "<=")}


def _raw(condition: Expression, nanoseconds: frozenset[str]) -> Iterator[str]:
    """Yield conditions on instants once more, about the nanoseconds in the files: those reach Spark's reader."""
    if not isinstance(condition, Call):
        return
    if condition.function == "and":
        for part in condition.args:
            yield from _raw(part, nanoseconds)
        return
    if condition.function not in _OPERATORS:
        return
    left, right = condition.args
    operator, turned = _OPERATORS[condition.function]
    if isinstance(left, Literal):
        left, right, operator = right, left, turned
    if not (isinstance(left, Column) and isinstance(right, Literal)) or left.name not in nanoseconds:
        return
    if right.value is None or right.dtype not in (TIMESTAMP, TIMESTAMP_UTC):
        return
    moment = dt.datetime.fromisoformat(f"{right.value}+00:00") - _EPOCH
    value = moment // dt.timedelta(microseconds=1) * 1000
    if abs(value) < 2**63:
        yield f"{quoted(left.name)} {operator} {value}L"
