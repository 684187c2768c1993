"""All trailing measures of one chunk: rows are selected once per argument, windows are searched once per end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.errors import EngineError
from onefold.kernel.aggregators import AGGREGATORS
from onefold.kernel.chunk import Chunk
from onefold.kernel.secondary import SecondaryRows, evaluate_by
from onefold.kernel.segment import Int64Array
from onefold.kernel.selection import Selection, select
from onefold.plan import get_aggregation
from onefold.plan.windows import TrailingWindow

__all__ = ["Request", "evaluate", "pieces"]

LIST_ELEMENTS = 1 << 22
"""How many elements the lists of one measure may have in one piece of a chunk."""

SPINE_ROWS = 1 << 18
"""How many spine rows one piece of a chunk may have."""


@dataclass(frozen=True, slots=True)
class Request:
    """One measure over the columns of a chunk.

    Args:
        name: The name of the result.
        function: The name of the aggregation.
        args: The columns that hold the arguments.
        where: The bool column that says which rows take part.
        by: The column with the secondary key.
        options: The options of the aggregation, complete.
        window: The window.
        delay: How long after its time an event becomes known, in microseconds.
        dtype: The Arrow type of the result.
    """

    name: str
    function: str
    args: tuple[str, ...]
    where: str | None
    by: str | None
    options: Mapping[str, Any]
    window: TrailingWindow
    delay: int
    dtype: pa.DataType

    @property
    def keeps_nulls(self) -> bool:
        """Whether rows with a null argument take part."""
        return self.options.get("nulls") == "keep"

    @property
    def ordered(self) -> bool:
        """Whether the order of rows with equal times matters."""
        return self.window.last_rows is not None or get_aggregation(self.function).order_sensitive

    def most_elements(self, chunk: Chunk) -> int:
        """Return how many list elements the measure can give for one spine row, however long its window is."""
        if not pa.types.is_list(self.dtype):
            return 0
        most = 1 if self.by is None else _different(chunk, self.by)
        limits = [self.options[name] for name in ("n", "k", "limit") if name in self.options]
        if limits:
            most *= int(limits[0])
        elif self.function == "histogram":
            most *= _different(chunk, self.args[0])
        return most

    @property
    def selection(self) -> tuple[Any, ...]:
        """What decides which rows take part and in which order: equal for measures that can share them."""
        return (self.args, self.where, self.by, self.keeps_nulls, self.ordered)

    @property
    def computation(self) -> tuple[Any, ...]:
        """What decides how a window's value is computed: equal for measures that differ only in the window."""
        return (self.function, tuple(sorted(self.options.items())))


def evaluate(chunk: Chunk, requests: Sequence[Request]) -> dict[str, pa.Array]:
    """Return the results of all measures, one array per measure, for the spine rows of a chunk in their order there.

    Args:
        chunk: The events and spine rows.
        requests: The measures.

    Raises:
        EngineError: If a sum does not fit its type; the message names the measure.
    """
    results: dict[str, pa.Array] = {}
    for selection in _grouped(requests, lambda request: request.selection):
        if selection[0].by is None:
            results.update(_evaluate_plain(chunk, selection))
        else:
            results.update(_evaluate_by(chunk, selection))
    return results


def _evaluate_plain(chunk: Chunk, requests: Sequence[Request]) -> Iterator[tuple[str, pa.Array]]:
    selected = chunk.remembered(requests[0].selection, lambda: _select(chunk, requests[0]))
    windows = {
        (window, delay): selected.inside(chunk.windows.interval(window, delay))
        for window, delay in {(request.window, request.delay): None for request in requests}
    }
    for same in _grouped(requests, lambda request: request.computation):
        intervals = [windows[request.window, request.delay] for request in same]
        with _naming(same):
            arrays = AGGREGATORS[same[0].function](selected.segment, intervals, same[0].options)
        yield from zip((request.name for request in same), arrays, strict=True)


def _evaluate_by(chunk: Chunk, requests: Sequence[Request]) -> Iterator[tuple[str, pa.Array]]:
    rows = chunk.remembered(requests[0].selection, lambda: _secondary_rows(chunk, requests[0]))
    for request in requests:
        interval = chunk.windows.interval(request.window, request.delay)
        aggregator = AGGREGATORS[request.function]
        with _naming([request]):
            array = evaluate_by(
                rows, chunk.spine_codes, interval, aggregator=aggregator, options=request.options, dtype=request.dtype
            )
        yield request.name, array


def pieces(chunk: Chunk, requests: Sequence[Request]) -> Iterator[Chunk]:
    """Yield the chunk in parts of its spine, so that results and their lists stay far below the memory of a machine."""
    weight = np.full(len(chunk.spine_rows), LIST_ELEMENTS // SPINE_ROWS, np.int64)
    for request in requests:
        most = request.most_elements(chunk)
        if most:
            interval = chunk.windows.interval(request.window, request.delay)
            weight = np.maximum(weight, np.minimum(interval.right - interval.left, most))
    total = np.cumsum(weight)
    start = 0
    while len(total) and start < len(total):
        before = int(total[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(total, before + LIST_ELEMENTS, "right")))
        yield chunk if stop - start == len(total) else chunk.part(start, stop)
        start = stop


def _different(chunk: Chunk, column: str) -> int:
    """Return how many different values a column of a chunk has."""
    return chunk.remembered(("different", column), lambda: int(pc.count_distinct(chunk.columns[column]).as_py()))


def _select(chunk: Chunk, request: Request) -> Selection:
    return select(
        chunk.rows,
        [chunk.columns[name] for name in request.args],
        None if request.where is None else chunk.columns[request.where],
        keep_nulls=request.keeps_nulls,
        order=_order(chunk, request),
    )


def _secondary_rows(chunk: Chunk, request: Request) -> SecondaryRows:
    order = _order(chunk, request)
    assert request.by is not None
    names = [*request.args, request.by, *([request.where] if request.where is not None else [])]
    columns = {name: chunk.columns[name] for name in names}
    if order is not None:
        index = pa.array(order)
        columns = {name: column.take(index) for name, column in columns.items()}
    return SecondaryRows(
        chunk.rows,
        args=tuple(columns[name] for name in request.args),
        by=columns[request.by],
        where=None if request.where is None else columns[request.where],
        keep_nulls=request.keeps_nulls,
    )


def _order(chunk: Chunk, request: Request) -> Int64Array | None:
    if not request.ordered:
        return None
    names = [*request.args, *(name for name in (request.by, request.where) if name is not None)]
    return chunk.ties.order([chunk.columns[name] for name in names])


def _grouped(requests: Sequence[Request], key: Any) -> list[list[Request]]:
    groups: dict[Any, list[Request]] = {}
    for request in requests:
        groups.setdefault(key(request), []).append(request)
    return list(groups.values())


@contextmanager
def _naming(requests: Sequence[Request]) -> Iterator[None]:
    """Put the names of the measures in front of an error about their values."""
    try:
        yield
    except OverflowError as error:
        names = ", ".join(repr(request.name) for request in requests)
        message = f"The measure {names} ({requests[0].function}) can not be computed: {error}"
        raise EngineError(message, engine="kernel") from error
