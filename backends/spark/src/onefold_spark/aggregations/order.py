"""Aggregations that depend on the order of the rows, as Spark writes them.

Spark has no ordered aggregates. But it compares structs field by field, a null below all else; so a struct of the keys
tells the place of a row in any order, when the keys of a descending order are turned around.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.aggregations import AggregationLowering, LoweredAggregate
from onefold.sql.template import LoweredCall, render
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType

__all__ = ["LOWERINGS"]

# Bytes in hexadecimal, each digit turned around; G, because of two texts the one that begins the other is the lesser.
_BYTES = ("TRANSLATE(HEX({0}), '0123456789ABCDEF', 'FEDCBA9876543210') || 'G'",)
_TURNED: Mapping[DataType, tuple[str, ...]] = {
    INT64: ("~{0}",),  # the negative of the smallest one does not exist
    FLOAT64: ("{0} <> CAST('NaN' AS DOUBLE)", "-{0}"),  # the negative of NaN is NaN, above all numbers
    BOOL: ("NOT {0}",),
    DATE: ("-UNIX_DATE({0})",),
    TIMESTAMP: ("-UNIX_MICROS(CAST({0} AS TIMESTAMP_LTZ))",),
    TIMESTAMP_UTC: ("-UNIX_MICROS({0})",),
    STRING: _BYTES,
    BINARY: _BYTES,
}
"""Fields that are in ascending order where a value is in descending order; those of decimals are their negatives."""


def _place(call: LoweredAggregate) -> exp.Expression:
    """Return a struct in the natural order of which rows are in the order of a call."""
    fields: list[exp.Expression] = []
    for key, dtype in zip(call.order, call.order_types, strict=True):
        descending, nulls_first = bool(key.args.get("desc")), bool(key.args.get("nulls_first"))
        texts = (
            *(() if nulls_first else ("{0} IS NULL",)),
            *(_TURNED.get(dtype, ("-{0}",)) if descending else ("{0}",)),
        )
        lowered = LoweredCall([key.this], [dtype], dtype, call.types)
        for text in texts:
            fields += [exp.Literal.string(f"key_{len(fields) // 2}"), render(text, lowered).copy()]
    return exp.Anonymous(this="NAMED_STRUCT", expressions=[*fields, exp.Literal.string("value"), call.args[0].copy()])


def _ordered(text: str) -> AggregationLowering:
    """Return the lowering of a text in which ``{0}`` is the value and ``{1}`` the place of its row, the value in it."""

    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call, LoweredAggregate)
        args = [call.args[0], _place(call)]
        return render(text, LoweredCall(args, call.arg_types, call.result_type, call.types, call.options))

    return AggregationLowering(lowering, drops_nulls=False)


def _several(text: str) -> AggregationLowering:
    return _ordered(f"CASE WHEN COUNT(*) > 0 THEN {text} END")


_LATEST = "REVERSE(SLICE(SORT_ARRAY(COLLECT_LIST({{1}}), FALSE), 1, {{{}}}).value)"

LOWERINGS: Mapping[str, AggregationLowering] = {
    "first": _ordered("MIN_BY({0}, {1})"),
    "last": _ordered("MAX_BY({0}, {1})"),
    "first_n": _several("SLICE(SORT_ARRAY(COLLECT_LIST({1})), 1, {n}).value"),
    "last_n": _several(_LATEST.format("n")),
    "collect": _several(_LATEST.format("limit")),
}
