"""The division of work between an SQL engine and the kernel."""

from __future__ import annotations

from onefold.kernel.splitting import Chosen
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfJoin,
    Frame,
    RankCall,
    Relation,
    TimeBuckets,
    TrailingAggregate,
    Window,
    WindowMeasure,
    infer,
    partial_calls,
)
from onefold.sql.dialect import SqlDialect
from onefold.sql.temporal.lowering import computed_in_sql
from onefold.types import Decimal

__all__ = ["left_to_kernel"]


def left_to_kernel(dialect: SqlDialect) -> Chosen:
    """Return which relations the kernel computes: those with a measure the dialect lacks.

    That is: as-of joins and trailing aggregates, unless the dialect says how its engine computes them; aggregations that it does not have, secondary keys where it can not collect them into lists, and over
    frames all secondary keys, and aggregations that would collect the rows of every frame; of an engine that computes
    each frame anew, all frames but those that begin with their partition; frames of more rows than it can. And sums of
    decimals so long that the sum of a few does not fit in the 128 bits in which engines add, although that of all may.

    Args:
        dialect: The engine's dialect.
    """

    def grouped(call: AggCall, rows: Relation) -> bool:
        known = call.function in dialect.aggregations and (call.by is None or dialect.types.nested)
        return known and not _overflows(call, rows)

    def chosen(relation: Relation) -> bool:
        match relation:
            case AsOfJoin() | TrailingAggregate():
                return not computed_in_sql(relation, dialect)
            case Aggregate():
                return not all(grouped(measure.call, relation.input) for measure in relation.measures)
            case TimeBuckets():
                calls = [call for measure in relation.measures for _, call in partial_calls(measure, relation.order)]
                return not all(grouped(call, relation.events) for call in calls)
            case Window():
                return not all(framed(measure, relation.input) for measure in relation.measures)
        return False

    def framed(measure: WindowMeasure, rows: Relation) -> bool:
        call, frame = measure.call, measure.frame
        if isinstance(call, RankCall):
            return True
        known = call.by is None and call.function in dialect.slides and not _overflows(call, rows)
        if dialect.recomputes_frames and frame is not None and not _grows(frame):
            return False
        return known and not _longer(frame, dialect.longest_frame)

    return chosen


def _grows(frame: Frame) -> bool:
    """Return whether a frame begins with its partition and ends at a row, so that it only grows."""
    return frame.start is None and (frame.unit == "rows" or not frame.end)


def _longer(frame: Frame | None, most: int | None) -> bool:
    """Return whether a frame of rows is longer, or begins or ends further from its row, than the engine can."""
    if frame is None or frame.unit != "rows" or most is None:
        return False
    if frame.start is not None and frame.end is not None and frame.end - frame.start >= most:
        return True
    return any(bound is not None and abs(bound) > most for bound in (frame.start, frame.end))


def _overflows(call: AggCall, rows: Relation) -> bool:
    """Return whether a sum on the way to that of all values may need more than 128 bits, for fewer than 10^10 rows."""
    if call.function not in ("sum", "mean"):
        return False
    dtype = infer(call.args[0], rows.output).dtype
    return isinstance(dtype, Decimal) and dtype.precision > 28
