"""Expressions: the value that an expression has for a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from onefold.plan import Call, Case, Cast, Column, Expression, Literal, get_function, infer
from onefold.types import DataType, Schema
from onefold_conformance.oracle.casts import CASTS, cast_kind
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, CastRule, FunctionRule, ValueFailure
from onefold_conformance.oracle.values import Row, Value, canonical, from_python

__all__ = ["Evaluator", "RowFunction"]

RowFunction: TypeAlias = Callable[[Row], Value]
"""Gives the value of an expression for a row."""


class Evaluator:
    """What turns expressions into functions of a row.

    Args:
        functions: The rule of each scalar function.
        casts: The rule of each conversion.

    Examples:
        >>> doubled = Call(function="add", args=(Column(name="x"), Column(name="x")))
        >>> Evaluator().evaluate(doubled, {"x": 21}, Schema.of(x="int64"))
        42
    """

    def __init__(
        self,
        functions: Mapping[str, FunctionRule] = FUNCTIONS,
        casts: Mapping[tuple[str, str], CastRule] = CASTS,
    ) -> None:
        self.functions = functions
        self.casts = casts

    def compile(self, expression: Expression, schema: Schema) -> RowFunction:
        """Return the function that gives the value of an expression for a row of a schema.

        The function raises :class:`ValueFailure` for a row whose values the catalogue makes an error.

        Raises:
            PlanError: If a column is missing or a type does not fit.
        """
        infer(expression, schema)
        _, apply = self._compiled(expression, schema)
        return apply

    def evaluate(self, expression: Expression, row: Row, schema: Schema) -> Value:
        """Return the value of an expression for one row.

        Raises:
            PlanError: If a column is missing or a type does not fit.
            ValueFailure: If the catalogue makes the values of the row an error.
        """
        return self.compile(expression, schema)(row)

    def _compiled(self, expression: Expression, schema: Schema) -> tuple[DataType, RowFunction]:
        match expression:
            case Column(name=name):
                return schema[name].dtype, lambda row: canonical(row[name])
            case Literal(dtype=dtype):
                constant = from_python(expression.python_value, dtype)
                return dtype, lambda row: constant
            case Call():
                return self._call(expression, schema)
            case Cast():
                return self._cast(expression, schema)
            case Case():
                return self._case(expression, schema)
        raise AssertionError(f"{type(expression).__name__} passed as an expression")

    def _call(self, call: Call, schema: Schema) -> tuple[DataType, RowFunction]:
        args = [self._compiled(arg, schema) for arg in call.args]
        types, applied = tuple(dtype for dtype, _ in args), [apply for _, apply in args]
        entry = get_function(call.function)
        application = Application(call.function, types, entry.result_type(types, call.options), call.options)
        rule, propagates = self.functions[call.function], entry.nulls == "propagate"

        def apply(row: Row) -> Value:
            values = []
            for arg in applied:  # no comprehension: expressions are deep, and it can be a frame of its own
                values.append(arg(row))  # noqa: PERF401
            if propagates and None in values:
                return None
            return canonical(rule(application, *values))

        return application.result_type, apply

    def _cast(self, cast: Cast, schema: Schema) -> tuple[DataType, RowFunction]:
        source, arg = self._compiled(cast.arg, schema)
        target, lenient = cast.to, cast.on_failure == "null"
        if source == target:
            return target, arg
        rule = self.casts[cast_kind(source), cast_kind(target)]

        def apply(row: Row) -> Value:
            value = arg(row)  # outside of the try: only a failure of this very cast becomes null
            if value is None:
                return None
            try:
                return canonical(rule(value, source, target))
            except ValueFailure:
                if lenient:
                    return None
                raise

        return target, apply

    def _case(self, case: Case, schema: Schema) -> tuple[DataType, RowFunction]:
        branches = []
        dtype: DataType | None = None
        for branch in case.branches:
            _, when = self._compiled(branch.when, schema)
            dtype, then = self._compiled(branch.then, schema)
            branches.append((when, then))
        assert dtype is not None
        otherwise = None if case.otherwise is None else self._compiled(case.otherwise, schema)[1]

        def apply(row: Row) -> Value:
            for when, then in branches:
                if when(row) is True:
                    return then(row)
            return None if otherwise is None else otherwise(row)

        return dtype, apply
