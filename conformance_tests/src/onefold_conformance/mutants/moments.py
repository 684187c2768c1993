"""Mutants of variances, higher moments and the moments of pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from onefold_conformance.mutants.habits import single
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.aggregations.exact import as_float
from onefold_conformance.oracle.aggregations.moments import central, is_finite, powers
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]

_SPREADS = ("var_samp", "var_pop", "stddev_samp", "stddev_pop")
_PAIRS = ("covar_samp", "covar_pop", "corr")
_SHAPES = ("skewness", "kurtosis")


def _lost(name: str) -> int:
    return 1 if name.endswith("_samp") else 0


def _one_pass(of: str) -> AggregationRule:
    """The mean of squares less the square of the mean, in floats: it loses all digits of large values."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        count = len(entries)
        if count <= _lost(of) or not is_finite(entries):
            return AGGREGATIONS[of](call, entries)
        xs = [as_float(entry.args[0]) for entry in entries]
        ys = [as_float(entry.args[-1]) for entry in entries]
        together = _less_the_means(xs, ys) / (count - _lost(of))
        if of.startswith("stddev"):
            return math.sqrt(max(0.0, together))
        if of != "corr":
            return together
        squares = _less_the_means(xs, xs) * _less_the_means(ys, ys)
        return together * count / math.sqrt(squares) if squares > 0 else AGGREGATIONS[of](call, entries)

    return rule


def _less_the_means(xs: list[float], ys: list[float]) -> float:
    products, x_sum, y_sum = 0.0, 0.0, 0.0
    for x, y in zip(xs, ys, strict=True):
        products, x_sum, y_sum = products + x * y, x_sum + x, y_sum + y
    return products - x_sum * y_sum / len(xs)


def _in_32_bits(of: str) -> AggregationRule:
    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        value = AGGREGATIONS[of](call, entries)
        return value if value is None or not math.isfinite(value) else single(value)

    return rule


def _skips_what_is_not_finite(of: str) -> AggregationRule:
    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        return AGGREGATIONS[of](call, [entry for entry in entries if is_finite([entry])])

    return rule


def _constant(entries: Sequence[Entry]) -> bool:
    return bool(entries) and is_finite(entries) and not powers(central(entries), 2)


def _a_side_constant(entries: Sequence[Entry]) -> bool:
    return len(entries) > 1 and is_finite(entries) and not all(powers(central(entries, side), 2) for side in (0, 1))


def _bias_corrected_skewness(call: Application, entries: Sequence[Entry]) -> Value:
    value, n = AGGREGATIONS["skewness"](call, entries), len(entries)
    if value is None or not is_finite(entries):
        return value
    return value * math.sqrt(n * (n - 1)) / (n - 2) if n > 2 else None


def _bias_corrected_kurtosis(call: Application, entries: Sequence[Entry]) -> Value:
    value, n = AGGREGATIONS["kurtosis"](call, entries), len(entries)
    if value is None or not is_finite(entries):
        return value
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * value + 6) if n > 3 else None


def _too_few_for_shape(least: int) -> Callable[[Sequence[Entry]], bool]:
    return lambda entries: 0 < len(entries) < least


def _by_sample_deviation(call: Application, entries: Sequence[Entry]) -> Value:
    """Moments over the sample variance."""
    value, n = AGGREGATIONS[call.name](call, entries), len(entries)
    if value is None or not is_finite(entries) or n < 2:
        return value
    share = (n - 1) / n
    return value * share**1.5 if call.name == "skewness" else (value + 3) * share**2 - 3


def _without_sign(of: str) -> AggregationRule:
    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        value = AGGREGATIONS[of](call, entries)
        return None if value is None else abs(value)

    return rule


def _absolute_deviation(call: Application, entries: Sequence[Entry]) -> Value:
    if len(entries) <= _lost(call.name) or not is_finite(entries):
        return AGGREGATIONS[call.name](call, entries)
    return float(sum(map(abs, central(entries)), Fraction(0)) / len(entries))


def _of_the_pairs_mean(call: Application, entries: Sequence[Entry]) -> Value:
    """The covariance of the first argument with itself."""
    return AGGREGATIONS[call.name](call, [Entry((entry.args[0], entry.args[0])) for entry in entries])


def _not_central(call: Application, entries: Sequence[Entry]) -> Value:
    """The mean product, the means not taken away."""
    if len(entries) <= _lost(call.name) or not is_finite(entries):
        return AGGREGATIONS[call.name](call, entries)
    products = [Fraction(entry.args[0]) * Fraction(entry.args[1]) for entry in entries]
    return float(sum(products, Fraction(0)) / (len(entries) - _lost(call.name)))


