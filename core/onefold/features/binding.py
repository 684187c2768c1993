"""From expressions as they are written to typed plan expressions: the one place where types are inferred for users.

The plan converts nothing silently. Binding writes every conversion that a user would expect into the plan as a cast:
an int64 column next to a float constant becomes float64, branches of a ``when`` take their common type, a Python
integer next to a decimal becomes a decimal constant, and a null takes the type of its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from typing import Literal as OneOf

from onefold.errors import PlanError, listed
from onefold.features.deferred import (
    Choice,
    ColumnRef,
    Constant,
    Convert,
    Deferred,
    Invoke,
    parts_of,
    shown,
)
from onefold.features.literals import constant_literal, decimal_reading, mismatch_advice, natural_type
from onefold.plan import (
    Call,
    Case,
    Cast,
    Column,
    Expression,
    WhenThen,
    common_type,
    get_function,
    implicit_types,
    infer,
)
from onefold.plan.functions import Signature, checked_options
from onefold.types import BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Decimal, Schema

__all__ = ["Bound", "bind", "bind_node", "fit_arguments", "require_bool"]

_OnFailure: TypeAlias = OneOf["error", "null"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound expression: what it was written as, and its type; an untyped constant has no plan node yet."""

    node: Deferred
    dtype: DataType | None
    expression: Expression | None = None

    @property
    def constant(self) -> Any:
        """The value of an untyped constant; ``...`` when it is none."""
        return self.node.value if self.expression is None and isinstance(self.node, Constant) else ...

    def as_type(self, dtype: DataType) -> Expression:
        """Return the plan expression in a type that it can take: the constant in it, or a cast."""
        if self.expression is None:
            return constant_literal(self.constant, dtype)
        return self.expression if self.dtype == dtype else Cast(arg=self.expression, to=dtype)

    def settled(self) -> tuple[Expression, DataType]:
        """Return the plan expression in its own type.

        Raises:
            PlanError: If it is a null without a type.
        """
        if self.dtype is None:
            raise PlanError("A null needs a type here: write lit(None, 'int64'), or another type.")
        return self.as_type(self.dtype), self.dtype


def bind(node: Deferred, schema: Schema) -> Expression:
    """Return the plan expression of what was written, over rows of a schema.

    Args:
        node: The expression as written.
        schema: The columns that it can read.

    Raises:
        PlanError: If a column or function does not exist, or types do not go together.
    """
    return bind_node(node, schema).settled()[0]


