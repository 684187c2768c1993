"""Tables of the warehouse: as sources, under native SQL, and as sinks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import onefold as of
from onefold.contract import TableStatistics
from onefold.errors import ConfigurationError, EngineError, PlanError, SourceError
from onefold.execution.sessions import close_all
from onefold.plan import (
    Call,
    Column,
    Input,
    Literal,
    NamedRelation,
    NativeSql,
    Scan,
    Sink,
    Table,
    TimeRange,
)
from onefold.types import Schema
from onefold_snowflake_emulator import Emulator

SECRET = "correct-horse-battery-staple"
Run = Callable[[str], list[Any]]
Open = Callable[..., Any]


def table(path: str, columns: Schema | None = None) -> Table:
    return Table(name="events", format="table", paths=(path,), columns=columns or Schema(), home="snowflake")


@pytest.fixture
def events(run: Run) -> None:
    """A table as analysts make it: its names are not quoted, and its types are the usual ones."""
    run(
        "CREATE TABLE events (carrier VARCHAR, n NUMBER(38, 0), price NUMBER(10, 2), x FLOAT, ok BOOLEAN, day DATE, "
        'raw BINARY, wall TIMESTAMP_NTZ, seen TIMESTAMP_TZ, "Mixed" VARCHAR)'
    )
    run(
        "INSERT INTO events SELECT 'a', 1, 1.25, 0.5, TRUE, '2024-01-01'::DATE, TO_BINARY('00FF', 'HEX'), "
        "'2024-01-01 12:00:00.123456'::TIMESTAMP_NTZ, '2024-01-01 12:00:00 +02:00'::TIMESTAMP_TZ, 'M'"
    )
    run("INSERT INTO events (carrier, n) VALUES ('b', 9223372036854775807), (NULL, NULL)")


COLUMNS = Schema.of(
    carrier="string",
    n="int64",
    price="decimal128(10, 2)",
    x="float64",
    ok="bool",
    day="date32",
    raw="binary",
    wall="timestamp[us]",
    seen="timestamp[us, UTC]",
    Mixed="string",
)


@pytest.mark.usefixtures("events")
def test_the_schema_of_a_table(opened: Open) -> None:
    assert opened().schema_of(table("events")) == COLUMNS
    assert opened().schema_of(table('db1."S1".EVENTS')) == COLUMNS


@pytest.mark.usefixtures("events")
def test_the_rows_of_a_table(opened: Open) -> None:
    result = opened().execute(Scan(table=table("s1.events", COLUMNS)), {}).read_all()
    assert sorted(result.to_pylist(), key=repr) == sorted(
        [
            {
                "carrier": "a",
                "n": 1,
                "price": Decimal("1.25"),
                "x": 0.5,
                "ok": True,
                "day": dt.date(2024, 1, 1),
                "raw": b"\x00\xff",
                "wall": dt.datetime.fromisoformat("2024-01-01T12:00:00.123456"),
                "seen": dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC),
                "Mixed": "M",
            },
            {**dict.fromkeys(COLUMNS.names), "carrier": "b", "n": 2**63 - 1},
            dict.fromkeys(COLUMNS.names),
        ],
        key=repr,
    )


@pytest.mark.usefixtures("events")
def test_only_what_is_asked_for_leaves_the_warehouse(server: Emulator, opened: Open) -> None:
    """Conditions stand beside the columns as they are stored, where they spare micro-partitions."""
    condition = Call(function="gt", args=(Column(name="n"), Literal.of(0)))
    span = TimeRange(column="seen", start=0, end=1_735_689_600_000_000)  # 2025-01-01
    scan = Scan(table=table("events", COLUMNS), columns=("carrier",), predicate=condition, time_range=span)
    server.statements.clear()
    assert opened().execute(scan, {}).read_all().to_pylist() == [{"carrier": "a"}]
    (query,) = [statement for statement in server.statements if not statement.describe_only]
    assert query.rows == 1
    assert '"PRICE"' not in query.text
    assert '"N" > 0' in query.text
    assert "\"SEEN\" < TO_TIMESTAMP_TZ('2025-01-01 00:00:00.000000 +00:00'" in query.text


@pytest.mark.parametrize(
    ("name", "dtype", "message"),
    [
        ("price", "float64", r"declared as float64, but is a NUMBER\(10, 2\)"),
        ("price", "int64", r"declared as int64, but is a NUMBER\(10, 2\)"),
        ("wall", "timestamp[us, UTC]", r"is a TIMESTAMP_NTZ\(9\)"),
        ("seen", "timestamp[us]", r"is a TIMESTAMP_[LT]TZ\(9\)"),
        ("carrier", "int64", "is a VARCHAR"),
        ("carier", "string", "Did you mean 'carrier'"),
    ],
)
@pytest.mark.usefixtures("events")
def test_columns_that_are_declared_wrong(opened: Open, name: str, dtype: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        opened().execute(Scan(table=table("events", Schema.of(**{name: dtype}))), {})


def test_numbers_beyond_64_bits_are_an_error(opened: Open, run: Run) -> None:
    run("CREATE TABLE big (n NUMBER(38, 0))")
    run("INSERT INTO big VALUES (9223372036854775808)")
    with pytest.raises(EngineError):
        opened().execute(Scan(table=table("big", Schema.of(n="int64"))), {}).read_all()


@pytest.mark.parametrize("path", ["nothing", "nowhere.events", '"events"'])
@pytest.mark.usefixtures("events")
def test_tables_that_do_not_exist(opened: Open, path: str) -> None:
    with pytest.raises(SourceError, match="can not be read"):
        opened().schema_of(table(path if path != '"events"' else '"no events"'))


@pytest.mark.parametrize("path", ["a b", "(SELECT 1)", "t; DROP TABLE t", "a.b.c.d", "t AS x", "TABLE(f())", ""])
def test_names_that_are_no_tables(opened: Open, path: str) -> None:
    with pytest.raises(ConfigurationError, match="is not the name of one"):
        opened().schema_of(table(path or " "))


@pytest.mark.usefixtures("events")
def test_statistics(opened: Open, run: Run) -> None:
    found = opened().statistics(table("events"))
    assert isinstance(found, TableStatistics)
    run("CREATE VIEW seen AS SELECT * FROM events")
    assert opened().statistics(table("seen")) is None


@pytest.mark.usefixtures("events")
def test_native_sql_needs_no_quotes(server: Emulator, opened: Open) -> None:
    """What its author does not quote, Snowflake changes into capitals; that is what the tables and columns are called."""
    rows = Scan(table=table("events", COLUMNS), columns=("carrier", "n"))
    node = NativeSql(
        relations=(NamedRelation(name="flights", relation=rows),),
        text="SELECT carrier, MAX(n) AS most FROM flights WHERE n IS NOT NULL GROUP BY carrier; -- the end",
        dialect="snowflake",
        columns=Schema.of(carrier="string", most="int64"),
    )
    result = opened().execute(node, {}).read_all()
    assert sorted(result.to_pylist(), key=repr) == [{"carrier": "a", "most": 1}, {"carrier": "b", "most": 2**63 - 1}]
    assert 'WITH "FLIGHTS" AS (SELECT "carrier" AS "CARRIER", "n" AS "N"' in server.statements[-1].text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT carrier, n AS m FROM flights", "gives no column 'most'"),
        ("SELECT n AS carrier, n AS most FROM flights", r"gives the column 'carrier' as NUMBER"),
        ("SELECT nothing_such FROM flights", "Snowflake refuses the SQL"),
    ],
)
@pytest.mark.usefixtures("events")
def test_native_sql_that_is_wrong(opened: Open, text: str, message: str) -> None:
    rows = Scan(table=table("events", COLUMNS), columns=("carrier", "n"))
    node = NativeSql(
        relations=(NamedRelation(name="flights", relation=rows),),
        text=text,
        dialect="snowflake",
        columns=Schema.of(carrier="string", most="int64"),
    )
    with pytest.raises(PlanError, match=message):
        opened().execute(node, {}).read_all()


FEATURES = Schema.of(who="string", seen="timestamp[us, UTC]", score="float64")
LEAF = Input(name="rows", columns=FEATURES)
FIRST = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def features(*rows: tuple[str | None, int, float]) -> pa.Table:
    return pa.table(
        {
            "who": pa.array([user for user, _, _ in rows], pa.string()),
            "seen": pa.array([FIRST + dt.timedelta(days=day) for _, day, _ in rows], pa.timestamp("us", tz="UTC")),
            "score": pa.array([score for _, _, score in rows], pa.float64()),
        }
    )


def write(session: Any, rows: pa.Table, mode: str, by: tuple[str, ...] = ()) -> int:
    sink = Sink(format="table", path="s1.features", mode=mode, partition_by=by)  # type: ignore[arg-type]
    ((report),) = session.execute(LEAF, {"rows": rows}, sink=sink).read_all().to_pylist()
    assert report["path"] == "s1.features"
    return int(report["rows"])


def stored(run: Run) -> list[tuple[Any, ...]]:
    """Read the table as an analyst would: without a quote."""
    found = run("SELECT who, DATEDIFF(DAY, '2024-01-01'::TIMESTAMP_NTZ, seen), score FROM features")
    return sorted(found, key=repr)


@pytest.mark.parametrize("inline_limit", [0, 65_536])
def test_modes_of_a_sink(server: Emulator, opened: Open, run: Run, inline_limit: int) -> None:
    session = opened(inline_limit=inline_limit)
    assert write(session, features(("a", 1, 0.1), ("b", 1, 0.2)), "error") == 2
    with pytest.raises(ConfigurationError, match="exists already"):
        write(session, features(("c", 1, 0.3)), "error")
    assert write(session, features(("a", 2, 0.4)), "append") == 1
    assert stored(run) == [("a", 1, 0.1), ("a", 2, 0.4), ("b", 1, 0.2)]
    assert write(session, features(("z", 0, 0.0)), "overwrite") == 1
    assert write(session, features(("z", 0, 0.0)), "overwrite") == 1
    assert stored(run) == [("z", 0, 0.0)]
    assert write(session, features(), "overwrite") == 0
    assert stored(run) == []


def test_rows_are_merged_by_their_keys_as_often_as_one_likes(opened: Open, run: Run) -> None:
    session, keys = opened(), ("who", "seen")
    assert write(session, features(("a", 1, 0.1), ("b", 1, 0.2), (None, 1, 0.3)), "overwrite_partitions", keys) == 3
    for _ in range(2):
        assert write(session, features(("a", 1, 9.0), (None, 1, 8.0), ("c", 1, 7.0)), "overwrite_partitions", keys) == 3
        assert stored(run) == [("a", 1, 9.0), ("b", 1, 0.2), ("c", 1, 7.0), (None, 1, 8.0)]
    assert write(session, features(), "overwrite_partitions", keys) == 0
    assert len(stored(run)) == 4


def test_keys_that_the_rows_have_twice_are_replaced_by_all_of_them(opened: Open, run: Run) -> None:
    session = opened()
    write(session, features(("a", 1, 0.1), ("a", 2, 0.2), ("b", 1, 0.3)), "error")
    for _ in range(2):
        assert write(session, features(("a", 5, 1.0), ("a", 6, 2.0)), "overwrite_partitions", ("who",)) == 2
        assert stored(run) == [("a", 5, 1.0), ("a", 6, 2.0), ("b", 1, 0.3)]


def test_a_table_without_a_column_of_the_rows(opened: Open, run: Run) -> None:
    run("CREATE TABLE features (who VARCHAR, seen TIMESTAMP_NTZ)")
    with pytest.raises(ConfigurationError, match="has no column 'score'"):
        write(opened(), features(("a", 1, 0.1)), "append")


def test_nothing_leaves_the_warehouse_when_a_query_is_written(server: Emulator, opened: Open, run: Run) -> None:
    run("CREATE TABLE events (who VARCHAR, seen TIMESTAMP_NTZ, score FLOAT)")
    run("INSERT INTO events VALUES ('a', '2024-01-02'::TIMESTAMP_NTZ, 0.5), ('b', '2024-01-03'::TIMESTAMP_NTZ, 0.6)")
    columns = Schema.of(who="string", seen="timestamp[us]", score="float64")
    server.statements.clear()
    sink = Sink(format="table", path="features")
    assert opened().execute(Scan(table=table("events", columns)), {}, sink=sink).read_all()["rows"].to_pylist() == [2]
    assert stored(run) == [("a", 1, 0.5), ("b", 2, 0.6)]
    assert not [
        statement for statement in server.statements if statement.text.startswith("SELECT *") and statement.rows
    ]


@pytest.fixture
def trips(run: Run) -> None:
    run("CREATE TABLE trips (driver VARCHAR, seen TIMESTAMP_TZ, fare FLOAT, note VARCHAR)")
    for driver, day, fare in (("a", 1, 10.0), ("a", 2, 20.0), ("a", 3, -1.0), ("b", 2, 5.0)):
        run(f"INSERT INTO trips SELECT '{driver}', '2024-01-0{day} 00:00:00 +00:00'::TIMESTAMP_TZ, {fare}, 'x'")


@pytest.mark.parametrize("engine", ["snowflake", "rift"])
@pytest.mark.usefixtures("trips")
def test_views_over_a_table_of_the_warehouse(server: Emulator, engine: str) -> None:
    """The whole view in Snowflake, or its filters and projections there and the rest here: the values are the same."""
    server.register_user("ME", password=SECRET)
    options = {**server.connection, "user": "ME", "password": SECRET}
    source = of.TableSource("trips", "trips", engine="snowflake", time="seen", options=options)
    driver = of.Entity("driver", keys=["driver"])
    view = of.FeatureView(
        "fares",
        source=source,
        entity=driver,
        transform=lambda rows: rows.filter(of.col("fare") > 0),
        features=[of.sum("fare").over("7d"), of.count().over("7d")],
        engine=engine,
    )
    spine = pa.table(
        {
            "driver": ["a", "b", "c"],
            "t": pa.array([dt.datetime(2024, 1, 4, tzinfo=dt.UTC)] * 3, pa.timestamp("us", tz="UTC")),
        }
    )
    server.statements.clear()
    try:
        training = of.training_set(spine, [view], time="t", options={"snowflake": options})
        result = training.to_arrow()
        shown = str(training.explain())
    finally:
        close_all()
    assert [tuple(row.values())[2:] for row in result.to_pylist()] == [(30.0, 2), (5.0, 1), (None, 0)]
    assert SECRET not in shown
    if engine == "rift":
        (query,) = [one for one in server.statements if not one.describe_only]
        assert query.rows == 3
        assert '"NOTE"' not in query.text
