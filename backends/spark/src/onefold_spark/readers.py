"""Sources as frames of Spark's readers, and the SQL that gives their columns in the declared types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as spark

from onefold.errors import SourceError, listed
from onefold.plan import Table
from onefold.session.redaction import redacted
from onefold.types import FLOAT64, DataType, Schema
from onefold_spark.conversions import refused, stored_value
from onefold_spark.csv_files import CsvForm, csv_form, json_forms
from onefold_spark.delta import read_delta
from onefold_spark.failures import FAILURES, translated
from onefold_spark.inputs import hadoop_pattern
from onefold_spark.locations import Location, located
from onefold_spark.names import quoted, text
from onefold_spark.parquet import read_footers
from onefold_spark.texts import TextForms, text_type, text_value

__all__ = ["Part", "read_source"]

CORRUPT = "onefold_corrupt"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a source that are read in one go.

    Args:
        frame: The rows, as they lie in the files.
        values: SQL for each declared column that is read.
        nanoseconds: The columns that hold instants in nanoseconds, as whole numbers.
    """

    frame: DataFrame
    values: Mapping[str, str]
    nanoseconds: frozenset[str] = field(default=frozenset())


def read_source(spark: SparkSession, table: Table, wanted: Sequence[str]) -> list[Part]:
    """Return how Spark reads a source.

    Args:
        spark: The session.
        table: The source.
        wanted: The columns to read.

    Raises:
        SourceError: If there are no files, a column is missing, or has another type than declared.
        ConfigurationError: If the source has an option that its reader does not have.
    """
    columns = table.columns.select(wanted)
    if table.format == "table":
        return [_table(spark, table, columns)]
    if table.format == "delta":
        return [_whole(read_delta(spark, table, path), table, columns) for path in table.paths]
    read = {"parquet": _parquet, "csv": _csv, "json": _json}[table.format]
    return [
        part for place in located(table.paths, table.format, table.name) for part in read(spark, table, place, columns)
    ]


def _table(session: SparkSession, table: Table, columns: Schema) -> Part:
    try:
        # A session remembers the files of a table that another one has written to since.
        session.catalog.refreshTable(table.paths[0])
        frame = session.table(table.paths[0])
        frame.schema  # noqa: B018 - on Spark Connect this is what looks at the table
    except PySparkException as error:
        raise SourceError(
            f"The table {table.paths[0]!r} of the source {table.name!r} can not be read: {translated(error, '')}"
        ) from error
    return _whole(frame, table, columns)


def _whole(frame: DataFrame, table: Table, columns: Schema) -> Part:
    """Return all rows of a frame that Spark itself knows the columns of."""
    found = {field.name: field.dataType for field in frame.schema.fields}
    return Part(frame, {name: _stored(table, columns, name, found, {}) for name in columns.names})


def _parquet(session: SparkSession, table: Table, place: Location, columns: Schema) -> Iterator[Part]:
    if table.options:
        csv_like = next(iter(table.options))
        raise SourceError(f"The source {table.name!r} has the option {csv_like!r}; Parquet files have no options.")
    inside = [name for name in columns.names if name not in place.keys]
    arrows: dict[str, pa.DataType] = {}
    schema: spark.StructType | None = None
    if place.local:
        stored = read_footers(place.local, inside, table.name)
        arrows = {name: column.arrow for name, column in stored.items()}
        known = {name: stored[name].spark for name in inside}
        if all(known.values()):
            fields = [spark.StructField(name, dtype) for name, dtype in known.items() if dtype is not None]
            schema = _with_keys(fields, place)
    reader = session.read.options(**place.options)
    frame = _read(table, lambda: (reader if schema is None else reader.schema(schema)).parquet(*place.paths))
    if not place.local:
        _check_remote(session, table, frame, inside)
    found = {field.name: field.dataType for field in frame.schema.fields}
    values = {
        name: _in_names(table, columns, name, place)
        if name in place.keys
        else _stored(table, columns, name, found, arrows)
        for name in columns.names
    }
    nanoseconds = {
        name
        for name in inside
        if name in arrows and pa.types.is_timestamp(arrows[name]) and found[name] == spark.LongType()
    }
    yield Part(frame, values, frozenset(nanoseconds))


