"""The type of every expression, found from the schema of the rows that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onefold.errors import PlanError, listed
from onefold.plan.expressions import Call, Case, Cast, Column, Expression, Literal, WhenThen
from onefold.plan.functions.catalogue import get_function
from onefold.types import BOOL, FLOAT64, STRING, DataType, Decimal, Schema

__all__ = ["CASTS", "Typed", "infer", "typed_parts"]


@dataclass(frozen=True, slots=True)
class Typed:
    """A type, and whether null can occur."""

    dtype: DataType
    nullable: bool


CASTS: Mapping[str, tuple[str, ...]] = {
    "int64": ("float64", "decimal", "string", "bool"),
    "float64": ("int64", "decimal"),
    "decimal": ("int64", "float64", "string"),
    "bool": ("int64", "string"),
    "string": ("int64", "float64", "decimal", "bool", "date32", "timestamp[us]"),
    "binary": (),
    "date32": ("string", "timestamp[us]", "timestamp[us, UTC]"),
    "timestamp[us]": ("date32", "string", "timestamp[us, UTC]"),
    "timestamp[us, UTC]": ("date32", "string", "timestamp[us]"),
}
"""What a value of a type can be cast to besides its own type (a decimal: also to other decimals), with one meaning
on every engine. Floats have no portable text."""


def infer(expression: Expression, schema: Schema) -> Typed:
    """Return the type of an expression over rows of a schema.

    Args:
        expression: The expression.
        schema: The columns that it can read.

    Returns:
        Its type, and whether it can be null.

    Raises:
        PlanError: If a column is missing or a type does not fit; the path leads to the expression.

    Examples:
        >>> from onefold.plan import Call, Column
        >>> infer(Call(function="add", args=(Column(name="a"), Column(name="a"))), Schema.of(a="int64"))
        Typed(dtype=Primitive(name='int64'), nullable=True)
    """
    return typed_parts(expression, schema)[id(expression)][1]


def typed_parts(expression: Expression, schema: Schema) -> Mapping[int, tuple[Expression, Typed]]:
    """Return an expression and all its parts with their types, by their ``id``, children before parents.

    Args:
        expression: The expression.
        schema: The columns that it can read.

    Raises:
        PlanError: If a column is missing or a type does not fit; the path leads to the expression.
    """
    # On a stack of our own: expressions may be nested deeper than Python's stack allows.
    known: dict[int, Typed] = {}
    found: dict[int, tuple[Expression, Typed]] = {}
    parents: dict[int, Expression] = {}
    pending = [expression]
    while pending:
        node = pending[-1]
        missing = [child for child in node.children if isinstance(child, Expression) and id(child) not in known]
        if missing:
            parents.update((id(child), node) for child in missing)
            pending.extend(reversed(missing))
            continue
        pending.pop()
        try:
            known[id(node)] = _infer_one(node, schema, known)
        except PlanError as error:
            while (parent := parents.get(id(node))) is not None:
                node = parent
                error = error.within(node.function) if isinstance(node, Call) else error
            raise error from None
        found[id(node)] = (node, known[id(node)])
    return found


def _infer_one(expression: Expression, schema: Schema, known: dict[int, Typed]) -> Typed:
    match expression:
        case Column(name=name):
            if name not in schema:
                raise PlanError(f"There is no column {name!r}. {listed(name, schema.names, what='columns')}")
            return Typed(schema[name].dtype, schema[name].nullable)
        case Literal():
            return Typed(expression.dtype, expression.value is None)
        case Call():
            return _infer_call(expression, known)
        case Cast():
            return _infer_cast(expression, known)
        case WhenThen():
            return known[id(expression.then)]
        case Case():
            return _infer_case(expression, known)
    raise PlanError(f"{type(expression).__name__} is not an expression that has a type.")


def _infer_call(call: Call, known: dict[int, Typed]) -> Typed:
    try:
        args = [known[id(arg)] for arg in call.args]
        entry = get_function(call.function)
        dtype = entry.result_type(tuple(arg.dtype for arg in args), call.options)
    except PlanError as error:
        raise error.within(call.function) from None
    nullable = entry.can_be_null or (entry.nulls == "own") or any(arg.nullable for arg in args)
    return Typed(dtype, nullable)


def _infer_cast(cast: Cast, known: dict[int, Typed]) -> Typed:
    source = known[id(cast.arg)]
    targets = CASTS.get(_kind(source.dtype), ())
    if _kind(source.dtype) != _kind(cast.to) and _kind(cast.to) not in targets:
        allowed = ", ".join(targets) or "nothing else"
        hint = " Round it and cast to a decimal first." if (source.dtype, cast.to) == (FLOAT64, STRING) else ""
        raise PlanError(
            f"{source.dtype} can not be cast to {cast.to} with one meaning on every engine. "
            f"It can be cast to: {allowed}.{hint}",
            path=("cast",),
        )
    return Typed(cast.to, source.nullable or cast.on_failure == "null")


def _infer_case(case: Case, known: dict[int, Typed]) -> Typed:
    nullable = case.otherwise is None
    result: Typed | None = None
    branches = [*case.branches, *([case.otherwise] if case.otherwise is not None else [])]
    for branch in branches:
        if isinstance(branch, WhenThen):
            condition = known[id(branch.when)]
            if condition.dtype != BOOL:
                raise PlanError(f"A condition is a bool, not {condition.dtype}.", path=("case", "when"))
        value = known[id(branch)]
        if result is not None and value.dtype != result.dtype:
            raise PlanError(
                f"The branches of a case have different types: {result.dtype} and {value.dtype}. Cast one of them.",
                path=("case",),
            )
        result = value
        nullable = nullable or value.nullable
    assert result is not None
    return Typed(result.dtype, nullable)


def _kind(dtype: DataType) -> str:
    return "decimal" if isinstance(dtype, Decimal) else str(dtype)
