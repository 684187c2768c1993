"""The rows of a source's files, in its declared types."""

from __future__ import annotations

import csv
import decimal
import glob
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet

from onefold.errors import ConfigurationError, SourceError, UnsupportedOperation, listed
from onefold.plan import Table
from onefold.types import STRING, Field, Schema, normalise_reader, schema_from_arrow
from onefold_conformance.oracle.files.text import value_of
from onefold_conformance.oracle.values import Row, from_arrow

__all__ = ["NULL_PARTITION", "read_rows", "schema_of"]

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""The directory of rows whose partition column is null."""

_PARTITION = re.compile(r"(?:^|(?<=[/\\]))([^/\\=]+)=([^/\\]+)(?=[/\\])")
_SUFFIXES = {"parquet": (".parquet", ".pq"), "csv": (".csv", ".tsv"), "json": (".json", ".jsonl", ".ndjson")}
_CSV_OPTIONS = {"delimiter": "delimiter", "delim": "delimiter", "sep": "delimiter", "quote": "quote", "escape": "escape",
                "header": "header", "nullstr": "nullstr", "null": "nullstr", "skip": "skip"}  # fmt: skip


def read_rows(table: Table) -> list[Row]:
    """Return all rows of a source, in its declared columns.

    Raises:
        SourceError: If a file or column is missing, or a value is not of its declared type.
        ConfigurationError: If the source has an option that its reader does not have.
    """
    rows: list[Row] = []
    for file in _files(table):
        inside = Schema(field for field in table.columns if field.name not in _partitions(file))
        outside = {
            name: _typed(table, name, text, table.columns)
            for name, text in _partitions(file).items()
            if name in table.columns
        }
        for row in _READERS[table.format](table, file, inside):
            everything = {**row, **outside}
            rows.append({name: everything[name] for name in table.columns.names})
    return rows


def schema_of(table: Table) -> Schema:
    """Return the portable schema that the first file of a source has by itself, its partitions as text.

    Raises:
        SourceError: If it can not be read, or a column has no portable type.
    """
    file = _files(table)[0]
    options = _csv_options(table)
    try:
        if table.format == "parquet":
            found = pa.parquet.read_schema(file)
        elif table.format == "csv":
            parse = pa.csv.ParseOptions(delimiter=options["delimiter"], quote_char=options["quote"])
            found = pa.csv.read_csv(file, parse_options=parse).schema
        else:
            found = pa.json.read_json(file).schema
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"The source {table.name!r} can not be read: {error}") from error
    keys = [Field(name, STRING) for name in _partitions(file) if name not in found.names]
    return Schema([*schema_from_arrow(found), *keys])


def _files(table: Table) -> list[Path]:
    """Return the files of a source; directories are searched, hidden files and folders left out."""
    if table.format == "table":
        raise UnsupportedOperation(
            node="source.table", engine="oracle", reason="it keeps no tables", way_out="Read files, or bind an input."
        )
    found: list[Path] = []
    for path in table.paths:
        place = Path(path)
        if place.is_dir():
            inside = sorted(file for file in place.rglob("*") if file.name.endswith(_SUFFIXES[table.format]))
            matches = [file for file in inside if not any(p.startswith(".") for p in file.relative_to(place).parts)]
        elif place.is_file():
            matches = [place]
        else:
            matches = [Path(file) for file in sorted(glob.glob(path, recursive=True))]  # noqa: PTH207 - a user's glob
        if not matches:
            raise SourceError(f"The source {table.name!r}: there is no {table.format} file at {path!r}.")
        found += matches
    return found


def _partitions(file: Path) -> dict[str, str | None]:
    """Return the values in the names of the directories in which a file lies."""
    return {
        unquote(name): None if text == NULL_PARTITION else unquote(text)
        for name, text in _PARTITION.findall(str(file.parent) + "/")
    }


def _typed(table: Table, name: str, found: Any, schema: Schema) -> Any:
    try:
        return value_of(found, schema[name].dtype)
    except (ValueError, KeyError, decimal.DecimalException) as error:
        raise SourceError(
            f"The source {table.name!r}: the column {name!r} is declared as {schema[name].dtype}, and holds {found!r}."
        ) from error


def _missing(table: Table, name: str, found: list[str]) -> SourceError:
    return SourceError(f"The source {table.name!r} has no column {name!r}. {listed(name, found, what='columns')}")


def _read_parquet(table: Table, file: Path, schema: Schema) -> list[Row]:
    _csv_options(table)
    try:
        # ParquetFile, because read_table would take the names of directories for columns.
        with pa.parquet.ParquetFile(file) as opened:
            found = opened.read()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"The source {table.name!r} can not be read: {error}") from error
    for name in schema.names:
        if name not in found.column_names:
            raise _missing(table, name, found.column_names)
    where = f"the source {table.name!r}"
    read = normalise_reader(found.select(list(schema.names)), schema, where=where, at_source=True).read_all()
    return from_arrow(read, schema)


def _csv_options(table: Table) -> dict[str, Any]:
    """Return the options of a source with their defaults.

    Raises:
        ConfigurationError: If one of them is unknown.
    """
    options: dict[str, Any] = {"delimiter": ",", "quote": '"', "escape": '"', "header": True, "nullstr": "", "skip": 0}
    known = _CSV_OPTIONS if table.format == "csv" else {}
    for name, value in table.options.items():
        if name not in known:
            raise ConfigurationError(
                f"The source {table.name!r} has the option {name!r}, which its reader does not know. "
                f"{listed(name, known, what='options')}"
            )
        options[known[name]] = value
    return options


def _read_csv(table: Table, file: Path, schema: Schema) -> list[Row]:
    options = _csv_options(table)
    doubled = options["escape"] == options["quote"]
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.reader(
            opened,
            delimiter=options["delimiter"],
            quotechar=options["quote"],
            doublequote=doubled,
            escapechar=None if doubled else options["escape"],
            strict=True,
        )
        try:
            lines = [line for line in reader if line][options["skip"] :]
        except csv.Error as error:
            raise SourceError(f"The source {table.name!r} can not be read: {error}") from error
    names = lines.pop(0) if options["header"] and lines else list(schema.names)
    for name in schema.names:
        if name not in names:
            raise _missing(table, name, names)
    rows = []
    for line in lines:
        if len(line) != len(names):
            raise SourceError(f"The source {table.name!r}: a line has {len(line)} values instead of {len(names)}.")
        found = {name: None if text == options["nullstr"] else text for name, text in zip(names, line, strict=True)}
        rows.append({name: _typed(table, name, found[name], schema) for name in schema.names})
    return rows


def _read_json(table: Table, file: Path, schema: Schema) -> list[Row]:
    _csv_options(table)
    rows = []
    for line in file.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=decimal.Decimal, parse_int=decimal.Decimal)
        except ValueError as error:
            raise SourceError(f"The source {table.name!r} can not be read: {error}") from error
        rows.append({name: _typed(table, name, found.get(name), schema) for name in schema.names})
    return rows


_READERS: Mapping[str, Callable[[Table, Path, Schema], list[Row]]] = {
    "parquet": _read_parquet,
    "csv": _read_csv,
    "json": _read_json,
}
