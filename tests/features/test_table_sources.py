"""Sources that are tables of an engine: what they state, and what of them reaches a plan."""

from __future__ import annotations

import pytest

import onefold as of
from onefold.errors import DefinitionError, SourceError
from onefold.plan import Cast, Project, Scan
from onefold.types import TIMESTAMP_UTC

SCHEMA = {"driver": "string", "at": "timestamp[us, UTC]", "wall": "timestamp[us]", "fare": "float64"}


def test_a_table_is_read_where_it_lives() -> None:
    source = of.TableSource(
        "trips", "RAW.TRIPS", engine="snowflake", time="at", schema=SCHEMA, columns=["driver", "at"]
    )
    leaf = source.relation
    assert isinstance(leaf, Scan)
    assert (leaf.table.format, leaf.table.paths, leaf.table.home) == ("table", ("RAW.TRIPS",), "snowflake")
    assert leaf.output.names == ("driver", "at")
    assert repr(source) == "TableSource('trips', 'RAW.TRIPS', engine='snowflake', time='at')"


def test_a_wall_clock_that_is_stated_to_be_utc_becomes_an_instant() -> None:
    source = of.TableSource("trips", "RAW.TRIPS", engine="snowflake", time="wall", time_zone="UTC", schema=SCHEMA)
    assert isinstance(source.relation, Project)
    assert isinstance(source.relation.columns[2].expression, Cast)
    assert source.schema["wall"].dtype == TIMESTAMP_UTC


def test_columns_that_do_not_exist() -> None:
    source = of.TableSource("trips", "RAW.TRIPS", engine="snowflake", schema=SCHEMA, columns=["drivr"])
    with pytest.raises(SourceError, match="Did you mean 'driver'"):
        source.relation  # noqa: B018 - it is computed now


@pytest.mark.parametrize(("table", "engine"), [("", "snowflake"), ("T", " "), (None, "snowflake"), ("T", 1)])
def test_names_are_checked(table: str, engine: str) -> None:
    with pytest.raises(DefinitionError, match="is a name, not"):
        of.TableSource("trips", table, engine=engine, schema=SCHEMA)


def test_an_engine_that_does_not_exist_is_said_when_it_is_asked() -> None:
    source = of.TableSource("trips", "RAW.TRIPS", engine="snowflak")
    with pytest.raises(of.ConfigurationError, match="There is no engine 'snowflak'"):
        source.relation  # noqa: B018 - it is computed now


@pytest.mark.parametrize("engine", ["rift", "polars"])
def test_an_engine_without_tables_is_said(engine: str) -> None:
    source = of.TableSource("trips", "RAW.TRIPS", engine=engine)
    with pytest.raises(of.SourceError, match=f"a table of '{engine}', which has no tables. Name the engine that holds"):
        source.relation  # noqa: B018 - it is computed now
