"""Functions and casts of the oracle, applied to Python's own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.plan import Call, Cast, Column, Expression
from onefold.types import Field, Schema, parse_type
from onefold_conformance.oracle.expressions import Evaluator
from onefold_conformance.oracle.values import Value, from_python

EVALUATOR = Evaluator()


def applied(name: str, types: tuple[str, ...], args: tuple[Any, ...], options: Mapping[str, Any]) -> Value:
    """Return the value of a function over columns that hold Python's own values."""
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, dtype in enumerate(types))
    row = {item.name: from_python(value, item.dtype) for item, value in zip(schema, args, strict=True)}
    call = Call(function=name, args=tuple(Column(name=item.name) for item in schema), options=options)
    return EVALUATOR.evaluate(call, row, schema)


def converted(value: Any, source: str, target: str, on_failure: Any = "error") -> Value:
    cast = Cast(arg=Column(name="x"), to=parse_type(target), on_failure=on_failure)
    return EVALUATOR.evaluate(cast, {"x": from_python(value, parse_type(source))}, Schema.of(x=source))


def call(name: str, *args: Expression, **options: Any) -> Call:
    return Call(function=name, args=args, options=options)
