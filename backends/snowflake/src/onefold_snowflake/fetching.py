"""Rows out of Snowflake: Arrow chunks as they come, each brought into the declared columns by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa
from snowflake.connector.cursor import SnowflakeCursor

from onefold.errors import EngineError
from onefold.types import TIMESTAMP_UTC, DataType, Decimal, Schema
from onefold.types.streams import started
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.variants.texts import nested_values

__all__ = ["batches_of"]

BATCH_ROWS = 65_536


def batches_of(cursor: SnowflakeCursor, schema: Schema) -> Iterator[pa.RecordBatch]:
    """Return the rows of a query as they come; a few chunks are in memory, whatever their number.

    Snowflake chooses the width of integers for each chunk by the values in it, and may change names. So columns are
    taken by their positions, and values are cast afterwards.

    Args:
        cursor: What has run the query; it is closed when the rows end, fail or are let go of.
        schema: The declared columns.

    Raises:
        EngineError: If the result is not Arrow, or has another number of columns.
    """
    if len(cursor.description) != len(schema):
        found = [column.name for column in cursor.description]
        cursor.close()
        raise EngineError(f"the result has the columns {found} instead of {list(schema.names)}.", engine=ENGINE)
    changes = {number: change for number, field in enumerate(schema) if (change := _change(field.dtype)) is not None}

    def batches() -> Iterator[pa.RecordBatch | None]:
        try:
            yield None
            # Microseconds whatever the values are: without the argument, it depends on them.
            for chunk in cursor.fetch_arrow_batches(force_microsecond_precision=True):
                for batch in chunk.to_batches(BATCH_ROWS):
                    columns = batch.columns
                    for number, change in changes.items():
                        columns[number] = change(columns[number])
                    yield pa.RecordBatch.from_arrays(columns, names=list(schema.names))
        finally:
            cursor.close()

    return started(batches())


def _change(dtype: DataType) -> Callable[[pa.Array], pa.Array] | None:
    """Return what is done to values before they are checked against their type; None for nothing."""
    if dtype == TIMESTAMP_UTC:
        return _as_instants
    if isinstance(dtype, Decimal):
        return _as_decimals
    return partial(nested_values, dtype=dtype) if dtype.is_nested else None


def _as_instants(values: pa.Array) -> pa.Array:
    """Return instants that came as the wall clocks of UTC."""
    return values.cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def _as_decimals(values: pa.Array) -> pa.Array:
    """Return decimals without a fraction, which came as whole numbers of some width, as decimals."""
    return values.cast(pa.decimal128(38, 0)) if pa.types.is_integer(values.type) else values
