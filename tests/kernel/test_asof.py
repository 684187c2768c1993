"""As-of joins against the oracle: strictness, age, delay, ties by sequence and by the taken columns."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from tests.kernel.oracle import as_of, engine, same
from tests.kernel.test_trailing import EVENTS, HOUR, SPINE, grid, random_events, random_spine, table

from onefold.kernel.driver import run_chain
from onefold.kernel.options import KernelOptions
from onefold.plan import AsOfColumn, AsOfJoin, EventOrder, Input
from onefold.types import schema_to_arrow


def join(*columns: str, **options: Any) -> AsOfJoin:
    order = {name: options.pop(name) for name in ("sequence", "delay") if name in options}
    return AsOfJoin(
        spine=Input(name="spine", columns=SPINE),
        events=Input(name="events", columns=EVENTS),
        spine_keys=("k",),
        event_keys=("key",),
        spine_time="t",
        order=EventOrder(time="at", **order),
        columns=tuple(AsOfColumn(column=column, name=f"{column}_as_of") for column in columns),
        **options,
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("include_exact", "max_age", "delay"),
    list(itertools.product([False, True], [None, 0, 1, HOUR], [0, 1, HOUR])),
)
def test_latest_known_event(include_exact: bool, max_age: int | None, delay: int, seed: int) -> None:
    rng = random.Random(seed)
    events, spine = random_events(rng, 60, grid(0)), random_spine(rng, 40, grid(0))
    node = join(
        *[("s", "f", "at"), ("f", "d", "b"), ("b",), ("i", "g")][seed],
        include_exact=include_exact,
        max_age=max_age,
        delay=delay,
        sequence=("seq",) if seed % 2 else (),
    )
    reader = run_chain(
        [node],
        table(spine, SPINE).to_reader(7),
        engine({"events": table(events, EVENTS)}),
        options=KernelOptions(chunk_rows=9, threads=2),
    )
    got = reader.read_all()
    assert got.schema == schema_to_arrow(node.output)
    for row, wanted, there in zip(got.to_pylist(), as_of(node, spine, events), spine, strict=True):
        assert same(row, {**there, **wanted})
