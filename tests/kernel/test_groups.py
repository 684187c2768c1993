"""Groups and frames computed by the kernel, against the oracle."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pyarrow as pa
import pytest
from tests.kernel.oracle import Order, Row, engine, keyed, micros, same
from tests.kernel.test_trailing import CALLS, EVENTS, HOUR, call, random_events, table, title

from onefold.errors import PlanError
from onefold.kernel import KernelOptions, aggregate_groups, window_rows
from onefold.plan import AggCall, Aggregate, Frame, Input, Measure, RankCall, SortKey, Window, WindowMeasure
from onefold.plan.expressions import Column
from onefold.types import Schema, schema_to_arrow

ROWS = Input(name="events", columns=EVENTS)
BACKWARDS = (SortKey(column="at", descending=True, nulls="first"), SortKey(column="seq", nulls="last"))
FORWARDS = (SortKey(column="at", nulls="last"),)


def ordered(rows: list[Row], keys: tuple[SortKey, ...], *ties: str) -> list[Row]:
    rows = sorted(rows, key=lambda row: Order(*(row[name] for name in ties)))
    for key in reversed(keys):
        null = [row for row in rows if row[key.column] is None]
        some = [row for row in rows if row[key.column] is not None]
        some.sort(key=lambda row: Order(row[key.column]), reverse=key.descending)
        rows = null + some if key.nulls == "first" else some + null
    return rows


def groups_of(rows: list[Row], keys: tuple[str, ...]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(repr([row[key] for key in keys]), []).append(row)
    return sorted(groups.values(), key=lambda mine: Order(*(mine[0][key] for key in keys)))


@pytest.mark.parametrize("keys", [(), ("key",), ("f",), ("b", "at"), ("d", "g")], ids=" ".join)
@pytest.mark.parametrize("count", [0, 1, 70])
def test_groups(keys: tuple[str, ...], count: int) -> None:
    rows = random_events(random.Random(count), count, [0, 1, 2, HOUR])
    calls = [
        c.replace(order=BACKWARDS) if c.entry.order_sensitive else c for c in CALLS if c.function != "count" or c.args
    ]
    node = Aggregate(
        input=ROWS,
        by=keys,
        measures=tuple(Measure(name=f"m{i}", call=c) for i, c in enumerate([*calls, call("count")])),
    )
    expected = []
    for mine in groups_of(rows, keys) if keys else [rows]:
        values: list[Any] = [mine[0][key] for key in keys]
        for measure in node.measures:
            parts = [*measure.call.args, *([measure.call.by] if measure.call.by else [])]
            ties = [part.name for part in parts if isinstance(part, Column)]
            values.append(keyed(measure.call, ordered(mine, measure.call.order, *ties)))
        expected.append(values)
    for chunk_rows in (9, 1000):
        options = KernelOptions(chunk_rows=chunk_rows)
        got = aggregate_groups(node, engine({"events": table(rows, EVENTS)}), options=options).read_all()
        assert got.schema == schema_to_arrow(node.output)
        found = [list(row.values()) for row in got.to_pylist()]
        assert len(found) == len(expected)
        for left, right in zip(found, expected, strict=True):
            for name, a, b in zip(node.output.names, left, right, strict=True):
                assert same(a, b), f"{name}: {a!r}, not {b!r}"


@pytest.mark.parametrize("order", [FORWARDS, BACKWARDS])
def test_ages_are_measured_from_the_latest_row_of_a_group(order: tuple[SortKey, ...]) -> None:
    rows = random_events(random.Random(3), 60, [0, 1, 2, HOUR])
    decayed = AggCall(function="decayed_sum", args=(Column(name="i"),), options={"half_life": 2}, order=order)
    node = Aggregate(input=ROWS, by=("key",), measures=(Measure(name="m", call=decayed),))
    got = aggregate_groups(node, engine({"events": table(rows, EVENTS)})).read_all()["m"].to_pylist()
    for value, mine in zip(got, groups_of(rows, ("key",)), strict=True):
        known = [row for row in mine if row["at"] is not None]
        latest = max(micros(row["at"]) for row in known)
        terms = [row["i"] * 2.0 ** (-(latest - micros(row["at"])) / 2) for row in known if row["i"] is not None]
        assert value == pytest.approx(math.fsum(terms), rel=1e-9)


def frame_rows(rows: list[Row], at: int, order: tuple[SortKey, ...], frame: Frame | None) -> list[Row]:
    """Return the rows of one partition that the frame of one of them holds."""

    def peers(row: Row) -> bool:
        return all(same(row[key.column], rows[at][key.column]) for key in order)

    if frame is None:
        frame = Frame(unit="range", start=None, end=0 if order else None)
    held = []
    for i, row in enumerate(rows):
        after = frame.start is None or frame.start <= i - at
        before = frame.end is None or i - at <= frame.end
        if frame.unit == "range":
            mine, here = row[order[0].column] if order else None, rows[at][order[0].column] if order else None
            if not frame.start and not frame.end:
                after = frame.start is None or i >= at or peers(row)
                before = frame.end is None or i <= at or peers(row)
            elif here is None or mine is None:
                after = frame.start is None or (here is None and mine is None)
                before = frame.end is None or (here is None and mine is None)
                if here is not None:  # a null is outside of every bounded side, on its own side of the order
                    after = after and (frame.start is None)
                    before = before and (frame.end is None)
                    after = after or i > at
                    before = before or i < at
                elif mine is not None:
                    after = after or i > at
                    before = before or i < at
            else:
                distance = micros(mine) - micros(here)
                after = frame.start is None or distance >= frame.start
                before = frame.end is None or distance <= frame.end
        if after and before:
            held.append(row)
    return held


FRAMES = [
    None, Frame(start=None, end=0), Frame(start=-2, end=1), Frame(start=1, end=3), Frame(start=None, end=None),
    Frame(start=-5, end=-3), Frame(start=0, end=None), Frame(unit="range", start=None, end=0), Frame(unit="range", start=0, end=0),
    Frame(unit="range", start=0, end=None), Frame(unit="range", start=-1, end=0), Frame(unit="range", start=-2, end=-1),
    Frame(unit="range", start=None, end=1), Frame(unit="range", start=1, end=None), Frame(unit="range", start=1, end=2**62),
]  # fmt: skip
WINDOWED = [c for c in CALLS if title(c) in {
    "count", "sum f", "last s nulls=skip by g", "max d", "first f nulls=skip", "last i nulls=keep", "collect f limit=3 nulls=skip",
    "count_distinct s", "sum f where b by g", "min s",
}]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES, ids=lambda f: "default" if f is None else f"{f.unit} {f.start} {f.end}")
@pytest.mark.parametrize(
    "order", [FORWARDS, (SortKey(column="at", nulls="first"),), BACKWARDS], ids=["last", "first", "down"]
)
@pytest.mark.parametrize("keys", [(), ("key",), ("b", "g")], ids=" ".join)
def test_frames(keys: tuple[str, ...], order: tuple[SortKey, ...], frame: Frame | None) -> None:
    if order is BACKWARDS and frame is not None and frame.unit == "range" and (frame.start or frame.end):
        with pytest.raises(PlanError):
            Window(input=ROWS, order_by=order, measures=(WindowMeasure(name="m", call=WINDOWED[0], frame=frame),))
        return
    rows = random_events(random.Random(9), 30, [0, 1, 2, 3, 5])
    measures = tuple(WindowMeasure(name=f"m{i}", call=c, frame=frame) for i, c in enumerate(WINDOWED))
    node = Window(input=ROWS, partition_by=keys, order_by=order, measures=measures)
    expected = []
    for mine in groups_of(rows, keys):
        sorted_rows = ordered(mine, order, *EVENTS.names)
        for at, row in enumerate(sorted_rows):
            held = frame_rows(sorted_rows, at, order, frame)
            expected.append({**row, **{m.name: keyed(m.call, held) for m in measures}})
    for chunk_rows in (1, 1000):
        options = KernelOptions(chunk_rows=chunk_rows, batch_rows=7)
        got = window_rows(node, engine({"events": table(rows, EVENTS)}), options=options).read_all()
        assert got.schema == schema_to_arrow(node.output)
        for left, right in itertools.zip_longest(got.to_pylist(), expected):
            assert same(left, right)


@pytest.mark.parametrize("start", [None, -(2**63 - 1), -1, 0, 1, 2**63 - 1])
@pytest.mark.parametrize("end", [None, -(2**63 - 1), -1, 0, 1, 2**63 - 1])
def test_frames_of_keys_at_the_ends_of_64_bits(start: int | None, end: int | None) -> None:
    if start is not None and end is not None and start > end:
        return
    keys = [-(2**63), -(2**63) + 1, -1, 0, 2**63 - 2, 2**63 - 1]
    columns = Schema.of(x="int64")
    node = Window(
        input=Input(name="rows", columns=columns),
        order_by=(SortKey(column="x"),),
        measures=(
            WindowMeasure(name="n", call=AggCall(function="count"), frame=Frame(unit="range", start=start, end=end)),
        ),
    )
    data = pa.table({"x": keys}, schema=schema_to_arrow(columns))
    got = window_rows(node, engine({"rows": data})).read_all()["n"].to_pylist()
    expected = [
        sum((start is None or key + start <= other) and (end is None or other <= key + end) for other in keys)
        for key in keys
    ]
    assert got == expected


def test_rankings() -> None:
    rows = random_events(random.Random(2), 30, [0, 1, 2])
    calls = [
        RankCall(function="row_number"),
        RankCall(function="rank"),
        RankCall(function="dense_rank"),
        RankCall(function="percent_rank"),
        RankCall(function="cume_dist"),
    ]
    measures = [WindowMeasure(name=call.function, call=call) for call in calls]
    for offset in (1, 3):
        lag = RankCall(function="lag", arg=Column(name="i"), options={"offset": offset})
        lead = RankCall(function="lead", arg=Column(name="i"), options={"offset": offset})
        measures += [WindowMeasure(name=f"lag{offset}", call=lag), WindowMeasure(name=f"lead{offset}", call=lead)]
    node = Window(input=ROWS, partition_by=("key",), order_by=FORWARDS, measures=tuple(measures))
    got = window_rows(node, engine({"events": table(rows, EVENTS)}), options=KernelOptions(chunk_rows=3)).read_all()
    expected = []
    for mine in groups_of(rows, ("key",)):
        mine = ordered(mine, FORWARDS, *EVENTS.names)  # noqa: PLW2901
        times = [row["at"] for row in mine]
        for at, row in enumerate(mine):
            rank = times.index(row["at"])
            last = len(times) - times[::-1].index(row["at"])
            values: Row = {
                "row_number": at + 1,
                "rank": rank + 1,
                "dense_rank": len(set(times[: at + 1])),
                "percent_rank": rank / (len(mine) - 1) if len(mine) > 1 else 0.0,
                "cume_dist": last / len(mine),
            }
            for offset in (1, 3):
                values[f"lag{offset}"] = mine[at - offset]["i"] if at >= offset else None
                values[f"lead{offset}"] = mine[at + offset]["i"] if at + offset < len(mine) else None
            expected.append({**row, **values})
    for left, right in itertools.zip_longest(got.to_pylist(), expected):
        assert same(left, {name: right[name] for name in got.column_names})


def test_ages_need_an_order() -> None:
    decayed = call("decayed_count", half_life=1)
    measures = (WindowMeasure(name="m", call=decayed),)
    with pytest.raises(PlanError, match="has to be an ascending time, not none"):
        Window(input=ROWS, measures=measures)
    with pytest.raises(PlanError, match="has to be an ascending time, not at desc"):
        Window(input=ROWS, order_by=(SortKey(column="at", descending=True),), measures=measures)
