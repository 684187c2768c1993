"""Expressions of a plan as Polars expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from onefold.errors import UnsupportedOperation
from onefold.plan import Call, Case, Cast, Column, Expression, Literal, get_function, typed_parts
from onefold.types import DataType, Schema
from onefold_polars.columns import column, fresh
from onefold_polars.expressions.casts import CASTS, cast_kind
from onefold_polars.expressions.functions import FUNCTIONS
from onefold_polars.expressions.literals import lower_literal
from onefold_polars.expressions.lowering import LoweredCall, Lowering, frame, kernel
from onefold_polars.expressions.types import polars_dtype

__all__ = ["can_fail", "compile_expression"]

MAX_WEIGHT = 200
"""How many leaves an expression may have whose parts are written more than once. Where there would be more, the parts
are computed as columns first, because nested calls would multiply."""

_RESULT = ""
"""The name of the result in frames of our own; no column of a plan is called so."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lowered:
    """An expression with its type.

    Args:
        expr: The expression.
        dtype: Its type.
        weight: How many leaves it has when it is written out.
        fails: Whether it stops the query for some values.
        reads: The columns that it reads; none for a constant, which has one value however many rows there are.
    """

    expr: pl.Expr
    dtype: DataType
    weight: int = 1
    fails: bool = False
    reads: frozenset[str] = frozenset()


def compile_expression(expression: Expression, schema: Schema, *, where: Expression | None = None) -> pl.Expr:
    """Return an expression over rows of a schema as a Polars expression.

    A constant expression has one value, as Polars' own literals do: use it in ``with_columns``, which repeats it.

    Args:
        expression: The expression.
        schema: The columns that it reads, by name.
        where: A condition; where it is not true the expression is null, and is not computed.

    Raises:
        PlanError: If a column is missing or a type does not fit.
        UnsupportedOperation: If the function is not offered.

    Examples:
        >>> half = Call(function="divide", args=(Column(name="x"), Literal.of(2.0)))
        >>> frame = pl.DataFrame({"x": [1.0, None]})
        >>> frame.select(compile_expression(half, Schema.of(x="float64"))).to_series().to_list()
        [0.5, None]
    """
    lowered = _lowered(expression, schema)
    if where is not None:
        lowered = _case([(_lowered(where, schema), lowered)], _null(lowered.dtype), schema)
    return lowered.expr


def can_fail(expression: Expression, schema: Schema) -> bool:
    """Return whether there are values for which an expression stops the query, such as an overflow."""
    return _lowered(expression, schema).fails


def _lowered(expression: Expression, schema: Schema) -> _Lowered:
    done: dict[int, _Lowered] = {}
    # Children before parents, without recursion: expressions may be nested deeper than Python's stack is.
    for node, typed in typed_parts(expression, schema).values():
        match node:
            case Column(name=name):
                done[id(node)] = _Lowered(column(name), typed.dtype, reads=frozenset({name}))
            case Literal():
                done[id(node)] = _Lowered(lower_literal(node), typed.dtype)
            case Call():
                lowering = FUNCTIONS.get(node.function)
                if lowering is None:
                    raise UnsupportedOperation(
                        node=get_function(node.function).capability,
                        engine="polars",
                        reason="the engine has no way to compute it with the portable meaning",
                        way_out="Run this part on another engine, or write the value with other functions.",
                    )
                args = [done[id(arg)] for arg in node.args]
                done[id(node)] = (
                    _null(typed.dtype)
                    if _is_null(node)
                    else _applied(lowering, args, typed.dtype, node.options, schema)
                )
            case Cast():
                arg = done[id(node.arg)]
                done[id(node)] = arg if arg.dtype == node.to else _cast(node, arg, schema)
            case Case():
                branches = [(done[id(branch.when)], done[id(branch.then)]) for branch in node.branches]
                otherwise = _null(typed.dtype) if node.otherwise is None else done[id(node.otherwise)]
                done[id(node)] = _case(branches, otherwise, schema)
    return done[id(expression)]


def _null(dtype: DataType) -> _Lowered:
    return _Lowered(pl.lit(None, dtype=polars_dtype(dtype)), dtype)


def _is_null(node: Call) -> bool:
    """Return whether a call is null whatever the row; for no rows Polars makes one of some of them."""
    return get_function(node.function).nulls == "propagate" and any(
        isinstance(arg, Literal) and arg.value is None for arg in node.args
    )


def _cast(node: Cast, arg: _Lowered, schema: Schema) -> _Lowered:
    casts = CASTS[cast_kind(arg.dtype), cast_kind(node.to)]
    return _applied(casts.null if node.on_failure == "null" else casts.error, [arg], node.to, {}, schema)


