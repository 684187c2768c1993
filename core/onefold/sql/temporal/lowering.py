"""Which temporal relations an engine computes itself, and their places in a plan taken by what it computes."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.plan import AsOfJoin, Project, Relation, TrailingAggregate, TrailingMeasure, infer
from onefold.rewriting import parents_first, replace_relations
from onefold.sql.dialect import SqlDialect
from onefold.sql.temporal.asof import by_native_join, by_positions
from onefold.sql.temporal.places import in_place, placed
from onefold.sql.temporal.sides import Moments
from onefold.sql.temporal.strategies import TemporalSql
from onefold.sql.temporal.trailing import LOWERED, MOST_DIGITS, in_relations
from onefold.types import FLOAT64, Decimal

__all__ = ["MOST_LINKS", "computed_in_sql", "without_temporal"]

_NEEDED = frozenset(
    {
        *("add", "subtract", "multiply", "divide", "int_divide", "modulo", "negate", "abs", "floor", "ln"),
        *("and", "or", "not", "equal", "not_equal", "lt", "lte", "gt", "gte", "is_null", "is_not_null", "coalesce"),
        *("is_nan", "is_finite", "epoch_microseconds"),
    }
)
"""The functions that the lowerings use."""

MOST_LINKS = 40
"""How deep a plan may be below such a relation: each takes several relations in its place, and their number is limited."""


def computed_in_sql(node: AsOfJoin | TrailingAggregate, dialect: SqlDialect) -> bool:
    """Return whether an engine computes a temporal relation itself: exactly, and in about the time of a sort.

    Of trailing aggregates that is so when it is of all their measures. Left out are windows of a number
    of rows; secondary keys; and aggregations that need the rows of each window.

    Args:
        node: The relation.
        dialect: The engine's dialect.
    """
    strategies = dialect.temporal
    if strategies is None or not _NEEDED.issubset(dialect.functions):
        return False
    if not {"count", "max"}.issubset(dialect.aggregations) or "count" not in dialect.slides:
        return False
    if node.depth > MOST_LINKS or (node.order.unique and strategies.failure is None):
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
    taken = tuple({name for relation in plan.walk() for name in relation.output.names})
    done: dict[str, Relation] = {}
    chains: dict[str, _Chain] = {}
    for node in reversed(list(parents_first(plan))):
        if isinstance(node, AsOfJoin | TrailingAggregate) and computed_in_sql(node, dialect):
            chain = chains.get(node.spine.fingerprint)
            if chain is None:
                base, place = placed(done[node.spine.fingerprint], inputs=strategies.place is not None, taken=taken)
                chain = _Chain(base, place, base)
            chain = chains[node.fingerprint] = chain.enriched(node, done[node.events.fingerprint], strategies)
            done[node.fingerprint] = chain.in_place(node.output.names)
        else:
            done[node.fingerprint] = replace_relations(node, lambda child: done[child.fingerprint])
    return done[plan.fingerprint]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Temporal relations that stand on each other, in terms of others.

    Args:
        base: The rows below all of them, with their places.
        place: The column that holds the places; None when there is none.
        rows: The rows with all features so far, in any order.
    """

    base: Relation
    place: str | None
    rows: Relation

    def enriched(self, node: AsOfJoin | TrailingAggregate, events: Relation, strategies: TemporalSql) -> _Chain:
        """Return the chain with one more link."""
        node = node.replace(spine=self.rows, events=events)
        # Keys and times of the base are the same for all links, which can share them.
        own = {*node.spine_keys, node.spine_time} <= set(self.base.output.names)
        moments = Moments.of(node, self.base if own else self.rows)
        if isinstance(node, TrailingAggregate):
            rows = in_relations(node, moments)
        else:
            rows = by_positions(node, moments) if strategies.asof is None else by_native_join(node, moments)
        return _Chain(self.base, self.place, rows)

    def in_place(self, names: tuple[str, ...]) -> Relation:
        """Return some columns of the rows, in the order of their places."""
        assert isinstance(self.rows, Project)
        return in_place(self.rows, names, self.place)
