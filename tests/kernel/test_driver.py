"""Chains of nodes: order of the spine, sharing of streams, files, cancellation, and errors."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.kernel.oracle import Row, as_of, engine, same, trailing
from tests.kernel.test_trailing import EVENTS, HOUR, SPINE, call, grid, instant, random_events, random_spine, table

from onefold.errors import Cancelled, EngineError, ExchangeError, SourceError
from onefold.kernel import KernelOptions, run_chain
from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    EventOrder,
    Filter,
    Input,
    Relation,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
)
from onefold.types import Schema, schema_to_arrow


def chain(spine: Relation) -> list[TrailingAggregate | AsOfJoin]:
    """Four nodes over two sources of events: two share a stream; the last looks up by a value of the first."""
    events, other = Input(name="events", columns=EVENTS), Input(name="other", columns=EVENTS)
    order = EventOrder(time="at")

    def keys(node: Relation | None, events: Relation, key: str) -> dict[str, Any]:
        return {
            "spine": node or spine,
            "events": events,
            "spine_keys": (key,),
            "event_keys": ("key",),
            "spine_time": "t",
        }

    measures = (
        TrailingMeasure(name="events_1h", call=call("count"), window=TrailingWindow(size=HOUR)),
        TrailingMeasure(name="g_last", call=call("last", "g"), window=TrailingWindow()),
    )
    first = TrailingAggregate(**keys(None, events, "k"), order=order, measures=measures)
    second = AsOfJoin(
        **keys(first, events, "k"),
        order=order.model_copy(update={"delay": HOUR}),
        columns=(AsOfColumn(column="key", name="k2"), AsOfColumn(column="d", name="d2")),
    )
    third = TrailingAggregate(
        **keys(second, other, "k2"),
        order=order,
        measures=(TrailingMeasure(name="texts", call=call("last_n", "s", n=2), window=TrailingWindow(size=3 * HOUR)),),
    )
    fourth = TrailingAggregate(
        **keys(third, events, "g_last"),
        order=order,
        measures=(TrailingMeasure(name="total", call=call("sum", "f"), window=TrailingWindow()),),
    )
    return [first, second, third, fourth]


def data(rows: int = 60) -> tuple[list[Row], list[Row], list[Row]]:
    rng = random.Random(4)
    events, other = random_events(rng, 50, grid(0)), random_events(rng, 50, grid(0))
    for row in itertools.chain(events, other):
        row["key"] = row["key"] and rng.choice(["p", "q", row["key"]])
    return random_spine(rng, rows, grid(0)), events, other


class Engine:
    """Counts what the kernel asks for."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.execute = engine(tables)
        self.plans: list[Relation] = []

    def __call__(self, plan: Relation, inputs: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        self.plans.append(plan)
        return self.execute(plan, inputs)


def tables(events: list[Row], other: list[Row]) -> dict[str, pa.Table]:
    return {"events": table(events, EVENTS), "other": table(other, EVENTS)}


@pytest.mark.parametrize("memory_limit", [0, 2_000, 1 << 30])
def test_a_chain_of_nodes(memory_limit: int, tmp_path: Path) -> None:
    spine, events, other = data()
    nodes = chain(Input(name="spine", columns=SPINE))
    run = Engine(tables(events, other))
    options = KernelOptions(batch_rows=7, chunk_rows=11, memory_limit=memory_limit, spill_directory=tmp_path)
    reader = run_chain(nodes, table(spine, SPINE).to_reader(4), run, options=options)
    seen = False
    batches = []
    for batch in reader:
        seen = seen or any(tmp_path.iterdir())
        batches.append(batch)
    assert [batch.num_rows for batch in batches] == [7] * 8 + [4]
    assert seen == (memory_limit < 100_000)
    assert not any(tmp_path.iterdir())
    assert len(run.plans) == 3
    rows = spine
    for node in nodes:
        mine = other if node is nodes[2] else events
        found = as_of(node, rows, mine) if isinstance(node, AsOfJoin) else trailing(node, rows, mine)
        rows = [{**row, **new} for row, new in zip(rows, found, strict=True)]
    assert any(row["total"] is not None for row in rows)
    got = pa.Table.from_batches(batches)
    assert got.schema == schema_to_arrow(nodes[-1].output)
    assert all(map(same, got.to_pylist(), rows))


def test_events_out_of_reach_are_not_asked_for() -> None:
    spine, events, other = data()
    spine = [{**row, "t": row["t"] and instant(10 * HOUR)} for row in spine]
    nodes = chain(Input(name="spine", columns=SPINE))[:1]
    node = nodes[0].replace(measures=nodes[0].measures[:1])  # type: ignore[union-attr]
    run = Engine(tables(events, other))
    run_chain([node], table(spine, SPINE).to_reader(), run).read_all()
    [scanned] = [plan for plan in run.plans[0].walk() if isinstance(plan, Filter)]
    assert engine(tables(events, other))(scanned, {}).read_all().num_rows == 0


def test_files_are_gone_when_reading_stops_early(tmp_path: Path) -> None:
    spine, events, other = data()
    nodes = chain(Input(name="spine", columns=SPINE))
    options = KernelOptions(batch_rows=5, memory_limit=0, spill_directory=tmp_path)
    reader = run_chain(nodes, table(spine, SPINE).to_reader(), engine(tables(events, other)), options=options)
    reader.read_next_batch()
    assert any(tmp_path.iterdir())
    reader.close()
    del reader
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_files_are_gone_after_a_failure(error: type[BaseException], tmp_path: Path) -> None:
    spine, events, other = data()
    nodes = chain(Input(name="spine", columns=SPINE))
    calls = 0

    def failing(plan: Relation, inputs: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        nonlocal calls
        calls += 1
        if calls == 3:
            assert any(tmp_path.iterdir())
            raise error
        return engine(tables(events, other))(plan, inputs)

    options = KernelOptions(memory_limit=0, spill_directory=tmp_path)
    with pytest.raises(error):
        run_chain(nodes, table(spine, SPINE).to_reader(), failing, options=options).read_all()
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("after", [0, 1, 5, 15, 25])
def test_cancellation(after: int, tmp_path: Path) -> None:
    spine, events, other = data()
    nodes = chain(Input(name="spine", columns=SPINE))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    options = KernelOptions(
        memory_limit=0, batch_rows=9, chunk_rows=4, spill_directory=tmp_path, cancelled=cancelled, threads=2
    )
    reader = run_chain(nodes, table(spine, SPINE).to_reader(), engine(tables(events, other)), options=options)
    with pytest.raises(Cancelled):
        reader.read_all()
    assert not any(tmp_path.iterdir())


def test_declared_uniqueness_is_checked() -> None:
    node = chain(Input(name="spine", columns=SPINE))[0]
    node = node.replace(order=EventOrder(time="at", unique=True))
    one = {**random_events(random.Random(0), 1, [0])[0], "key": "a", "at": instant(5)}
    spine = table([{"k": "a", "t": instant(9), "n": 1}], SPINE)
    fine = [one, {**one, "at": instant(6)}, {**one, "key": "unseen"}, {**one, "key": "unseen"}]
    assert run_chain([node], spine.to_reader(), engine(tables(fine, []))).read_all()["events_1h"].to_pylist() == [2]
    with pytest.raises(SourceError, match=r"key = 'a' have the time 1970-01-01T00:00:00.000005\+00:00"):
        run_chain([node], spine.to_reader(), engine(tables([one, {**one, "i": 7}], []))).read_all()


def test_a_sum_that_does_not_fit_names_its_measure() -> None:
    node = chain(Input(name="spine", columns=SPINE))[0]
    measure = TrailingMeasure(name="too_much", call=call("sum", "i"), window=TrailingWindow())
    node = node.replace(measures=(measure,))
    rows = [{**random_events(random.Random(0), 1, [0])[0], "key": "a", "at": instant(5), "i": 2**62}] * 2
    spine = table([{"k": "a", "t": instant(9), "n": 1}], SPINE)
    with pytest.raises(EngineError, match=r"'too_much'.*does not fit in int64"):
        run_chain([node], spine.to_reader(), engine(tables(rows, []))).read_all()


def test_a_stream_that_is_said_to_be_sorted_and_is_not_is_refused() -> None:
    spine, events, other = data()
    node = chain(Input(name="spine", columns=SPINE))[0]

    def backwards(plan: Relation, inputs: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
        rows = engine(tables(events, other))(plan, inputs).read_all()
        return rows.take(pa.array(range(len(rows) - 1, -1, -1))).to_reader(3)

    for chunk_rows in (4, 1000):
        options = KernelOptions(chunk_rows=chunk_rows)
        reader = run_chain([node], table(spine, SPINE).to_reader(), backwards, options=options, in_order=True)
        with pytest.raises(ExchangeError, match="not sorted"):
            reader.read_all()


KEYS: dict[str, list[Any]] = {
    "int64": [-(2**63), -1, 0, 2**63 - 1],
    "float64": [float("nan"), -1.5, 0.0, float("inf")],
    "bool": [True, False],
    "date32": [instant(0).date(), instant(-(10**15)).date()],
    "timestamp[us, UTC]": [instant(0), instant(-1), instant(10**15)],
    "binary": [b"", b"a", b"\xff"],
}


@pytest.mark.parametrize("second", [None, "string", "float64"])
@pytest.mark.parametrize("dtype", KEYS)
def test_keys_of_every_type(dtype: str, second: str | None) -> None:
    rng = random.Random(1)
    names = ["a"] if second is None else ["a", "b"]
    values = {"a": [*KEYS[dtype], None], "b": [None, "", "x"] if second == "string" else [None, 0.5, float("nan")]}
    fields = {"a": dtype} if second is None else {"a": dtype, "b": second}
    spine_schema, event_schema = (
        Schema.of(t="timestamp[us, UTC]", **fields),
        Schema.of(at="timestamp[us, UTC]", v="int64", **fields),
    )
    rows = [{"at": instant(rng.randrange(9)), "v": n} | {k: rng.choice(values[k]) for k in names} for n in range(80)]
    spine = [{"t": instant(rng.randrange(9))} | {k: rng.choice(values[k]) for k in names} for _ in range(40)]
    node = TrailingAggregate(
        spine=Input(name="spine", columns=spine_schema),
        events=Input(name="events", columns=event_schema),
        spine_keys=tuple(names),
        event_keys=tuple(names),
        spine_time="t",
        order=EventOrder(time="at"),
        measures=(TrailingMeasure(name="vs", call=call("collect", "v"), window=TrailingWindow(size=4)),),
    )
    execute = engine({"events": table(rows, event_schema)})
    reader = run_chain([node], table(spine, spine_schema).to_reader(9), execute, options=KernelOptions(chunk_rows=5))
    got = reader.read_all()
    assert got["vs"].to_pylist() == [row["vs"] for row in trailing(node, spine, rows)]
    assert any(got["vs"].to_pylist())
