"""Small sources that the tests of features share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from onefold.features import ArrowSource, Entity, FeatureView
from onefold.plan import Call, Cast, Expression, Literal
from onefold.types import Schema

NOON = dt.datetime(2013, 1, 1, 12, tzinfo=dt.UTC)

SCHEMA = Schema.of(
    n="int64",
    x="float64",
    price="decimal128(10, 2)",
    late="bool",
    carrier="string",
    day="date32",
    wall="timestamp[us]",
    at="timestamp[us, UTC]",
    codes="list<int64>",
    pair="struct<key: string, value: int64>",
)
"""A column of every kind."""

FLIGHTS = {
    "carrier": pa.array(["UA", "AA"]),
    "origin": pa.array(["EWR", "JFK"]),
    "departed_at": pa.array([NOON, NOON], pa.timestamp("us", tz="UTC")),
    "dep_delay": pa.array([3, None], pa.int64()),
    "cancelled": pa.array([False, True]),
}


def flights(**changes: Any) -> ArrowSource:
    """Return a source of two flights; keyword arguments go to the source."""
    return ArrowSource("flights", FLIGHTS, **{"time": "departed_at", **changes})


CARRIER = Entity("carrier", keys=["carrier"])


def view(**changes: Any) -> FeatureView:
    """Return a view of the flights of a carrier; keyword arguments change it."""
    return FeatureView("carrier_delay", **{"source": flights(), "entity": CARRIER, **changes})


def types_of_args(expression: Expression) -> list[str]:
    """Return what the arguments of a call are: column names, casts of them, and literals with their types."""
    assert isinstance(expression, Call)
    return [described(arg) for arg in expression.args]


def described(expression: Expression) -> str:
    """Return an expression in a short form for comparison."""
    if isinstance(expression, Cast):
        return f"{described(expression.arg)}::{expression.to}"
    if isinstance(expression, Literal):
        return f"{expression.value!r}:{expression.dtype}"
    if isinstance(expression, Call):
        return f"{expression.function}({', '.join(described(arg) for arg in expression.args)})"
    return str(getattr(expression, "name", expression.kind))
