"""How large the rows of a plan can become: what decides whether they are collected or go through files."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Column,
    Input,
    Join,
    Limit,
    MapBatches,
    NativeSql,
    Project,
    Relation,
    Scan,
    TimeBuckets,
    TrailingAggregate,
    Union,
    Unnest,
    Window,
)
from onefold.types import BINARY, STRING, DataType, Schema

__all__ = ["UNKNOWN", "Extent", "extent_of"]

VALUE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows there are at most, and about how many bytes they take.

    Args:
        rows: The rows; infinite when nobody knows.
        bytes: The bytes in memory.
    """

    rows: float
    bytes: float


UNKNOWN = Extent(math.inf, math.inf)


def extent_of(plan: Relation, leaf: Callable[[Input | Scan], Extent]) -> Extent:
    """Return how large the rows of a plan can become.

    Args:
        plan: The plan.
        leaf: Returns the extent of an input or a source.
    """
    done: dict[int, Extent] = {}
    for relation in reversed(list(plan.walk())):
        _fill(relation, leaf, done)
    return done[id(plan)]


def _fill(plan: Relation, leaf: Callable[[Input | Scan], Extent], done: dict[int, Extent]) -> Extent:
    if id(plan) not in done:
        below = [_fill(child, leaf, done) for child in plan.inputs]
        done[id(plan)] = _extent(plan, below, leaf)
    return done[id(plan)]


def _extent(plan: Relation, below: list[Extent], leaf: Callable[[Input | Scan], Extent]) -> Extent:
    match plan:
        case Input() | Scan():
            return leaf(plan)
        case MapBatches() | NativeSql():
            return UNKNOWN
        case Join() if plan.how not in ("semi", "anti"):
            left, right = below
            rows = max(left.rows, 1) * max(right.rows, 1)
            if rows == 0 or math.isinf(rows):
                return Extent(rows, rows)
            return Extent(rows, left.bytes * max(right.rows, 1) + right.bytes * max(left.rows, 1))
        case Union():
            return Extent(sum(part.rows for part in below), sum(part.bytes for part in below))
        case Limit():
            rows = min(below[0].rows, plan.count)
            return Extent(rows, min(below[0].bytes, rows * 64 * len(plan.output)))
        case Unnest():
            return Extent(below[0].bytes, below[0].bytes * VALUE_BYTES * len(plan.output))
        case Project():
            new = [column for column in plan.columns if not isinstance(column.expression, Column)]
            return _with(below[0], below[0], [plan.output[column.name].dtype for column in new])
        case TrailingAggregate() | AsOfJoin():
            return _with(below[0], below[1], _added(plan.output, plan.spine.output))
        case Window() | Aggregate() | TimeBuckets():
            return _with(below[0], below[0], _added(plan.output, plan.inputs[0].output))
    return below[0]


def _with(rows: Extent, values: Extent, types: list[DataType]) -> Extent:
    """Return the extent of rows with more columns, whose text and lists are made of some other rows."""
    total = rows.bytes
    for dtype in types:
        varies = dtype.is_nested or dtype in (STRING, BINARY)
        total += VALUE_BYTES * rows.rows
        if varies and rows.rows:
            total += values.bytes * (rows.rows if dtype.is_nested else 1)
    return Extent(rows.rows, total)


def _added(schema: Schema, before: Schema) -> list[DataType]:
    return [field.dtype for field in schema if field.name not in before]
