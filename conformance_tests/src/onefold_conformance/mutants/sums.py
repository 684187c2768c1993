"""Mutants of counts, sums, means and logical sums."""

from __future__ import annotations

import decimal
import math
from collections.abc import Sequence

from onefold.plan import AggCall, Call, Literal
from onefold.types import BOOL, FLOAT64, INT64, Decimal, Schema
from onefold_conformance.mutants.habits import digits_kept, saturated, single, wrapped, zero_of
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but, values_of
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.interface import Application, Entry, ValueFailure
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]


def _total(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS["sum"](call, entries)


def _wrapping(call: Application, entries: Sequence[Entry]) -> Value:
    return wrapped(sum(values_of(entries))) if entries and call.result_type == INT64 else _total(call, entries)


def _overflow_is_null(call: Application, entries: Sequence[Entry]) -> Value:
    try:
        return _total(call, entries)
    except ValueFailure:
        return None


def _overflow_on_the_way(call: Application, entries: Sequence[Entry]) -> Value:
    """An intermediate sum that does not fit fails too, in the order of the rows or against it."""
    if call.result_type == INT64:
        for ordered in (values_of(entries), values_of(entries)[::-1], sorted(values_of(entries))):
            running = 0
            for value in ordered:
                running += value
                if not -(2**63) <= running < 2**63:
                    raise ValueFailure("the sum does not fit on the way")
    return _total(call, entries)


def _integers_in_float(call: Application, entries: Sequence[Entry]) -> Value:
    if call.result_type != INT64 or not entries:
        return _total(call, entries)
    _total(call, entries)  # fails where the right rule does
    return saturated(int(math.fsum(float(value) for value in values_of(entries))))


def _decimals_in_float(call: Application, entries: Sequence[Entry]) -> Value:
    if not isinstance(call.result_type, Decimal) or not entries:
        return _total(call, entries)
    exact = _total(call, entries)
    number = decimal.Decimal(sum(float(value) for value in values_of(entries)))
    value = digits_kept(number, call.result_type.scale, decimal.ROUND_HALF_EVEN)
    room = decimal.Decimal(10) ** (call.result_type.precision - call.result_type.scale)
    return value if abs(value) < room else exact


def _precision_kept(call: Application, entries: Sequence[Entry]) -> Value:
    """The sum of decimals has to fit in their own precision."""
    value = _total(call, entries)
    (dtype,) = call.arg_types
    if value is not None and isinstance(dtype, Decimal) and abs(value) >= 10 ** (dtype.precision - dtype.scale):
        raise ValueFailure(f"the sum {value} does not fit in {dtype}")
    return value


def _left_to_right(call: Application, entries: Sequence[Entry]) -> Value:
    """Floats in the order of the rows, each sum rounded."""
    if call.arg_types[0] != FLOAT64 or not entries:
        return AGGREGATIONS[call.name](call, entries)
    running = 0.0
    for value in values_of(entries):
        running += value
    return running if call.name == "sum" else running / len(entries)


def _in_32_bits(call: Application, entries: Sequence[Entry]) -> Value:
    if call.arg_types[0] != FLOAT64 or not entries:
        return AGGREGATIONS[call.name](call, entries)
    running = 0.0
    for value in values_of(entries):
        running = single(running + single(value)) if math.isfinite(value) else running + value
    return running if call.name == "sum" else single(running / len(entries))


def _without(call: Application, entries: Sequence[Entry], *, nan_only: bool) -> Value:
    """NaN, or all that is not finite, left out when there is anything else."""

    def left_out(value: Value) -> bool:
        return isinstance(value, float) and (math.isnan(value) if nan_only else not math.isfinite(value))

    kept = [entry for entry in entries if not left_out(entry.args[0])]
    return AGGREGATIONS[call.name](call, kept or entries)


def _distinct(call: Application, entries: Sequence[Entry]) -> Value:
    unique = {order_key(entry.args[0], call.arg_types[0]): entry for entry in entries}
    return AGGREGATIONS[call.name](call, list(unique.values()))


def _count_distinct(call: Application, entries: Sequence[Entry]) -> Value:
    return len({str(entry.args) for entry in entries}) if call.arg_types else len(entries)


def _opposite_infinities(call: Application, entries: Sequence[Entry]) -> Value:
    """Infinities of both signs cancel each other."""
    value = AGGREGATIONS[call.name](call, entries)
    numbers = values_of(entries)
    nans = any(isinstance(number, float) and math.isnan(number) for number in numbers)
    return 0.0 if isinstance(value, float) and math.isnan(value) and not nans else value


def _whole_mean(call: Application, entries: Sequence[Entry]) -> Value:
    if call.arg_types[0] != INT64 or not entries:
        return AGGREGATIONS["mean"](call, entries)
    return float(math.trunc(sum(values_of(entries)) / len(entries)))


def _mean_of_wrapped(call: Application, entries: Sequence[Entry]) -> Value:
    if call.arg_types[0] != INT64 or not entries:
        return AGGREGATIONS["mean"](call, entries)
    return float(wrapped(sum(values_of(entries)))) / len(entries)


def _mean_at_a_scale(call: Application, entries: Sequence[Entry]) -> Value:
    """The mean of decimals with four more digits than they have."""
    (dtype,) = call.arg_types
    if not isinstance(dtype, Decimal) or not entries:
        return AGGREGATIONS["mean"](call, entries)
    exact = sum(values_of(entries), decimal.Decimal(0)) / len(entries)
    return float(digits_kept(exact, dtype.scale + 4, decimal.ROUND_HALF_UP))


def _mean_by_one_less(call: Application, entries: Sequence[Entry]) -> Value:
    value = AGGREGATIONS["mean"](call, entries)
    return value * len(entries) / (len(entries) - 1) if len(entries) > 1 else value


def _extremes_mean(call: Application, entries: Sequence[Entry]) -> Value:
    """The mean of the smallest and the greatest value."""
    values = sorted(float(value) for value in values_of(entries))
    return (
        (values[0] + values[-1]) / 2 if values and math.isfinite(sum(values)) else AGGREGATIONS["mean"](call, entries)
    )


def _of_rows(call: AggCall, reads: Schema) -> AggCall:
    return call.replace(args=())


def _null_is_true(call: AggCall, reads: Schema) -> AggCall:
    return call.replace(args=tuple(Call(function="coalesce", args=(arg, Literal.of(True))) for arg in call.args))


_SUMS = ("sum", "mean")

MUTANTS: tuple[Mutant, ...] = (
    aggregation_becomes("count", "counts-nulls", "Counts nulls.", _of_rows),
    aggregation_but("count", "nothing-is-null", "Returns null from count for no rows.", lambda es: not es, lambda es: None),
    aggregation("count", "of-distinct", "Counts equal values once.", _count_distinct),
    aggregation("count", "of-true", "Counts only values that are true.", lambda call, es: sum(1 for e in es if e.args[0] is not False) if call.arg_types == (BOOL,) else len(es)),
    aggregation("sum", "nothing-is-zero", "Returns zero for the sum of nothing.", lambda call, es: _total(call, es) if es else zero_of(call.result_type)),
    aggregation_but("mean", "nothing-is-nan", "Returns NaN for the mean of nothing.", lambda es: not es, lambda es: math.nan),
    aggregation_but("mean", "nothing-is-zero", "Returns 0.0 for the mean of nothing.", lambda es: not es, lambda es: 0.0),
    aggregation("sum", "wraps", "Lets sums of integers wrap around at 64 bits.", _wrapping),
    aggregation("sum", "overflow-is-null", "Returns null for sums that do not fit.", _overflow_is_null),
    aggregation("sum", "overflows-on-the-way", "Fails for sums of integers that do not fit on the way.", _overflow_on_the_way),
    aggregation("sum", "integers-in-float", "Sums integers in floats.", _integers_in_float),
    aggregation("sum", "decimals-in-float", "Sums decimals in floats.", _decimals_in_float),
    aggregation("sum", "precision-kept", "Fails for sums of decimals with more digits than these have.", _precision_kept),
    aggregation("sum", "left-to-right", "Rounds each sum of floats on the way.", _left_to_right),
    *(aggregation(name, "in-32-bits", f"Computes the {name} of floats in 32 bits.", _in_32_bits) for name in _SUMS),
    *(aggregation(name, "skips-nan", f"Leaves NaN out of the {name}.", lambda call, es: _without(call, es, nan_only=True)) for name in _SUMS),
    *(aggregation(name, "skips-infinities", f"Leaves infinities and NaN out of the {name}.", lambda call, es: _without(call, es, nan_only=False)) for name in _SUMS),
    *(aggregation(name, "of-distinct", f"Takes equal values once for the {name}.", _distinct) for name in _SUMS),
    *(aggregation(name, "infinities-cancel", f"Lets infinities of both signs cancel each other in the {name}.", _opposite_infinities) for name in _SUMS),
    aggregation_becomes("mean", "counts-nulls", "Divides by the number of all rows, nulls included.", zero_for_null),
    aggregation("mean", "whole", "Cuts the mean of integers off.", _whole_mean),
    aggregation("mean", "wraps", "Lets the sum of integers behind a mean wrap around at 64 bits.", _mean_of_wrapped),
    aggregation("mean", "at-a-scale", "Rounds the mean of decimals to four digits more than they have.", _mean_at_a_scale),
    aggregation("mean", "by-one-less", "Divides by one less than the number of values.", _mean_by_one_less),
    aggregation("mean", "of-the-extremes", "Returns the mean of the smallest and the greatest value.", _extremes_mean),
    aggregation_but("any", "nothing-is-false", "Returns false for any of nothing.", lambda es: not es, lambda es: False),
    aggregation_but("all", "nothing-is-true", "Returns true for all of nothing.", lambda es: not es, lambda es: True),
    aggregation_becomes("any", "null-is-false", "Takes null for false in any.", zero_for_null),
    aggregation_becomes("any", "null-is-true", "Takes null for true in any.", _null_is_true),
    aggregation_becomes("all", "null-is-false", "Takes null for false in all.", zero_for_null),
    aggregation_becomes("all", "null-is-true", "Takes null for true in all.", _null_is_true),
    *(aggregation(name, "of-the-last", f"Looks at the last value only in {name}.", lambda call, es: es[-1].args[0] if es else None) for name in ("any", "all")),
    *(aggregation(name, "of-the-first", f"Looks at the first value only in {name}.", lambda call, es: es[0].args[0] if es else None) for name in ("any", "all")),
    aggregation("any", "is-all", "Returns all for any.", AGGREGATIONS["all"]),
    aggregation("all", "is-any", "Returns any for all.", AGGREGATIONS["any"]),
)  # fmt: skip
"""Wrong sums."""
