"""Sources that are files: Parquet, CSV, JSON lines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import SourceError, listed
from onefold.execution import session_for
from onefold.features.sources.base import SchemaLike, Source, as_schema, portable_fields
from onefold.features.sources.locations import files_of, hive_fields, is_remote, path_texts
from onefold.plan import Relation, Scan, Table
from onefold.plan.sources import FileFormat
from onefold.registry import DEFAULT_ENGINE
from onefold.types import Duration, Schema

__all__ = ["CsvSource", "FileSource", "JsonSource", "ParquetSource"]

OptionValue = bool | int | float | str | None


class FileSource(Source):
    """What sources of files have in common; see :class:`ParquetSource`, :class:`CsvSource`, :class:`JsonSource`."""

    format: ClassVar[FileFormat]
    suffixes: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        name: str,
        path: str | Path | Iterable[str | Path],
        *,
        time: str | None = None,
        sequence: str | Iterable[str] = (),
        delay: Duration | None = None,
        unique: bool = False,
        time_zone: str | None = None,
        schema: SchemaLike | None = None,
        columns: Iterable[str] | None = None,
        options: Mapping[str, OptionValue] | None = None,
    ) -> None:
        super().__init__(
            name,
            time=time,
            sequence=sequence,
            delay=delay,
            unique=unique,
            time_zone=time_zone,
            columns=columns,
        )
        self.paths = path_texts(path, what=self.title)
        self.options = dict(options or {})
        self._declared = None if schema is None else as_schema(schema, what=self.title)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The local files that the paths stand for now.

        Raises:
            SourceError: If a path leads to nothing; the message says what exists nearby.
        """
        local = [path for path in self.paths if not is_remote(path)]
        return tuple(file for path in local for file in files_of(path, self.suffixes, what=self.title))

    def _raw_schema(self) -> Schema:
        schema = self._declared if self._declared is not None else self._found_schema()
        if self.columns is None:
            return schema
        for name in self.columns:
            if name not in schema:
                raise SourceError(f"{self.title} has no column {name!r}. {listed(name, schema.names, what='columns')}")
        return schema.select(self.columns)

    @abstractmethod
    def _found_schema(self) -> Schema:
        """Return the schema that the files themselves have."""

    def _table(self, schema: Schema) -> Table:
        return Table(name=self.name, format=self.format, paths=self.paths, columns=schema, options=dict(self.options))

    def _leaf(self, schema: Schema) -> Relation:
        return Scan(table=self._table(schema))

    def _asked_schema(self) -> Schema:
        """Return the schema that the default engine finds in the files."""
        return session_for(DEFAULT_ENGINE).schema_of(self._table(Schema()))

    def _shown(self) -> str:
        return f", {self.paths[0]!r}" if len(self.paths) == 1 else f", {list(self.paths)!r}"


class ParquetSource(FileSource):
    """Rows in Parquet files.

    The schema is read from the footer of the first file, when it is first needed; directories named ``key=value``
    become columns. Small and unsigned integers become int64, float32 becomes float64, times become UTC microseconds;
    what would lose something is an error when it is read.

    Args:
        name: Its name in messages, plans and native SQL.
        path: A file, a glob, a directory (all ``.parquet`` files below it), or a list of those; also a place that the
            engine can read, such as ``s3://bucket/key``.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        schema: Names and types when they are not to be looked up; the files need not exist yet then.
        columns: Only these columns; None for all.
        options: Options of the engine's reader.

    Examples:
        >>> ParquetSource("flights", "data/flights.parquet", time="departed_at", delay="5m")
        ParquetSource('flights', 'data/flights.parquet', time='departed_at')
    """

    format = "parquet"
    suffixes = (".parquet", ".pq")

    def _found_schema(self) -> Schema:
        if any(is_remote(path) for path in self.paths):
            return self._asked_schema()
        first = self.files[0]
        try:
            footer = pq.read_schema(first)
        except (pa.ArrowInvalid, OSError) as error:
            raise SourceError(f"{self.title}: {str(first)!r} can not be read as Parquet: {error}") from error
        partitions = tuple(field for field in hive_fields(self.files) if field.name not in footer.names)
        names = {field.name for field in partitions}
        wanted = None if self.columns is None else tuple(name for name in self.columns if name not in names)
        return Schema([*portable_fields(footer, wanted, what=self.title), *partitions])


class CsvSource(FileSource):
    """Rows in CSV files with a header line.

    Args:
        name: Its name in messages, plans and native SQL.
        path: A file (``.csv``, also compressed), a glob, a directory, or a list of those.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        schema: Names and types; when left out, the default engine looks into the files and guesses types.
        columns: Only these columns; None for all.
        options: Options of the reader, such as ``{"delimiter": ";", "nullstr": "NA"}``.

    Examples:
        >>> CsvSource(
        ...     "weather", "weather.csv", time="time_hour", schema={"time_hour": "timestamp[us, UTC]"}
        ... ).schema.names
        ('time_hour',)
    """

    format = "csv"
    suffixes = (".csv", ".csv.gz", ".csv.zst", ".tsv")

    def _found_schema(self) -> Schema:
        _ = self.files  # says what is missing better than an engine would
        return self._asked_schema()


class JsonSource(FileSource):
    """Rows in JSON lines files: one object in each line.

    Args:
        name: Its name in messages, plans and native SQL.
        path: A file (``.json``, ``.jsonl``, ``.ndjson``, also compressed), a glob, a directory, or a list of those.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        schema: Names and types; when left out, the default engine looks into the files and guesses types.
        columns: Only these columns; None for all.
        options: Options of the reader.

    Examples:
        >>> JsonSource("clicks", "clicks.jsonl", schema={"user": "string"}).schema.names
        ('user',)
    """

    format = "json"
    suffixes = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")

    def _found_schema(self) -> Schema:
        _ = self.files
        return self._asked_schema()