def bind_node(node: Deferred, schema: Schema) -> Bound:
    """Return an expression with its type; a constant at the top stays untyped, so that its place can type it."""
    done: dict[int, Bound] = {}
    stack = [node]
    while stack:
        current = stack[-1]
        waiting = [part for part in parts_of(current) if id(part) not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if id(current) not in done:
            done[id(current)] = _bind_one(current, [done[id(part)] for part in parts_of(current)], schema)
    return done[id(node)]


def require_bool(node: Deferred, schema: Schema, *, what: str) -> Expression:
    """Return a bound condition.

    Raises:
        PlanError: If it is not a bool.
    """
    expression, dtype = bind_node(node, schema).settled()
    if dtype != BOOL:
        example = f", such as {shown(node)} > 0" if dtype.is_numeric else ""
        raise PlanError(
            f"{what} must be true or false for each row, but {shown(node)} is {dtype}. "
            f"Compare it with something{example}."
        )
    return expression


def _bind_one(node: Deferred, parts: list[Bound], schema: Schema) -> Bound:
    match node:
        case ColumnRef(name=name, plain=plain):
            if name not in schema:
                text = f" A text constant is written lit({name!r})." if plain else ""
                raise PlanError(f"There is no column {name!r}. {listed(name, schema.names, what='columns')}{text}")
            return Bound(node, schema[name].dtype, Column(name=name))
        case Constant(value=value, dtype=None):
            return Bound(node, natural_type(value))
        case Constant(value=value, dtype=dtype) if dtype is not None:
            return Bound(node, dtype, constant_literal(value, dtype))
        case Convert(to=to, on_failure=on_failure):
            return _bind_cast(node, parts[0], to, on_failure)
        case Choice():
            return _bind_choice(node, parts)
        case Invoke():
            return _bind_call(node, parts)
    raise AssertionError(f"{node!r} is no expression")


def _bind_cast(node: Convert, arg: Bound, to: DataType, on_failure: str) -> Bound:
    if arg.constant is None:
        return Bound(node, to, constant_literal(None, to))
    expression, dtype = arg.settled()
    if dtype == to:
        return Bound(node, to, expression)
    mode: _OnFailure = "null" if on_failure == "null" else "error"
    try:
        infer(Cast(arg=Column(name="value"), to=to, on_failure=mode), Schema.of(value=dtype))
    except PlanError as error:
        raise PlanError(f"{error.message} (in {shown(node)})", path=error.path) from None
    return Bound(node, to, Cast(arg=expression, to=to, on_failure=mode))


def _bind_choice(node: Choice, parts: list[Bound]) -> Bound:
    pairs = len(node.branches)
    conditions, values = parts[: 2 * pairs : 2], parts[1 : 2 * pairs : 2] + parts[2 * pairs :]
    for condition in conditions:
        if condition.dtype not in (BOOL, None):
            raise PlanError(
                f"The condition of a when must be true or false for each row, but {shown(condition.node)} is "
                f"{condition.dtype}. Compare it with something."
            )
    dtype = _shared_type(values, what=lambda: shown(node))
    branches = tuple(
        WhenThen(when=condition.as_type(BOOL), then=value.as_type(dtype))
        for condition, value in zip(conditions, values[:pairs], strict=True)
    )
    otherwise = values[pairs].as_type(dtype) if len(values) > pairs else None
    return Bound(node, dtype, Case(branches=branches, otherwise=otherwise))


def _shared_type(values: Sequence[Bound], *, what: Callable[[], str]) -> DataType:
    """Return the common type of values, where constants give way to columns and nulls to everything."""
    if all(value.dtype is None for value in values):
        raise PlanError(f"All values of {what()} are null. Give one of them a type: lit(None, 'int64').")
    for types in _readings(values):
        known = [dtype for dtype in types if dtype is not None]
        common: DataType | None = known[0] if known else None
        for dtype in known[1:]:
            common = None if common is None else common_type(common, dtype)
        if common is not None:
            return common
    types = tuple(value.dtype for value in values)
    shown_types = " and ".join(dict.fromkeys(str(dtype) for dtype in types if dtype is not None))
    raise PlanError(
        f"The values of {what()} have different types: {shown_types}. "
        + (mismatch_advice(types, tuple(v.constant for v in values)) or "Cast them to one type with .cast(...).")
    )


_DAY = 86_400_000_000


def _variant(function: str, parts: list[Bound]) -> tuple[str, list[Bound]]:
    """Return the catalogue function that an operator means for the types that it meets.

    Text + text is ``concat``, and a date moved by a ``timedelta`` of whole days is ``add_days``.
    """
    dtypes = {part.dtype for part in parts}
    if function == "add" and dtypes == {STRING}:
        return "concat", parts
    if function == "add_duration" and parts[0].dtype == DATE:
        length = parts[1].constant
        if isinstance(length, int) and length % _DAY == 0:
            return "add_days", [parts[0], Bound(Constant(length // _DAY), INT64)]
        raise PlanError(
            f"A date moves by whole days, in {shown(parts[0].node)} + timedelta(...). "
            "Cast it to a timestamp to move it by less, or use .dt.add_days(...)."
        )
    return function, parts


def _bind_call(node: Invoke, parts: list[Bound]) -> Bound:
    function, parts = _variant(node.function, parts)
    entry = get_function(function)
    options = checked_options(entry.name, entry.options, node.options)
    args, dtype = fit_arguments(
        entry.name, entry.signatures, parts, entry.result_type, options, text=lambda: shown(node)
    )
    return Bound(node, dtype, Call(function=entry.name, args=args, options=options))


def fit_arguments(
    name: str,
    signatures: Sequence[Signature],
    args: Sequence[Bound],
    result_type: Callable[[tuple[DataType, ...], Mapping[str, Any]], DataType],
    options: Mapping[str, Any],
    *,
    text: Callable[[], str],
) -> tuple[tuple[Expression, ...], DataType]:
    """Return arguments converted so that a function takes them, and the type of the result.

    Args:
        name: The function or aggregation.
        signatures: What it takes.
        args: The bound arguments.
        result_type: Computes the type of the result from the converted types.
        options: All options of the call.
        text: Gives the call as it was written, for errors.

    Raises:
        PlanError: If no signature takes the arguments, also after implicit conversions.
    """
    for types in _readings(args):
        if None in types:
            continue
        wanted = implicit_types(_exact_first(signatures, types), types)  # type: ignore[arg-type]
        if wanted is not None:
            fitted = tuple(arg.as_type(dtype) for arg, dtype in zip(args, wanted, strict=True))
            return fitted, result_type(wanted, options)
    types = tuple(arg.dtype for arg in args)
    given = ", ".join("null" if dtype is None else str(dtype) for dtype in types)
    advice = mismatch_advice(types, tuple(arg.constant for arg in args)) or "Cast the arguments to one of these."
    takes = "; ".join(str(signature) for signature in signatures)
    raise PlanError(f"{name!r} does not take ({given}), in {text()}. It takes: {takes}. {advice}")


def _exact_first(signatures: Sequence[Signature], types: tuple[DataType | None, ...]) -> Sequence[Signature]:
    """Return signatures in the order in which they are tried: a decimal and an integer stay exact."""
    if FLOAT64 in types or not any(isinstance(dtype, Decimal) for dtype in types):
        return signatures
    return sorted(signatures, key=lambda signature: "decimal" not in signature.args)


_NULL_TYPES = (INT64, FLOAT64, STRING, BOOL, TIMESTAMP_UTC, DATE, TIMESTAMP)
"""What a null is tried as, when its neighbours do not tell."""


def _readings(args: Sequence[Bound]) -> Iterator[tuple[DataType | None, ...]]:
    """Yield the types that arguments can be read as, best first."""
    natural = tuple(arg.dtype for arg in args)
    decimals = any(isinstance(dtype, Decimal) for dtype in natural)
    readings = [natural]
    if decimals and FLOAT64 not in natural:
        adapted = tuple(
            decimal_reading(arg.constant) or arg.dtype if arg.constant is not ... else arg.dtype for arg in args
        )
        readings = [adapted, natural]
    for reading in readings:
        if None not in reading or all(dtype is None for dtype in reading):
            yield reading
    if None in natural:
        neighbours = tuple(dict.fromkeys(dtype for dtype in readings[0] if dtype is not None))
        for dtype in (*neighbours, *_NULL_TYPES):
            yield tuple(dtype if known is None else known for known in readings[0])
