"""The demo's sources as tables of Snowflake, emulated: the training set is the one over files, wherever a view runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import onefold as of
from onefold.api.repository import load_repository
from onefold.demo import prepare_flights
from onefold.execution import close_all
from onefold.plan import Input, NativeSql, Sink
from onefold.registry import get_backend
from onefold.types import schema_from_arrow
from onefold_snowflake_emulator import Emulator

TIMES = {"departures": "departed_at", "arrivals": "landed_at", "schedule": "scheduled_at", "weather": "observed_at"}
END = pa.scalar(dt.datetime(2013, 2, 1, tzinfo=dt.UTC), pa.timestamp("us", "UTC"))
EVERY = 211
"""A prime number: so many flights of January are one of the spine."""

AT_HOME = """
def warehouse(name, path, **options):
    time_zone = "UTC" if "time" in options else None
    return of.TableSource(name, f"flights.{{name}}", engine="snowflake", time_zone=time_zone, options={login}, **options)
"""

# What stands in Python in the demo, in Snowflake's own SQL: instants are wall clocks in UTC there, until they are cast.
IN_PYTHON = 'transform=lambda t: t.with_columns(delayed=col("dep_delay") > 15),'
IN_SQL = """transform=of.native_sql(
        "SELECT *, dep_delay > 15 AS delayed FROM (SELECT departed_at::TIMESTAMP_TZ AS departed_at, "
        "scheduled_at, carrier, flight, dep_delay FROM departures)",
        schema={
            "departed_at": "timestamp[us, UTC]", "scheduled_at": "timestamp[us]", "carrier": "string",
            "flight": "int64", "dep_delay": "int64", "delayed": "bool",
        },
        dialect="snowflake",
    ),"""


@dataclass(frozen=True)
class Flights:
    """The views over files and over tables, and what they are compared with."""

    server: Emulator
    over_files: Mapping[str, of.FeatureView]
    over_tables: Mapping[str, of.FeatureView]
    spine: pa.Table
    expected: pa.Table

    def train(self, views: list[of.FeatureView], engines: Mapping[str, str], **more: Any) -> of.TrainingSet:
        options = {"snowflake": {**self.server.connection, **more}}
        self.server.statements.clear()
        return of.training_set(self.spine, views, time="scheduled_at", engines=engines, options=options)

    def different(self, found: pa.Table) -> list[str]:
        """Return the columns that are not equal, bit for bit."""
        assert found.schema == self.expected.schema
        return [name for name in found.schema.names if not found[name].equals(self.expected[name])]


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flights]:
    folder = tmp_path_factory.mktemp("flights")
    data = prepare_flights(folder / "year")
    january = folder / "data"
    january.mkdir()
    with Emulator(schema="FLIGHTS") as server:
        with get_backend("snowflake").open(server.connection) as session:
            for name in (*TIMES, "planes", "spine"):
                table = pq.read_table(data / f"{name}.parquet")
                if time := {**TIMES, "spine": "scheduled_at"}.get(name):
                    table = table.filter(pc.less(table[time], END))
                pq.write_table(table, january / f"{name}.parquet")
                if name != "spine":
                    leaf = Input(name=name, columns=schema_from_arrow(table.schema))
                    session.execute(leaf, {name: table}, sink=Sink(format="table", path=name)).read_all()
        text = files("onefold.demo").joinpath("template/features.py.txt").read_text("utf-8")
        (folder / "files.py").write_text(text, "utf-8")
        head = AT_HOME.format(login=repr(server.connection))
        text = re.sub("^DATA = .*$", lambda found: found[0] + head, text, count=1, flags=re.MULTILINE)
        text = text.replace("of.ParquetSource(", "warehouse(").replace(IN_PYTHON, IN_SQL, 1)
        (folder / "tables.py").write_text(text, "utf-8")
        over_files = load_repository(folder / "files.py").views
        whole = pq.read_table(january / "spine.parquet")
        spine = whole.take(pa.array(range(0, len(whole), EVERY)))
        expected = of.training_set(spine, list(over_files.values()), time="scheduled_at", engine="rift").to_arrow()
        yield Flights(server, over_files, load_repository(folder / "tables.py").views, spine, expected)
        close_all()


@pytest.mark.parametrize("inline_limit", [2**16, 0], ids=["spine in the query", "spine through a stage"])
def test_whole_views_in_the_warehouse(flights: Flights, inline_limit: int) -> None:
    views = list(flights.over_tables.values())
    engines = dict.fromkeys(flights.over_tables, "snowflake")
    training = flights.train(views, engines, inline_limit=inline_limit)
    assert flights.different(training.to_arrow()) == []
    assert [report.stage.engine for report in training.explain().stages] == ["snowflake"]


def test_the_first_stage_in_the_warehouse_and_the_rest_on_rift(flights: Flights) -> None:
    training = flights.train(list(flights.over_tables.values()), dict.fromkeys(flights.over_tables, "rift"))
    assert flights.different(training.to_arrow()) == []
    stages = [report.stage for report in training.explain().stages]
    at_home = [stage for stage in stages if stage.engine == "snowflake"]
    assert at_home
    assert not [stage for stage in at_home if stage.reads]
    assert [stage for stage in at_home for node in stage.plan.walk() if isinstance(node, NativeSql)]
    queries = [one for one in flights.server.statements if not one.describe_only and one.rows]
    assert any("dep_delay > 15 AS delayed FROM (SELECT departed_at::TIMESTAMP_TZ" in one.text for one in queries)
    assert not any('"MANUFACTURER"' in one.text or '"WIND_DIR"' in one.text for one in queries)  # nobody asks for them


def test_views_over_tables_and_files_on_three_engines(flights: Flights) -> None:
    """Each engine has views over tables and over files, except Snowflake, which reads no files."""
    engines: dict[str, Any] = {}
    views = []
    for number, name in enumerate(flights.over_files):
        engines[name] = ("rift", "snowflake", "polars")[number % 3]
        at_home = engines[name] == "snowflake" or number % 2 == 0
        views.append((flights.over_tables if at_home else flights.over_files)[name])
    training = flights.train(views, engines)
    assert flights.different(training.to_arrow()) == []
    assert {"rift", "snowflake", "polars"} <= {report.stage.engine for report in training.explain().stages}
