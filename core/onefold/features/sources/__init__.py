"""Where rows come from: files, data in memory, and when each row happened."""

from onefold.features.sources.base import SchemaLike, Source, as_schema
from onefold.features.sources.files import CsvSource, FileSource, JsonSource, ParquetSource
from onefold.features.sources.memory import ArrowSource
from onefold.features.sources.tables import TableSource

__all__ = [
    "ArrowSource",
    "CsvSource",
    "FileSource",
    "JsonSource",
    "ParquetSource",
    "SchemaLike",
    "Source",
    "TableSource",
    "as_schema",
]
