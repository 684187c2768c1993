"""CSV and JSON lines, read by Arrow: batch by batch, with nothing guessed and nothing made up.

Polars' own readers fill lines that are too short with nulls, and take values of other types for the declared ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json

from onefold.errors import ConfigurationError, SourceError, listed
from onefold.plan import Table
from onefold.types import BOOL, FLOAT64, INT64, STRING, DataType, Decimal, List, Schema, Struct, to_arrow
from onefold_polars.sources.values import from_text

__all__ = ["check_options", "names_in", "read_text", "sampled"]

_BLOCK = 4 << 20
"""How many bytes are parsed at once."""

_CSV_OPTIONS: Mapping[str, str] = {
    "delimiter": "delimiter", "delim": "delimiter", "sep": "delimiter", "quote": "quote", "escape": "escape",
    "header": "header", "nullstr": "nullstr", "null": "nullstr", "skip": "skip", "encoding": "encoding",
}  # fmt: skip
_CSV_DEFAULTS: Mapping[str, Any] = {
    "delimiter": ",", "quote": '"', "escape": '"', "header": True, "nullstr": "", "skip": 0, "encoding": "utf8",
}  # fmt: skip


def check_options(table: Table) -> dict[str, Any]:
    """Return the options of a source, those that it does not name with their defaults.

    Raises:
        ConfigurationError: If its reader does not know one of them.
    """
    known = _CSV_OPTIONS if table.format == "csv" else {}
    options = dict(_CSV_DEFAULTS)
    for name, value in table.options.items():
        if name not in known:
            raise ConfigurationError(
                f"The source {table.name!r} has the option {name!r}, which its reader does not know. "
                f"{listed(name, known, what='options')}"
            )
        options[known[name]] = value
    return options


def read_text(table: Table, file: str, schema: Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file, some of its columns, in their declared types.

    Raises:
        SourceError: If the file can not be read, a column is missing, or a value is not of its declared type.
    """
    open_reader = _open_csv if table.format == "csv" else _open_json
    try:
        with open_reader(table, file, schema) as reader:
            for batch in reader:
                columns = [
                    _typed(batch.column(field.name), field.dtype, f"{field.name!r} of the source {table.name!r}")
                    for field in schema
                ]
                yield pa.record_batch(columns, names=list(schema.names))
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(table, file, error) from error


def names_in(table: Table, file: str) -> list[str]:
    """Return the names of the columns of a CSV file.

    Raises:
        SourceError: If it can not be read.
    """
    try:
        with _open_csv(table, file, None) as reader:
            return list(reader.schema.names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(table, file, error) from error


def sampled(table: Table, file: str) -> pa.Schema:
    """Return the columns of a file with the types that its beginning suggests.

    Raises:
        SourceError: If it can not be read.
    """
    options = check_options(table)
    try:
        if table.format == "csv":
            with pa_csv.open_csv(file, **_csv_settings(options, pa_csv.ConvertOptions())) as reader:
                return reader.schema
        with pa_json.open_json(file) as reader:
            return reader.schema
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(table, file, error) from error


def _unreadable(table: Table, file: str, error: Exception) -> SourceError:
    return SourceError(f"The source {table.name!r} can not be read: {error} (file {file!r}).")


def _csv_settings(options: Mapping[str, Any], convert: pa_csv.ConvertOptions) -> dict[str, Any]:
    doubled = options["escape"] == options["quote"]
    return {
        "read_options": pa_csv.ReadOptions(
            block_size=_BLOCK,
            skip_rows=options["skip"],
            encoding=options["encoding"],
            autogenerate_column_names=not options["header"],
        ),
        "parse_options": pa_csv.ParseOptions(
            delimiter=options["delimiter"],
            quote_char=options["quote"],
            double_quote=doubled,
            escape_char=False if doubled else options["escape"],
            newlines_in_values=True,
        ),
        "convert_options": convert,
    }


def _open_csv(table: Table, file: str, schema: Schema | None) -> pa_csv.CSVStreamingReader:
    """Open a file whose values stay text."""
    options = check_options(table)
    convert = pa_csv.ConvertOptions(
        default_column_type=pa.string(), strings_can_be_null=True, null_values=[options["nullstr"]]
    )
    settings = _csv_settings(options, convert)
    if not options["header"]:  # the declared columns, in their order
        settings["read_options"].autogenerate_column_names = False
        settings["read_options"].column_names = list(table.columns.names)
    if schema is not None:
        convert.include_columns = list(schema.names)
    return pa_csv.open_csv(file, **settings)


def _open_json(table: Table, file: str, schema: Schema) -> Any:
    check_options(table)
    read = pa.schema([pa.field(field.name, _read_as(field.dtype)) for field in schema])
    if not Path(file).stat().st_size:
        return pa.RecordBatchReader.from_batches(read, [])
    return pa_json.open_json(
        file,
        read_options=pa_json.ReadOptions(block_size=_BLOCK),
        parse_options=pa_json.ParseOptions(explicit_schema=read, unexpected_field_behavior="ignore"),
    )


def _read_as(dtype: DataType) -> pa.DataType:
    """Return the type as which JSON is parsed: what is text there stays text."""
    match dtype:
        case List():
            return pa.list_(_read_as(dtype.element))
        case Struct():
            return pa.struct([pa.field(name, _read_as(field)) for name, field in dtype.fields])
        case Decimal():
            return to_arrow(dtype)
    return to_arrow(dtype if dtype in (INT64, FLOAT64, BOOL) else STRING)


def _typed(array: pa.Array, dtype: DataType, what: str) -> pa.Array:
    """Return values in their declared type: text is converted, numbers are parsed already."""
    match dtype:
        case List():
            values = _typed(array.flatten(), dtype.element, what)
            return _relisted(array, values)
        case Struct():
            children = [
                _typed(child, field, f"{what}, field {name!r}")
                for child, (name, field) in zip(array.flatten(), dtype.fields, strict=True)
            ]
            names = [name for name, _ in dtype.fields]
            return pa.StructArray.from_arrays(children, names=names, mask=array.is_null())
    if not pa.types.is_string(array.type) or dtype == STRING:
        return array
    return from_text(pl.Series(array), dtype, what).to_arrow()


def _relisted(array: pa.Array, values: pa.Array) -> pa.Array:
    lengths = array.value_lengths().fill_null(0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pa.compute.cumulative_sum(lengths)])
    return pa.ListArray.from_arrays(offsets, values, mask=array.is_null() if array.null_count else None)
