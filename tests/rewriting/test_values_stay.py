"""Rules change no value: random plans give the same rows on an engine with and without them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.plan.examples import BASE, HOUR, random_plan

from onefold.contract import Session
from onefold.plan import AsOfJoin, Input, Relation, Scan, Table, TrailingAggregate
from onefold.registry import get_backend
from onefold.rewriting import RULES, narrow_time_ranges
from onefold.types import schema_to_arrow

NOW = dt.datetime.fromisoformat("2025-01-01T00:00:00+00:00")


def rows(seed: int, count: int) -> pa.Table:
    """Return rows with few keys, few times, ties, and nulls everywhere."""
    random = Random(seed)

    def maybe(value: Any) -> Any:
        return None if random.random() < 0.15 else value

    made = [
        {
            "k": maybe(random.choice("abc")),
            "t": maybe(NOW + random.randint(0, 60) * dt.timedelta(hours=1)),
            "x": maybe(random.randint(-3, 3)),
            "v": maybe(random.choice([0.0, 1.5, -2.0, float("nan"), float("inf")])),
            "late": maybe(random.random() < 0.6),
        }
        for _ in range(count)
    ]
    return pa.Table.from_pylist(made, schema=schema_to_arrow(BASE))


class Engine:
    """An engine with two tables as files and as streams."""

    def __init__(self, folder: Path) -> None:
        self.tables = {name: rows(seed, count) for seed, (name, count) in enumerate({"a": 40, "b": 25}.items())}
        self.folder = folder
        for name, table in self.tables.items():
            pq.write_table(table, folder / f"{name}.parquet", row_group_size=10)
        self.session: Session = get_backend("rift").open({})

    def leaf(self, random: Random) -> Relation:
        name = random.choice("ab")
        if random.random() < 0.3:
            return Input(name=name, columns=BASE)
        path = str(self.folder / f"{name}.parquet")
        return Scan(table=Table(name=name, format="parquet", paths=(path,), columns=BASE))

    def run(self, root: Relation) -> pa.Table:
        return self.session.execute(root, self.tables).read_all()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = Engine(tmp_path_factory.mktemp("tables"))
    yield made
    made.session.close()


def counted(table: pa.Table) -> Counter[str]:
    """Return the rows without their order, which only a sort at the very top promises."""
    return Counter(repr(row) for row in table.to_pylist())


@pytest.mark.parametrize("seed", range(120))
def test_rules_change_no_value(engine: Engine, seed: int) -> None:
    root = random_plan(seed, leaf=engine.leaf)
    rewritten = root
    for rule in RULES:
        rewritten = rule(rewritten)
    plain, ruled = engine.run(root), engine.run(rewritten)
    assert ruled.schema.equals(plain.schema)
    assert counted(ruled) == counted(plain)


@pytest.mark.parametrize("seed", range(500, 620))
def test_narrowing_changes_no_value(engine: Engine, seed: int) -> None:
    root = random_plan(seed, steps=7, leaf=engine.leaf)
    plain = engine.run(root)
    times = [value.value for value in plain["t"].combine_chunks() if value.is_valid] if plain.num_rows else []
    if not times:
        return
    narrowed = narrow_time_ranges(root, spine_time="t", first=min(times), last=max(times))
    for rule in RULES:
        narrowed = rule(narrowed)
    assert counted(engine.run(narrowed)) == counted(plain)


def test_the_random_plans_exercise_the_rules(engine: Engine) -> None:
    changed: Counter[str] = Counter()
    for seed in range(120):
        root = random_plan(seed, leaf=engine.leaf)
        for rule in RULES:
            changed[rule.__name__] += rule(root) != root
    for seed in range(500, 620):
        root = random_plan(seed, steps=7, leaf=engine.leaf)
        first = int(NOW.timestamp()) * 1_000_000
        changed["narrow"] += narrow_time_ranges(root, spine_time="t", first=first, last=first + 60 * HOUR) != root
        changed["temporal"] += any(isinstance(node, AsOfJoin | TrailingAggregate) for node in root.walk())
    assert changed["push_down_filters"] > 15, changed
    assert changed["prune_columns"] > 30, changed
    assert changed["narrow"] > 15, changed
