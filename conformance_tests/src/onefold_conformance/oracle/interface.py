"""What a rule of the oracle is: a plain Python function for each entry of the catalogue.

The rules are kept in tables, so that a mutant is the oracle with one entry replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from onefold.types import DataType
from onefold_conformance.oracle.values import Value

__all__ = ["AggregationRule", "Application", "CastRule", "Entry", "FunctionRule", "ValueFailure"]


class ValueFailure(Exception):
    """A value for which the catalogue demands an error: an overflow, text that is no number, a date out of range."""


@dataclass(frozen=True, slots=True)
class Application:
    """A function or aggregation applied: types and options, all of them filled in.

    Args:
        name: The catalogue entry.
        arg_types: The types of the arguments.
        result_type: The type of the result.
        options: The options.
    """

    name: str
    arg_types: tuple[DataType, ...]
    result_type: DataType
    options: Mapping[str, Any] = field(default_factory=dict)


FunctionRule: TypeAlias = Callable[..., Value]
"""``rule(call: Application, *args) -> Value``.

Functions whose catalogue entry says ``nulls="propagate"`` are called only when no argument is null. Raises
:class:`ValueFailure` where the catalogue says that it is an error.
"""

CastRule: TypeAlias = Callable[[Value, DataType, DataType], Value]
"""``rule(value, source, target) -> Value`` for a value that is not null; raises :class:`ValueFailure`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that takes part in an aggregation.

    Args:
        args: The values of the arguments; empty for ``count()``.
        rank: The position of its time and sequence among the rows: equal for rows that only the value tells apart.
        age: How long before the end of the window or group it happened, in microseconds; None where rows have no time.
    """

    args: tuple[Value, ...]
    rank: int = 0
    age: int | None = None


AggregationRule: TypeAlias = Callable[[Application, Sequence[Entry]], Value]
"""``rule(call, entries) -> Value``.

The entries are those that take part (condition true, null arguments left out unless ``nulls="keep"``), in the order
of rank, then of their values ascending, nulls first. They may be none at all.
"""
