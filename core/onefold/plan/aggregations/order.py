"""Aggregations that depend on the order of the rows: by time, then sequence, then the value itself."""

from __future__ import annotations

from onefold.plan.aggregations.entry import Aggregation, AggregationExample, Partial
from onefold.plan.aggregations.limits import NULLS, N
from onefold.plan.functions.entry import Option
from onefold.plan.functions.signature import sig

__all__ = ["AGGREGATIONS"]

_TIES = (
    " Rows of one time are ordered by the source's sequence columns, and without them (or when those are equal too) "
    "by the value itself, ascending, nulls first."
)

AGGREGATIONS = (
    Aggregation(
        name="first",
        family="order",
        signatures=(sig("(O) -> O"),),
        description="The earliest value." + _TIES,
        example=AggregationExample((("int64", (None, 7, 9)),), 7),
        options={"nulls": NULLS},
        order_sensitive=True,
        partial=(Partial("first", "first", options={"nulls": "nulls"}), Partial("time", "min", of="time")),
        merge="The value of the state with the earlier time; at equal times the smaller value.",
    ),
    Aggregation(
        name="last",
        family="order",
        signatures=(sig("(O) -> O"),),
        description="The latest value." + _TIES,
        example=AggregationExample((("int64", (7, 9, None)),), 9),
        options={"nulls": NULLS},
        order_sensitive=True,
        partial=(Partial("last", "last", options={"nulls": "nulls"}), Partial("time", "max", of="time")),
        merge="The value of the state with the later time; at equal times the greater value.",
    ),
    Aggregation(
        name="first_n",
        family="order",
        signatures=(sig("(O) -> list<O>"),),
        description="The n earliest values, earliest first; fewer when there are fewer." + _TIES,
        example=AggregationExample((("int64", (7, None, 9, 8)),), [7, 9], {"n": 2}),
        options={"n": N, "nulls": NULLS},
        order_sensitive=True,
        partial=(
            Partial("values", "first_n", options={"n": "n", "nulls": "nulls"}),
            Partial("times", "first_n", of="time", options={"n": "n"}),
        ),
        merge="The lists are merged by time, then value, and the first n kept.",
    ),
    Aggregation(
        name="last_n",
        family="order",
        signatures=(sig("(O) -> list<O>"),),
        description="The n latest values, earliest of them first; fewer when there are fewer." + _TIES,
        example=AggregationExample((("int64", (7, None, 9, 8)),), [9, 8], {"n": 2}),
        options={"n": N, "nulls": NULLS},
        order_sensitive=True,
        partial=(
            Partial("values", "last_n", options={"n": "n", "nulls": "nulls"}),
            Partial("times", "last_n", of="time", options={"n": "n"}),
        ),
        merge="The lists are merged by time, then value, and the last n kept.",
    ),
    Aggregation(
        name="collect",
        family="order",
        signatures=(sig("(O) -> list<O>"),),
        description="All values, earliest first, at most ``limit``: when there are more, the latest are kept." + _TIES,
        example=AggregationExample((("string", ("a", None, "b")),), ["a", "b"]),
        options={
            "limit": Option(
                int,
                "How many values to keep at most, 1 to 100,000.",
                default=1000,
                check=lambda n: None if 1 <= n <= 100_000 else "it must be between 1 and 100,000.",
            ),
            "nulls": NULLS,
        },
        order_sensitive=True,
    ),
)
