"""Turning Arrow data into its portable form, without losing anything, at every boundary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.errors import ExchangeError, SourceError
from onefold.types.arrow import schema_from_arrow, schema_to_arrow
from onefold.types.schema import Schema

__all__ = ["SchemaNormaliser", "normalise_batch", "normalise_reader", "portable_schema"]

_NEGATIVE_ZERO = np.iinfo(np.int64).min


def portable_schema(schema: pa.Schema) -> pa.Schema:
    """Return the portable Arrow schema into which data of an Arrow schema is converted."""
    return schema_to_arrow(schema_from_arrow(schema))


class SchemaNormaliser:
    """Converts record batches to one declared schema: types, names, order; −0.0 to 0.0 and every NaN to one NaN.

    Args:
        schema: The declared portable schema.
        where: What the data is, for errors, such as ``"source 'flights'"`` or ``"the result of rift"``.
        at_source: Whether a failure is a :class:`SourceError` (data from outside) or an :class:`ExchangeError`.

    Examples:
        >>> normaliser = SchemaNormaliser(Schema.of(n="int64"), where="a test")
        >>> batch = pa.record_batch({"n": pa.array([1, 2], pa.uint8())})
        >>> normaliser(batch).schema.field("n").type
        DataType(int64)
    """

    def __init__(self, schema: Schema, *, where: str, at_source: bool = False) -> None:
        self.schema = schema_to_arrow(schema)
        self.where = where
        self.error: type[SourceError | ExchangeError] = SourceError if at_source else ExchangeError

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch in the declared schema, with its columns matched by name."""
        names = batch.schema.names
        if sorted(names) != sorted(self.schema.names):
            missing = [name for name in self.schema.names if name not in names]
            extra = [name for name in names if name not in self.schema.names or names.count(name) > 1]
            raise self.error(f"{self.where} has other columns than declared: missing {missing}, unexpected {extra}.")
        columns = [self._column(batch.column(field.name), field) for field in self.schema]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _column(self, array: pa.Array, field: pa.Field) -> pa.Array:
        try:
            return _convert(array, field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OverflowError) as error:
            raise self.error(
                f"{self.where}: the column {field.name!r} has the Arrow type {array.type} and can not become "
                f"{field.type} without loss: {error}. Cast it where it is made, or declare another type."
            ) from error


def normalise_batch(batch: pa.RecordBatch, schema: Schema, *, where: str) -> pa.RecordBatch:
    """Return one batch in a declared schema; see :class:`SchemaNormaliser`."""
    return SchemaNormaliser(schema, where=where)(batch)


def normalise_reader(data: Any, schema: Schema, *, where: str, at_source: bool = False) -> pa.RecordBatchReader:
    """Return an Arrow stream in a declared schema, lazily, batch by batch.

    Args:
        data: Anything with ``__arrow_c_stream__`` (a table, a reader, a polars or pandas frame).
        schema: The declared portable schema.
        where: What the data is, for errors.
        at_source: Whether the data comes from outside (a failure is then a :class:`SourceError`).
    """
    reader = data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data)
    normaliser = SchemaNormaliser(schema, where=where, at_source=at_source)

    def batches() -> Iterator[pa.RecordBatch]:
        with reader:
            for batch in reader:
                yield normaliser(batch)

    return pa.RecordBatchReader.from_batches(normaliser.schema, batches())


def _convert(array: pa.Array, target: pa.DataType) -> pa.Array:
    """Return an array as the portable Arrow type; raise when a value would change."""
    if pa.types.is_dictionary(array.type):
        array = _decoded(array)
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_null(array.type):  # nothing but nulls: they are nulls of any type
        return pa.nulls(len(array), target)
    if pa.types.is_floating(target):
        _check_family(array.type, target)
        return _canonical_floats(array.cast(target) if array.type != target else array)
    if pa.types.is_struct(target):
        return _convert_struct(array, target)
    if pa.types.is_list(target):
        return _convert_list(array, target)
    if array.type == target:
        return array
    _check_family(array.type, target)
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    elif pa.types.is_binary_view(array.type):
        array = array.cast(pa.large_binary())
    return array.cast(target, safe=True)


