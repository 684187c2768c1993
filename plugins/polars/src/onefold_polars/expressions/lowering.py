"""How a catalogue function becomes a Polars expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import polars as pl

from onefold.types import TIMESTAMP_UTC, DataType
from onefold_polars.expressions.types import polars_dtype

__all__ = [
    "CanFail",
    "Kernel",
    "LoweredCall",
    "Lowering",
    "always",
    "frame",
    "kernel",
    "never",
    "one_zero",
    "quotient",
    "refused",
    "wall_clock",
]


@dataclass(frozen=True, slots=True)
class LoweredCall:
    """A call whose arguments are lowered already.

    Args:
        args: The arguments as Polars expressions.
        arg_types: Their types.
        result_type: The type of the result.
        options: The options of the call, all filled in.
    """

    args: Sequence[pl.Expr]
    arg_types: Sequence[DataType]
    result_type: DataType
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of the result."""
        return polars_dtype(self.result_type)


CanFail: TypeAlias = Callable[[LoweredCall], bool]
"""Whether there are values for which a call stops the query. Only :class:`onefold.plan.Case` asks."""


def never(call: LoweredCall) -> bool:
    """Return False: the function has a result for all values."""
    return False


def always(call: LoweredCall) -> bool:
    """Return True: whatever the types, there are values without a result."""
    return True


class Lowering(NamedTuple):
    """How a function is written in Polars.

    Args:
        build: Returns the expression; null for null arguments where the catalogue says so.
        can_fail: Whether it has no result, but an error, for some values.
    """

    build: Callable[[LoweredCall], pl.Expr]
    can_fail: CanFail = never


Kernel: TypeAlias = Callable[..., pl.Series]
"""Computes a column from columns. One of the arguments is as long as the result; constants can have one value."""


def kernel(function: Kernel, args: Sequence[pl.Expr], dtype: pl.DataType) -> pl.Expr:
    """Return a computation over whole columns as an expression; it runs in batches, also in streams.

    Args:
        function: The computation: row by row in its meaning, vectorised in its work.
        args: What it is called with, as series.
        dtype: The type of its result.
    """
    return pl.map_batches(args, lambda series: function(*series), return_dtype=dtype, is_elementwise=True)


def refused(values: pl.Series, bad: pl.Series, reason: str) -> pl.exceptions.ComputeError:
    """Return the error about the first of the values that are bad.

    Args:
        values: The values, with null where there is no value to speak of.
        bad: Which of them have no result.
        reason: What is wrong with them, to be read behind the value.
    """
    value = values.filter(bad)[0]
    return pl.exceptions.ComputeError(f"{value!r:.80} {reason}" if isinstance(value, str) else f"{value} {reason}")


def frame(columns: Sequence[pl.Series], names: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the arguments of a kernel as a frame, in which constants are as long as the columns.

    Args:
        columns: The arguments.
        names: Their names; ``"0"``, ``"1"`` and so on when left out.
    """
    height = next((len(column) for column in columns if len(column) != 1), 1)
    return pl.DataFrame(
        [
            (column if len(column) == height else column.new_from_index(0, height)).alias(name)
            for name, column in zip(names or map(str, range(len(columns))), columns, strict=True)
        ]
    )


def quotient(dividend: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """Return floats divided by floats, each rounded correctly.

    Polars multiplies by the reciprocal where the divisor is one value: a literal, and also a column that was made from
    one. Only a sum with another column is a column for sure.
    """
    return dividend / (dividend.is_null().cast(pl.Float64) * 0.0 + divisor)


def one_zero(value: pl.Expr) -> pl.Expr:
    """Return a float with 0.0 in place of -0.0; a sum with 0.0 is not computed by Polars."""
    return pl.when(value == 0.0).then(0.0).otherwise(value)


def wall_clock(value: pl.Expr, dtype: DataType) -> pl.Expr:
    """Return an instant as the wall clock of UTC; dates and wall clocks as they are."""
    return value.dt.replace_time_zone(None) if dtype == TIMESTAMP_UTC else value
