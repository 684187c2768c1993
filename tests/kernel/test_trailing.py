"""Trailing aggregates against the oracle: boundaries to the microsecond, ties, nulls, and every kind of window."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.oracle import EPOCH, Row, engine, same, trailing

from onefold.kernel import driver
from onefold.kernel.driver import run_chain
from onefold.kernel.options import KernelOptions
from onefold.kernel.trailing import evaluate
from onefold.plan import AggCall, Column, EventOrder, Input, TrailingAggregate, TrailingMeasure, TrailingWindow
from onefold.plan.windows import Closed
from onefold.types import Schema, schema_to_arrow

SPINE = Schema.of(k="string", t="timestamp[us, UTC]", n="int64")
EVENTS = Schema.of(
    key="string",
    at="timestamp[us, UTC]",
    seq="int64",
    i="int64",
    f="float64",
    d="decimal128(20, 3)",
    s="string",
    b="bool",
    g="string",
)
HOUR = 3_600_000_000
MOST = 316_224_000_000_000_000
CLOSED: tuple[Closed, ...] = ("left", "right", "both", "neither")
WINDOWS = [
    TrailingWindow(size=size, closed=closed, offset=offset, every=every, last_rows=last_rows)
    for closed, (size, offset, every, last_rows) in itertools.product(
        CLOSED,
        [(HOUR, 0, None, None), (None, 0, None, None), (3 * HOUR, HOUR, None, None), (2 * HOUR, 0, HOUR, None),
         (HOUR, 0, 7, 2), (None, 0, None, 3), (1, 0, None, None)],
    )
]  # fmt: skip


def instant(microseconds: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=microseconds)


def call(
    function: str, arg: str | None = None, *, where: str | None = None, by: str | None = None, **options: Any
) -> AggCall:
    return AggCall(
        function=function,
        args=() if arg is None else (Column(name=arg),),
        where=None if where is None else Column(name=where),
        by=None if by is None else Column(name=by),
        options=options,
    )


def title(c: AggCall) -> str:
    parts = [c.function, *c.args, *(f"{name}={value}" for name, value in c.options.items())]
    parts += [f"{word} {part.name}" for word, part in (("where", c.where), ("by", c.by)) if isinstance(part, Column)]
    return " ".join(part.name if isinstance(part, Column) else str(part) for part in parts)


CALLS = [
    call("count"), call("count", "f"), call("count", "s", where="b"),
    call("sum", "i"), call("sum", "f"), call("sum", "d"), call("sum", "f", where="b"),
    call("mean", "i"), call("mean", "f"), call("mean", "d"), call("any", "b"), call("all", "b"),
    call("min", "f"), call("max", "f"), call("min", "s"), call("max", "d"), call("min", "b"), call("max", "at"),
    call("min_n", "f", n=2), call("max_n", "s", n=3),
    call("first", "f"), call("last", "f"), call("first", "s", nulls="keep"), call("last", "i", nulls="keep"),
    call("first_n", "i", n=2), call("last_n", "d", n=2, nulls="keep"), call("last_n", "s", n=3, where="b"),
    call("collect", "f", limit=3), call("collect", "s", nulls="keep"),
    call("count_distinct", "s"), call("histogram", "i"),
    call("count", by="g"), call("count", "f", by="g"), call("sum", "f", by="g", where="b"), call("last", "s", by="g"),
    call("min", "i", by="i"), call("collect", "f", by="f", nulls="keep"),
]  # fmt: skip


def node(
    calls: list[AggCall],
    windows: list[TrailingWindow],
    *,
    delay: int = 0,
    sequence: tuple[str, ...] = (),
    unique: bool = False,
) -> TrailingAggregate:
    return TrailingAggregate(
        spine=Input(name="spine", columns=SPINE),
        events=Input(name="events", columns=EVENTS),
        spine_keys=("k",),
        event_keys=("key",),
        spine_time="t",
        order=EventOrder(time="at", sequence=sequence, delay=delay, unique=unique),
        measures=tuple(
            TrailingMeasure(name=f"m{i}_{j}", call=c, window=w)
            for (i, c), (j, w) in itertools.product(enumerate(calls), enumerate(windows))
        ),
    )


def table(rows: list[Row], schema: Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema_to_arrow(schema))


def run(plan: TrailingAggregate, spine: list[Row], events: list[Row], **options: Any) -> pa.Table:
    tables = {"events": table(events, EVENTS)}
    reader = run_chain([plan], table(spine, SPINE).to_reader(3), engine(tables), options=KernelOptions(**options))
    return reader.read_all()


def check(plan: TrailingAggregate, spine: list[Row], events: list[Row], **options: Any) -> pa.Table:
    got = run(plan, spine, events, **options)
    assert got.schema == schema_to_arrow(plan.output)
    for number, (row, wanted, there) in enumerate(
        zip(got.to_pylist(), trailing(plan, spine, events), spine, strict=True)
    ):
        assert {name: row[name] for name in SPINE.names} == there
        for measure in plan.measures:
            name = measure.name
            assert same(row[name], wanted[name]), (
                f"row {number} {there}: {measure.call.function} over {measure.window}: {row[name]!r}, not {wanted[name]!r}"
            )
    return got


def random_events(rng: random.Random, count: int, times: list[int]) -> list[Row]:
    return [
        {
            "key": rng.choice(["a", "b", "c", None]),
            "at": None if rng.random() < 0.03 else instant(rng.choice(times)),
            "seq": rng.choice([None, 1, 2]),
            "i": rng.choice([None, -3, 0, 1, 2, 2**40]),
            "f": rng.choice([None, float("nan"), 0.1, 0.2, 1e16, -1e16, 1.0, float("inf")]),
            "d": rng.choice([None, Decimal("0.001"), Decimal("-12345678901234567.891"), Decimal("7.500")]),
            "s": rng.choice([None, "", "x", "é", "z"]),
            "b": rng.choice([None, True, False]),
            "g": rng.choice([None, "p", "q", "r"]),
        }
        for _ in range(count)
    ]


def random_spine(rng: random.Random, count: int, times: list[int]) -> list[Row]:
    return [
        {
            "k": rng.choice(["a", "b", "c", "unseen", None]),
            "t": None if rng.random() < 0.05 else instant(rng.choice(times)),
            "n": number,
        }
        for number in range(count)
    ]


def grid(around: int) -> list[int]:
    """Times on and one microsecond beside all bounds of the windows above."""
    hours = [around + n * HOUR for n in range(-4, 5)]
    return [hour + step for hour in hours for step in (-1, 0, 1)]


@pytest.mark.parametrize(("seed", "around"), [(0, 0), (1, 1_700_000_000_000_000 // HOUR * HOUR), (2, 0)])
@pytest.mark.parametrize("aggregation", CALLS, ids=title)
def test_every_aggregation_over_every_kind_of_window(aggregation: AggCall, around: int, seed: int) -> None:
    rng = random.Random(seed)
    events, spine = random_events(rng, 50, grid(around)), random_spine(rng, 25, grid(around))
    plan = node(
        [aggregation], rng.sample(WINDOWS, 12), delay=rng.choice([0, 1, HOUR]), sequence=("seq",) if seed == 2 else ()
    )
    check(plan, spine, events, chunk_rows=10, threads=2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_generated_cases(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, HOUR]))
    bound = st.sampled_from([-size - 1, -size, -size + 1, -1, 0, 1, size - 1, size, size + 1])
    windows = data.draw(st.lists(
        st.builds(
            TrailingWindow,
            size=st.sampled_from([None, size]),
            closed=st.sampled_from(["left", "right", "both", "neither"]),
            offset=st.sampled_from([0, 1, size]),
            every=st.sampled_from([None, 1, 3, size]),
            last_rows=st.sampled_from([None, 1, 2]),
        ), min_size=1, max_size=3,
    ))  # fmt: skip
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    times = data.draw(st.lists(bound, min_size=1, max_size=8))
    events = random_events(rng, data.draw(st.integers(0, 20)), times)
    spine = random_spine(rng, data.draw(st.integers(0, 10)), data.draw(st.lists(bound, min_size=1, max_size=8)))
    plan = node(
        data.draw(st.lists(st.sampled_from(CALLS), min_size=1, max_size=4)),
        windows,
        delay=data.draw(st.sampled_from([0, 1, size])),
        sequence=data.draw(st.sampled_from([(), ("seq",), ("seq", "i")])),
    )
    check(plan, spine, events, chunk_rows=data.draw(st.integers(1, 20)))


def test_times_at_both_ends_of_the_calendar() -> None:
    ends = [dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, dt.UTC)]
    times = [-62_135_596_800_000_000, 0, 1, 253_402_300_799_999_999]
    rng = random.Random(5)
    events, spine = random_events(rng, 40, times), random_spine(rng, 30, times)
    assert {e["at"] for e in events} >= set(ends)
    windows = [TrailingWindow(size=size, closed="both", every=every) for size in (1, MOST) for every in (None, MOST)]
    check(
        node([call("count"), call("sum", "f"), call("last", "i")], [*windows, TrailingWindow()], delay=3), spine, events
    )
    wide = [{**row, "k": f"k{n % 40}"} for n, row in enumerate(spine * 3)]  # so many keys that packing does not fit
    many = [{**row, "key": f"k{n % 40}"} for n, row in enumerate(events * 3)]
    check(node([call("count"), call("sum", "f")], windows), wide, many)


def test_the_longest_windows() -> None:
    rng = random.Random(6)
    events, spine = random_events(rng, 30, grid(0)), random_spine(rng, 20, grid(0))
    windows = [TrailingWindow(size=MOST), TrailingWindow(size=MOST, offset=MOST), TrailingWindow(every=MOST)]
    check(node([call("count"), call("first", "f")], windows), spine, events)


@pytest.mark.parametrize("spine_rows", [0, 1, 40])
@pytest.mark.parametrize("event_rows", [0, 1])
def test_nearly_nothing(spine_rows: int, event_rows: int) -> None:
    rng = random.Random(7)
    events, spine = random_events(rng, event_rows, [0]), random_spine(rng, spine_rows, [1])
    check(node(CALLS, [TrailingWindow(), TrailingWindow(last_rows=1)]), spine, events)


def test_results_do_not_depend_on_threads_chunks_or_batches() -> None:
    rng = random.Random(8)
    events, spine = random_events(rng, 80, grid(0)), random_spine(rng, 40, grid(0))
    plan = node(CALLS, WINDOWS[:7:3])
    expected = check(plan, spine, events)
    for threads, chunk_rows, batch_rows, memory in [
        (1, 1, 1, 0),
        (3, 17, 13, 0),
        (1, 17, 13, 40_000),
        (3, 1, 1, 10**9),
    ]:
        got = run(
            plan, spine, events, threads=threads, chunk_rows=chunk_rows, batch_rows=batch_rows, memory_limit=memory
        )
        assert repr(got.to_pylist()) == repr(expected.to_pylist())


@pytest.mark.parametrize("seed", range(8))
def test_a_key_that_is_cut_in_time(seed: int) -> None:
    rng = random.Random(seed)
    times = list(range(0, 400, rng.choice([1, 3])))
    events, spine = random_events(rng, 300, times), random_spine(rng, 60, times)
    for row in events:
        row["key"] = rng.choice(["a", "a", "a", "b"])
    windows = [
        TrailingWindow(size=5),
        TrailingWindow(size=20, closed="both", offset=3),
        TrailingWindow(size=1, closed="right", last_rows=2),
        TrailingWindow(size=9, closed="neither"),
        TrailingWindow(offset=2, last_rows=3),
        TrailingWindow(closed="right", last_rows=1),
    ]
    plan = node(rng.sample(CALLS, 5), windows[: 6 if seed % 2 else 4], delay=rng.choice([0, 4]))
    expected = check(plan, spine, events, chunk_rows=1000)
    for chunk_rows in (1, 8, 30):
        got = run(plan, spine, events, chunk_rows=chunk_rows)
        assert repr(got.to_pylist()) == repr(expected.to_pylist())


def test_a_key_that_is_cut_in_time_does_not_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    compute = driver._Group._compute

    def noted(self: Any, chunk: Any) -> None:
        sizes.append(len(chunk))
        compute(self, chunk)

    monkeypatch.setattr(driver._Group, "_compute", noted)
    rng = random.Random(1)
    events = [{**random_events(rng, 1, [n])[0], "key": "a", "at": instant(n)} for n in range(1000)]
    spine = [{"k": "a", "t": instant(n), "n": n} for n in range(0, 1000, 10)]
    check(node([call("sum", "f"), call("last", "s")], [TrailingWindow(size=30)]), spine, events, chunk_rows=50)
    assert len(sizes) > 8
    assert max(sizes) < 150


def test_long_lists_are_computed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onefold.kernel.trailing.LIST_ELEMENTS", 20)
    monkeypatch.setattr("onefold.kernel.trailing.SPINE_ROWS", 4)
    monkeypatch.setattr("onefold.kernel.secondary.PAIRS", 5)
    parts = []

    def noted(chunk: Any, requests: Any) -> Any:
        parts.append(len(chunk.spine_rows))
        return evaluate(chunk, requests)

    monkeypatch.setattr(driver, "evaluate", noted)
    rng = random.Random(11)
    events, spine = random_events(rng, 60, grid(0)), random_spine(rng, 60, grid(0))
    check(node(CALLS, [TrailingWindow(), TrailingWindow(size=HOUR, last_rows=4)]), spine, events)
    assert max(parts) <= 4
