"""The engines of a training set: named, chosen by what views read, and what a project says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.choosing.data import DAY, micros, moment, view, written

from onefold import features as of
from onefold.api import training_set
from onefold.api.engines import chosen_engines, known_span
from onefold.api.project import ProjectFile
from onefold.choosing import Choice, estimating
from onefold.contract import Estimate, Machine
from onefold.errors import ConfigurationError
from onefold.features.spine import spine_table
from onefold.registry import EnginePolicy, Registry, installed

SPINE = pa.table({"sensor": [1, 2, 3], "t": [moment(2 * DAY + minute) for minute in (600, 660, 720)]})


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEFOLD_ENGINE", raising=False)


@pytest.fixture
def readings(tmp_path: Path) -> of.ParquetSource:
    return of.ParquetSource("readings", written(tmp_path / "data"), time="at")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Estimate]]:
    """Install a policy that notes what it is asked, and has no answer."""
    noted: list[tuple[str, Estimate]] = []
    known = installed()
    policy = EnginePolicy("noting", lambda view, estimate: noted.append((view.name, estimate)), ("view", "estimate"))
    monkeypatch.setattr(
        "onefold.choosing.precedence.installed", lambda: Registry(known.backends, known.broken, (policy,))
    )
    return noted


# -- names -----------------------------------------------------------------------------------------------------------


def test_each_view_has_an_engine_and_a_reason(readings: of.ParquetSource, monkeypatch: pytest.MonkeyPatch) -> None:
    first = view(readings, "1h", engine="duckdb")
    second = of.FeatureView("second", source=readings, entity=first.entity, attributes=["value"])
    views = [first, second]
    assert chosen_engines(views) == {
        "recent": Choice("rift", "named by the view"),
        "second": Choice("rift", "the default"),
    }
    assert chosen_engines(views, engine="sqlite", engines={"second": "rift"}) == {
        "recent": Choice("sqlite", "set for this call"),
        "second": Choice("rift", "set for this view in this call"),
    }
    monkeypatch.setenv("ONEFOLD_ENGINE", "sqlite")
    assert chosen_engines(views, engines={"second": "rift"}, project="template") == {
        "recent": Choice("sqlite", "ONEFOLD_ENGINE"),
        "second": Choice("rift", "set for this view in this call"),
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engines": {"recnt": "rift"}}, r"engines= names the view 'recnt'\. Did you mean 'recent'"),
        ({"engines": {"recent": "rfit"}}, r"engines= for the view 'recent' names the engine 'rfit'.*Did you mean 'rift'"),
        ({"engine": "rfit", "engines": {"recent": "rift"}}, r"engine= names the engine 'rfit'"),
    ],
    ids=["view", "engine of a view", "an engine that no view gets"],
)  # fmt: skip
def test_arguments_of_a_call_are_checked_whether_they_count_or_not(
    options: dict[str, Any], said: str, readings: of.ParquetSource
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        chosen_engines([view(readings, "1h")], **options)
    with pytest.raises(ConfigurationError, match=said):
        training_set(SPINE, view(readings, "1h"), time="t", **options)


# -- auto ------------------------------------------------------------------------------------------------------------


def test_auto_counts_what_the_spine_can_reach(readings: of.ParquetSource, asked: list[tuple[str, Estimate]]) -> None:
    made = view(readings, "1h", engine="auto")
    chosen = chosen_engines([made], spine=spine_table(SPINE, time="t"), time="t")
    ((name, estimate),) = asked
    assert (name, estimate.rows) == ("recent", DAY)
    assert chosen["recent"].engine == "rift"
    assert chosen["recent"].reason.startswith("auto: ")
    chosen_engines([made])
    assert asked[1][1].rows == 4 * DAY


def test_a_training_set_asks_with_its_own_spine(readings: of.ParquetSource, asked: list[tuple[str, Estimate]]) -> None:
    train = training_set(SPINE, view(readings, "1h"), time="t", engine="auto")
    assert train.engines["recent"].engine == "rift"
    assert train.engines["recent"].reason.startswith("auto: ")
    assert [estimate.rows for _, estimate in asked] == [DAY]
    assert train.to_arrow().num_rows == 3
    assert len(asked) == 1


def test_nothing_is_looked_at_when_engines_are_named(
    readings: of.ParquetSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **options: Any) -> Any:
        raise AssertionError("looked at")

    monkeypatch.setattr("onefold.api.engines.estimate_reading", fails)
    monkeypatch.setattr("onefold.api.engines.known_span", fails)
    chosen_engines([view(readings, "1h", engine="rift")], spine=spine_table(SPINE, time="t"), time="t")


def test_what_is_too_large_goes_to_an_engine_that_is_distributed(
    readings: of.ParquetSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Machine(memory=10_000, disk=10_000)
    monkeypatch.setattr(estimating, "this_machine", lambda: tiny)
    distributed = {entry.name for entry in installed().backends.values() if entry.distributed}
    chosen = chosen_engines([view(readings, "1h", engine="auto")])["recent"]
    assert chosen.engine in (distributed or {"rift"})
    assert "too much for 9.8 KiB of memory and 9.8 KiB of free disk" in chosen.reason


# -- the span of a spine ---------------------------------------------------------------------------------------------


def span_of(spine: Any, **options: Any) -> tuple[int, int] | None:
    return known_span(spine_table(spine, time="t", **options), "t")


def test_the_span_of_a_spine_in_memory_or_in_parquet_is_known(tmp_path: Path) -> None:
    expected = micros(2 * DAY + 600), micros(2 * DAY + 720)
    assert span_of(SPINE) == expected
    pq.write_table(SPINE, tmp_path / "spine.parquet", row_group_size=1)
    assert span_of(str(tmp_path / "spine.parquet")) == expected
    naive = SPINE.set_column(1, "t", SPINE["t"].cast(pa.timestamp("us")))
    assert span_of(naive, time_zone="UTC") == expected
    pq.write_table(naive, tmp_path / "naive.parquet")
    assert span_of(str(tmp_path / "naive.parquet"), time_zone="UTC") == expected


def test_the_span_of_other_spines_is_not_looked_for(tmp_path: Path) -> None:
    assert span_of(SPINE.slice(0, 0)) is None
    pyarrow.csv.write_csv(SPINE, tmp_path / "spine.csv")
    source = of.CsvSource("spine", tmp_path / "spine.csv", schema={"sensor": "int64", "t": "timestamp[us, UTC]"})
    assert span_of(source) is None
    pq.write_table(SPINE, tmp_path / "spine.parquet", write_statistics=False)
    assert span_of(str(tmp_path / "spine.parquet")) is None
    table = of.table(of.ArrowSource("s", SPINE))
    assert span_of(table.with_columns(t=of.col("t").dt.offset_by("1h"))) is None
    assert span_of(table.filter(of.col("sensor") > 1)) is None


# -- projects --------------------------------------------------------------------------------------------------------


def test_a_project_names_the_engine_of_views_that_name_none(readings: of.ParquetSource) -> None:
    made = view(readings, "1h")
    train = training_set(SPINE, made, time="t", project=ProjectFile(engine="rift", options={"rift": {"threads": 1}}))
    text = str(train.explain())
    assert "on rift" in text
    assert "named by onefold.toml" in text
    assert train.to_arrow().num_rows == 3


def test_options_of_a_project_reach_the_engine(readings: of.ParquetSource) -> None:
    project = ProjectFile(options={"rift": {"thraeds": 1}})
    with pytest.raises(ConfigurationError, match="thraeds"):
        training_set(SPINE, view(readings, "1h"), time="t", project=project).to_arrow()


def test_no_project_file_is_looked_for(
    readings: of.ParquetSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "onefold.toml").write_text('engine = "far_off"\n')
    monkeypatch.chdir(tmp_path)
    assert training_set(SPINE, view(readings, "1h"), time="t").to_arrow().num_rows == 3


# -- explain ---------------------------------------------------------------------------------------------------------


def test_explain_says_why(readings: of.ParquetSource, monkeypatch: pytest.MonkeyPatch) -> None:
    made = view(readings, "1h", engine="auto")
    assert "on rift (auto: " in str(made.explain())
    assert "on rift (set for this call)" in str(made.explain(engine="rift"))
    assert "on rift (so it was chosen)" in str(made.explain(engine=Choice("rift", "so it was chosen")))
    monkeypatch.setenv("ONEFOLD_ENGINE", "rift")
    assert "on rift (ONEFOLD_ENGINE)" in str(made.explain())
    assert "on rift (ONEFOLD_ENGINE)" in str(training_set(SPINE, made, time="t").explain())
