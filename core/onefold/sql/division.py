"""The division of work between an SQL engine and the kernel."""

from __future__ import annotations

from onefold.kernel.splitting import Chosen
from onefold.plan import AggCall, Aggregate, Relation, TimeBuckets, Window, partial_calls
from onefold.sql.dialect import SqlDialect

__all__ = ["left_to_kernel"]


def left_to_kernel(dialect: SqlDialect) -> Chosen:
    """Return which relations the kernel computes beside the temporal ones: those with a measure the dialect lacks.

    That is: aggregations that it does not have, secondary keys where it can not collect them into lists, and over
    frames all secondary keys, and aggregations that would collect the rows of every frame.

    Args:
        dialect: The engine's dialect.
    """

    def grouped(call: AggCall) -> bool:
        return call.function in dialect.aggregations and (call.by is None or dialect.types.nested)

    def chosen(relation: Relation) -> bool:
        match relation:
            case Aggregate():
                return not all(grouped(measure.call) for measure in relation.measures)
            case TimeBuckets():
                calls = [call for measure in relation.measures for _, call in partial_calls(measure, relation.order)]
                return not all(map(grouped, calls))
            case Window():
                framed = [measure.call for measure in relation.measures if isinstance(measure.call, AggCall)]
                return not all(call.by is None and call.function in dialect.slides for call in framed)
        return False

    return chosen
