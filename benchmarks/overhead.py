"""What going through onefold costs, beside the engine's own API for the same query: rift and Polars, in turns.

    python -m benchmarks.overhead [ROWS] [ROUNDS]

Each round runs every query once directly and once through a session, in changing order, so that a machine that gets
slower or faster meets both alike. Reported are the medians, and the median of the rounds' own differences.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from onefold.contract import Session
from onefold.plan import AggCall, Aggregate, Call, Column, Literal, Measure, Relation, Scan, Sort, SortKey, Table
from onefold.types import Schema
from onefold_polars.backend import PolarsBackend
from onefold_rift.backend import RiftBackend

COLUMNS = Schema.of(k="int64", n="int64", x="float64")


class Query(NamedTuple):
    """One query, written for onefold and for the API of each engine."""

    name: str
    plan: Relation
    sql: str
    frame: pl.LazyFrame


class Measured(NamedTuple):
    """Seconds of one round."""

    direct: float
    through: float


def main(rows: int, rounds: int) -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "events.parquet"
        random = np.random.default_rng(7)
        keys, numbers = random.integers(0, max(1, rows // 100), rows), random.integers(0, 10**6, rows)
        pq.write_table(pa.table({"k": keys, "n": numbers, "x": random.random(rows)}), file)
        print(f"{rows:,} rows, {rounds} rounds, Polars {pl.__version__}, DuckDB {duckdb.__version__}")
        print(f"{'query':<14} {'engine':<7} {'direct ms':>10} {'onefold ms':>11} {'more ms':>9} {'more %':>7}")
        for query in queries(file):
            measure(query, rounds)


def queries(file: Path) -> list[Query]:
    """Return the queries over a file."""
    scan = Scan(table=Table(name="events", format="parquet", paths=(str(file),), columns=COLUMNS))
    high = Call(function="gte", args=(Column(name="x"), Literal.of(0.9)))
    groups = Aggregate(
        input=scan,
        by=("k",),
        measures=(
            Measure(name="rows", call=AggCall(function="count")),
            Measure(name="mean", call=AggCall(function="mean", args=(Column(name="x"),))),
            Measure(name="most", call=AggCall(function="max", args=(Column(name="n"),))),
        ),
    )
    lazy = pl.scan_parquet(file)
    return [
        Query("filter", scan.replace(predicate=high), f"FROM '{file}' WHERE x >= 0.9", lazy.filter(pl.col("x") >= 0.9)),
        Query(
            "groups",
            groups,
            f"SELECT k, count(*), avg(x), max(n) FROM '{file}' GROUP BY k",
            lazy.group_by("k").agg(pl.len(), pl.col("x").mean(), pl.col("n").max()),
        ),
        Query(
            "sort",
            Sort(input=scan, keys=(SortKey(column="x"),)),
            f"FROM '{file}' ORDER BY x NULLS LAST",
            lazy.sort("x", nulls_last=True),
        ),
    ]


def measure(query: Query, rounds: int) -> None:
    """Run a query on both engines, each in both ways, and print what it took."""
    with RiftBackend().open({}) as rift, PolarsBackend().open({}) as polars, duckdb.connect() as database:
        ways: dict[str, tuple[Callable[[], int], Session]] = {
            "rift": (lambda: _counted(database.sql(query.sql).to_arrow_reader(65_536)), rift),
            "polars": (
                lambda: sum(batch.to_arrow().num_rows for batch in query.frame.collect_batches(chunk_size=65_536)),
                polars,
            ),
        }
        found: dict[str, list[Measured]] = {engine: [] for engine in ways}
        for number in range(rounds + 1):
            for engine, (direct, session) in ways.items():
                through = lambda session=session: _counted(session.execute(query.plan, {}))  # noqa: E731
                steps = [direct, through] if number % 2 else [through, direct]
                seconds = {step: _timed(step) for step in steps}
                if seconds[direct][0] != seconds[through][0]:
                    raise AssertionError(f"{engine} gave {seconds} rows for {query.name}")
                if number:  # the first round warms up
                    found[engine].append(Measured(seconds[direct][1], seconds[through][1]))
    for engine, rounds_of in found.items():
        direct_s = statistics.median(item.direct for item in rounds_of)
        through_s = statistics.median(item.through for item in rounds_of)
        more = statistics.median(item.through - item.direct for item in rounds_of)
        print(
            f"{query.name:<14} {engine:<7} {direct_s * 1e3:>10.1f} {through_s * 1e3:>11.1f} "
            f"{more * 1e3:>9.1f} {100 * more / direct_s:>6.1f}%"
        )


def _timed(step: Callable[[], int]) -> tuple[int, float]:
    start = time.perf_counter()
    rows = step()
    return rows, time.perf_counter() - start


def _counted(reader: pa.RecordBatchReader) -> int:
    return sum(batch.num_rows for batch in reader)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3] or ("2000000", "7")))
