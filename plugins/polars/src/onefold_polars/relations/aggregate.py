"""Grouping: the aggregations that Polars computes with the portable meaning.

Arguments become columns first. Inside of aggregations Polars would take a constant for one value per group, and divide
by constants with an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import polars as pl

from onefold.plan import AggCall, Aggregate, Literal, infer
from onefold.types import FLOAT64, INT64, DataType, Decimal, Schema
from onefold_polars.columns import column
from onefold_polars.expressions import CASTS, LoweredCall, compile_expression, polars_dtype

__all__ = ["AGGREGATIONS", "is_native", "lower_aggregate"]

_LONG = 28
"""How many digits decimals have at most whose sum, of fewer than 10^10 values, has no more than 38."""


def _counted(total: Callable[[pl.Expr, DataType], pl.Expr]) -> Callable[[pl.Expr, DataType], pl.Expr]:
    """Return an aggregation that is null over no values, where Polars has a neutral value."""
    return lambda arg, dtype: pl.when(arg.count() > 0).then(total(arg, dtype))


def _count_distinct(arg: pl.Expr, dtype: DataType) -> pl.Expr:
    return arg.n_unique().cast(pl.Int64) - (arg.null_count() > 0).cast(pl.Int64)


def _sum(arg: pl.Expr, dtype: DataType) -> pl.Expr:
    if dtype == INT64:  # a sum in 64 bits would wrap around
        return arg.cast(pl.Int128).sum().cast(pl.Int64)
    return arg.sum()


def _mean(arg: pl.Expr, dtype: DataType) -> pl.Expr:
    if dtype == FLOAT64:
        return arg.mean()
    if isinstance(dtype, Decimal):
        call = LoweredCall([arg.sum()], [Decimal(38, dtype.scale)], FLOAT64)
        total = CASTS["decimal", "float64"].error.build(call)
    else:
        total = arg.cast(pl.Int128).sum().cast(pl.Float64)
    return total / arg.count().cast(pl.Float64)


def _max(arg: pl.Expr, dtype: DataType) -> pl.Expr:
    return arg.nan_max() if dtype == FLOAT64 else arg.max()


AGGREGATIONS: Mapping[str, Callable[[pl.Expr, DataType], pl.Expr]] = MappingProxyType(
    {
        "count": lambda arg, dtype: arg.count().cast(pl.Int64),
        "sum": _counted(_sum),
        "mean": _counted(_mean),
        "any": _counted(lambda arg, dtype: arg.any()),
        "all": _counted(lambda arg, dtype: arg.all()),
        "min": lambda arg, dtype: arg.min(),
        "max": _max,
        "count_distinct": _count_distinct,
        "approx_count_distinct": _count_distinct,
    }
)
"""How Polars computes an aggregation of a column that is null where a row takes no part."""


def is_native(call: AggCall, schema: Schema) -> bool:
    """Return whether Polars computes an aggregation of rows of a schema; the kernel computes any other."""
    if call.by is not None or call.function not in AGGREGATIONS:
        return False
    if call.function in ("sum", "mean"):
        dtype = infer(call.args[0], schema).dtype
        return not (isinstance(dtype, Decimal) and dtype.precision > _LONG)
    return True


def lower_aggregate(node: Aggregate, below: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return one row per group."""
    (frame,) = below
    schema = node.input.output
    keys = {f"key_{number}": name for number, name in enumerate(node.by)}
    columns = [column(name).alias(key) for key, name in keys.items()]
    arguments: dict[str, pl.Expr] = {}
    measures: list[pl.Expr] = []
    for measure in node.measures:
        call = measure.call
        if not call.args and call.where is None:
            value = pl.len().cast(pl.Int64)
        else:
            place = f"argument_{len(arguments)}"
            arguments[place] = _argument(call, schema)
            dtype = infer(call.args[0], schema).dtype if call.args else INT64
            value = AGGREGATIONS[call.function](pl.col(place), dtype)
        measures.append(value.cast(polars_dtype(node.output[measure.name].dtype)).alias(measure.name))
    columns += [argument.alias(place) for place, argument in arguments.items()]
    if columns:
        frame = frame.with_columns(columns).select(*keys, *arguments)
    if not keys:
        return frame.select(measures)
    groups = frame.group_by(list(keys)).agg(measures) if measures else frame.unique()
    return groups.select(
        *(pl.col(key).alias(name) for key, name in keys.items()), *map(column, node.output.names[len(keys) :])
    )


def _argument(call: AggCall, schema: Schema) -> pl.Expr:
    """Return what an aggregation reads of a row: null where the row takes no part."""
    argument = call.args[0] if call.args else Literal.of(1)
    return compile_expression(argument, schema, where=call.where)
