"""What explain shows: stages and why, steps by id, what went over each edge; as text, for terminals, and as HTML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from rich.console import Console
from tests.integration.views import in_memory, spine, views

import onefold as of
from onefold.errors import PlanError

ENGINES = {"spend": "rift", "latest": "sqlite", "shape": "rift"}
GOLDEN = """\
stage 0 on arrow (numbers the rows of the spine): 70 rows, # B, # s
  Input spine: user, label, t, row  [0.0]
  read spine from memory: 70 rows, # B, # s
stage 1 on rift (set for this view in this call), reads stage 0: 70 rows, # B, # s
  Project row_, greatest  [1.0]
  └─ TrailingAggregate on user = user, at as of t: 1 features  [1.1]
     │  [200s): greatest = max(n)
     ├─ Input stage_0: user, t, row_  [1.2]
"""


@pytest.fixture(scope="module")
def train() -> of.TrainingSet:
    return of.training_set(spine(), views(in_memory()), time="t", engines=ENGINES)


def without_measurements(text: str) -> str:
    return re.sub(r"[\d.]+ s\b", "# s", re.sub(r"[\d.,]+ [KM]?i?B\b", "# B", text))


def test_the_text_names_engines_reasons_steps_and_what_went_over_each_edge() -> None:
    only = of.training_set(spine(), views(in_memory())[1:], time="t", engines={"latest": "sqlite", "shape": "rift"})
    text = without_measurements(str(only.explain(analyze=True)))
    assert set(GOLDEN.splitlines()[:3]) <= set(text.splitlines())
    assert (
        "stage 3 on arrow (puts the features of 2 stages beside the rows of the spine), reads stage 0, stage 1, stage 2"
        in text
    )
    assert text.count("read stage 0 from memory: 70 rows, # B, # s") == 3
    assert "as a stream: 70 rows, # B, # s" in text


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
