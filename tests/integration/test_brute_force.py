"""Every aggregation over every kind of window, through rift, against lists of Python values."""

from __future__ import annotations

import math
import random
from typing import Any

import pyarrow as pa
import pytest
from tests.integration.brute_force import Wanted, Window, compute, size_of_terms

from onefold.execution import run
from onefold.plan import (
    AGGREGATIONS,
    AggCall,
    Column,
    EventOrder,
    Input,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.types import Schema

SECOND = 1_000_000
START = -5 * SECOND  # the epoch lies inside of the data, so that grids are crossed on both sides of it
WINDOWS = (
    Window(size=3 * SECOND),
    Window(size=3 * SECOND, closed="right"),
    Window(size=2 * SECOND, closed="both"),
    Window(size=2 * SECOND, closed="neither"),
    Window(),
    Window(closed="right"),
    Window(size=4 * SECOND, offset=SECOND),
    Window(size=4 * SECOND, every=3 * SECOND),
    Window(every=2 * SECOND, offset=SECOND, closed="right"),
    Window(last_rows=3),
    Window(size=5 * SECOND, last_rows=2, closed="right"),
)
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "min_n": [{"n": 2}],
    "max_n": [{"n": 2}],
    "first": [{}, {"nulls": "keep"}],
    "last": [{}, {"nulls": "keep"}],
    "first_n": [{"n": 2}, {"n": 3, "nulls": "keep"}],
    "last_n": [{"n": 2}, {"n": 3, "nulls": "keep"}],
    "collect": [{"limit": 2}, {"limit": 50, "nulls": "keep"}],
    "first_distinct_n": [{"n": 2}],
    "last_distinct_n": [{"n": 2}],
    "quantile": [{"q": 0.3}, {"q": 1.0}],
    "approx_quantile": [{"q": 0.5}],
    "quantile_disc": [{"q": 0.5}, {"q": 0.0}],
    "top_k": [{"k": 2}],
    "decayed_sum": [{"half_life": SECOND}],
    "decayed_count": [{"half_life": 2 * SECOND}],
    "decayed_mean": [{"half_life": SECOND}],
}
COLUMNS = {"n": "int64", "x": "float64", "y": "float64", "s": "string", "b": "bool"}
# What an engine may be off by, relative to the size of the values: everything else is exact.
ROUNDED = {"var_samp", "var_pop", "stddev_samp", "stddev_pop", "skewness", "kurtosis", "corr", "covar_samp"} | {
    "covar_pop",
    "decayed_sum",
    "decayed_count",
    "decayed_mean",
}


def arguments(function: str) -> list[tuple[str, ...]]:
    """Return the columns that an aggregation can be tried on."""
    if function in ("corr", "covar_samp", "covar_pop"):
        return [("x", "y")]
    choices: list[tuple[str, ...]] = [()] if function in ("count", "decayed_count") else []
    for name, dtype in COLUMNS.items():
        probe = AggCall(function=function, args=(Column(name=name),), options=(OPTIONS.get(function) or [{}])[0])
        try:
            probe.infer(Schema.of(**{name: dtype}))
        except ValueError:
            continue
        choices.append((name,))
    return choices


def measures(function: str) -> list[Wanted]:
    """Return an aggregation over every window, with and without a condition and a secondary key."""
    wanted = []
    for args in arguments(function):
        for options in OPTIONS.get(function, [{}]):
            for number, window in enumerate(WINDOWS):
                wanted.append(Wanted(function, args, window, options=options))
                if number % 3 == 0:
                    wanted.append(Wanted(function, args, window, where="b", options=options))
                if number % 3 == 1:
                    wanted.append(Wanted(function, args, window, by="s", options=options))
                if number % 5 == 2:
                    wanted.append(Wanted(function, args, window, where="b", by="n", options=options))
    return wanted


