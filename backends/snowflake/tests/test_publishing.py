"""Features published as tables of the warehouse: by one statement each, as often as one likes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

import onefold as of
from onefold import col
from onefold.api.publication import Publication
from onefold.errors import ConfigurationError, EngineError
from onefold.execution.sessions import close_all
from onefold_snowflake_emulator import Emulator

Run = Callable[[str], list[Any]]
DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
USER = of.Entity("user", keys=["who"])
ORDERS = [("a", 1, 10.0), ("a", 3, 5.0), ("b", 3, 1.0), ("a", 30, 7.0), (None, 2, 3.0), ("b", None, 2.0)]
"""Who, hours after DAY, how much."""


@pytest.fixture(autouse=True)
def orders(run: Run) -> None:
    """A table as analysts make it, its times without a zone."""
    run("CREATE TABLE orders (who VARCHAR, seen TIMESTAMP_NTZ, amount FLOAT, note VARCHAR)")
    for order in ORDERS:
        ordered(run, *order)


def ordered(run: Run, who: str | None, hours: float | None, amount: float) -> None:
    user = "NULL" if who is None else f"'{who}'"
    seen = "NULL" if hours is None else f"'{DAY + dt.timedelta(hours=hours):%Y-%m-%d %H:%M:%S}'::TIMESTAMP_NTZ"
    run(f"INSERT INTO orders SELECT {user}, {seen}, {amount}::FLOAT, 'nobody asks for it'")


@pytest.fixture(params=["snowflake", "rift"])
def publish(request: pytest.FixtureRequest, server: Emulator) -> Iterator[Callable[..., Publication]]:
    """Publishes two views to Snowflake, computed there or on rift."""
    source = of.TableSource(
        "orders", "orders", engine="snowflake", time="seen", time_zone="UTC", options=server.connection
    )

    def publication(**options: Any) -> Publication:
        transform = options.pop("transform", None)
        spend = of.FeatureView(
            "spend",
            source=source,
            entity=USER,
            transform=transform,
            features=[of.max("amount").over("1d"), of.count().over("7d").named("orders_7d")],
            engine=request.param,
        )
        latest = of.FeatureView(
            "latest", source=source, entity=USER, attributes={"last_amount": "amount"}, engine=request.param
        )
        login = {**server.connection, "inline_limit": options.pop("inline_limit", None)}
        called: dict[str, Any] = {"to": "snowflake", "table": "s1.{view}_features", **options}
        return of.publication([spend, latest], options={"snowflake": login}, **called)

    yield publication
    close_all()


def stored(run: Run, table: str = "spend_features") -> list[tuple[Any, ...]]:
    """Read the table as an analyst would, with hours after DAY."""
    return sorted(
        (who, (as_of - DAY.replace(tzinfo=None)) / dt.timedelta(hours=1), *features)
        for who, as_of, *features in run(f"SELECT * FROM {table}")
    )


ALL = [("a", 1.0, None, 0), ("a", 3.0, 10.0, 1), ("a", 30.0, None, 2), ("b", 3.0, None, 0)]


@pytest.mark.parametrize("inline_limit", [None, 0], ids=["within the statement", "through a stage"])
def test_again_changes_nothing(publish: Callable[..., Publication], run: Run, inline_limit: int | None) -> None:
    for _ in range(3):
        assert [one.rows for one in publish(inline_limit=inline_limit).run()] == [4, 4]
        assert stored(run) == ALL
        assert stored(run, "latest_features") == [
            ("a", 1.0, None),
            ("a", 3.0, 10.0),
            ("a", 30.0, 5.0),
            ("b", 3.0, None),
        ]


def test_another_span_adds_its_rows(publish: Callable[..., Publication], run: Run) -> None:
    """Times within a day: single rows are replaced here, and not whole days."""
    first = publish(end=DAY + dt.timedelta(hours=3))
    second = publish(start="2025-01-01T03:00Z")
    for _ in range(2):
        assert first.run()[0].rows == 1
        assert stored(run)[0] == ALL[0]
        assert second.run()[0].rows == 3
        assert stored(run) == ALL


def test_what_came_late_corrects_rows(publish: Callable[..., Publication], run: Run) -> None:
    publish().run()
    ordered(run, "a", 2, 100.0)
    assert publish(start="2025-01-01T02:00Z", end="2025-01-02").run()[0].rows == 3
    assert stored(run) == [*ALL[:1], ("a", 2.0, 10.0, 1), ("a", 3.0, 100.0, 2), *ALL[2:]]
    publish(overwrite=True, start="2025-01-02").run()
    assert stored(run) == [("a", 30.0, None, 3)]


def test_rows_that_are_given(publish: Callable[..., Publication], run: Run) -> None:
    publish(end="2025-01-02").run()
    spine = pa.table(
        {"who": ["a", "c", None, "a"], "t": pa.array([DAY + dt.timedelta(hours=4)] * 4, pa.timestamp("us", tz="UTC"))}
    )
    for _ in range(2):
        assert publish(spine=spine, time="t").run()[0].rows == 2
        assert stored(run) == sorted([*ALL[:2], ALL[3], ("a", 4.0, 10.0, 2), ("c", 4.0, None, 0)])


def test_rows_are_those_of_a_training_set(publish: Callable[..., Publication], server: Emulator) -> None:
    publish(every="5h", start="2025-01-01", end="2025-01-03").run()
    table = of.TableSource(
        "published", "spend_features", engine="snowflake", time="as_of", time_zone="UTC", options=server.connection
    )
    options = {"snowflake": server.connection}
    rows = of.table(table).collect(options=server.connection, engine="snowflake")
    view = publish().tables[0].view
    expected = of.training_set(rows.select(["who", "as_of"]), view, time="as_of", engine="rift", options=options)
    assert len(rows) == 2 * 9  # from 5:00 of the first day on to 21:00 of the second
    assert rows.equals(expected.to_arrow())


@pytest.mark.parametrize("publish", ["snowflake"], indirect=True)
def test_nothing_leaves_the_warehouse(publish: Callable[..., Publication], server: Emulator) -> None:
    publish().run()
    publication = publish()
    server.statements.clear()
    publication.run()
    merges = [one for one in server.statements if not one.describe_only]
    assert [one.text.split()[0] for one in merges] == ["MERGE", "MERGE"]
    assert sum(one.rows for one in merges) == 2  # each says how many rows it has changed


def test_the_statement_is_shown_before_it_runs(publish: Callable[..., Publication], server: Emulator, run: Run) -> None:
    new = publish().explain()
    assert 'CREATE TABLE "S1"."SPEND_FEATURES" AS SELECT "who" AS "WHO", "as_of" AS "AS_OF"' in new
    assert "spend into the table 's1.spend_features' of snowflake (in place of rows with the same who, as_of)" in new
    assert run("SHOW TABLES LIKE '%_FEATURES'") == []
    publish().run()
    server.statements.clear()
    again = publish().explain()
    assert 'MERGE INTO "S1"."SPEND_FEATURES" AS held USING (WITH written AS (the result)' in again
    assert all(one.describe_only for one in server.statements)
    run("ALTER TABLE latest_features DROP COLUMN last_amount")
    assert "-- not available: The table 's1.latest_features' has no column 'last_amount'" in publish().explain()


@pytest.mark.parametrize("publish", ["rift"], indirect=True)
def test_no_more_leaves_it_than_can_matter(publish: Callable[..., Publication], server: Emulator) -> None:
    (spend, _) = publish(start="2025-01-02", end="2025-01-03").tables
    server.statements.clear()
    assert spend.run().rows == 1
    read = [one for one in server.statements if one.rows and not one.describe_only and one.text.startswith("SELECT")]
    assert sorted(one.rows for one in read if "COUNT" not in one.text) == [1, 5]  # the time; events of seven days
    assert not any("NOTE" in one.text for one in read)


def test_a_failure_leaves_tables_as_they_were(publish: Callable[..., Publication], run: Run) -> None:
    publish().run()
    ordered(run, "c", 40, 1e30)
    whole = publish(transform=lambda rows: rows.with_columns(amount=col("amount").cast("int64").cast("float64")))
    with pytest.raises(EngineError):
        whole.run()
    assert stored(run) == ALL
    assert run("SHOW TABLES LIKE 'ONEFOLD%'") == []


def test_a_view_with_a_new_feature_needs_a_new_table(publish: Callable[..., Publication], run: Run) -> None:
    run("CREATE TABLE spend_features (who VARCHAR, as_of TIMESTAMP_NTZ, max_amount_1d FLOAT)")
    with pytest.raises(ConfigurationError, match=r"has no column .* Use the mode \"overwrite\""):
        publish().run()
    publish(overwrite=True).run()
    assert stored(run) == ALL


def test_names_that_are_no_tables(publish: Callable[..., Publication]) -> None:
    with pytest.raises(ConfigurationError, match="is not the name of one"):
        publish(table="{view}; DROP TABLE orders").run()
