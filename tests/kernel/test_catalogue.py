"""The examples of the catalogue, and results over nothing, for every aggregation."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from tests.kernel.oracle import engine, same
from tests.kernel.test_trailing import instant

from onefold.kernel.aggregators import AGGREGATORS
from onefold.kernel.driver import run_chain
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
from onefold.types import Schema, schema_to_arrow

SECOND = 1_000_000


def test_the_kernel_has_exactly_the_aggregations_of_the_catalogue() -> None:
    assert set(AGGREGATORS) == set(AGGREGATIONS)


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_example_and_nothing(name: str) -> None:
    example = AGGREGATIONS[name].example
    columns = {f"a{i}": (dtype, values) for i, (dtype, values) in enumerate(example.args)}
    rows = len(example.args[0][1])
    events = Schema.of(k="int64", at="timestamp[us, UTC]", **{c: dtype for c, (dtype, _) in columns.items()})
    data: dict[str, Any] = {c: list(values) for c, (_, values) in columns.items()}
    data |= {"k": [1] * rows, "at": [instant(i * SECOND) for i in range(rows)]}
    spine = Schema.of(k="int64", t="timestamp[us, UTC]")
    call = AggCall(function=name, args=tuple(Column(name=c) for c in columns), options=dict(example.options))
    node = TrailingAggregate(
        spine=Input(name="spine", columns=spine),
        events=Input(name="events", columns=events),
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="t",
        order=EventOrder(time="at"),
        measures=(TrailingMeasure(name="m", call=call, window=TrailingWindow(closed="both")),),
    )
    # At the time of the last event; before the first; for an unknown key; without a key.
    asked = {"k": [1, 1, 2, None], "t": [instant((rows - 1) * SECOND), instant(-1), instant(0), instant(0)]}
    tables = {"events": pa.table({n: pa.array(data[n], schema_to_arrow(events).field(n).type) for n in events.names})}
    reader = run_chain([node], pa.table(asked, schema=schema_to_arrow(spine)).to_reader(), engine(tables))
    got = reader.read_all()["m"].to_pylist()
    wanted = example.result
    if isinstance(wanted, float) and AGGREGATIONS[name].family in ("moments", "decay"):
        wanted = pytest.approx(wanted, rel=1e-9)
        assert got[0] == wanted
    else:
        assert same(got[0], wanted)
    assert got[1:] == [0 if AGGREGATIONS[name].empty == "zero" else None] * 3
