"""Running the user's Python functions over batches of Arrow data."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from onefold.errors import ExchangeError, OnefoldError, TransformError
from onefold.plan import MapBatches
from onefold.transforms.functions import resolve
from onefold.transforms.interop import frame_to_arrow, to_pandas, to_polars
from onefold.transforms.interrupts import interruptible_call
from onefold.types import SchemaNormaliser
from onefold.types.streams import started

__all__ = ["BATCH_ROWS", "run_transform"]

BATCH_ROWS = 65_536
"""How many rows a function gets at once, at most."""


def run_transform(
    node: MapBatches, stream: pa.RecordBatchReader, *, function: Callable[[Any], Any] | None = None
) -> pa.RecordBatchReader:
    """Return the rows that a Python transform makes of a stream, lazily.

    Args:
        node: The transform: its function, format and declared schema.
        stream: The rows it reads; closed when the result is.
        function: The function itself, in a process that it was sent to; None for the one registered in this process.

    Returns:
        Batches in the declared schema.

    Raises:
        TransformError: (While reading.) If the function fails; the message shows the user's own line.
        ExchangeError: (While reading.) If it returns something else than the declared schema.
    """
    function = function or resolve(node.function)
    what = f"The transform {node.function.name!r}"
    normaliser = SchemaNormaliser(node.output, where=f"the result of the transform {node.function.name!r}")

    def batches() -> Iterator[pa.RecordBatch | None]:
        with stream:
            yield None
            for table in _in_pieces(stream):
                result = _called(function, _as_format(table, node.format), what)
                try:
                    made = frame_to_arrow(result)
                except TypeError as error:
                    raise ExchangeError(
                        f"{what} returned {type(result).__name__}; it has to return a table "
                        f"(a {node.format} one, or anything that speaks Arrow)."
                    ) from error
                except pa.ArrowException as error:  # such as a pandas column of mixed objects
                    raise ExchangeError(f"{what} returned a table that Arrow can not hold: {error}") from error
                for batch in made.to_batches():
                    yield normaliser(batch)

    return pa.RecordBatchReader.from_batches(normaliser.schema, started(batches()))


def _in_pieces(stream: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield tables of BATCH_ROWS rows, whatever the sizes of the stream's batches; the last one may be smaller."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in stream:
        start = 0
        while rows + batch.num_rows - start >= BATCH_ROWS:
            taken = BATCH_ROWS - rows
            yield pa.Table.from_batches([*waiting, batch.slice(start, taken)])
            start += taken
            waiting, rows = [], 0
        if start < batch.num_rows:
            waiting.append(batch.slice(start))
            rows += batch.num_rows - start
    if waiting:
        yield pa.Table.from_batches(waiting)


def _as_format(table: pa.Table, format: str) -> Any:
    if format == "polars":
        return to_polars(table)
    if format == "pandas":
        return to_pandas(table, dtypes="arrow")
    return table


def _called(function: Callable[[Any], Any], argument: Any, what: str) -> Any:
    try:
        with interruptible_call():
            return function(argument)
    except OnefoldError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)[1:]
        code = getattr(function, "__code__", None)
        own = [frame for frame in frames if code is not None and frame.filename == code.co_filename] or frames
        where = "".join(f"\n  {place.filename}:{place.lineno}, in {place.name}\n    {place.line}" for place in own[-1:])
        raise TransformError(f"{what} failed: {type(error).__name__}: {error}{where}") from error
