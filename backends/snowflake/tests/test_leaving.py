"""What leaves the warehouse when a view is computed elsewhere: the cells that can matter, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

import onefold as of
from onefold import col
from onefold.execution import close_all
from onefold_snowflake_emulator import Emulator

Run = Callable[[str], list[Any]]
DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
ROWS = 20_000
MINUTES = 1
COLUMNS = 60
USERS = 50
WINDOW = dt.timedelta(hours=2)


@pytest.fixture(params=["TIMESTAMP_NTZ", "TIMESTAMP_TZ", "TIMESTAMP_NTZ(6)"])
def clicks(request: pytest.FixtureRequest, server: Emulator, run: Run) -> of.TableSource:
    """A table of 60 columns, with a row each minute."""
    others = [f"c{number:02}" for number in range(COLUMNS - 3)]
    run(
        f"CREATE TABLE clicks AS SELECT 'user-' || MOD(n, {USERS}) AS who, "
        f"DATEADD(MINUTE, n * {MINUTES}, '2025-01-01 00:00:00'::TIMESTAMP_NTZ)::{request.param} AS seen, "
        f"n::FLOAT AS amount, {', '.join(f'n::FLOAT * 1.5 AS {name}' for name in others)} "
        f"FROM (SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => {ROWS})))"
    )
    zone = "UTC" if request.param.startswith("TIMESTAMP_NTZ") else None
    return of.TableSource(
        "clicks", "clicks", engine="snowflake", time="seen", time_zone=zone, options=server.connection
    )


def spine(first: int, last: int) -> pa.Table:
    """Return rows at some minutes."""
    times = [DAY + dt.timedelta(minutes=minute) for minute in (first, (first + last) // 2, last)]
    return pa.table({"who": ["user-1", "user-2", "user-3"], "t": pa.array(times, pa.timestamp("us", tz="UTC"))})


@pytest.mark.parametrize("least", [None, 19_500], ids=["time", "time and a condition"])
def test_only_the_cells_that_can_matter_leave_the_warehouse(
    server: Emulator, clicks: of.TableSource, least: int | None
) -> None:
    """3 of 60 columns, 5 % of the time: as many rows as can be reached, and as many bytes as these cells have."""
    view = of.FeatureView(
        "amounts",
        source=clicks,
        entity=of.Entity("user", keys=["who"]),
        transform=None if least is None else lambda rows: rows.filter(col("c00") >= least * 1.5),
        features=[of.sum("amount").over(WINDOW).named("total")],
        engine="rift",
    )
    first, last = ROWS - ROWS // 20, ROWS - 1
    job = of.training_set(spine(first, last), view, time="t", options={"snowflake": server.connection})
    server.statements.clear()
    try:
        found = job.to_arrow()["total"].to_pylist()
        explanation = job.explain(queries=True)
    finally:
        close_all()
    window = WINDOW // dt.timedelta(minutes=MINUTES)
    reached = [n for n in range(first - window, last) if least is None or n >= least]
    assert found == [
        sum((n for n in reached if at - window <= n < at and n % USERS == user), start=0.0) or None
        for at, user in zip((first, (first + last) // 2, last), (1, 2, 3), strict=True)
    ]

    (query,) = [one for one in server.statements if not one.describe_only and "CLICKS" in one.text]
    assert query.rows == len(reached)
    # Of each row: an offset and the letters of the key; a time as seconds and nanoseconds; a number; and a bit for each of
    # these five that says whether it is null. Beside them the answer says what its columns are, and fills words up.
    cells = sum(4 + len(f"user-{n % USERS}") + (8 + 4) + 8 + 5 / 8 for n in reached)
    assert cells <= query.bytes <= cells + 2_048
    table = ROWS * COLUMNS * 8
    assert query.bytes < table / 200

    at_home, *others = explanation.stages
    assert (at_home.stage.engine, [report.stage.engine for report in others][-1]) == ("snowflake", "rift")
    assert f"columns: who, seen, amount (3 of {COLUMNS})" in at_home.tree
    plain = " ".join(at_home.query.split())
    assert f'"SEEN" >= TO_TIMESTAMP_{"NTZ" if clicks.time_zone else "TZ"}(\'2025-01-14 ' in plain
    asked = [number for number in range(COLUMNS) if f'"C{number:02}"' in plain]
    assert asked == ([] if least is None else [0])  # the condition holds there, and its column stays there
    assert [report.query for report in others if report.stage.engine == "rift" and "temporal kernel" in report.query]
