"""A source that is data in memory: Arrow tables, and frames of any library that speaks Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa

from onefold.errors import DefinitionError, SourceError, listed
from onefold.features.sources.base import SchemaLike, Source, as_schema, portable_fields
from onefold.plan import Input, Relation
from onefold.transforms import frame_to_arrow
from onefold.types import TIMESTAMP_UTC, Duration, Field, Schema, SchemaNormaliser

__all__ = ["ArrowSource", "arrow_table", "portable_table"]


def arrow_table(data: Any, *, what: str) -> pa.Table:
    """Return data in memory as an Arrow table; a stream is read to its end, a pandas index is left out.

    Args:
        data: A pyarrow table, batch or reader, a polars or pandas frame, anything with ``__arrow_c_stream__``, or a
            mapping of column names to values.
        what: What the data is for, for errors.

    Raises:
        DefinitionError: If it is none of those.
    """
    if isinstance(data, pa.RecordBatchReader):
        return data.read_all()
    if isinstance(data, Mapping):
        try:
            return pa.table(dict(data))
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
            raise DefinitionError(f"The columns of {what} can not become an Arrow table: {error}") from error
    if hasattr(data, "collect") and type(data).__module__.split(".")[0] == "polars":
        return frame_to_arrow(data.collect())
    try:
        return frame_to_arrow(data)
    except TypeError:
        raise DefinitionError(
            f"{what} takes a pyarrow table, a polars or pandas frame, or anything with __arrow_c_stream__, "
            f"not {type(data).__name__}."
        ) from None


def portable_table(table: pa.Table, schema: Schema, *, what: str) -> pa.Table:
    """Return an Arrow table in a portable schema, without copying what already is so.

    Raises:
        SourceError: If a value would be lost.
    """
    normalise = SchemaNormaliser(schema, where=what, at_source=True)
    batches = table.select(schema.names).to_batches()
    return pa.Table.from_batches([normalise(batch) for batch in batches], normalise.schema)


class ArrowSource(Source):
    """Rows in memory.

    The data is held, not copied, until it is first used; then what is not in a portable type is converted once. A
    reader is read to its end at that moment.

    Args:
        name: Its name in messages, plans and native SQL.
        data: A pyarrow table, batch or reader, a polars or pandas frame, anything with ``__arrow_c_stream__``, or a
            mapping of column names to values.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        schema: The types to convert the columns to; when left out, the portable types nearest to theirs.
        columns: Only these columns; None for all.

    Examples:
        >>> print(ArrowSource("orders", {"user": ["a"], "amount": [1.5]}).schema)
        user: string, amount: float64
    """

    def __init__(
        self,
        name: str,
        data: Any,
        *,
        time: str | None = None,
        sequence: str | Iterable[str] = (),
        delay: Duration | None = None,
        unique: bool = False,
        time_zone: str | None = None,
        schema: SchemaLike | None = None,
        columns: Iterable[str] | None = None,
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
        if not (isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__") or hasattr(data, "collect")):
            data = arrow_table(data, what=self.title)  # a batch, or an error now rather than later
        self._data = data
        self._declared = None if schema is None else as_schema(schema, what=self.title)

    @cached_property
    def _table(self) -> pa.Table:
        table = arrow_table(self._data, what=self.title)
        self._data = None
        return table

    @cached_property
    def table(self) -> pa.Table:
        """The rows in portable types.

        Raises:
            SourceError: If a value can not be converted without loss.
        """
        data = self._table
        schema = self.schema  # checks the time first, with the better message
        if self.time is not None and data.schema.field(self.time).type != pa.timestamp("us", tz="UTC"):
            index = data.schema.get_field_index(self.time)
            data = data.set_column(index, self.time, self._instants(data.column(index)))
        return portable_table(data, schema, what=self.title)

    def _instants(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return a time column as instants; one without a zone was stated to be in UTC."""
        zone = column.type.tz if pa.types.is_timestamp(column.type) else None
        try:
            return column.cast(pa.timestamp("us", tz=zone), safe=True).cast(pa.timestamp("us", tz="UTC"))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise SourceError(
                f"{self.title}: the time {self.time!r} is {column.type} and can not become timestamp[us, UTC] without "
                f"loss: {error}."
            ) from error

    def _raw_schema(self) -> Schema:
        if self._declared is None:
            return portable_fields(self._table.schema, self.columns, what=self.title)
        schema = self._declared if self.columns is None else self._declared.select(self.columns)
        for name in schema.names:
            if name not in self._table.schema.names:
                known = listed(name, self._table.schema.names, what="columns")
                raise SourceError(f"{self.title} has no column {name!r}. {known}")
        return schema

    def _as_instant(self, schema: Schema, time: str) -> Relation:
        return self._leaf(Schema(Field(f.name, TIMESTAMP_UTC) if f.name == time else f for f in schema))

    def _leaf(self, schema: Schema) -> Relation:
        return Input(name=self.name, columns=schema)

    @property
    def bindings(self) -> Mapping[str, Any]:
        """The rows, under the source's name."""
        return {self.name: self.table}
