"""The files that a case scans, made anew for each run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import ConfigurationError
from onefold.plan import Table
from onefold.types import Schema

__all__ = ["SourceFile"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source of a case: its declaration, and the files that are there.

    Args:
        format: The format of the files.
        columns: The declared schema.
        files: What is in each file, by its path: text for CSV and JSON lines, a table for Parquet.
        stored: The Arrow types in which Parquet files hold columns, where they are not those of the schema.
        paths: What the source names (files, globs, directories), relative to the case's directory.
        options: The options of the reader.
    """

    format: Literal["parquet", "csv", "json"]
    columns: Schema
    files: Mapping[str, str | pa.Table]
    stored: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def table(self, name: str, directory: Path) -> Table:
        """Return the declaration of the source, its files in a directory."""
        paths = self.paths or tuple(self.files)
        return Table(
            name=name,
            format=self.format,
            paths=tuple(str(directory / path) for path in paths),
            columns=self.columns,
            options=self.options,
        )

    def write(self, directory: Path) -> None:
        """Write the files into a directory."""
        for name, content in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_bytes(content.encode())
            else:
                pq.write_table(self._as_stored(content), path)

    def _as_stored(self, table: pa.Table) -> pa.Table:
        for column, text in self.stored.items():
            index = table.schema.get_field_index(column)
            array = table.column(column)
            kind = _arrow_type(text)
            array = array.dictionary_encode() if pa.types.is_dictionary(kind) else array.cast(kind)
            table = table.set_column(index, column, array)
        return table


_STORED: Mapping[str, pa.DataType] = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
    "float32": pa.float32(),
    "large_string": pa.large_string(),
    "large_binary": pa.large_binary(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "timestamp[s]": pa.timestamp("s"),
    "timestamp[ms]": pa.timestamp("ms"),
    "timestamp[ns]": pa.timestamp("ns"),
    "timestamp[s, UTC]": pa.timestamp("s", "UTC"),
    "timestamp[ms, UTC]": pa.timestamp("ms", "UTC"),
    "timestamp[ns, UTC]": pa.timestamp("ns", "UTC"),
    "timestamp[us, Europe/Berlin]": pa.timestamp("us", "Europe/Berlin"),
    "date64": pa.date64(),
}


def _arrow_type(text: str) -> pa.DataType:
    if text not in _STORED:
        raise ConfigurationError(f"A file can not hold a column as {text!r}. It can as: {', '.join(_STORED)}.")
    return _STORED[text]
