"""Aggregations that return lists, as Snowflake writes them: the rows that belong into a list are known by their places.

An array holds 128 MB at most, and ``ARRAY_AGG`` has no limit of rows. So nothing is collected that is not wanted.
"""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold.sql.template import LoweredCall, render
from onefold_snowflake.variants.elements import encoded, held

__all__ = ["collected", "listed"]


def listed(ranking: Ranking, *, backwards: bool = False) -> AggregationLowering:
    """Return how the values at some places are written as a list; null over no values.

    Args:
        ranking: The places.
        backwards: Whether the list ends with the first place.
    """

    def lowering(call: LoweredCall) -> exp.Expression:
        # ARRAY_AGG leaves nulls out.
        write = encoded if call.options.get("nulls") == "keep" else held
        return render(collected(write("{0}", call.arg_types[0]), backwards=backwards), call)

    return AggregationLowering(lowering, drops_nulls=False, ranking=ranking)


def collected(element: str, *, backwards: bool = False) -> str:
    """Return the template of a list of elements in the order of their places; null, not empty, where there are none.

    Args:
        element: The template of an element.
        backwards: Whether the list ends with the first place.
    """
    order = "DESC" if backwards else "ASC"
    return f"CASE WHEN COUNT({{1}}) > 0 THEN ARRAY_AGG({element}) WITHIN GROUP (ORDER BY {{1}} {order}) END"
