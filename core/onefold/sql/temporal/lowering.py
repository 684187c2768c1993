"""Which temporal relations an engine computes itself, and their places in a plan taken by what it computes."""

from __future__ import annotations

from onefold.plan import AsOfJoin, Relation, TrailingAggregate, TrailingMeasure, infer
from onefold.rewriting import map_relations
from onefold.sql.dialect import SqlDialect
from onefold.sql.temporal.asof import by_native_join, by_positions
from onefold.sql.temporal.places import in_place, placed
from onefold.sql.temporal.trailing import LOWERED, MOST_DIGITS, in_relations
from onefold.types import FLOAT64, Decimal

__all__ = ["computed_in_sql", "without_temporal"]


def computed_in_sql(node: AsOfJoin | TrailingAggregate, dialect: SqlDialect) -> bool:
    """Return whether an engine computes a temporal relation itself: exactly, and in about the time of a sort.

    Of trailing aggregates that is so when it is of all their measures. Left out are windows of a number
    of rows; secondary keys; and aggregations that need the rows of each window.

    Args:
        node: The relation.
        dialect: The engine's dialect.
    """
    strategies = dialect.temporal
    if strategies is None or not {"count", "max"} <= dialect.aggregations.keys() or "count" not in dialect.slides:
        return False
    if node.order.unique and strategies.failure is None:
        return False
    if isinstance(node, AsOfJoin):
        # Nothing orders lists and structs of tied events in the same way everywhere.
        types = [node.events.output[item.column].dtype for item in node.columns]
        return node.order.unique or all(dtype.is_ordered for dtype in types)
    return all(_is_exact(measure, node.events, dialect) for measure in node.measures)


def _is_exact(measure: TrailingMeasure, events: Relation, dialect: SqlDialect) -> bool:
    agg, window = measure.call, measure.window
    if agg.function not in LOWERED or agg.by is not None or window.last_rows is not None:
        return False
    match agg.function:
        case "sum" | "mean":
            dtype = infer(agg.args[0], events.output).dtype
            if "sum" not in dialect.slides or "sum" not in dialect.aggregations:
                return False
            if isinstance(dtype, Decimal):
                return dtype.precision <= MOST_DIGITS
            return dtype == FLOAT64 or dialect.types.decimal is not None  # int64 is added up in decimals
        case "min" | "max":
            assert dialect.temporal is not None
            grows = window.size is None and not window.offset
            return agg.function in dialect.slides and (grows or agg.function in dialect.temporal.ranges)
    return True


def without_temporal(plan: Relation, dialect: SqlDialect) -> Relation:
    """Return a plan with those temporal relations that an engine computes itself in terms of others.

    Args:
        plan: The plan.
        dialect: The engine's dialect.
    """
    strategies = dialect.temporal
    if strategies is None:
        return plan

    def change(node: Relation) -> Relation:
        if not isinstance(node, AsOfJoin | TrailingAggregate) or not computed_in_sql(node, dialect):
            return node
        spine, place = placed(node.spine, inputs=strategies.place is not None, taken=node.output.names)
        enriched = node.replace(spine=spine)
        if isinstance(enriched, TrailingAggregate):
            rows = in_relations(enriched)
        else:
            rows = by_positions(enriched) if strategies.asof is None else by_native_join(enriched)
        return in_place(rows, node.output.names, place)

    return map_relations(plan, change)
