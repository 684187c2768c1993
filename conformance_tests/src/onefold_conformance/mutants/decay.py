"""Mutants of decayed sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from onefold.plan import AggCall
from onefold.types import Schema
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import aggregation_becomes, zero_for_null
from onefold_conformance.mutants.wrong import aggregation, aggregation_but
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.aggregations.moments import is_finite
from onefold_conformance.oracle.interface import AggregationRule, Application, Entry
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]

_ALL = ("decayed_sum", "decayed_count", "decayed_mean")

_Ages = Callable[[Application, list[int]], list[float]]


def _aged(ages: _Ages) -> AggregationRule:
    """The rule with other ages, in which half-lives are counted in floats."""

    def rule(call: Application, entries: Sequence[Entry]) -> Value:
        if not entries or not (call.name == "decayed_count" or is_finite(entries)):
            return AGGREGATIONS[call.name](call, entries)
        changed = ages(call, [entry.age or 0 for entry in entries])
        weights = [math.exp2(-age / call.options["half_life"]) for age in changed]
        values = [1.0 if call.name == "decayed_count" else float(entry.args[0]) for entry in entries]
        total = math.fsum(value * weight for value, weight in zip(values, weights, strict=True))
        if call.name != "decayed_mean":
            return total
        size = math.fsum(weights)
        return total / size if size else math.nan

    return rule


def _natural(call: Application, ages: list[int]) -> list[float]:
    return [age / math.log(2) for age in ages]


def _twice(call: Application, ages: list[int]) -> list[float]:
    return [2.0 * age for age in ages]


def _whole_seconds(call: Application, ages: list[int]) -> list[float]:
    return [float(age // 1_000_000 * 1_000_000) for age in ages]


def _whole_half_lives(call: Application, ages: list[int]) -> list[float]:
    length: int = call.options["half_life"]
    return [float(age // length * length) for age in ages]


def _from_the_first(call: Application, ages: list[int]) -> list[float]:
    return [float(max(ages) - age) for age in ages]


def _from_the_last(call: Application, ages: list[int]) -> list[float]:
    """Ages from the last row instead of the end of the window."""
    return [float(age - min(ages)) for age in ages]


def _by_rows(call: Application, ages: list[int]) -> list[float]:
    """A row is one half-life older than the next, whatever the time."""
    return [float((len(ages) - 1 - place) * call.options["half_life"]) for place in range(len(ages))]


def _without_decay(call: Application, ages: list[int]) -> list[float]:
    return [0.0 for _ in ages]


def _linear(call: Application, entries: Sequence[Entry]) -> Value:
    """Weights that fall on a straight line to zero at two half-lives."""
    if not entries or not (call.name == "decayed_count" or is_finite(entries)):
        return AGGREGATIONS[call.name](call, entries)
    weights = [max(0.0, 1 - (entry.age or 0) / (2 * call.options["half_life"])) for entry in entries]
    values = [1.0 if call.name == "decayed_count" else float(entry.args[0]) for entry in entries]
    total = math.fsum(value * weight for value, weight in zip(values, weights, strict=True))
    size = math.fsum(weights)
    return total if call.name != "decayed_mean" else total / size if size else math.nan


def _skips_what_is_not_finite(call: Application, entries: Sequence[Entry]) -> Value:
    return AGGREGATIONS[call.name](call, [entry for entry in entries if is_finite([entry])])


def _vanished(call: Application, entries: Sequence[Entry]) -> Value:
    """Weights in floats: where all of them vanish, the mean is not a number."""
    if entries and all(math.exp2(-(entry.age or 0) / call.options["half_life"]) == 0 for entry in entries):
        return math.nan
    return AGGREGATIONS["decayed_mean"](call, entries)


def _by_count(call: Application, entries: Sequence[Entry]) -> Value:
    """The decayed sum over the plain count."""
    total = AGGREGATIONS["decayed_sum"](call, entries)
    return None if total is None else total / len(entries)


def _of_rows(call: AggCall, reads: Schema) -> AggCall:
    return call.replace(args=())


_AGES: dict[str, tuple[str, _Ages]] = {
    "by-e": ("lets weights fall by e instead of 2", _natural),
    "twice-as-fast": ("lets weights fall twice as fast", _twice),
    "whole-seconds": ("counts ages in whole seconds", _whole_seconds),
    "whole-half-lives": ("counts ages in whole half-lives", _whole_half_lives),
    "from-the-first": ("counts ages from the first row", _from_the_first),
    "from-the-last": ("counts ages to the last row that takes part", _from_the_last),
    "by-rows": ("lets weights fall with rows instead of time", _by_rows),
    "without-decay": ("forgets to let weights fall", _without_decay),
}

MUTANTS: tuple[Mutant, ...] = (
    *(aggregation(name, suffix, f"In {name} {how}.", _aged(ages)) for name in _ALL for suffix, (how, ages) in _AGES.items() if (name, suffix) != ("decayed_mean", "from-the-last")),
    *(aggregation(name, "linear", f"Lets weights fall on a straight line in {name}.", _linear) for name in _ALL),
    *(aggregation(name, "skips-nan", f"Leaves NaN and infinities out of {name}.", _skips_what_is_not_finite) for name in ("decayed_sum", "decayed_mean")),
    *(aggregation_but(name, "nothing-is-zero", f"Returns 0.0 from {name} of nothing.", lambda es: not es, lambda es: 0.0) for name in _ALL),
    aggregation("decayed_mean", "vanishes", "Returns NaN for the decayed mean of very old values.", _vanished),
    aggregation("decayed_mean", "by-count", "Divides the decayed sum by the plain count.", _by_count),
    aggregation_becomes("decayed_mean", "counts-nulls", "Divides by the weights of nulls too.", zero_for_null),
    aggregation_becomes("decayed_count", "counts-nulls", "Counts nulls in decayed_count.", _of_rows),
)  # fmt: skip
"""Wrong decay."""