def _check_remote(session: SparkSession, table: Table, frame: DataFrame, wanted: Sequence[str]) -> None:
    """Raise if a file that only Spark reaches lacks a column: Spark would take its values for null."""
    files = frame.inputFiles()
    for address in files if len(files) > 1 else ():
        path = hadoop_pattern(unquote(address))
        one = _read(table, lambda path=path: session.read.options(recursiveFileLookup="true").parquet(path))
        for name in wanted:
            if name not in one.schema.names:
                raise SourceError(
                    f"The source {table.name!r} has no column {name!r} in its files ({redacted(address)!r}). "
                    f"{listed(name, one.schema.names, what='columns')}"
                )


def _csv(session: SparkSession, table: Table, place: Location, columns: Schema) -> Iterator[Part]:
    form = csv_form(table)
    groups: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    if place.local:
        for path, file in zip(place.paths, place.local, strict=True):
            names, before = form.columns_of(file, table.name)
            groups.setdefault(names, []).append((path, before))
    else:
        if form.skip:
            raise SourceError(f"The source {table.name!r}: lines can be skipped in files of this machine only.")
        reader = session.read.options(**form.reader, **place.options)
        frame = _read(table, lambda: reader.csv(list(place.paths)))
        names = tuple(name for name in frame.schema.names if name not in place.keys)
        if not form.header:
            width = len(str(len(names) - 1))
            names = tuple(f"column{number:0{width}}" for number in range(len(names)))
        groups[names] = [(path, 1) for path in place.paths]
    for names, files in groups.items():
        values = _text_columns(table, columns, place, names=names, forms=form.forms, null=form.null)
        fields = [spark.StructField(f"c{number}", spark.StringType()) for number in range(len(names))]
        schema = _with_keys(fields, place)
        if not form.skip:
            options = {**form.reader, **place.options, **({} if place.local else {"enforceSchema": "false"})}
            if not place.local:
                schema = _with_keys([spark.StructField(name, spark.StringType()) for name in names], place)
            reader = session.read.options(**options).schema(schema)
            frame = reader.csv([path for path, _ in files])
            yield Part(frame.toDF(*names, *place.keys), values)
            continue
        for path, before in files:
            frame = _after_lines(
                session, path, form, options=place.options, schema=schema, before=before, source=table.name
            )
            yield Part(frame.toDF(*names, *place.keys), values)


