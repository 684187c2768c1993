"""Applications of aggregations as SQL: arguments, conditions, orders and windows put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import AggCall, infer
from onefold.sql.aggregations import LoweredAggregate
from onefold.sql.dialect import SqlDialect
from onefold.sql.relations.context import Context
from onefold.sql.relations.ordering import ascending
from onefold.types import DataType, Schema

__all__ = ["lower_call"]


def lower_call(
    context: Context,
    call: AggCall,
    schema: Schema,
    *,
    order: Sequence[exp.Ordered] = (),
    over: Callable[[], exp.Window] | None = None,
    age: exp.Expression | None = None,
) -> exp.Expression:
    """Return an aggregation, its secondary key left aside, as SQL of its declared type.

    Args:
        context: The compilation.
        call: The aggregation.
        schema: The columns of the rows.
        order: The order of the rows, before the value itself settles ties.
        over: Returns a new window around nothing; None in a group.
        age: The age of a row in microseconds, for decayed aggregations.

    Raises:
        UnsupportedOperation: If the dialect does not offer the aggregation.
    """
    lowering = context.dialect.aggregations.get(call.function)
    if lowering is None:
        raise UnsupportedOperation(
            node=call.entry.capability,
            engine=context.dialect.engine,
            reason="the engine has no way to compute it with the portable meaning",
            way_out="Run this part on another engine.",
        )
    args = [context.expression(arg, schema) for arg in call.args]
    types = [infer(arg, schema).dtype for arg in call.args]
    result: DataType = call.entry.result_type(tuple(types), call.options)
    settled = [*order, *(ascending(arg) for arg in args)]
    lowered = LoweredAggregate(args, types, result, context.dialect.types, call.options, order=settled, age=age)
    conditions = [None if call.where is None else context.expression(call.where, schema)]
    if not lowering.drops_nulls and call.options.get("nulls") != "keep":
        conditions += [exp.Not(this=exp.Is(this=_grouped(arg), expression=exp.null())) for arg in args]
    tree = _finished(lowering.lower(lowered), context.dialect, _all(conditions), over)
    return context.typed(tree, result)


def _grouped(value: exp.Expression) -> exp.Expression:
    return value.copy() if isinstance(value, exp.Column | exp.Func | exp.Paren) else exp.paren(value)


def _all(conditions: Sequence[exp.Expression | None]) -> exp.Expression | None:
    """Return the condition that all given ones hold; None when there are none."""
    result: exp.Expression | None = None
    for condition in conditions:
        if condition is not None:
            part = exp.Paren(this=condition) if isinstance(condition, exp.Or) else condition
            result = part if result is None else exp.And(this=result, expression=part)
    return result


def _finished(
    tree: exp.Expression,
    dialect: SqlDialect,
    condition: exp.Expression | None,
    over: Callable[[], exp.Window] | None,
) -> exp.Expression:
    """Return an aggregate expression with a condition and a window at each aggregate function in it."""
    root = exp.Paren(this=tree)
    functions: list[exp.Anonymous] = []
    stack: list[exp.Expr] = [tree]
    while stack:
        node = stack.pop()
        # Rendered templates keep all functions anonymous.
        if isinstance(node, exp.Anonymous) and str(node.this).upper() in dialect.aggregate_names:
            functions.append(node)
        else:
            stack.extend(node.iter_expressions())
    if not functions:
        raise AssertionError(f"no function in {tree.sql(dialect.name)} is known to be an aggregate")
    for function in functions:
        place = exp.Placeholder()
        function.replace(place)
        finished: exp.Expression = function
        if condition is not None:
            finished = exp.Filter(this=finished, expression=exp.Where(this=condition.copy()))
        if over is not None:
            window = over()
            window.set("this", finished)
            finished = window
        place.replace(finished)
    result = root.this
    result.pop()
    assert isinstance(result, exp.Expression)
    return result
