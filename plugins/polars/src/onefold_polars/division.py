"""The division of work between Polars and the kernel."""

from __future__ import annotations

from onefold.plan import Aggregate, AsOfJoin, Relation, TimeBuckets, TrailingAggregate, Window
from onefold_polars.relations import is_native

__all__ = ["left_to_kernel"]


def left_to_kernel(relation: Relation) -> bool:
    """Return whether the kernel computes a relation.

    That is: the temporal ones, aggregations that Polars does not have with the portable meaning, and all windows.
    Polars' sums over frames keep a running total, which drifts, and its other aggregations collect the rows of every
    frame. Tiles are taken apart by the kernel, and the groups that they are made of come here again.
    """
    match relation:
        case Aggregate():
            return not all(is_native(measure.call, relation.input.output) for measure in relation.measures)
        case AsOfJoin() | TrailingAggregate() | Window() | TimeBuckets():
            return True
    return False
