"""As-of joins and trailing aggregates computed by SQL engines themselves: cases of the suite, and generated ones."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.kernel.oracle import Row, as_of, same, trailing
from tests.kernel.test_asof import join
from tests.kernel.test_trailing import (
    CALLS,
    EVENTS,
    HOUR,
    MOST,
    SPINE,
    WINDOWS,
    call,
    grid,
    instant,
    node,
    random_events,
    random_spine,
    table,
    title,
)
from tests.sql.temporal_backends import LITE, NATIVE, POSITIONS, TemporalBackend

from onefold.errors import EngineError
from onefold.plan import AggCall, AsOfJoin, Input, Relation, TrailingAggregate, TrailingWindow
from onefold.sql.division import left_to_kernel
from onefold.sql.session import SqlSession
from onefold.sql.temporal.lowering import MOST_LINKS, computed_in_sql
from onefold.types import Schema, schema_to_arrow
from onefold_conformance.case.files import stored_cases
from onefold_conformance.runner.judgement import judge_case
from onefold_rift.backend import RiftBackend

BACKENDS = {"native": NATIVE, "positions": POSITIONS, "sqlite": LITE}
IN_SQL = [c for c in CALLS if computed_in_sql(node([c], [TrailingWindow(size=HOUR)]), NATIVE.dialect)]
TIMED = [window for window in WINDOWS if window.last_rows is None]


@pytest.fixture(scope="module")
def sessions() -> Iterator[Mapping[str, SqlSession]]:
    """A session of each backend."""
    opened = {name: backend.open({}) for name, backend in BACKENDS.items()}
    yield opened
    for session in opened.values():
        session.close()


def _temporal(plan: Relation) -> list[AsOfJoin | TrailingAggregate]:
    return [relation for relation in plan.walk() if isinstance(relation, AsOfJoin | TrailingAggregate)]


@pytest.mark.parametrize(
    ("name", "topics", "least"),
    # Trailing aggregates are the same without an as-of join.
    [("native", "time/", 380), ("positions", "time/as-of", 190), ("sqlite", "time/", 200)],
)
def test_the_cases_of_the_suite(name: str, topics: str, least: int, sessions: Mapping[str, SqlSession]) -> None:
    backend = BACKENDS[name]
    ran = 0
    for stored in stored_cases():
        if stored.is_superseded or not stored.id.startswith(topics):
            continue
        case = stored.build()
        if not any(computed_in_sql(relation, backend.dialect) for relation in _temporal(case.plan)):
            continue
        verdict = judge_case(case, sessions[name], backend.capabilities, sample=True)
        assert verdict.status in ("pass", "refused-ok"), f"{case.id} ({verdict.variant}): {verdict.message}"
        ran += verdict.status == "pass"
    assert ran >= least


# ---------------------------------------------------------------------------- generated


def _check(session: SqlSession, plan: TrailingAggregate | AsOfJoin, spine: list[Row], events: list[Row]) -> None:
    assert not left_to_kernel(session._dialect)(plan)
    inputs = {"spine": table(spine, SPINE), "events": table(events, EVENTS)}
    got = session.execute(plan, inputs).read_all()
    assert got.schema == schema_to_arrow(plan.output)
    wanted = trailing(plan, spine, events) if isinstance(plan, TrailingAggregate) else as_of(plan, spine, events)
    for row, due, there in zip(got.to_pylist(), wanted, spine, strict=True):
        assert same(row, {**there, **due}), f"{row}, not {due}"


@pytest.mark.parametrize("around", [0, 1_700_000_000_000_000 // HOUR * HOUR])
@pytest.mark.parametrize("aggregation", IN_SQL, ids=title)
def test_every_kind_of_window(aggregation: AggCall, around: int, sessions: Mapping[str, SqlSession]) -> None:
    rng = random.Random(around)
    events, spine = random_events(rng, 50, grid(around)), random_spine(rng, 25, grid(around))
    plan = node(
        [aggregation], rng.sample(TIMED, 12), delay=rng.choice([0, 1, HOUR]), sequence=("seq",) if around else ()
    )
    _check(sessions["native"], plan, spine, events)


def test_a_window_that_can_hold_nothing(sessions: Mapping[str, SqlSession]) -> None:
    """As one of an instant, without either end: alone it asks for no frame at all."""
    rng = random.Random(0)
    events, spine = random_events(rng, 20, grid(0)), random_spine(rng, 10, grid(0))
    smallest = [call for call in IN_SQL if call.function == "min"][:1]
    _check(sessions["native"], node(smallest, [TrailingWindow(size=1, closed="neither")]), spine, events)


@settings(max_examples=15, deadline=None)  # each plan is some thousand lines of SQL
@given(data=st.data())
def test_generated_windows(data: st.DataObject, sessions: Mapping[str, SqlSession]) -> None:
    size = data.draw(st.sampled_from([1, 2, HOUR]))
    bound = st.sampled_from([-size - 1, -size, -size + 1, -1, 0, 1, size - 1, size, size + 1])
    windows = data.draw(st.lists(
        st.builds(
            TrailingWindow,
            size=st.sampled_from([None, size]),
            closed=st.sampled_from(["left", "right", "both", "neither"]),
            offset=st.sampled_from([0, 1, size]),
            every=st.sampled_from([None, 1, 3, size]),
        ), min_size=1, max_size=3,
    ))  # fmt: skip
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    times = data.draw(st.lists(bound, min_size=1, max_size=8))
    events = random_events(rng, data.draw(st.integers(0, 20)), times)
    spine = random_spine(rng, data.draw(st.integers(0, 10)), data.draw(st.lists(bound, min_size=1, max_size=8)))
    plan = node(
        data.draw(st.lists(st.sampled_from(IN_SQL), min_size=1, max_size=4)),
        windows,
        delay=data.draw(st.sampled_from([0, 1, size])),
        sequence=data.draw(st.sampled_from([(), ("seq",), ("seq", "i")])),
    )
    _check(sessions["native"], plan, spine, events)


@pytest.mark.parametrize("name", ["native", "positions"])
@pytest.mark.parametrize(
    ("include_exact", "max_age", "delay"), list(itertools.product([False, True], [None, 0, 1, HOUR], [0, 1, HOUR]))
)
def test_the_latest_event(
    name: str, include_exact: bool, max_age: int | None, delay: int, sessions: Mapping[str, SqlSession]
) -> None:
    for seed in range(4):
        rng = random.Random(seed)
        events, spine = random_events(rng, 60, grid(0)), random_spine(rng, 40, grid(0))
        plan = join(
            *[("s", "f", "at"), ("f", "d", "b"), ("b",), ("i", "g")][seed],
            include_exact=include_exact,
            max_age=max_age,
            delay=delay,
            sequence=("seq",) if seed % 2 else (),
        )
        _check(sessions[name], plan, spine, events)


def test_the_longest_windows_at_both_ends_of_the_calendar(sessions: Mapping[str, SqlSession]) -> None:
    times = [-62_135_596_800_000_000, 0, 1, 253_402_300_799_999_999]
    rng = random.Random(5)
    events, spine = random_events(rng, 40, times), random_spine(rng, 30, times)
    windows = [
        TrailingWindow(size=size, closed="both", every=every, offset=offset)
        for size in (1, MOST)
        for every in (None, MOST)
        for offset in (0, MOST)
    ]
    calls = [call("count"), call("sum", "i"), call("last", "i"), call("count_distinct", "s"), call("max", "at")]
    _check(sessions["native"], node(calls, [*windows, TrailingWindow()], delay=3), spine, events)


@pytest.mark.parametrize("spine_rows", [0, 1, 40])
@pytest.mark.parametrize("event_rows", [0, 1])
def test_nearly_nothing(spine_rows: int, event_rows: int, sessions: Mapping[str, SqlSession]) -> None:
    rng = random.Random(7)
    events, spine = random_events(rng, event_rows, [0]), random_spine(rng, spine_rows, [1])
    _check(sessions["native"], node(IN_SQL, [TrailingWindow(), TrailingWindow(size=1)]), spine, events)
    _check(sessions["positions"], join("s"), spine, events)


def test_a_sum_between_spine_rows_may_be_too_large(sessions: Mapping[str, SqlSession]) -> None:
    most = 2**63 - 1
    events = [{**dict.fromkeys(EVENTS.names), "key": "a", "at": instant(n), "i": most} for n in range(3)]
    plan = node([call("sum", "i")], [TrailingWindow(size=1)])
    _check(sessions["native"], plan, [{"k": "a", "t": instant(3), "n": 1}], events)
    with pytest.raises(EngineError):
        _check(
            sessions["native"],
            node([call("sum", "i")], [TrailingWindow(size=2)]),
            [{"k": "a", "t": instant(3), "n": 1}],
            events,
        )


def _nearest(values: list[float]) -> float:
    """Return the float that is nearest to the exact sum."""
    total = sum(map(Fraction, values), Fraction(0))
    try:
        return float(total)  # rounds to nearest, ties to even
    except OverflowError:
        return math.inf if total > 0 else -math.inf


def _hard_sums(rng: random.Random, count: int) -> Iterator[list[float]]:
    """Yield values whose sums are hard to round: of any size, near ties, and nearly nothing after cancellation."""
    for _ in range(count):
        match rng.randrange(5):
            case 0:
                yield [rng.uniform(-1, 1) * 2.0 ** rng.randint(-1070, 1020) for _ in range(rng.randint(1, 6))]
            case 1:
                big = rng.choice([1.0, -1.0]) * rng.randint(2**52, 2**53 - 1) * 2.0 ** rng.randint(-900, 900)
                half = math.ulp(big) / 2
                yield [big, rng.choice([half, -half]), rng.choice([0.0, half * 2.0**-60, -half * 2.0**-90, half / 4])]
            case 2:
                values = [rng.uniform(-1, 1) * 10.0 ** rng.randint(-12, 12) for _ in range(5)]
                yield [*values, *(-value for value in values[:4]), rng.choice([0.1, 5e-324, -1e-200])]
            case 3:
                yield [rng.choice([1.7976931348623157e308, -1.7976931348623157e308, 1e292, 2.0**970]) for _ in range(3)]
            case _:
                yield [rng.choice([5e-324, -5e-324, 2.2e-308, 0.1, 2.0**30, -(2.0**60), 2.0**90 + 2.0**40, 0.0])] * 7


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_floats_are_exact_and_rounded_once(seed: int, sessions: Mapping[str, SqlSession]) -> None:
    sums = list(_hard_sums(random.Random(seed), 1500))
    blank = dict.fromkeys(EVENTS.names)
    events = [
        {**blank, "key": str(n), "at": instant(place), "f": value}
        for n, values in enumerate(sums)
        for place, value in enumerate(values)
    ]
    spine = [{"k": str(n), "t": instant(20), "n": n} for n in range(len(sums))]
    # Of the second window the first value has been taken out again, which must leave no trace.
    plan = node([call("sum", "f")], [TrailingWindow(), TrailingWindow(size=19)])
    got = sessions["native"].execute(plan, {"spine": table(spine, SPINE), "events": table(events, EVENTS)}).read_all()
    for values, whole, rest in zip(sums, got["m0_0"].to_pylist(), got["m0_1"].to_pylist(), strict=True):
        assert whole == _nearest(values), values
        assert rest == (_nearest(values[1:]) if values[1:] else None), values


@pytest.mark.parametrize("links", [12, 50])
@pytest.mark.parametrize("name", ["native", "positions"])
def test_long_chains(name: str, links: int, sessions: Mapping[str, SqlSession]) -> None:
    rng = random.Random(links)
    events, spine = random_events(rng, 40, grid(0)), random_spine(rng, 20, grid(0))
    inputs = {"spine": table(spine, SPINE), "events": table(events, EVENTS)}
    plan: Relation = Input(name="spine", columns=SPINE)
    for number in range(links):
        link: AsOfJoin | TrailingAggregate = (
            node([call("sum", "f"), call("last", "s")], [TrailingWindow(size=(number + 1) * 1_000_000)])
            if number % 6 == 0
            else join("i", max_age=(number + 1) * HOUR)
        )
        if isinstance(link, TrailingAggregate):
            measures = tuple(m.model_copy(update={"name": f"{m.name}_{number}"}) for m in link.measures)
            plan = link.replace(spine=plan, measures=measures)
        else:
            columns = tuple(c.model_copy(update={"name": f"{c.name}_{number}"}) for c in link.columns)
            plan = link.replace(spine=plan, columns=columns)
    # What is too deep for one query goes to the kernel.
    assert left_to_kernel(sessions[name]._dialect)(plan) == (links > MOST_LINKS)
    with RiftBackend().open({}) as kernel:
        expected = kernel.execute(plan, inputs).read_all()
    got = sessions[name].execute(plan, inputs).read_all()
    assert repr(got.to_pylist()) == repr(expected.to_pylist())


# ---------------------------------------------------------------------------- division


def _names(backend: TemporalBackend, window: TrailingWindow) -> set[str]:
    return {title(c) for c in CALLS if computed_in_sql(node([c], [window]), backend.dialect)}


def test_what_is_left_to_the_kernel() -> None:
    hour = TrailingWindow(size=HOUR)
    assert not computed_in_sql(node([call("count")], [hour]), RiftBackend().open({})._dialect)
    assert {"sum i", "sum f", "mean d", "max d", "first f nulls=skip", "count_distinct s"} <= _names(NATIVE, hour)
    # Secondary keys, and what needs the rows of each window.
    assert {"count by g", "last_n s n=3 nulls=skip where b", "histogram i"}.isdisjoint(_names(NATIVE, hour))
    assert _names(NATIVE, TrailingWindow(last_rows=3)) == set()
    # SQLite has no decimals to sum in, and no frames that slide.
    assert {"count", "first f nulls=skip", "count_distinct s"} <= _names(LITE, hour)
    assert {"sum i", "max d"}.isdisjoint(_names(LITE, hour))
    mixed = node([call("count"), call("median", "i")], [hour])
    assert left_to_kernel(NATIVE.dialect)(mixed)


@pytest.mark.parametrize("backend", [NATIVE, POSITIONS])
def test_one_query_whose_joins_are_of_equal_keys(backend: TemporalBackend) -> None:
    plan = node(IN_SQL, [TrailingWindow(size=HOUR), TrailingWindow(size=24 * HOUR, every=HOUR)])
    looked_up = join("s", max_age=HOUR)
    with backend.open({}) as session:
        for each in (plan, looked_up):
            text = session.explain(each)
            assert not text.startswith("--")  # of several parts, each has a title
            (query,) = sqlglot.parse(text, read="duckdb")
            assert query is not None
            for found in query.find_all(exp.Join):
                condition = found.args["on"]
                conditions = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
                unequal = [one for one in conditions if not isinstance(one, exp.EQ)]
                assert len(unequal) == (found.method == "ASOF")


@pytest.mark.parametrize("backend", [NATIVE, POSITIONS])
def test_the_cost_does_not_grow_with_the_window(backend: TemporalBackend) -> None:
    events, moments = 200_000, 50_000  # of one key: each with each would be 10^10 pairs
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    times = [start + dt.timedelta(seconds=n) for n in range(events)]
    inputs = {
        "events": pa.table(
            {
                "key": ["a"] * events,
                "at": times,
                "i": list(range(events)),
                "f": [n / 10 for n in range(events)],
                "s": [str(n % 50) for n in range(events)],
            },
            schema=schema_to_arrow(_NARROW),
        ),
        "spine": pa.table(
            {"k": ["a"] * moments, "t": times[:: events // moments], "n": list(range(moments))},
            schema=schema_to_arrow(SPINE),
        ),
    }
    calls = [call("count"), call("sum", "i"), call("max", "i"), call("last", "s"), call("count_distinct", "s")]
    calls.append(call("sum", "f"))
    plan = node(calls, [TrailingWindow(size=24 * HOUR), TrailingWindow()])
    plan = plan.replace(events=Input(name="events", columns=_NARROW))
    started = time.perf_counter()
    with backend.open({}) as session:
        got = session.execute(plan, inputs).read_all()
    assert time.perf_counter() - started < 60
    row, step = 30_000, events // moments
    at = row * step  # the window of a day holds the 86,400 events before it
    assert got["m0_0"][row].as_py() == min(at, 86_400)
    assert got["m1_1"][row].as_py() == at * (at - 1) // 2
    assert got["m2_0"][row].as_py() == at - 1
    assert got["m3_0"][row].as_py() == str((at - 1) % 50)
    assert got["m4_1"][row].as_py() == 50
    assert got["m5_0"][row].as_py() == math.fsum(n / 10 for n in range(at - 86_400, at))


_NARROW = Schema.of(key="string", at="timestamp[us, UTC]", i="int64", f="float64", s="string")
