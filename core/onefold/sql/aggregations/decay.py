"""Exponentially decayed sums, as SQL: each value times 2^(-age / half-life)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations.call import AggregationLowering, LoweredAggregate
from onefold.sql.aggregations.sums import FLOAT_SUM
from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS", "weighted"]


def weighted(text: str) -> Lowering:
    """Return the lowering of a text in which ``{0}`` is the value and ``{1}`` the weight."""

    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        assert call.age is not None
        age = LoweredCall([call.age], call.arg_types, call.result_type, call.types, call.options)
        weight = render("POW(2e0, -({0} / CAST({half_life} AS DOUBLE)))", age)
        value: exp.Expression = exp.Literal.number("1e0")
        if call.args:
            value = render("CAST({0} AS DOUBLE)", call)
        arguments = LoweredCall([value, weight], call.arg_types, call.result_type, call.types, call.options)
        return render(text, arguments)

    return lowering


# An infinity stays one, however small its weight has become.
_SUM = FLOAT_SUM.replace("{0}", "CASE WHEN ISFINITE({0}) THEN {0} * {1} ELSE {0} END")
_WEIGHT = FLOAT_SUM.replace("{0}", "{1}")

LOWERINGS: Mapping[str, AggregationLowering] = {
    "decayed_sum": AggregationLowering(weighted(_SUM), drops_nulls=False),
    "decayed_count": AggregationLowering(weighted(_WEIGHT), drops_nulls=False),
    "decayed_mean": AggregationLowering(weighted(f"({_SUM}) / ({_WEIGHT})"), drops_nulls=False),
}
