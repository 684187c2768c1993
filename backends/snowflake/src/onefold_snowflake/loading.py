"""Rows into Snowflake: slices of Parquet into a temporary stage, and from there into a temporary table."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import EngineError
from onefold.types import BINARY, Field, Schema, Struct, schema_to_arrow
from onefold_snowflake.dialect import DIALECT, ENGINE
from onefold_snowflake.names import literal, quoted
from onefold_snowflake.statements import Statements
from onefold_snowflake.variants.texts import texts

__all__ = ["load_rows"]

SLICE_BYTES = 128 * 2**20
"""About how many bytes of Arrow data a file holds: Snowflake loads files of 100 to 250 MB best, and reads many at once."""


def load_rows(statements: Statements, table: str, batches: Iterable[pa.RecordBatch], schema: Schema) -> int:
    """Make a temporary table of rows, and return their number; one slice is in memory at a time.

    Args:
        statements: Where statements run.
        table: The table's name; it must not exist.
        batches: The rows, in the schema.
        schema: Their columns.

    Raises:
        EngineError: If Snowflake has loaded another number of rows than was sent.
    """
    columns = ", ".join(f"{quoted(field.name)} {_type(field.dtype)}" for field in schema)
    statements.rows(f"CREATE TEMPORARY TABLE {quoted(table)} ({columns})")
    place = f"@{_stage(statements)}/{uuid.uuid4().hex}"
    sent = 0
    try:
        with tempfile.TemporaryDirectory(prefix="onefold-snowflake-") as directory:
            for number, part in zip(count(), slices(batches, SLICE_BYTES), strict=False):
                file = Path(directory) / f"part-{number:05}.parquet"
                pq.write_table(
                    _flat(pa.Table.from_batches(part, schema_to_arrow(schema)), schema), file, compression="snappy"
                )
                sent += sum(batch.num_rows for batch in part)
                address = literal(f"file://{file.as_posix()}")
                statements.rows(
                    f"PUT {address} {place} PARALLEL = 4 AUTO_COMPRESS = FALSE OVERWRITE = TRUE", checked=False
                )
                file.unlink()
        loaded = _copied(statements, table, place, schema) if sent else 0
    except BaseException:
        statements.tidy(f"REMOVE {place}")
        raise
    if loaded != sent:
        raise EngineError(f"Snowflake has loaded {loaded} of the {sent} rows of an input. Run it again.", engine=ENGINE)
    return sent


def slices(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches together, until they have a size in bytes."""
    part: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        part.append(batch)
        held += batch.nbytes
        if held >= size:
            yield part
            part, held = [], 0
    if part:
        yield part


def _copied(statements: Statements, table: str, place: str, schema: Schema) -> int:
    """Copy all files of a place into a table, and return the number of rows that Snowflake has counted."""
    values = ", ".join(_value(field) for field in schema)
    names = ", ".join(quoted(field.name) for field in schema)
    form = "TYPE = PARQUET USE_LOGICAL_TYPE = TRUE"
    if any(field.dtype == BINARY for field in schema):
        form += " BINARY_AS_TEXT = FALSE"
    with statements.result(
        f"COPY INTO {quoted(table)} ({names}) FROM (SELECT {values} FROM {place}/) FILE_FORMAT = ({form}) "
        "PURGE = TRUE ON_ERROR = ABORT_STATEMENT",
        checked=False,
    ) as cursor:
        position = [column.name.lower() for column in cursor.description].index("rows_loaded")
        return sum(int(row[position]) for row in cursor.fetchall())


def _flat(table: pa.Table, schema: Schema) -> pa.Table:
    """Return rows with lists and structs as JSON text: in Parquet, their elements would have to be put into variants."""
    for number, field in enumerate(schema):
        if field.dtype.is_nested:
            chunks = [texts(chunk, field.dtype) for chunk in table.column(number).chunks]
            table = table.set_column(number, field.name, pa.chunked_array(chunks, pa.string()))
    return table


def _value(field: Field) -> str:
    """Return what a column of a table gets from a row of a file."""
    place = f"$1:{quoted(field.name)}"
    if field.dtype.is_nested:
        return f"{'TO_OBJECT' if isinstance(field.dtype, Struct) else 'TO_ARRAY'}(PARSE_JSON({place}::VARCHAR))"
    return f"{place}::{_type(field.dtype)}"


def _stage(statements: Statements) -> str:
    """Return the temporary stage of a connection, which is made for the first file."""
    link = statements.link
    if link.stage is None:
        name = f"ONEFOLD_{uuid.uuid4().hex.upper()}"
        statements.rows(f"CREATE TEMPORARY STAGE {name}", checked=False)
        link.stage = name
    return link.stage


def _type(dtype: object) -> str:
    return DIALECT.types(dtype).sql("snowflake")  # type: ignore[arg-type]
