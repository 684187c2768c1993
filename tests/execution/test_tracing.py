"""Spans of OpenTelemetry: one for a run, one for each stage and for all that stages read, and none where nobody asks."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from typing import Any

import pyarrow as pa
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.execution.fakes import Engines, engines
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.errors import EngineError, PlanError
from onefold.execution import run
from onefold.plan import Input, Limit, MapBatches
from onefold.transforms import reference
from onefold.types import Schema

__all__ = ["engines"]

ASSIGNED = {"spend": "rift", "latest": "sqlite", "shape": "oracle"}
ROWS = Input(name="rows", columns=Schema.of(k="string", v="int64"))
DATA = pa.table({"k": ["a", "b", "a"], "v": [1, 2, 3]})
SECRET = "hunter2"


class Spans:
    """What a program would see that exports its spans."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def all(self) -> dict[str, ReadableSpan]:
        found = self._exporter.get_finished_spans()
        named = {span.name: span for span in found}
        assert len(named) == len(found), "two spans have one name"
        return named

    def parents(self) -> dict[str, str | None]:
        """Return the name of the span above each; None where it is not one of these."""
        spans = self.all()
        names = {span.context.span_id: name for name, span in spans.items() if span.context is not None}
        return {name: None if span.parent is None else names[span.parent.span_id] for name, span in spans.items()}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Spans:
    """Set up tracing as a program does; the provider of a process can be set only once."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return Spans(exporter)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return {name.removeprefix("onefold."): value for name, value in (span.attributes or {}).items()}


def training_set() -> of.TrainingSet:
    return of.training_set(spine(), views(in_memory()), time="t", engines=ASSIGNED)


def test_a_run_has_a_span_for_each_stage_and_for_all_that_they_read(spans: Spans) -> None:
    train = training_set()
    with trace.get_tracer("tests").start_as_current_span("caller"):
        batches = list(train.batches())
    stages = {report.stage.engine: report.stage.id for report in train.explain().stages if report.stage.reads == (0,)}
    assert set(stages) == {"rift", "sqlite", "oracle"}
    run, first, last = "onefold run", "onefold stage 0 on arrow", "onefold stage 4 on arrow"
    names = {engine: f"onefold stage {id} on {engine}" for engine, id in stages.items()}
    expected: dict[str, str | None] = {"caller": None, run: "caller", first: run, last: run}
    expected |= {"onefold edge spine to stage_0": first, "onefold edge stage_0 to stage_4": last}
    for engine, id in stages.items():
        expected[names[engine]] = run
        expected |= dict.fromkeys(
            (f"onefold edge {name} to stage_{id}" for name in ("stage_0", "orders")), names[engine]
        )
        expected[f"onefold edge stage_{id} to stage_4"] = last
    assert spans.parents() == expected

    made = {name: attributes(span) for name, span in spans.all().items()}
    size = sum(batch.nbytes for batch in batches)
    assert made[run]["plan"] == made[last]["plan"]
    assert (made[run]["stages"], made[run]["rows"], made[run]["bytes"]) == (5, 70, size)
    for engine, id in stages.items():
        span = made[names[engine]]
        assert (span["stage"], span["engine"], span["rows"]) == (id, engine, 70)
        edge = made[f"onefold edge orders to stage_{id}"]
        assert (edge["reads"], edge["engine"], edge["form"], edge["rows"]) == ("orders", engine, "memory", 200)
        above = made[f"onefold edge stage_{id} to stage_4"]
        assert (above["form"], above["rows"], above["bytes"]) == ("stream", 70, span["bytes"])
        assert span["bytes"] > 70 * 8
    assert all(span.end_time is not None for span in spans.all().values())
    assert {span.status.status_code for span in spans.all().values()} == {trace.StatusCode.UNSET}


def test_a_failure_marks_its_stage_and_what_reads_it_and_shows_no_secrets(spans: Spans, engines: Engines) -> None:
    def same(batch: pa.Table) -> pa.Table:
        return batch

    below = Limit(input=ROWS, count=3)
    mapped = MapBatches(input=below, function=reference(same), columns=ROWS.columns)
    root = Limit(input=mapped, count=3)
    result = run(root, inputs={"rows": DATA}, engine="quick", options={"speed": SECRET})
    cause = RuntimeError(f"password='{SECRET}'")
    failure = EngineError(f"can not read https://me:{SECRET}@host/x", engine="quick")
    failure.__cause__ = cause
    engines.backends["quick"].sessions[-1].fails = (1, failure)
    with pytest.raises(EngineError):
        result.read_all()
    found = spans.all()
    failed = {name for name, span in found.items() if span.status.status_code is trace.StatusCode.ERROR}
    assert failed == set(found) - {"onefold edge rows to stage_0"}
    event = found["onefold stage 0 on quick"].events[-1]
    assert event.name == "exception"
    shown = dict(event.attributes or {})
    assert shown["exception.type"] == "onefold.errors.EngineError"
    assert "https://***@host/x" in str(shown["exception.message"])
    assert "fakes.py" in str(shown["exception.stacktrace"])
    assert "RuntimeError" in str(shown["exception.stacktrace"])
    assert not any(SECRET in span.to_json() for span in found.values())


def test_a_run_that_can_not_start_has_ended_spans(spans: Spans, engines: Engines) -> None:
    with pytest.raises(PlanError, match="rows"):
        run(Limit(input=ROWS, count=1), engine="quick")
    found = spans.all()
    assert set(found) == {"onefold run", "onefold stage 0 on quick"}
    assert {span.status.status_code for span in found.values()} == {trace.StatusCode.ERROR}


def test_a_result_that_is_let_go_of_ends_its_spans_without_an_error(spans: Spans, engines: Engines) -> None:
    result = run(ROWS, inputs={"rows": DATA}, engine="quick")
    next(result)
    assert "onefold run" not in spans.all()
    del result
    gc.collect()
    found = spans.all()
    assert set(found) == {"onefold run", "onefold stage 0 on quick", "onefold edge rows to stage_0"}
    assert {span.status.status_code for span in found.values()} == {trace.StatusCode.UNSET}
    assert attributes(found["onefold run"])["rows"] == 1


class NotInstalled:
    """Refuses OpenTelemetry to whoever imports it, and notes that."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] == "opentelemetry":
            self.asked.append(name)
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotInstalled]:
    """OpenTelemetry as if it were not installed."""
    finder = NotInstalled()
    for name in [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield finder
    assert not [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]


def test_where_it_is_not_installed_nothing_changes_and_nobody_looks_for_it(spans: Spans, absent: NotInstalled) -> None:
    untraced = training_set().to_arrow()
    assert untraced.equals(of.training_set(spine(), views(in_memory()), time="t", engine="oracle").to_arrow())
    assert absent.asked == []
    assert spans.all() == {}