def _decoded(array: pa.DictionaryArray) -> pa.Array:
    plain = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}.get(array.type.value_type)
    if plain is not None:  # Arrow can not gather views
        array = pa.DictionaryArray.from_arrays(array.indices, array.dictionary.cast(plain))
    return array.dictionary_decode()


_FAMILIES: tuple[tuple[Callable[[pa.DataType], bool], tuple[Callable[[pa.DataType], bool], ...]], ...] = (
    (pa.types.is_integer, (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)),
    (pa.types.is_floating, (pa.types.is_floating, pa.types.is_integer)),
    (pa.types.is_decimal, (pa.types.is_decimal, pa.types.is_integer)),
    (pa.types.is_boolean, (pa.types.is_boolean,)),
    (pa.types.is_string, (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)),
    (
        pa.types.is_binary,
        (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        ),
    ),
    (pa.types.is_date, (pa.types.is_date,)),
    (pa.types.is_timestamp, (pa.types.is_timestamp,)),
)
"""From which types a portable type takes values. Arrow itself would also parse text, read numbers as instants, round
decimals, and turn every number but zero into true: values of another meaning, which no boundary may make up."""


def _check_family(found: pa.DataType, target: pa.DataType) -> None:
    for is_target, sources in _FAMILIES:
        if is_target(target) and not any(is_source(found) for is_source in sources):
            raise pa.ArrowInvalid("the types mean different things")
    if pa.types.is_timestamp(target) and (target.tz is None) != (found.tz is None):
        raise pa.ArrowInvalid("a wall clock (no time zone) is not an instant (UTC)")


def _convert_struct(array: pa.Array, target: pa.DataType) -> pa.Array:
    if not pa.types.is_struct(array.type) or [f.name for f in array.type] != [f.name for f in target]:
        raise pa.ArrowInvalid("the struct fields differ")
    # flatten(), not field(): what lies under a null struct is not a value, and must not be refused or kept.
    children = [_convert(child, field.type) for child, field in zip(array.flatten(), target, strict=True)]
    mask = array.is_null() if array.null_count else None
    return pa.StructArray.from_arrays(children, fields=list(target), mask=mask)


def _convert_list(array: pa.Array, target: pa.DataType) -> pa.Array:
    if pa.types.is_struct(array.type) or not hasattr(array, "flatten"):
        raise pa.ArrowInvalid("it is not a list")
    # flatten() leaves out what lies outside of a slice or under a null list: that is not a value, and must not be
    # refused or kept. It is the same for all five list layouts.
    values = _convert(array.flatten(), target.value_type)
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    mask = array.is_null() if array.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets).cast(pa.int32()), values, type=target, mask=mask)


def _canonical_floats(array: pa.Array) -> pa.Array:
    """Return 64-bit floats with 0.0 for −0.0 and one NaN; the array itself when it already is so."""
    data = array.buffers()[1]
    if data is None or not len(array):
        return array
    # Each batch between two engines comes here, so it is looked at cheaply first: a minimum passes a NaN on, nothing is -0.0
    # where all are above zero, and -0.0 has the bits of the least integer. What lies beneath a null may look like any of
    # them, and is only looked at once more.
    floats = np.frombuffer(data, np.float64, len(array), array.offset * 8)
    least = floats.min()
    if least > 0 or (not np.isnan(least) and floats.view(np.int64).min() != _NEGATIVE_ZERO):
        return array
    zero = pc.equal(array, 0.0)
    if pc.any(zero).as_py():
        array = pc.add(array, 0.0)  # IEEE: -0.0 + 0.0 is 0.0, and every other value is kept
    nan = pc.is_nan(array)
    if pc.any(nan).as_py():
        array = pc.if_else(nan, float("nan"), array)
    return array