def _ranks(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def _of_ranks(call: Application, entries: Sequence[Entry]) -> Value:
    """The correlation of the ranks."""
    if not entries or not is_finite(entries):
        return AGGREGATIONS["corr"](call, entries)
    xs, ys = (_ranks([entry.args[side] for entry in entries]) for side in (0, 1))
    return AGGREGATIONS["corr"](call, [Entry(pair) for pair in zip(xs, ys, strict=True)])


def _squared(call: Application, entries: Sequence[Entry]) -> Value:
    value = AGGREGATIONS["corr"](call, entries)
    return None if value is None else value * value


def _swapped(of: str) -> Mutant:
    sample = of.endswith("_samp")
    other = of.replace("_samp", "_pop") if sample else of.replace("_pop", "_samp")
    which = "number of values" if sample else "number of values less one"
    return aggregation(
        of,
        "other-denominator",
        f"Divides by the {which} in {of}.",
        lambda call, es: AGGREGATIONS[other if len(es) > 1 else of](call, es),
    )


def _single_is(of: str, name: str, value: float | None) -> Mutant:
    shown = "null" if value is None else "NaN" if math.isnan(value) else "0"
    return aggregation_but(
        of,
        name,
        f"Returns {shown} from {of} for a single value.",
        lambda es: len(es) == 1 and is_finite(es),
        lambda es: value,
    )


MUTANTS: tuple[Mutant, ...] = (
    *(_swapped(name) for name in (*_SPREADS, "covar_samp", "covar_pop")),
    *(_single_is(name, "of-one-is-zero", 0.0) for name in ("var_samp", "stddev_samp", "covar_samp", "corr")),
    *(_single_is(name, "of-one-is-nan", math.nan) for name in ("var_samp", "stddev_samp", "covar_samp", "corr")),
    *(_single_is(name, "of-one-is-null", None) for name in ("var_pop", "stddev_pop", "covar_pop")),
    *(aggregation(name, "one-pass", f"Computes {name} from sums of squares, which loses the digits of large values.", _one_pass(name)) for name in (*_SPREADS, *_PAIRS)),
    *(aggregation(name, "in-32-bits", f"Returns {name} in 32 bits.", _in_32_bits(name)) for name in (*_SPREADS, *_SHAPES, *_PAIRS)),
    *(aggregation(name, "skips-nan", f"Leaves NaN and infinities out of {name}.", _skips_what_is_not_finite(name)) for name in (*_SPREADS, *_SHAPES, *_PAIRS)),
    *(aggregation_becomes(name, "null-is-zero", f"Takes null for zero in {name}.", zero_for_null) for name in (*_SPREADS, *_SHAPES, *_PAIRS)),
    *(aggregation_but(name, "nothing-is-zero", f"Returns 0.0 for {name} of nothing.", lambda es: not es, lambda es: 0.0) for name in (*_SPREADS, *_SHAPES, *_PAIRS)),
    aggregation("stddev_samp", "is-the-variance", "Forgets the root of stddev_samp.", AGGREGATIONS["var_samp"]),
    aggregation("stddev_pop", "is-the-variance", "Forgets the root of stddev_pop.", AGGREGATIONS["var_pop"]),
    aggregation("var_samp", "is-the-deviation", "Takes the root of var_samp.", AGGREGATIONS["stddev_samp"]),
    aggregation("var_pop", "is-the-deviation", "Takes the root of var_pop.", AGGREGATIONS["stddev_pop"]),
    *(aggregation(name, "absolute", f"Takes absolute distances for {name}.", _absolute_deviation) for name in ("stddev_samp", "stddev_pop")),
    aggregation("skewness", "bias-corrected", "Corrects the bias of the skewness.", _bias_corrected_skewness),
    aggregation("kurtosis", "bias-corrected", "Corrects the bias of the kurtosis.", _bias_corrected_kurtosis),
    *(aggregation(name, "by-sample-deviation", f"Divides by the sample deviation in {name}.", _by_sample_deviation) for name in _SHAPES),
    aggregation("skewness", "without-sign", "Loses the sign of the skewness.", _without_sign("skewness")),
    aggregation("kurtosis", "not-excess", "Returns the kurtosis without taking 3 away.", lambda call, es: None if (v := AGGREGATIONS["kurtosis"](call, es)) is None else v + 3),
    *(aggregation_but(name, "constant-is-nan", f"Returns NaN from {name} when all values are equal.", _constant, lambda es: math.nan) for name in _SHAPES),
    *(aggregation_but(name, "constant-is-zero", f"Returns 0.0 from {name} when all values are equal.", _constant, lambda es: 0.0) for name in _SHAPES),
    aggregation_but("skewness", "needs-three", "Returns null for the skewness of fewer than three values.", _too_few_for_shape(3), lambda es: None),
    aggregation_but("kurtosis", "needs-four", "Returns null for the kurtosis of fewer than four values.", _too_few_for_shape(4), lambda es: None),
    aggregation_but("corr", "constant-is-nan", "Returns NaN for the correlation with a constant.", _a_side_constant, lambda es: math.nan),
    aggregation_but("corr", "constant-is-zero", "Returns 0.0 for the correlation with a constant.", _a_side_constant, lambda es: 0.0),
    aggregation("corr", "squared", "Returns the square of the correlation.", _squared),
    aggregation("corr", "without-sign", "Loses the sign of the correlation.", _without_sign("corr")),
    aggregation("corr", "of-ranks", "Returns the correlation of ranks.", _of_ranks),
    *(aggregation(name, "without-sign", f"Loses the sign of {name}.", _without_sign(name)) for name in ("covar_samp", "covar_pop")),
    *(aggregation(name, "of-one-side", f"Takes the first argument of {name} for both.", _of_the_pairs_mean) for name in ("covar_samp", "covar_pop")),
    *(aggregation(name, "not-central", f"Forgets to take the means away in {name}.", _not_central) for name in ("covar_samp", "covar_pop")),
)  # fmt: skip
"""Wrong moments."""
