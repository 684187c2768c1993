"""Expressions of a wanted type over a schema, from the signatures of the catalogue.

Three things are kept apart, because the catalogue leaves open what happens when they meet:

* Results on which engines may differ in the last places are never consumed: they stand at the top of a column.
* Calls that can fail stand at the top of a column as well, and only where no row is dropped: elsewhere it would depend
  on the order of evaluation whether they do. Everywhere else they get arguments with which they can not.
* Arguments on which engines are not bound to agree (a day before 1582, a wall clock after 2037) are never given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from onefold.plan import FUNCTIONS, Call, Case, Cast, Column, Expression, Literal, WhenThen
from onefold.types import (
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Schema,
    Struct,
)
from onefold_conformance.generate.allowed import Allowed
from onefold_conformance.generate.choices import flip, number, one_in, pick
from onefold_conformance.generate.instances import Instance
from onefold_conformance.generate.options import options
from onefold_conformance.generate.values import CALM, values

__all__ = ["Scope", "any_column", "bool_expression", "can_fail_cast", "expression", "leaf", "limited", "named"]

Range = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may be made of.

    Args:
        schema: The columns that it can read.
        calm: Those whose values lie within :data:`~onefold_conformance.generate.values.CALM`.
        limits: What may be drawn.
    """

    schema: Schema
    calm: frozenset[str]
    limits: Allowed

    def columns(self, dtype: DataType) -> list[str]:
        """Return the columns of a type."""
        return [field.name for field in self.schema if field.dtype == dtype]


def named(function: str, *args: Expression, **given: Any) -> Call:
    """Return a call of a catalogue function."""
    return Call(function=function, args=args, options=given)


def any_column(draw: st.DrawFn, scope: Scope, *, inexact: bool, failing: bool) -> Expression:
    """Draw an expression of any type, each function and cast of the catalogue as likely as any other.

    Args:
        draw: The source of choices.
        scope: What it may be made of.
        inexact: Whether engines may differ in its last places.
        failing: Whether it may fail for some rows.
    """
    limits = scope.limits
    if failing and flip(draw):
        return _failing(draw, scope)
    forms = ["leaf"]
    forms += ["call"] * 9 if limits.calls else []
    forms += ["cast"] * 2 if limits.casts else []
    forms += ["case"] if limits.offers("expression.case") else []
    match pick(draw, forms):
        case "call":
            return _any_call(draw, scope, inexact=inexact, failing=failing)
        case "cast":
            source, target = pick(draw, pick(draw, limits.conversions))
            return _cast(draw, scope, source, target, depth=1, failing=failing)
        case "case":
            return _case(draw, scope, pick(draw, limits.types), depth=1)
    return leaf(draw, scope, pick(draw, limits.types))


def expression(draw: st.DrawFn, scope: Scope, dtype: DataType, depth: int) -> Expression:
    """Draw an exact expression of a type that can not fail.

    Args:
        draw: The source of choices.
        scope: What it may be made of.
        dtype: The wanted type.
        depth: How many calls may be nested.
    """
    limits = scope.limits
    forms = ["leaf"]
    names = [name for name in limits.calls_to.get(dtype, {}) if is_exact(name)] if depth > 0 else []
    sources = [source for source, target in limits.casts if target == dtype] if depth > 0 else []
    forms += ["call"] * 2 if names else []
    forms += ["cast"] if sources else []
    forms += ["case"] if depth > 0 and limits.offers("expression.case") else []
    match pick(draw, forms):
        case "call":
            name = pick(draw, names)
            instances = [found for found in limits.calls_to[dtype][name] if _is_safe(found)]
            if instances:
                return _call(draw, scope, pick(draw, instances), depth)
        case "cast":
            return _cast(draw, scope, pick(draw, sources), dtype, depth, failing=False)
        case "case":
            return _case(draw, scope, dtype, depth)
    return leaf(draw, scope, dtype)


