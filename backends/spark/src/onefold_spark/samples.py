"""The columns that sources have by themselves: from metadata, or from a sample of their text."""

from __future__ import annotations

import re

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import types as spark

from onefold.errors import SourceError
from onefold.plan import Table
from onefold.types import DATE, INT64, STRING, DataType, Field, Schema, schema_from_arrow
from onefold_spark.conversions import portable
from onefold_spark.csv_files import csv_form, json_forms
from onefold_spark.delta import read_delta
from onefold_spark.failures import FAILURES, translated
from onefold_spark.locations import Location, located
from onefold_spark.parquet import read_footers

__all__ = ["schema_in"]

_SAMPLED = "0.1"
"""The share of the rows of text whose values are looked at; of small files every row is."""

_LARGE = 64 * 2**20


def schema_in(session: SparkSession, table: Table) -> Schema:
    """Return the portable schema that a source has.

    Raises:
        SourceError: If it can not be read, or a column has no portable type.
    """
    try:
        if table.format == "table":
            return _portable(table, session.table(table.paths[0]).schema, {})
        if table.format == "delta":
            return _portable(table, read_delta(session, table, table.paths[0]).schema, {})
        place = located(table.paths, table.format, table.name)[0]
        if table.format == "parquet" and place.local:
            stored = read_footers(place.local[:1], (), table.name)
            inside = schema_from_arrow(pa.schema([(name, column.arrow) for name, column in stored.items()]))
            return Schema([*inside, *(Field(key, _in_names(place, key)) for key in place.keys if key not in inside)])
        return _portable(table, _found(session, table, place), {key: _in_names(place, key) for key in place.keys})
    except FAILURES as error:
        raise SourceError(f"The source {table.name!r}: {translated(error, '')}") from error


def _found(session: SparkSession, table: Table, place: Location) -> spark.StructType:
    reader = session.read.options(**place.options)
    if table.format == "parquet":
        return reader.parquet(*place.paths).schema
    large = sum(file.stat().st_size for file in place.local) > _LARGE
    reader = reader.options(samplingRatio=_SAMPLED if large else "1.0")
    if table.format == "json":
        options, _ = json_forms(table)
        return reader.options(**options, inferTimestamp="true").json(list(place.paths[:1])).schema
    form = csv_form(table)
    if form.skip:
        raise SourceError(f"The source {table.name!r}: declare the columns of files whose first lines are skipped.")
    return reader.options(**form.reader, inferSchema="true").csv(list(place.paths[:1])).schema


def _portable(table: Table, found: spark.StructType, keys: dict[str, DataType]) -> Schema:
    fields = []
    for field in found.fields:
        dtype = keys.get(field.name) or portable(field.dataType)
        if dtype is None:
            raise SourceError(
                f"The source {table.name!r}: the column {field.name!r} has the type {field.dataType.simpleString()}, which "
                "no portable type can hold. Declare a schema with another type, or leave the column out."
            )
        fields.append(Field(field.name, dtype))
    return Schema(fields)


def _in_names(place: Location, key: str) -> DataType:
    """Return the type of the values that names of directories hold: whole numbers or dates if all of them are."""
    pattern = re.compile(rf"[/\\\\]{re.escape(key)}=([^/\\\\]+)[/\\\\]")
    values = [found[1] for file in place.local if (found := pattern.search(str(file)))]
    values = [value for value in values if value != "__HIVE_DEFAULT_PARTITION__"]
    if values and all(re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value) for value in values):
        return INT64
    if values and all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) for value in values):
        return DATE
    return STRING