def _after_lines(
    session: SparkSession,
    path: str,
    form: CsvForm,
    *,
    options: Mapping[str, str],
    schema: spark.StructType,
    before: int,
    source: str,
) -> DataFrame:
    """Return the rows of one file without its first lines, which Spark's reader takes for rows like any other.

    One file is read in one piece, in order: the rows before the first are known by their number.
    """
    corrupt = spark.StructField(CORRUPT, spark.StringType())
    read = {**form.reader, "mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT, **options}
    reader = session.read.options(**read).schema(spark.StructType([*schema.fields, corrupt]))
    frame = reader.csv(path).selectExpr("*", "monotonically_increasing_id() AS onefold_number")
    line = refused(CORRUPT, f"lines of {source!r}", ", which has more or fewer values than there are columns.")
    checked = f"CASE WHEN {CORRUPT} IS NULL THEN c0 ELSE {line} END AS c0"
    others = (quoted(field.name) for field in schema.fields[1:])
    return frame.where(f"onefold_number >= {before}").selectExpr(checked, *others)


def _json(session: SparkSession, table: Table, place: Location, columns: Schema) -> Iterator[Part]:
    options, forms = json_forms(table)
    inside = [field for field in columns if field.name not in place.keys]
    fields = ", ".join(f"{quoted(field.name)} {text_type(field.dtype)}" for field in inside)
    keys = [f"{quoted(key)} STRING" for key in place.keys]
    reader = session.read.options(**options, **place.options)
    frame = reader.schema(", ".join([*([fields] if fields else []), *keys]) or "onefold_nothing STRING").json(
        list(place.paths)
    )
    names = tuple(field.name for field in inside)
    yield Part(frame, _text_columns(table, columns, place, names=names, forms=forms, null=None))


def _with_keys(fields: list[spark.StructField], place: Location) -> spark.StructType:
    return spark.StructType([*fields, *(spark.StructField(key, spark.StringType()) for key in place.keys)])


def _read(table: Table, read: object) -> DataFrame:
    try:
        frame: DataFrame = read()  # type: ignore[operator]
        frame.schema  # noqa: B018 - on Spark Connect this is what looks at the files
        return frame
    except FAILURES as error:
        raise SourceError(f"The source {table.name!r}: {translated(error, '')}") from error


def _stored(
    table: Table, columns: Schema, name: str, found: Mapping[str, spark.DataType], arrows: Mapping[str, pa.DataType]
) -> str:
    """Return SQL for a column in its declared type."""
    if name not in found:
        raise SourceError(
            f"The source {table.name!r} has no column {name!r} in its files. {listed(name, found, what='columns')}"
        )
    what = f"{name!r} of the source {table.name!r}"
    dtype: DataType = columns[name].dtype
    value = stored_value(quoted(name), found[name], arrows.get(name), dtype, what)
    if value is None:
        kind = arrows.get(name, found[name].simpleString())
        raise SourceError(
            f"The source {table.name!r}: the column {name!r} is declared as {dtype}, but holds {kind} in its "
            "files, which can not become that without a loss. Declare the type that it has, and cast it in a transform."
        )
    # Conditions on a sum do not reach Spark's Parquet reader. It skips rows with NaN, which is above all numbers: writers
    # leave NaN out of the least and greatest value that they note.
    return f"({value} + 0e0)" if dtype == FLOAT64 else value


def _in_names(table: Table, columns: Schema, name: str, place: Location) -> str:
    """Return SQL for a column that lies in the names of directories."""
    value = quoted(name)
    if misread := place.misread(name):
        whens = " ".join(f"WHEN {text(found)} THEN {text(meant)}" for found, meant in misread.items())
        value = f"CASE {value} {whens} ELSE {value} END"
    return _text(table, columns, name, TextForms(), None, value=value)


def _text_columns(
    table: Table, columns: Schema, place: Location, *, names: Sequence[str], forms: TextForms, null: str | None
) -> dict[str, str]:
    values = {}
    for name in columns.names:
        if name in place.keys:
            values[name] = _in_names(table, columns, name, place)
            continue
        if name not in names:
            raise SourceError(
                f"The source {table.name!r} has no column {name!r} in its files. {listed(name, names, what='columns')}"
            )
        if list(names).count(name) > 1:
            raise SourceError(f"The source {table.name!r} has more than one column {name!r}. Rename one of them.")
        values[name] = _text(table, columns, name, forms, null)
    return values


def _text(
    table: Table, columns: Schema, name: str, forms: TextForms, null: str | None, *, value: str | None = None
) -> str:
    place = value or quoted(name)
    if null is not None:
        # Spark takes an empty value for null whatever stands for null.
        place = f"nullif(coalesce({place}, ''), {text(null)})"
    converted = text_value(place, columns[name].dtype, f"{name!r} of the source {table.name!r}", forms)
    if converted is None:
        raise SourceError(
            f"The source {table.name!r}: the column {name!r} is declared as {columns[name].dtype}, which text has no form "
            "for. Declare it as a string."
        )
    return converted
