"""Different values: how many, the earliest and the latest, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations.call import AggregationLowering, LoweredAggregate, reversed_order
from onefold.sql.aggregations.order import ordered_list
from onefold.sql.template import LoweredCall, render

__all__ = ["LOWERINGS"]

# Values with their positions, sorted by value: the first of each run of equal values is its first occurrence.
_PAIRS = "LIST_SORT(LIST_TRANSFORM({0}, LAMBDA __v, __i : {{'v': __v, 'i': __i}}))"
_RUNS = "LIST_FILTER(__s, LAMBDA __e, __j : __j = 1 OR __s[__j - 1].v IS DISTINCT FROM __e.v)"
_FIRSTS = (
    f"LIST_TRANSFORM(LIST_SORT(LIST_TRANSFORM(LIST_TRANSFORM([{_PAIRS}], LAMBDA __s : {_RUNS})[1], "
    "LAMBDA __p : {{'i': __p.i, 'v': __p.v}}))[1:{n}], LAMBDA __r : __r.v)"
)


def _distinct_n(*, latest: bool) -> AggregationLowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        order = reversed_order(call.order) if latest else call.order
        values = ordered_list(call.args[0], order)
        text = f"LIST_REVERSE({_FIRSTS})" if latest else _FIRSTS
        # Over no values the list is null, and stays so through all of this.
        return render(text, LoweredCall([values], call.arg_types, call.result_type, call.types, call.options))

    return AggregationLowering(lowering, drops_nulls=False)


LOWERINGS: Mapping[str, AggregationLowering] = {
    "count_distinct": AggregationLowering("COUNT(DISTINCT {0})"),
    "approx_count_distinct": AggregationLowering("COUNT(DISTINCT {0})"),
    "first_distinct_n": _distinct_n(latest=False),
    "last_distinct_n": _distinct_n(latest=True),
}
