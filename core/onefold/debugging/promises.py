"""How equal the values of a feature have to be on two engines, by what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfJoin,
    Call,
    Relation,
    TrailingAggregate,
    TrailingMeasure,
    Window,
)
from onefold.plan.functions import get_function
from onefold.plan.node import Node
from onefold.types import FLOAT64, DataType, List, Schema, Struct

__all__ = ["Promise", "promises"]

ROUNDING = 1e-9
"""The relative difference that counts as rounding where the catalogue does not demand the exact value."""

_ROUNDED = frozenset({"sum", "mean"})
"""Aggregations of floats that are exact in trailing windows and within rounding everywhere else."""

_FAMILIES = frozenset({"moments", "decay"})
"""Families whose values are within rounding everywhere."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What two right engines have in common.

    Args:
        text: In words.
        tolerance: The relative difference of numbers that does not count.
        note: What there is to say about it; empty: nothing.
    """

    text: str
    tolerance: float = 0.0
    note: str = ""

    @classmethod
    def within(cls, tolerance: float) -> Promise:
        """Return the promise of a relative difference."""
        return cls(f"within {tolerance:g}".replace("e-0", "e-") if tolerance else "exact", tolerance)


def promises(node: TrailingAggregate | AsOfJoin) -> dict[str, Promise]:
    """Return what is promised for each feature.

    Integers, text, times and everything else that is no float are the same everywhere, and so are most floats: sums
    and means over windows are exact, extremes and quantiles are values of the events. Moments and decayed sums are
    within rounding, and so is every float that is computed from what is within rounding itself.

    Args:
        node: The relation that computes the features.
    """
    rounded = any(map(_is_rounded, node.events.walk())) or _has_inexact_function(node.events)
    schema = node.output
    if isinstance(node, AsOfJoin):
        return {taken.name: _promise(schema[taken.name].dtype, rounded=rounded) for taken in node.columns}
    return {measure.name: _of_measure(measure, schema, rounded) for measure in node.measures}


def _of_measure(measure: TrailingMeasure, schema: Schema, rounded: bool) -> Promise:
    entry = measure.call.entry
    if entry.error_bound is not None:
        return Promise(
            "approximate", note=f"{measure.name} is approximate, so engines may differ: {entry.error_bound}."
        )
    rounded = rounded or entry.family in _FAMILIES or _has_inexact_function(measure.call)
    return _promise(schema[measure.name].dtype, rounded=rounded)


def _promise(dtype: DataType, *, rounded: bool) -> Promise:
    return Promise.within(ROUNDING if rounded and _has_floats(dtype) else 0.0)


def _has_floats(dtype: DataType) -> bool:
    if isinstance(dtype, List):
        return _has_floats(dtype.element)
    if isinstance(dtype, Struct):
        return any(_has_floats(part) for _, part in dtype.fields)
    return dtype == FLOAT64


def _is_rounded(node: Relation) -> bool:
    """Return whether a relation makes floats that are within rounding."""
    if isinstance(node, TrailingAggregate):
        return any(measure.call.entry.family in _FAMILIES for measure in node.measures)
    if not isinstance(node, Aggregate | Window):
        return False
    calls = {one.name: one.call for one in node.measures}
    return any(
        isinstance(call, AggCall)
        and (call.function in _ROUNDED or call.entry.family in _FAMILIES)
        and _has_floats(node.output[name].dtype)
        for name, call in calls.items()
    )


def _has_inexact_function(node: Node) -> bool:
    return any(
        isinstance(one, Call) and get_function(one.function).accuracy not in ("exact", "0ulp") for one in _nodes(node)
    )


def _nodes(root: Node) -> Iterator[Node]:
    """Yield a node and all below it, expressions included, each once."""
    stack, seen = [root], {root.fingerprint}
    while stack:
        node = stack.pop()
        yield node
        for child in node.children:
            if child.fingerprint not in seen:
                seen.add(child.fingerprint)
                stack.append(child)