def data(seed: int, *, special: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return events and a spine on a grid of times, one microsecond around it included, with many ties and nulls."""
    rng = random.Random(seed)
    floats = [None, 0.0, -0.0, 1.5, -2.25, 1e16, -1e16, 1.0, 0.1, 0.2, 1e-9]
    if special:
        floats += [math.nan, math.inf, -math.inf]

    def time() -> int:
        return START + rng.randrange(12) * SECOND + rng.choice((0, 0, 0, -1, 1))

    events = [
        {
            "key": rng.choice(["a", "b", "c", None]),
            "t": rng.choice([time(), time(), time(), time(), time(), None]),
            "q": rng.choice([None, 1, 2]),
            "n": rng.choice([None, 1, 2, 3, -7]),
            "x": rng.choice(floats),
            "y": rng.choice(floats),
            "s": rng.choice([None, "u", "v", "é", ""]),
            "b": rng.choice([None, True, False, True]),
        }
        for _ in range(90)
    ]
    spine = [
        {"key": rng.choice(["a", "b", "c", "d", None]), "at": rng.choice([time(), time(), time(), None])}
        for _ in range(24)
    ]
    return events, spine


def instants(values: list[int | None]) -> pa.Array:
    return pa.array(values, pa.timestamp("us", tz="UTC"))


def close(got: Any, expected: Any, function: str, scale: float = 1.0) -> bool:
    """Return whether a value is the expected one: exactly, or for rounded functions within 1e-9.

    ``scale`` is the size of the terms that the function adds up: sums that cancel are only that exact.
    """
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(got) == len(expected)
            and all(close(g, e, function, scale) for g, e in zip(got, expected, strict=True))
        )
    if isinstance(expected, dict):
        return close(got["key"], expected["key"], "key") and close(got["value"], expected["value"], function, scale)
    if expected is None or got is None:
        return got is None and expected is None
    if isinstance(expected, float) and isinstance(got, float):
        if math.isnan(expected) or math.isnan(got):
            return math.isnan(expected) and math.isnan(got)
        if function in ROUNDED and math.isfinite(expected):
            return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9 * scale)
        return got == expected
    return type(got) is type(expected) and got == expected


@pytest.mark.parametrize("special", [False, True], ids=["finite", "special"])
@pytest.mark.parametrize("function", list(AGGREGATIONS))
def test_trailing_aggregates_equal_brute_force(function: str, special: bool) -> None:
    for seed, (sequence, delay) in enumerate([(None, 0), ("q", 0), (None, SECOND)]):
        events, spine = data(seed, special=special)
        wanted = measures(function)
        schema = Schema.of(key="string", t="timestamp[us, UTC]", q="int64", **COLUMNS)
        table = pa.table(
            {
                "key": pa.array([row["key"] for row in events], pa.string()),
                "t": instants([row["t"] for row in events]),
                "q": pa.array([row["q"] for row in events], pa.int64()),
                **{name: pa.array([row[name] for row in events]) for name in COLUMNS},
            }
        )
        plan = TrailingAggregate(
            spine=Input(name="spine", columns=Schema.of(key="string", at="timestamp[us, UTC]")),
            events=Input(name="events", columns=schema),
            spine_keys=("key",),
            event_keys=("key",),
            spine_time="at",
            order=EventOrder(time="t", sequence=(sequence,) if sequence else (), delay=delay),
            measures=tuple(
                TrailingMeasure(
                    name=f"m{number}",
                    call=AggCall(
                        function=one.function,
                        args=tuple(Column(name=name) for name in one.args),
                        where=Column(name=one.where) if one.where else None,
                        by=Column(name=one.by) if one.by else None,
                        options=one.options,
                    ),
                    window=TrailingWindow(
                        size=one.window.size,
                        closed=one.window.closed,  # type: ignore[arg-type]
                        offset=one.window.offset,
                        every=one.window.every,
                        last_rows=one.window.last_rows,
                    ),
                )
                for number, one in enumerate(wanted)
            ),
        )
        spine_table = pa.table(
            {
                "key": pa.array([row["key"] for row in spine], pa.string()),
                "at": instants([row["at"] for row in spine]),
            }
        )
        got = run(plan, inputs={"spine": spine_table, "events": table}).read_all()
        assert got.select(["key", "at"]).equals(spine_table)
        for number, one in enumerate(wanted):
            for row, value in zip(spine, got[f"m{number}"].to_pylist(), strict=True):
                expected = compute(one, events, key=row["key"], at=row["at"], sequence=sequence, delay=delay)
                rounded = function in ROUNDED
                scale = (
                    size_of_terms(one, events, key=row["key"], at=row["at"], sequence=sequence, delay=delay)
                    if rounded
                    else 0.0
                )
                assert close(value, expected, function, scale), (
                    f"{one} at {row} (sequence {sequence}, delay {delay}): got {value!r}, expected {expected!r}"
                )
