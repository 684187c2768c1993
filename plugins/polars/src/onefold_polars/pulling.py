"""Batches of Arrow data that a query pulls as it needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl
import pyarrow as pa
from polars.io.plugins import register_io_source

from onefold.types import Schema
from onefold_polars.expressions import polars_dtype

__all__ = ["pulled_frame"]


def pulled_frame(
    batches: Callable[[Sequence[str]], Iterator[pa.RecordBatch]],
    schema: Schema,
    *,
    name: str,
    note: Callable[[Exception], None],
) -> pl.LazyFrame:
    """Return a lazy frame over batches; only the columns that a query needs are asked for.

    Args:
        batches: Returns the batches, with only these columns.
        schema: All columns.
        name: What the batches are, for people who read the plan.
        note: Called with what reading them raised: Polars only passes the text of an error on.
    """

    def frames(
        columns: list[str] | None, predicate: pl.Expr | None, count: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        try:
            for batch in batches(schema.names if columns is None else columns):
                # Without columns, as where only the other side of a cross join is wanted, rows still count.
                frame = (
                    pl.from_arrow(batch, rechunk=False) if batch.num_columns else pl.DataFrame(height=batch.num_rows)
                )
                assert isinstance(frame, pl.DataFrame)
                if predicate is not None:
                    frame = frame.filter(predicate)
                if count is not None:
                    frame = frame.head(count)
                    count -= frame.height
                yield frame
                if count == 0:
                    return
        except Exception as error:
            note(error)
            raise

    columns = {field.name: polars_dtype(field.dtype) for field in schema}
    return register_io_source(frames, schema=columns, explain_name=name)