def bool_expression(draw: st.DrawFn, scope: Scope, depth: int = 2) -> Expression:
    """Draw a condition: exact, and it can not fail."""
    return expression(draw, scope, BOOL, depth)


def leaf(draw: st.DrawFn, scope: Scope, dtype: DataType) -> Expression:
    """Draw a column of a type, or a constant."""
    columns = scope.columns(dtype) if scope.limits.offers("expression.column") else []
    if columns and not one_in(draw, 4):
        return Column(name=pick(draw, columns))
    return literal(draw, dtype)


def literal(draw: st.DrawFn, dtype: DataType) -> Literal:
    """Draw a constant, now and then null; structs have no constants but null."""
    is_struct = isinstance(dtype, Struct) or (isinstance(dtype, List) and isinstance(dtype.element, Struct))
    if is_struct or one_in(draw, 10):
        return Literal.of(None, dtype)
    return Literal.of(draw(values(dtype)), dtype)


def limited(draw: st.DrawFn, scope: Scope, dtype: DataType, bounds: Range, depth: int) -> Expression:
    """Draw an expression whose values are null or within bounds."""
    low, high = bounds
    calm_low, calm_high = CALM[dtype]
    columns = (
        [name for name in scope.columns(dtype) if name in scope.calm] if low <= calm_low and calm_high <= high else []
    )
    forms = ["literal"]
    forms += ["column"] * 3 if columns and scope.limits.offers("expression.column") else []
    forms += ["clamp"] * 2 if scope.limits.offers("function.least") and scope.limits.offers("function.greatest") else []
    match pick(draw, forms):
        case "column":
            return Column(name=pick(draw, columns))
        case "clamp":
            inner = expression(draw, scope, dtype, depth - 1)
            floor, ceiling = Literal.of(low, dtype), Literal.of(high, dtype)
            return named("least", named("greatest", inner, floor), ceiling)
    inside = values(dtype).filter(lambda value: low <= value <= high)
    return Literal.of(draw(inside), dtype)


def is_exact(function: str) -> bool:
    """Return whether engines agree in every bit of a function's results."""
    return FUNCTIONS[function].accuracy in ("exact", "0ulp")


def _any_call(draw: st.DrawFn, scope: Scope, *, inexact: bool, failing: bool) -> Expression:
    calls = scope.limits.calls
    name = pick(draw, [name for name in calls if inexact or is_exact(name)])
    instances = [found for found in calls[name] if _is_safe(found) or failing]
    if not instances:
        return leaf(draw, scope, pick(draw, scope.limits.types))
    present = {field.dtype for field in scope.schema}
    fitting = [found for found in instances if present.intersection(found.args)]
    chosen = pick(draw, fitting if fitting and not one_in(draw, 4) else instances)
    return _call(draw, scope, chosen, depth=2, failing=failing)


def _failing(draw: st.DrawFn, scope: Scope) -> Expression:
    """Draw a call or cast that fails for some values; what it is applied to is as likely a column as can be."""
    limits = scope.limits
    present = {field.dtype for field in scope.schema}
    calls = [found for name in _CAN_OVERFLOW for found in limits.calls.get(name, ()) if present.issuperset(found.args)]
    casts = [pair for pair in limits.casts if can_fail_cast(*pair) and pair[0] in present]
    if calls and (not casts or flip(draw)):
        return _call(draw, scope, pick(draw, calls), depth=1, failing=True)
    if casts:
        source, target = pick(draw, casts)
        return _cast(draw, scope, source, target, depth=1, failing=True)
    return leaf(draw, scope, pick(draw, limits.types))


def _call(draw: st.DrawFn, scope: Scope, instance: Instance, depth: int, *, failing: bool = False) -> Call:
    types = list(instance.args)
    if instance.variadic:
        types += types[-1:] * number(draw, 0, 2)
    free = failing and flip(draw)  # now and then without the guards that keep it from failing
    args = []
    for dtype in types:
        bounds = _agreed(instance.name, dtype) or (None if free else _safe(instance.name, dtype))
        args.append(
            expression(draw, scope, dtype, depth - 1)
            if bounds is None
            else limited(draw, scope, dtype, bounds, depth - 1)
        )
    entry = FUNCTIONS[instance.name]
    return Call(
        function=entry.name, args=tuple(args), options=draw(options(entry.name, entry.options, instance.options))
    )


