"""What explain shows: stages and why, steps by id, what went over each edge; as text, for terminals, and as HTML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.console import Console
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.errors import PlanError

ENGINES = {"spend": "rift", "latest": "sqlite", "shape": "rift"}
GOLDEN = Path(__file__).with_name("golden")
"""What explain shows of three views on three engines; numbers that differ from run to run are ``#``."""


@pytest.fixture(scope="module")
def train() -> of.TrainingSet:
    return of.training_set(spine(), views(in_memory()), time="t", engines=ENGINES)


def without_measurements(text: str) -> str:
    return re.sub(r"[\d.]+ s\b", "# s", re.sub(r"[\d.,]+ [KM]?i?B\b", "# B", text))


def mixed() -> of.TrainingSet:
    engines = {"spend": "rift", "latest": "sqlite", "shape": "oracle"}
    return of.training_set(spine(), views(in_memory()), time="t", engines=engines)


@pytest.mark.parametrize("analyze", [False, True], ids=["planned", "analyzed"])
def test_the_text_names_engines_reasons_steps_and_what_went_over_each_edge(analyze: bool) -> None:
    golden = GOLDEN / f"{'analyzed' if analyze else 'planned'}.txt"
    assert without_measurements(str(mixed().explain(analyze=analyze))) + "\n" == golden.read_text("utf-8")


def regenerate() -> None:
    """Write the golden files anew, after a change of the text that is meant; read them then."""
    for name, analyze in (("planned", False), ("analyzed", True)):
        text = without_measurements(str(mixed().explain(analyze=analyze)))
        (GOLDEN / f"{name}.txt").write_text(f"{text}\n", "utf-8")


def test_the_numbers_are_those_of_the_rows_that_passed() -> None:
    train = mixed()
    size = sum(batch.nbytes for batch in train.batches())
    last = train.explain(analyze=True).stages[-1]
    assert last.traffic is not None
    assert (last.traffic.rows, last.traffic.bytes, last.traffic.done) == (70, size, True)
    assert last.passed.startswith(f"70 rows, {size / 1024:.1f} KiB, ")
    assert sum(edge.traffic.rows for edge in last.reads.values() if edge is not None) == 4 * 70


def test_engines_show_queries_of_their_own_when_asked() -> None:
    shown = {report.stage.engine: report.query for report in mixed().explain(queries=True).stages}
    assert shown["arrow"] == ""
    assert all("SELECT" in shown[engine] for engine in ("rift", "sqlite"))
    text, html = str(mixed().explain(queries=True)), mixed().explain().to_html()
    assert text.count("native query:") == 3
    assert "native query" not in str(mixed().explain())
    assert html.count("<summary>native query</summary>") == 3


def test_before_a_run_nothing_is_counted(train: of.TrainingSet) -> None:
    assert " rows, " not in str(train.explain())


def test_html_is_well_formed_without_scripts_and_keeps_text_within_boxes(train: of.TrainingSet) -> None:
    page = train.explain(analyze=True).to_html()
    assert "<script" not in page
    root = ET.fromstring(page.removeprefix("<!DOCTYPE html>"))
    space = "{http://www.w3.org/2000/svg}"
    groups = list(root.iter(f"{space}g"))
    assert len(groups) == 6  # four stages and the two tables in memory
    for group in groups:
        box = group.find(f"{space}rect")
        assert box is not None
        left, width = float(box.attrib["x"]), float(box.attrib["width"])
        for text in group.iter(f"{space}text"):
            assert text.text is not None
            assert float(text.attrib["x"]) + 6.7 * len(text.text) <= left + width
    assert [text.text for text in root.iter(f"{space}text") if text.text == "stage 3 on arrow"]


def test_the_graph_has_an_arrow_for_all_that_is_read_and_says_how_much(train: of.TrainingSet) -> None:
    explanation = train.explain(analyze=True)
    root = ET.fromstring(explanation.to_html().removeprefix("<!DOCTYPE html>"))
    space = "{http://www.w3.org/2000/svg}"
    svg = list(root.iter(f"{space}svg"))
    assert len(svg) == 1
    heads = [path for path in svg[0].iter(f"{space}path") if path.attrib["d"].endswith("Z")]
    assert len(heads) == sum(len(report.reads) for report in explanation.stages) == 8
    labels = [text.text or "" for text in svg[0].findall(f"{space}text")]
    assert sorted(label.split(",")[0] for label in labels) == ["200 rows"] * 2 + ["70 rows"] * 6


def test_hostile_names_stay_text() -> None:
    named = of.ArrowSource("<script>&\"'", in_memory().table, time="at", sequence=["n"])  # type: ignore[attr-defined]
    page = of.training_set(spine(), views(named), time="t", engines=ENGINES).explain().to_html()
    assert "<script" not in page
    ET.fromstring(page.removeprefix("<!DOCTYPE html>"))


def test_a_terminal_shows_the_result_first_and_each_stage_once(train: of.TrainingSet) -> None:
    console = Console(width=200, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(train.explain())
    lines = captured.get().splitlines()
    assert lines[0].startswith("stage 3 on arrow")
    assert sum("stage 0 on arrow (numbers" in line for line in lines) == 1
    assert sum("stage 0 on arrow, see above" in line for line in lines) == 2


def test_any_step_can_be_run_alone(train: of.TrainingSet) -> None:
    whole = train.to_arrow()
    assert train.subplan("3").to_arrow().select(whole.column_names).equals(whole)
    assert train.subplan("0").to_arrow().num_rows == 70
    ids = set(re.findall(r"\[(\d+\.\d+)\]", str(train.explain())))
    assert len(ids) > 10
    for id in ids:
        part = train.subplan(id)
        assert part.to_arrow().column_names == list(part.schema.names)


def test_a_step_that_does_not_exist_names_those_that_do(train: of.TrainingSet) -> None:
    with pytest.raises(PlanError, match=r"There is no step '9\.9'.*The steps are: '0\.0'"):
        train.subplan("9.9")
