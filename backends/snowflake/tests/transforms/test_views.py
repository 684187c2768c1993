"""Views with Python transforms: with the option, their rows stay in the warehouse; their values are those of rift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import onefold as of
from onefold.errors import TransformError
from onefold.execution.sessions import close_all
from onefold_snowflake_emulator import Emulator

Run = Callable[[str], list[Any]]
DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
USER = of.Entity("user", keys=["who"])
SCHEMA = {"who": "string", "seen": "timestamp[us, UTC]", "amount": "float64", "host": "string"}
EVENTS = 400
LIMIT = 3.0
LARGE = bytes(2**20)


def host_of(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.struct_field(pc.extract_regex(urls, r"https://(?P<host>[^/]+)"), "host")


@of.transform(schema=SCHEMA)
def paid(batch: pa.Table) -> pa.Table:
    """Fewer rows, another column, a helper and a constant of this module."""
    batch = batch.append_column("host", host_of(batch["url"])).drop_columns(["url"])
    return batch.filter(pc.greater_equal(batch["amount"], LIMIT))


@of.transform(schema=SCHEMA)
def captures(batch: pa.Table) -> pa.Table:
    return paid(batch) if LARGE else batch


@of.transform(schema=SCHEMA)
def broken(batch: pa.Table) -> pa.Table:
    return batch.select(["nowhere"])


@pytest.fixture(autouse=True)
def clicks(run: Run) -> Iterator[None]:
    run("CREATE TABLE clicks (who VARCHAR, seen TIMESTAMP_NTZ, amount FLOAT, url VARCHAR)")
    run(
        "INSERT INTO clicks SELECT 'user-' || MOD(n, 5), DATEADD('MINUTE', n * 7, '2025-01-01'::TIMESTAMP_NTZ), "
        f"MOD(n, 10)::FLOAT, 'https://' || MOD(n, 3) || '.example/' || n FROM "
        f"(SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => {EVENTS})))"
    )
    yield
    close_all()


@pytest.fixture
def source(server: Emulator) -> of.TableSource:
    return of.TableSource(
        "clicks", "clicks", engine="snowflake", time="seen", time_zone="UTC", options=server.connection
    )


def view_of(source: of.TableSource, transform: Any = paid, engine: str = "snowflake") -> of.FeatureView:
    return of.FeatureView(
        "spend",
        source=source,
        entity=USER,
        transform=transform,
        features=[of.max("amount").over("6h"), of.count().over("12h").named("clicks"), of.last("host")],
        engine=engine,
    )


def options(server: Emulator, where: str = "warehouse") -> dict[str, dict[str, Any]]:
    return {"snowflake": {**server.connection, "transforms": where}}


def spine() -> pa.Table:
    times = [DAY + dt.timedelta(hours=hour) for hour in (1, 9, 17, 25, 33)]
    return pa.table({"who": [f"user-{n}" for n in (0, 1, 2, 3, 4)], "t": pa.array(times, pa.timestamp("us", tz="UTC"))})


def training_set(source: of.TableSource, server: Emulator, where: str, **rest: Any) -> Any:
    return of.training_set(spine(), view_of(source, **rest), time="t", options=options(server, where))


def left(server: Emulator) -> int:
    """Return how many rows left the warehouse."""
    return sum(
        one.rows for one in server.statements if not one.describe_only and one.text.startswith(("SELECT", "WITH"))
    )


def test_a_training_set_is_one_statement(source: of.TableSource, server: Emulator) -> None:
    expected = training_set(source, server, "here", engine="rift").to_arrow()
    assert min(expected["clicks"].to_pylist()) > 0
    server.statements.clear()
    job = training_set(source, server, "warehouse")
    assert job.to_arrow().equals(expected)
    assert left(server) == len(spine())
    explanation = job.explain(queries=True)
    (stage,) = explanation.stages
    assert stage.title == "stage 0 on snowflake (named by the view; runs the Python function 'paid' inside)"
    assert "-- the Python function 'paid'\nCREATE OR REPLACE TEMPORARY FUNCTION" in stage.query


def test_here_is_as_without_the_option(source: of.TableSource, server: Emulator) -> None:
    job = training_set(source, server, "here")
    server.statements.clear()
    assert job.to_arrow().equals(training_set(source, server, "warehouse").to_arrow())
    titles = [report.title for report in job.explain().stages]
    assert titles[1] == (
        "stage 1 on python (runs the Python function 'paid', outside of snowflake: the option transforms is \"here\")"
    )
    assert [title.split()[3] for title in titles] == ["snowflake", "python", "snowflake"]


def test_what_is_not_safe_leaves_and_says_why(source: of.TableSource, server: Emulator) -> None:
    job = training_set(source, server, "warehouse", transform=captures)
    server.statements.clear()
    assert job.to_arrow().equals(training_set(source, server, "here", engine="rift").to_arrow())
    (title,) = [report.title for report in job.explain().stages if report.stage.engine == "python"]
    assert title == (
        "stage 1 on python (runs the Python function 'captures', outside of snowflake: "
        "with what it captured it has 1.0 MiB, and at most 64 KiB travel)"
    )
    assert left(server) > EVENTS // 2


def test_what_the_kernel_computes_gets_what_the_function_gave(source: of.TableSource, server: Emulator) -> None:
    """Only the events that are left of the function leave, and only for the kernel."""
    view = of.FeatureView(
        "spend",
        source=source,
        entity=USER,
        transform=paid,
        features=[of.median("amount").over("6h")],
        engine="snowflake",
    )
    job = of.training_set(spine(), view, time="t", options=options(server))
    server.statements.clear()
    found = job.to_arrow()
    events, events_that_are_paid = EVENTS, EVENTS * 7 // 10
    assert left(server) <= len(spine()) + events_that_are_paid < events
    assert [report.stage.engine for report in job.explain().stages] == ["snowflake"]
    assert found.equals(
        of.training_set(spine(), view, time="t", engine="rift", options=options(server, "here")).to_arrow()
    )
    assert found["amount_median_6h"].null_count == 0


def test_features_are_published_without_a_row_that_leaves(source: of.TableSource, server: Emulator, run: Run) -> None:
    tables = {}
    for where, engine in (("warehouse", "snowflake"), ("here", "rift")):
        server.statements.clear()
        of.publication(
            view_of(source, engine=engine),
            to="snowflake",
            table=f"{{view}}_{engine}",
            every="6h",
            start="2025-01-01",
            end="2025-01-03",
            options=options(server, where),
        ).run()
        if where == "warehouse":
            assert left(server) == 1  # says how many rows were written
            assert sum(one.text.startswith("CREATE TABLE") for one in server.statements) == 1
        tables[engine] = sorted(run(f"SELECT * FROM spend_{engine}"), key=str)
    assert tables["snowflake"] == tables["rift"]
    assert len(tables["snowflake"]) == 5 * 7  # nobody has an event before the first time


def test_a_function_that_fails_shows_the_line(source: of.TableSource, server: Emulator) -> None:
    with pytest.raises(TransformError) as here:
        training_set(source, server, "here", transform=broken).to_arrow()
    with pytest.raises(TransformError) as there:
        training_set(source, server, "warehouse", transform=broken).to_arrow()
    assert str(there.value) == str(here.value)
    assert str(there.value).splitlines()[-1].strip() == 'return batch.select(["nowhere"])'
