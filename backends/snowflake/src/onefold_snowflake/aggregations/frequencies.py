"""How often values occur, as Snowflake writes it. Tables of values are arrays of objects with a key and a value."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering, Ranking
from onefold.sql.template import LoweredCall, render
from onefold_snowflake.aggregations.listing import collected
from onefold_snowflake.variants.elements import encoded, held

__all__ = ["LOWERINGS", "entries"]


def _counted(call: LoweredCall) -> exp.Expression:
    pair = f"OBJECT_CONSTRUCT('key', {held('{0}', call.arg_types[0])}, 'value', {{2}})"
    return render(collected(pair), call)


def entries(call: LoweredCall) -> exp.Expression:
    """Return the aggregate that collects a key and a value of each row into an array, ascending by key; null over none."""
    key, value = (encoded(place, dtype) for place, dtype in zip(("{0}", "{1}"), call.arg_types, strict=True))
    pair = f"OBJECT_CONSTRUCT('key', {key}, 'value', {value})"
    return render(
        f"CASE WHEN COUNT(*) > 0 THEN ARRAY_AGG({pair}) WITHIN GROUP (ORDER BY {{0}} ASC NULLS FIRST) END", call
    )


LOWERINGS: Mapping[str, AggregationLowering] = {
    # MODE returns any of several values that occur equally often.
    "mode": AggregationLowering(
        "MIN({0})", drops_nulls=False, ranking=Ranking("frequency", distinct=True, counted=True, most=1)
    ),
    "top_k": AggregationLowering(
        _counted, drops_nulls=False, ranking=Ranking("frequency", distinct=True, counted=True, most="k")
    ),
    "histogram": AggregationLowering(
        _counted, drops_nulls=False, ranking=Ranking("value", distinct=True, counted=True)
    ),
}
