"""Scalar functions: called row by row, or with batches of rows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from onefold_snowflake_emulator.python.sandbox import BATCH, INPUT, Sandbox
from onefold_snowflake_emulator.python.values import pandas, values


def callable_by_duckdb(sandbox: Sandbox, arity: int, result: pa.DataType) -> Callable[..., pa.Array]:
    """Return a scalar function as DuckDB calls it.

    Args:
        sandbox: The body that defines the handler.
        arity: How many arguments the function takes.
        result: The type of its result, in Arrow.
    """
    function = sandbox.defined
    limit = getattr(function, BATCH, None)

    def call(*columns: pa.ChunkedArray) -> pa.Array:
        plain = [
            pa.chunked_array(each.chunks, each.type) if isinstance(each, pa.ChunkedArray) else each for each in columns
        ]
        rows = len(plain[0]) if plain else 1
        if not hasattr(function, INPUT):
            with sandbox.running():
                found: list[Any] = [function(*row) for row in zip(*(values(each) for each in plain), strict=True)]
            return _returned(sandbox, found, result)
        step = limit or max(rows, 1)
        parts = [_batch(sandbox, [each.slice(start, step) for each in plain], result) for start in range(0, rows, step)]
        return pa.concat_arrays(parts) if parts else pa.array([], result)

    return with_parameters(call, arity)


def with_parameters(call: Callable[..., pa.Array], arity: int) -> Callable[..., pa.Array]:
    """Return a function that says how many arguments it takes: DuckDB counts its parameters.

    Args:
        call: A function of any number of arguments.
        arity: Their number.
    """

    def counted(*columns: pa.ChunkedArray) -> pa.Array:
        return call(*columns)

    parameters = [inspect.Parameter(f"a{number}", inspect.Parameter.POSITIONAL_ONLY) for number in range(arity)]
    counted.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return counted


def _batch(sandbox: Sandbox, columns: Sequence[pa.ChunkedArray], result: pa.DataType) -> pa.Array:
    pd = pandas()
    frame = pd.DataFrame({number: _series(pd, column) for number, column in enumerate(columns)})
    with sandbox.running():
        answer = sandbox.defined(frame)
    series = answer if isinstance(answer, pd.Series) else pd.Series(answer)
    if len(series) != len(frame):
        raise sandbox.error(f"the function returned {len(series)} rows for {len(frame)}")
    return _returned(sandbox, series, result)


def _returned(sandbox: Sandbox, found: Any, result: pa.DataType) -> pa.Array:
    try:
        if isinstance(found, list):
            return pa.array(found, result)
        made = pa.array(found, from_pandas=not pa.types.is_floating(result))
        return made.cast(result) if made.type != result else made
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise sandbox.error(f"the function returned what is not its type: {error}") from error


def _series(pd: Any, column: pa.ChunkedArray) -> Any:
    """Return a column as Snowflake passes it: whole numbers nullable, floats with NaN, the rest as objects."""
    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        try:
            return pd.Series(column.cast(pa.int64()).to_pylist(), dtype="Int64")
        except pa.ArrowInvalid:
            return pd.Series(values(column), dtype="object")
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return pd.Series(column.cast(pa.float64()).to_pylist(), dtype="float64")
    if pa.types.is_boolean(kind):
        return pd.Series(column.to_pylist(), dtype="boolean")
    if pa.types.is_timestamp(kind):
        return column.to_pandas()
    return pd.Series(column.to_pylist(), dtype="object")
