"""Aggregations that depend on the order of the rows, as Snowflake writes them: by the places of the rows.

``MIN_BY`` and ``MAX_BY`` take one key, and any of several rows with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold_snowflake.aggregations.listing import listed

__all__ = ["LOWERINGS"]


def _end(*, latest: bool) -> AggregationLowering:
    return AggregationLowering("MIN({0})", drops_nulls=False, ranking=Ranking("order", reverse=latest, most=1))


LOWERINGS: Mapping[str, AggregationLowering] = {
    "first": _end(latest=False),
    "last": _end(latest=True),
    "first_n": listed(Ranking("order", most="n")),
    "last_n": listed(Ranking("order", reverse=True, most="n"), backwards=True),
    "collect": listed(Ranking("order", reverse=True, most="limit"), backwards=True),
}
