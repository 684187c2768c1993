"""Mutants of results without rows, and of the zero with a sign: what every function and relation passes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.errors import EngineError
from onefold.plan import Relation
from onefold_conformance.mutants.model import Execute, Mutant

__all__ = ["MUTANTS"]

_Tables = Callable[[pa.Table], pa.Table]


def _empty_result(change: _Tables) -> Callable[[Execute], Execute]:
    """Return what spoils results without rows."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            table = execute(plan, inputs, **more).read_all()
            return (table if table.num_rows else change(table)).to_reader()

        return wrong

    return spoil


def _inputs(change: _Tables) -> Callable[[Execute], Execute]:
    """Return what spoils the rows that come in."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return execute(plan, {name: change(_table(data)) for name, data in inputs.items()}, **more)

        return wrong

    return spoil


def _table(data: Any) -> pa.Table:
    return data if isinstance(data, pa.Table) else data.read_all()


def _nulls(table: pa.Table, rows: int) -> pa.Table:
    return pa.Table.from_arrays([pa.nulls(rows, field.type) for field in table.schema], schema=table.schema)


def _without_types(table: pa.Table) -> pa.Table:
    return pa.table({name: pa.nulls(0) for name in table.schema.names})


def _refused(table: pa.Table) -> pa.Table:
    if not table.num_rows:
        raise EngineError("there are no rows to read the types from", engine="mutant")
    return table


def _below_zero(table: pa.Table) -> pa.Table:
    """The negative zero as the greatest number below zero."""

    def changed(column: pa.ChunkedArray) -> pa.ChunkedArray:
        if not pa.types.is_float64(column.type):
            return column
        negative = pc.and_(pc.equal(column, 0.0), pc.less(pc.divide(1.0, column), 0.0))
        return pc.if_else(negative, -5e-324, column)

    return pa.Table.from_arrays([changed(column) for column in table.columns], schema=table.schema)


def _results(change: _Tables) -> Callable[[Execute], Execute]:
    """Return what spoils the rows that come out."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return change(execute(plan, inputs, **more).read_all()).to_reader()

        return wrong

    return spoil


def _negative_zeros(table: pa.Table) -> pa.Table:
    def changed(column: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.if_else(pc.equal(column, 0.0), -0.0, column) if pa.types.is_float64(column.type) else column

    return pa.Table.from_arrays([changed(column) for column in table.columns], schema=table.schema)


MUTANTS: tuple[Mutant, ...] = (
    Mutant("no-rows-no-types", "Returns columns without types when there are no rows.", spoil=_empty_result(_without_types)),
    Mutant("no-rows-are-a-row-of-nulls", "Returns a row of nulls when there are no rows.", spoil=_empty_result(lambda t: _nulls(t, 1))),
    Mutant("no-rows-fail", "Fails for an input without rows.", spoil=_inputs(_refused)),
    Mutant("negative-zero-is-below-zero", "Takes -0.0 for less than 0.0.", touches=("type.float64",), spoil=_inputs(_below_zero)),
    Mutant("zero-is-negative", "Returns -0.0 for 0.0.", touches=("type.float64",), spoil=_results(_negative_zeros)),
)  # fmt: skip
"""Wrong at the edges of data."""
