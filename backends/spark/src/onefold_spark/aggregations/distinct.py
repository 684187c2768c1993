"""How many different values there are, as Spark writes it."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AGGREGATIONS as SHARED
from onefold.sql.aggregations import AggregationLowering

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, AggregationLowering] = {
    name: SHARED[name] for name in ("count_distinct", "approx_count_distinct")
}