def _applied(
    lowering: Lowering, args: Sequence[_Lowered], result: DataType, options: Mapping[str, Any], schema: Schema
) -> _Lowered:
    arg_types = tuple(arg.dtype for arg in args)
    call = LoweredCall([arg.expr for arg in args], arg_types, result, options)
    reads = _reads(args)
    if not reads and lowering.can_fail(call):
        return _for_rows(lowering.build(call), result, schema.names[0])
    fails = lowering.can_fail(call) or any(arg.fails for arg in args)
    distinct = list({id(arg): arg for arg in args}.values())
    weight = sum(arg.weight for arg in distinct)
    if weight > len(distinct):
        places = [pl.col(str(distinct.index(arg))) for arg in args]
        inner = LoweredCall(places, arg_types, result, options)
        mentions = _mentions(lowering, inner)
        if mentions > 1 and weight * mentions > MAX_WEIGHT:
            bound = _bound(lowering, inner, [arg.expr for arg in distinct])
            return _Lowered(bound, result, weight + 1, fails, reads)
        weight *= mentions
    return _Lowered(lowering.build(call), result, weight + 1, fails, reads)


def _reads(parts: Sequence[_Lowered]) -> frozenset[str]:
    return frozenset[str]().union(*(part.reads for part in parts))


def _mentions(lowering: Lowering, call: LoweredCall) -> int:
    """Return how often a lowering writes the argument, a column, that it writes most often."""
    written = lowering.build(call).meta.root_names()
    return max(map(written.count, set(written)), default=1)


def _for_rows(constant: pl.Expr, dtype: DataType, name: str) -> _Lowered:
    """Return a constant that is computed only when there are rows, since it can fail; a column tells."""

    def compute(rows: pl.Series) -> pl.Series:
        height = len(rows)
        return pl.select(constant).to_series().new_from_index(0, height) if height else pl.Series(dtype=native)

    native = polars_dtype(dtype)
    return _Lowered(kernel(compute, [column(name)], native), dtype, fails=True, reads=frozenset({name}))


def _bound(lowering: Lowering, call: LoweredCall, args: Sequence[pl.Expr]) -> pl.Expr:
    """Return a call whose arguments are computed once, as the columns that it reads, however often it mentions them."""

    def compute(*columns: pl.Series) -> pl.Series:
        return frame(columns).select(lowering.build(call)).to_series()

    return kernel(compute, args, call.dtype)


def _case(branches: Sequence[tuple[_Lowered, _Lowered]], otherwise: _Lowered, schema: Schema) -> _Lowered:
    parts = [*(part for branch in branches for part in branch), otherwise]
    if any(part.fails for part in parts[1:]):
        return _lazy_case(branches, otherwise, schema)
    chain: Any = pl
    for when, then in branches:
        chain = chain.when(when.expr).then(then.expr)
    return _Lowered(
        chain.otherwise(otherwise.expr),
        otherwise.dtype,
        weight=sum(part.weight for part in parts),
        fails=parts[0].fails,
        reads=_reads(parts),
    )


def _lazy_case(branches: Sequence[tuple[_Lowered, _Lowered]], otherwise: _Lowered, schema: Schema) -> _Lowered:
    """Return a case whose branches are computed for their own rows only.

    An overflow or a text that is no number must not stop the query where its branch is not taken. Polars' own branches
    see nulls in other rows, but not always: constants, and parts that occur twice, are taken out and computed for all.
    """
    parts = [*(part for branch in branches for part in branch), otherwise]
    reads = _reads(parts) or frozenset(schema.names[:1])
    names, row, dtype = sorted(reads), fresh("row", reads), polars_dtype(otherwise.dtype)
    steps = [*((when.expr.fill_null(False), then.expr) for when, then in branches), (pl.lit(True), otherwise.expr)]

    def compute(*columns: pl.Series) -> pl.Series:
        left = frame(columns, names).with_row_index(row)
        results = [pl.DataFrame(schema={row: pl.get_index_type(), _RESULT: dtype})]
        for when, then in steps:
            if left.is_empty():
                break
            holds = left.with_columns(when.alias(_RESULT)).get_column(_RESULT)
            taken, left = left.filter(holds), left.filter(~holds)
            results.append(taken.with_columns(then.alias(_RESULT)).select(row, _RESULT))
        return pl.concat(results).sort(row).get_column(_RESULT)

    return _Lowered(
        kernel(compute, [column(name) for name in names], dtype),
        otherwise.dtype,
        weight=sum(part.weight for part in parts),
        fails=True,
        reads=reads,
    )
