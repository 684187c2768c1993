"""The oracle against the slow, independent code that the kernel is compared with, over small random tables."""

from __future__ import annotations

import datetime as dt
import math
import random
from typing import Any

import pytest
from conformance_tests.tests.oracle.plans import agg
from tests.integration.brute_force import Wanted, Window, compute
from tests.kernel.oracle import as_of

from onefold.plan import (
    AGGREGATIONS,
    AsOfColumn,
    AsOfJoin,
    Column,
    EventOrder,
    Input,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.types import Schema
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.values import to_table

SPINE = Input(name="spine", columns=Schema.of(user="string", at="timestamp[us, UTC]"))
EVENTS = Input(
    name="events",
    columns=Schema.of(
        key="string", t="timestamp[us, UTC]", s="int64", x="float64", y="float64", w="bool", b="string", n="int64"
    ),
)
OPTIONS: dict[str, dict[str, Any]] = {
    **{key: {"n": 2} for key in ("min_n", "max_n", "first_n", "last_n", "first_distinct_n", "last_distinct_n")},
    "top_k": {"k": 2},
    **{key: {"q": 0.3} for key in ("quantile", "quantile_disc", "approx_quantile")},
    **{key: {"half_life": 3} for key in ("decayed_sum", "decayed_count", "decayed_mean")},
    "collect": {"limit": 3},
}
CLOSED = ("left", "right", "both", "neither")
FLOATS = (None, math.nan, math.inf, -math.inf, 0.0, 0.1, 0.3, 1e16, -1e16, 2.5)


def _tables(rng: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    events = [
        {
            "key": rng.choice(["a", "b", None]),
            "t": rng.choice([None, *range(-6, 7)]),
            "s": rng.choice([None, 1, 2]),
            "x": rng.choice(FLOATS if rng.random() < 0.3 else (None, 0.1, 0.3, 2.5, 7.0)),
            "y": rng.choice([None, 1.0, 2.0, 4.0]),
            "w": rng.choice([True, False, None]),
            "b": rng.choice(["p", "q", None]),
            "n": rng.choice([None, 1, 2, 3]),
        }
        for _ in range(rng.randrange(12))
    ]
    spine = [{"user": rng.choice(["a", "b", None]), "at": rng.choice([None, *range(-6, 9)])} for _ in range(5)]
    return spine, events


def _options(name: str) -> dict[str, Any]:
    defaults = {key: option.default for key, option in AGGREGATIONS[name].options.items()}
    return defaults | OPTIONS.get(name, {})


def _near(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(left) and math.isnan(right))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_near, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_near(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


@pytest.mark.parametrize("seed", range(40))
def test_trailing_windows(seed: int) -> None:
    rng = random.Random(seed)
    spine, events = _tables(rng)
    delay, sequence = rng.choice([0, 2]), rng.choice([None, "s"])
    wanted: list[Wanted] = []
    for name in AGGREGATIONS:
        args = ("x", "y") if name.startswith(("cov", "corr")) else ("w",) if name in ("any", "all") else ("x",)
        window = Window(
            size=rng.choice([None, 1, 3, 5]),
            closed=rng.choice(CLOSED),
            offset=rng.choice([0, 0, 2]),
            every=rng.choice([None, None, 4]),
            last_rows=rng.choice([None, None, 2]),
        )
        where, by = rng.choice([None, "w"]), rng.choice([None, "b"])
        wanted.append(Wanted(name, args, window, where=where, by=by, options=_options(name)))
    plan = TrailingAggregate(
        spine=SPINE,
        events=EVENTS,
        spine_keys=("user",),
        event_keys=("key",),
        spine_time="at",
        order=EventOrder(time="t", sequence=(sequence,) if sequence else (), delay=delay),
        measures=tuple(
            TrailingMeasure(
                name=w.function,
                call=agg(
                    w.function,
                    *w.args,
                    where=None if w.where is None else Column(name=w.where),
                    by=None if w.by is None else Column(name=w.by),
                    options=w.options,
                ),
                window=TrailingWindow(**vars(w.window)),
            )
            for w in wanted
        ),
    )
    tables = {"spine": to_table(spine, SPINE.output), "events": to_table(events, EVENTS.output)}
    for row, found in zip(spine, Oracle().run(plan, tables).rows, strict=True):
        for w in wanted:
            expected = compute(w, events, key=row["user"], at=row["at"], sequence=sequence, delay=delay)
            assert _near(found[w.function], expected), (w, row, found[w.function], expected)


@pytest.mark.parametrize("seed", range(40))
def test_as_of_joins(seed: int) -> None:
    rng = random.Random(seed)
    spine, events = _tables(rng)
    plan = AsOfJoin(
        spine=SPINE,
        events=EVENTS,
        spine_keys=("user",),
        event_keys=("key",),
        spine_time="at",
        order=EventOrder(time="t", sequence=rng.choice([(), ("s",)]), delay=rng.choice([0, 2])),
        columns=(AsOfColumn(column="n", name="taken"), AsOfColumn(column="x", name="too")),
        include_exact=rng.random() < 0.5,
        max_age=rng.choice([None, 0, 2]),
    )
    tables = {"spine": to_table(spine, SPINE.output), "events": to_table(events, EVENTS.output)}
    found = [{"taken": row["taken"], "too": row["too"]} for row in Oracle().run(plan, tables).rows]
    instants = [_with_instants(table, name) for table, name in ((spine, "at"), (events, "t"))]
    assert _near(found, as_of(plan, *instants))


def _with_instants(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return [{**row, name: None if row[name] is None else epoch + dt.timedelta(microseconds=row[name])} for row in rows]