def _cast(
    draw: st.DrawFn, scope: Scope, source: DataType, target: DataType, depth: int, *, failing: bool
) -> Expression:
    arg = expression(draw, scope, source, depth - 1)
    failure: Any = pick(draw, ("null", "error"))
    if can_fail_cast(source, target) and not failing:
        failure = "null"
    return Cast(arg=arg, to=target, on_failure=failure)


def _case(draw: st.DrawFn, scope: Scope, dtype: DataType, depth: int) -> Expression:
    branches = tuple(
        WhenThen(when=bool_expression(draw, scope, depth - 1), then=expression(draw, scope, dtype, depth - 1))
        for _ in range(number(draw, 1, 2))
    )
    otherwise = expression(draw, scope, dtype, depth - 1) if flip(draw) else None
    return Case(branches=branches, otherwise=otherwise)


def can_fail_cast(source: DataType, target: DataType) -> bool:
    """Return whether a cast has values that it can not convert."""
    if source == target:
        return False
    if source == STRING:
        return True
    if isinstance(target, Decimal):
        if source == INT64:
            return target.precision - target.scale < 19
        if isinstance(source, Decimal):
            rounded = 1 if target.scale < source.scale else 0  # 9.99 becomes 10.0
            return target.precision - target.scale < source.precision - source.scale + rounded
        return True
    if target == INT64:
        return source == FLOAT64 or (isinstance(source, Decimal) and source.precision - source.scale > 18)
    return False


_at = dt.datetime.fromisoformat
_CALENDAR = tuple(name for name, entry in FUNCTIONS.items() if entry.family == "calendar" and name != "make_date")
_CALENDAR_BOUNDS: dict[DataType, Range] = {
    DATE: (dt.date(1583, 1, 1), dt.date(9999, 12, 31)),
    TIMESTAMP: (_at("1583-01-01"), _at("9999-12-31T23:59:59.999999")),
    TIMESTAMP_UTC: (_at("1583-01-01T00:00Z"), _at("9999-12-31T23:59:59.999999Z")),
}
"""Between which the engines agree about the calendar."""

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
_EPOCHS = {"from_epoch_seconds": 1, "from_epoch_milliseconds": 1_000, "from_epoch_microseconds": 1_000_000}


def _agreed(function: str, dtype: DataType) -> Range | None:
    """Return the bounds within which the catalogue binds the engines to one result of a function."""
    if function == "local_time":
        return CALM[TIMESTAMP_UTC]
    if function in ("add_days", "add_months", "add_duration", "time_bucket"):
        return CALM.get(dtype)
    if function in _CALENDAR:
        return _CALENDAR_BOUNDS.get(dtype)
    if function in _EPOCHS:
        factor = _EPOCHS[function]
        return _FIRST_SECOND * factor, _LAST_SECOND * factor
    return None


_CAN_OVERFLOW = ("add", "subtract", "multiply", "negate", "abs", "int_divide", "round")


def _safe(function: str, dtype: DataType) -> Range | None:
    """Return the bounds within which an argument of a function makes it fail in no case."""
    return CALM[INT64] if function in _CAN_OVERFLOW and dtype == INT64 else None


def _is_safe(instance: Instance) -> bool:
    """Return whether a function can be kept from failing by bounds of its arguments."""
    args = [dtype for dtype in instance.args if isinstance(dtype, Decimal)]
    if instance.name == "multiply" and args:
        return sum(dtype.precision for dtype in args) <= 38
    if instance.name == "round" and args:
        assert isinstance(instance.result, Decimal)
        return instance.result == args[0] or instance.result.precision < 38
    return True
