"""Mutants that are right about values, and wrong about rows, batches, columns and schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.errors import EngineError, SourceError
from onefold.plan import Input, Relation
from onefold.types import schema_to_arrow
from onefold_conformance.mutants.model import Execute, Mutant

__all__ = ["MUTANTS"]

_Tables = Callable[[pa.Table], pa.Table]


def _of_result(change: _Tables) -> Callable[[Execute], Execute]:
    """Return what spoils the rows that come out."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return change(execute(plan, inputs, **more).read_all()).to_reader()

        return wrong

    return spoil


def _of_inputs(
    change: Callable[[list[pa.RecordBatch], pa.Schema], list[pa.RecordBatch]],
) -> Callable[[Execute], Execute]:
    """Return what spoils the batches that come in."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return execute(plan, {name: changed(data) for name, data in inputs.items()}, **more)

        def changed(data: Any) -> pa.Table:
            reader = data.to_reader() if isinstance(data, pa.Table) else data
            batches = list(reader)
            return pa.Table.from_batches(change(batches, reader.schema), reader.schema)

        return wrong

    return spoil


def _map_columns(table: pa.Table, change: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> pa.Table:
    columns = [change(column) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.schema.names)


def _through_floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Integers beside nulls become floats on their way: what lies beyond 2^53 is rounded."""
    if not pa.types.is_int64(column.type) or not column.null_count:
        return column
    return pa.chunked_array([pa.array([None if v is None else int(float(v)) for v in column.to_pylist()], pa.int64())])


def _floats(change: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> _Tables:
    return lambda table: _map_columns(table, lambda c: change(c) if pa.types.is_floating(c.type) else c)


def _clipped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return (
        pc.cast(pc.cast(column, pa.float32(), safe=False), pa.float64())
        if pa.types.is_floating(column.type)
        else column
    )


def _to_milliseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_timestamp(column.type):
        return column
    return column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(column.type)


def _large_text(table: pa.Table) -> pa.Table:
    return _map_columns(table, lambda c: c.cast(pa.large_string()) if pa.types.is_string(c.type) else c)


def _naive(table: pa.Table) -> pa.Table:
    def change(column: pa.ChunkedArray) -> pa.ChunkedArray:
        instant = pa.types.is_timestamp(column.type) and column.type.tz is not None
        return column.cast(pa.int64()).cast(pa.timestamp("us")) if instant else column

    return _map_columns(table, change)


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_rtrim_whitespace(column) if pa.types.is_string(column.type) else column


def _reversed_names(table: pa.Table) -> pa.Table:
    return table.select(table.schema.names[::-1])


def _first_batch(batches: list[pa.RecordBatch], schema: pa.Schema) -> list[pa.RecordBatch]:
    return batches[:1]


def _until_empty(batches: list[pa.RecordBatch], schema: pa.Schema) -> list[pa.RecordBatch]:
    def kept() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if not batch.num_rows:
                return
            yield batch

    return list(kept())


def _last_batch_lost(batches: list[pa.RecordBatch], schema: pa.Schema) -> list[pa.RecordBatch]:
    filled = [batch for batch in batches if batch.num_rows]
    return filled[:-1] if len(filled) > 1 else batches


def _sorted_output(table: pa.Table) -> pa.Table:
    """The rows in the order of the first column that can be sorted: as an engine gives them after hashing."""
    for name in table.schema.names:
        if not pa.types.is_nested(table.schema.field(name).type):
            return table.sort_by(name)
    return table


def _swallow(execute: Execute) -> Execute:
    """Errors become an empty result."""

    def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
        try:
            return execute(plan, inputs, **more)
        except (EngineError, SourceError):
            return schema_to_arrow(plan.output).empty_table().to_reader()

    return wrong


def _by_position(execute: Execute) -> Execute:
    """Columns of inputs are bound by their place in alphabetical order, not by name."""

    def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
        declared = {leaf.name: leaf.output.names for leaf in plan.walk() if isinstance(leaf, Input)}
        bound = {}
        for name, data in inputs.items():
            table = data if isinstance(data, pa.Table) else data.read_all()
            names = list(declared.get(name, table.schema.names))
            moved = table.select(sorted(names))
            same = [moved.schema.field(index).type == table.schema.field(own).type for index, own in enumerate(names)]
            bound[name] = moved.rename_columns(names) if all(same) else table
        return execute(plan, bound, **more)

    return wrong


MUTANTS = (
    Mutant("only-the-first-batch", "Reads only the first batch of a stream.", spoil=_of_inputs(_first_batch)),
    Mutant("stops-at-an-empty-batch", "Takes an empty batch for the end of a stream.", spoil=_of_inputs(_until_empty)),
    Mutant("loses-the-last-batch", "Loses the last batch of a stream.", spoil=_of_inputs(_last_batch_lost)),
    Mutant("columns-by-position", "Binds columns by their place instead of their name.", spoil=_by_position),
    Mutant("columns-reversed", "Returns the right columns in another order.", spoil=_of_result(_reversed_names)),
    Mutant("rows-twice", "Returns every row two times.", spoil=_of_result(lambda t: pa.concat_tables([t, t]))),
    Mutant("last-row-lost", "Loses the last row of every result.", spoil=_of_result(lambda t: t.slice(0, max(t.num_rows - 1, 0)))),
    Mutant("rows-sorted", "Returns rows in the order of a column, where they have an order of their own.", spoil=_of_result(_sorted_output)),
    Mutant("errors-are-empty", "Returns no rows where an error is due.", spoil=_swallow),
    Mutant("int64-through-float64", "Holds integers beside nulls as floats, which rounds above 2^53.", spoil=_of_result(lambda t: _map_columns(t, _through_floats))),
    Mutant("float32", "Holds floats in 32 bits.", spoil=_of_result(lambda t: _map_columns(t, _clipped))),
    Mutant("nan-is-null", "Returns null for NaN.", spoil=_of_result(_floats(lambda c: pc.if_else(pc.is_nan(c), None, c)))),
    Mutant("null-is-nan", "Returns NaN for a null float.", spoil=_of_result(_floats(lambda c: pc.fill_null(c, float("nan"))))),
    Mutant("null-is-zero", "Returns 0.0 for a null float.", spoil=_of_result(_floats(lambda c: pc.fill_null(c, 0.0)))),
    Mutant("infinity-is-null", "Returns null for infinities.", spoil=_of_result(_floats(lambda c: pc.if_else(pc.is_inf(c), None, c)))),
    Mutant("milliseconds", "Cuts times to milliseconds.", spoil=_of_result(lambda t: _map_columns(t, _to_milliseconds))),
    Mutant("large-string", "Returns text in another Arrow layout than declared.", spoil=_of_result(_large_text)),
    Mutant("instants-without-zone", "Returns instants as wall clocks.", spoil=_of_result(_naive)),
    Mutant("text-is-trimmed", "Drops blanks at the end of text.", spoil=_of_result(lambda t: _map_columns(t, _trimmed))),
)  # fmt: skip
"""Wrong streams."""
