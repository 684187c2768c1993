"""Sources as lazy frames: conditions stand where they reach the reader, and every value is checked on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl
import pyarrow as pa

from onefold.errors import SourceError, listed
from onefold.plan import Call, Expression, Scan, Table
from onefold.session.scanning import scan_conditions
from onefold.types import DATE, INT64, STRING, DataType, Field, Schema, schema_from_arrow
from onefold_polars.columns import column
from onefold_polars.expressions import compile_expression, polars_dtype
from onefold_polars.pulling import pulled_frame
from onefold_polars.sources import text
from onefold_polars.sources.conversions import converted, fits, portable
from onefold_polars.sources.locations import files_of, partition_of
from onefold_polars.sources.pushdown import raw_condition
from onefold_polars.sources.values import from_text

__all__ = ["scan_frame", "schema_in_files"]


def scan_frame(scan: Scan, note: Callable[[Exception], None]) -> pl.LazyFrame:
    """Return the rows of a scan, in their declared types.

    Args:
        scan: The scan.
        note: Called with what goes wrong while text is read: Polars only passes the text of an error on.

    Raises:
        SourceError: If there are no files, or a column is missing or has another type than declared.
        ConfigurationError: If the source has an option that its reader does not have.
    """
    conditions = list(_conditions(scan))
    read = frozenset(scan.output.names).union(*(condition.columns for condition in conditions))
    declared = Schema(field for field in scan.table.columns if field.name in read)
    parts = _Partitions(scan.table, files_of(scan.table), declared)
    parts = parts.pruned(conditions)
    if not parts.files:
        frame = pl.LazyFrame(schema={field.name: polars_dtype(field.dtype) for field in declared})
    elif scan.table.format == "parquet":
        text.check_options(scan.table)
        frame, conditions = _parquet(scan.table, parts, declared, conditions)
    else:
        frame = _text(scan.table, parts, declared, note)
    for condition in conditions:
        frame = frame.filter(compile_expression(condition, declared))
    return frame.select(map(column, scan.output.names))


def schema_in_files(table: Table) -> Schema:
    """Return the portable schema that the files of a source have; its declared columns are not looked at.

    Raises:
        SourceError: If they can not be read, or a column has no portable type.
    """
    files = files_of(table)
    keys = partition_of(files[0])
    if table.format == "parquet":
        text.check_options(table)
        fields = []
        for name, found in _frame_of(table, files[:1], {}).collect_schema().items():
            dtype = portable(found)
            if dtype is None:
                raise SourceError(
                    f"The source {table.name!r}: the column {name!r} has the type {found}, which no portable type can "
                    "hold. Declare a schema with another type, or leave the column out."
                )
            fields.append(Field(name, dtype))
    else:
        fields = list(schema_from_arrow(_micros(text.sampled(table, files[0]))))
    texts = {key: pl.Series([partition_of(file).get(key) for file in files], dtype=pl.String) for key in keys}
    return Schema(
        [
            *(field for field in fields if field.name not in keys),
            *(Field(key, _suggested(values)) for key, values in texts.items()),
        ]
    )


def _micros(schema: pa.Schema) -> pa.Schema:
    """Return a schema that was guessed from text, with the types that are read: Arrow guesses other units."""
    dates = {pa.time32("s"): pa.string(), pa.time64("ns"): pa.string(), pa.null(): pa.string()}
    return pa.schema([field.with_type(dates.get(field.type, field.type)) for field in schema])


def _suggested(values: pl.Series) -> DataType:
    """Return the type that the names of directories suggest."""
    for dtype in (INT64, DATE):
        if _parses(values, dtype):
            return dtype
    return STRING


def _parses(values: pl.Series, dtype: DataType) -> bool:
    """Return whether Polars itself reads texts as a type, and all of them as they are meant."""
    if dtype == INT64:
        return bool(values.cast(pl.Int64, strict=False).is_not_null().eq(values.is_not_null()).all())
    return bool(values.str.contains("^[1-9][0-9]{3}-").all()) and bool(
        values.str.to_date("%Y-%m-%d", strict=False).is_not_null().eq(values.is_not_null()).all()
    )


class _Partitions:
    """The files of a source, and the declared columns that lie in the names of their directories.

    Args:
        table: The source.
        files: The files.
        declared: The columns that are read.
    """

    def __init__(self, table: Table, files: Sequence[str], declared: Schema) -> None:
        self.files = list(files)
        self._table = table
        self._declared = declared
        self.texts = [partition_of(file) for file in self.files]
        self.keys = tuple(self.texts[0]) if self.texts else ()
        self.fields = Schema(field for field in declared if field.name in self.keys)

    def column(self, name: str) -> pl.Series:
        """Return the text of a key for each file."""
        return pl.Series(name, [values.get(name) for values in self.texts], dtype=pl.String)

    def values(self) -> pl.DataFrame:
        """Return the keys for each file, in their declared types."""
        where = f"the source {self._table.name!r}"
        return pl.DataFrame(
            [from_text(self.column(field.name), field.dtype, f"{field.name!r} of {where}") for field in self.fields]
        )

    def pruned(self, conditions: Sequence[Expression]) -> _Partitions:
        """Return the files that can have rows for which all conditions are true."""
        of_keys = [part for part in conditions if part.columns and part.columns <= set(self.fields.names)]
        if not of_keys:
            return self
        values = self.values().with_row_index("")
        for condition in of_keys:
            values = values.filter(compile_expression(condition, self.fields))
        return _Partitions(self._table, [self.files[index] for index in values[""]], self._declared)


def _parquet(
    table: Table, parts: _Partitions, declared: Schema, conditions: list[Expression]
) -> tuple[pl.LazyFrame, list[Expression]]:
    """Return the rows of Parquet files, and the conditions that are still to be checked."""
    types: dict[str, pl.DataType] = dict.fromkeys(parts.keys, pl.String())
    for field in parts.fields:
        if field.dtype in (INT64, DATE) and _parses(parts.column(field.name), field.dtype):
            types[field.name] = polars_dtype(field.dtype)
    frame = _frame_of(table, parts.files, types)
    found = frame.collect_schema()
    where = f"the source {table.name!r}"
    columns: dict[str, pl.Expr] = {}
    for field in declared:
        name = field.name
        if name not in found:
            raise SourceError(
                f"The source {table.name!r} has no column {name!r} in its files. {listed(name, list(found), what='columns')}"
            )
        if name in types:
            columns[name] = _key(field, types[name], f"{name!r} of {where}")
            continue
        fit = fits(found[name], field.dtype)
        if fit is None:
            raise SourceError(
                f"The source {table.name!r}: the column {name!r} is declared as {field.dtype}, but holds {found[name]} "
                "in its files, which can not become that without a loss. Declare the type that it has, and cast it in a "
                "transform."
            )
        columns[name] = converted(name, field.dtype, fit, where)
    plain = {name for name, value in columns.items() if value.meta.eq(column(name))}
    left: list[Expression] = []
    for condition in conditions:
        if condition.columns <= plain:
            frame = frame.filter(compile_expression(condition, declared))
            continue
        left.append(condition)
        if (raw := raw_condition(condition, found)) is not None:
            frame = frame.filter(raw)
    return frame.select(value.alias(name) for name, value in columns.items()), left


def _key(field: Field, read: pl.DataType, what: str) -> pl.Expr:
    target = polars_dtype(field.dtype)
    if read == target:
        return column(field.name)
    return column(field.name).map_batches(
        lambda texts: from_text(texts, field.dtype, what), return_dtype=target, is_elementwise=True
    )


def _frame_of(table: Table, files: Sequence[str], keys: dict[str, pl.DataType]) -> pl.LazyFrame:
    try:
        frame = pl.scan_parquet(
            list(files),
            glob=False,
            hive_partitioning=bool(keys),
            hive_schema=keys or None,
            extra_columns="ignore",
            cast_options=pl.ScanCastOptions(integer_cast="upcast", float_cast="upcast", categorical_to_string="allow"),
        )
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(f"The source {table.name!r} can not be read: {error} (first file {files[0]!r}).") from error
    return frame


def _text(table: Table, parts: _Partitions, declared: Schema, note: Callable[[Exception], None]) -> pl.LazyFrame:
    """Return the rows of CSV or JSON lines."""
    if table.format == "csv":
        for file in parts.files:
            names = [*text.names_in(table, file), *parts.keys]
            for name in declared.names:
                if name not in names:
                    raise SourceError(
                        f"The source {table.name!r} has no column {name!r} in its files. "
                        f"{listed(name, names, what='columns')}"
                    )
    text.check_options(table)
    values = parts.values()

    def batches(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        wanted = declared.select(columns)
        inside = Schema(field for field in wanted if field.name not in parts.keys)
        for number, file in enumerate(parts.files):
            # At least one column: the number of rows is told by columns only.
            read = inside if len(inside) else _shortest(table, parts)
            for batch in text.read_text(table, file, read):
                yield pa.record_batch(
                    [
                        batch.column(name) if name in inside else _repeated(values[name], number, len(batch))
                        for name in columns
                    ],
                    names=list(columns),
                )

    return pulled_frame(batches, declared, name=table.format, note=note)


def _shortest(table: Table, parts: _Partitions) -> Schema:
    return Schema([field for field in table.columns if field.name not in parts.keys][:1])


def _repeated(values: pl.Series, number: int, count: int) -> pa.Array:
    return values[number : number + 1].new_from_index(0, count).to_arrow()


def _conditions(scan: Scan) -> Iterator[Expression]:
    """Yield all that must hold for a row of a scan, what is joined by ``and`` one by one."""
    stack = scan_conditions(scan)[::-1]
    while stack:
        part = stack.pop()
        if isinstance(part, Call) and part.function == "and":
            stack.extend(reversed(part.args))
        else:
            yield part
