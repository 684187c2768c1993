"""Aggregations applied: arguments, conditions, secondary keys and orders, for groups, frames, windows and tiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from onefold.plan import (
    AGGREGATIONS,
    AggCall,
    Case,
    Column,
    Expression,
    SortKey,
    WhenThen,
)
from onefold.types import FLOAT64, INT64, DataType, Decimal, Schema
from onefold_conformance.generate.choices import flip, number, one_in, pick
from onefold_conformance.generate.expressions import Scope, bool_expression, expression, leaf, limited, named
from onefold_conformance.generate.instances import Instance
from onefold_conformance.generate.options import options
from onefold_conformance.generate.values import CALM

__all__ = ["aggregation", "can_be_tiled", "sort_keys"]

_GREAT = 1e17
"""Up to which floats are summed: 1e16, 1 and -1e16 show who sums carelessly, and no sum is infinite."""


def aggregation(
    draw: st.DrawFn, scope: Scope, group: str, *, inexact: bool, tiled: bool = False, order: Sequence[str] = ()
) -> AggCall | None:
    """Draw an aggregation over the rows of a scope; None when the backend has none that fits.

    Args:
        draw: The source of choices.
        scope: The rows.
        group: Whose capability it needs: ``aggregation``, ``window`` or ``trailing``.
        inexact: Whether engines may differ in its result.
        tiled: Only those that have a partial state.
        order: The instant columns by which a group may be ordered; where there are none, rows have an order already.
    """
    by_name = scope.limits.aggregations(group, inexact=inexact)
    names = [name for name in by_name if not tiled or can_be_tiled(scope, name, inexact=inexact)]
    if group == "window":
        names = [name for name in names if AGGREGATIONS[name].family != "decay"]  # frames have no time to age from
    if not names:
        return None
    name = pick(draw, names)
    instances = [found for found in by_name[name] if _has_safe_result(found)]
    present = {field.dtype for field in scope.schema}
    fitting = [found for found in instances if present.issuperset(found.args)]
    instance = pick(draw, fitting or instances)
    entry = AGGREGATIONS[name]
    args = tuple(_argument(draw, scope, instance, dtype, group) for dtype in instance.args)
    keys: tuple[SortKey, ...] = ()
    where = bool_expression(draw, scope, 1) if one_in(draw, 4) else None
    if group == "aggregation" and not tiled and entry.order_sensitive:
        keys = sort_keys(draw, scope.schema)
        if not keys:
            return None
        if entry.family == "decay":
            if not order:
                return None
            clock = pick(draw, tuple(order))
            keys = (SortKey(column=clock), *(key for key in keys if key.column != clock))
            where = named("is_not_null", Column(name=clock))
    ordered = [field.name for field in scope.schema if field.dtype.is_ordered]
    secondary: Expression | None = None
    if ordered and scope.limits.offers(f"{group}.by") and one_in(draw, 5):
        secondary = Column(name=pick(draw, ordered))
    drawn = draw(options(name, entry.options, instance.options))
    return AggCall(function=name, args=args, where=where, by=secondary, options=drawn, order=keys)


def sort_keys(draw: st.DrawFn, schema: Schema, *, every: bool = False) -> tuple[SortKey, ...]:
    """Draw columns to order by.

    Args:
        draw: The source of choices.
        schema: The columns that there are.
        every: Whether all of them are used, so that only equal rows are left without an order.
    """
    names = [field.name for field in schema if field.dtype.is_ordered]
    chosen = draw(st.permutations(names))
    if not every:
        chosen = chosen[: number(draw, 1, 2)]
    return tuple(SortKey(column=name, descending=flip(draw), nulls=pick(draw, ("last", "first"))) for name in chosen)


def can_be_tiled(scope: Scope, name: str, *, inexact: bool) -> bool:
    """Return whether an aggregation has a partial state that can be drawn."""
    partial = AGGREGATIONS[name].partial
    return bool(partial) and all(
        found.function in scope.limits.aggregations("aggregation", inexact=inexact) for found in partial
    )


def _has_safe_result(instance: Instance) -> bool:
    """Return whether no sum of the drawn values can have more digits than there are."""
    summed = instance.name in ("sum", "mean") or AGGREGATIONS[instance.name].family in ("moments", "decay")
    return not summed or not any(isinstance(arg, Decimal) and arg.precision > 30 for arg in instance.args)


def _argument(draw: st.DrawFn, scope: Scope, instance: Instance, dtype: DataType, group: str) -> Expression:
    """Draw an argument with which the result is defined: sums do not overflow, nor do squares."""
    family = AGGREGATIONS[instance.name].family
    summed = instance.name in ("sum", "mean", "decayed_sum", "decayed_mean") or family == "moments"
    if dtype == INT64 and summed:
        return limited(draw, scope, dtype, CALM[INT64], 1)
    if dtype == FLOAT64 and summed:
        bounds: tuple[Any, Any] = (-_GREAT, _GREAT) if family == "sums" else CALM[FLOAT64]
        inside = limited(draw, scope, dtype, bounds, 1)
        columns = scope.columns(FLOAT64)
        can_be_infinite = scope.limits.offers("function.is_finite") and scope.limits.offers("expression.case")
        if columns and can_be_infinite and one_in(draw, 4):
            column = Column(name=pick(draw, columns))
            return Case(
                branches=(WhenThen(when=named("is_finite", column), then=inside),),
                otherwise=column,
            )
        return inside
    return expression(draw, scope, dtype, 1) if one_in(draw, 3) else leaf(draw, scope, dtype)
