"""What explain shows: stages and why, steps by id, what went over each edge; as text, for terminals, and as HTML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console
from tests.integration.views import events, in_memory, spine, views

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
    assert html.count(">native query</div>") == 3


def test_before_a_run_nothing_is_counted(train: of.TrainingSet) -> None:
    assert " rows, " not in str(train.explain())


def parsed(page: str) -> ET.Element:
    """Return a page, which has to be well-formed and without scripts and what comes from elsewhere."""
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>"))


def by_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in element.attrib.get("class", "").split()]


def place(box: ET.Element) -> tuple[float, float, float, float]:
    """Return where a box is: left, top, right and bottom."""
    style = dict(part.split(":", 1) for part in box.attrib["style"].split(";"))
    left, top, width, height = (float(style[name].removesuffix("px")) for name in ("left", "top", "width", "height"))
    return left, top, left + width, top + height


def test_the_boxes_of_the_graph_stand_apart_and_right_of_what_they_read(train: of.TrainingSet) -> None:
    root = parsed(train.explain(analyze=True).to_html())
    boxes = {box.attrib["class"].split()[1]: box for box in by_class(root, "box")}
    titles = {key: next(box.itertext()).strip() for key, box in boxes.items()}
    assert titles == {
        "i0": "spine",
        "s0": "stage 0 on arrow",
        "i2": "orders",
        "s1": "stage 1 on rift",
        "s2": "stage 2 on sqlite",
        "s3": "stage 3 on arrow",
    }
    places = {key: place(box) for key, box in boxes.items()}
    for key, (left, top, right, bottom) in places.items():
        for other, (left_, top_, right_, bottom_) in places.items():
            assert key == other or right < left_ or right_ < left or bottom < top_ or bottom_ < top
    for source, reader in [("i0", "s0"), ("s0", "s1"), ("i2", "s1"), ("s0", "s2"), ("s1", "s3"), ("s2", "s3")]:
        assert places[source][2] < places[reader][0]


def test_a_stage_tells_all_that_is_known_of_it(train: of.TrainingSet) -> None:
    root = parsed(train.explain(analyze=True).to_html())
    (told,) = [one for one in by_class(root, "told") if "s2" in one.attrib["class"]]
    first, *lines = told.itertext()
    assert re.fullmatch(r"stage 2 on sqlite · set for this view in this call · 70 rows, 1\.\d KiB, \d\.\d\d s", first)
    assert lines == ["AsOfJoin on user = user: latest event with at < t, at most 10m old", "takes: amount"]


def test_a_click_on_a_stage_unfolds_it_with_a_script_and_without_one(train: of.TrainingSet) -> None:
    root = parsed(train.explain().to_html())
    stages = [box for box in by_class(root, "box") if box.tag == "a"]
    folded = list(root.iter("details"))
    assert len(stages) == len(folded) == 4
    for stage, details in zip(stages, folded, strict=True):
        key = details.attrib["class"]
        assert key in stage.attrib["class"].split()
        assert f"'details.{key}'" in stage.attrib["onclick"]
        # A browser unfolds what a link leads to, if that is inside of what is folded away.
        assert stage.attrib["href"] in {f"#{inside.attrib.get('id')}" for inside in details}


def test_two_graphs_on_a_page_have_anchors_of_their_own(train: of.TrainingSet) -> None:
    ids = [
        element.attrib["id"]
        for explanation in (train.explain(), mixed().explain())
        for element in parsed(explanation.to_html()).iter()
        if "id" in element.attrib
    ]
    assert len(ids) == len(set(ids)) == 4 + 5


def test_the_graph_has_an_arrow_for_all_that_is_read_and_says_how_much(train: of.TrainingSet) -> None:
    explanation = train.explain(analyze=True)
    root = parsed(explanation.to_html())
    space = "{http://www.w3.org/2000/svg}"
    assert len(list(root.iter(f"{space}svg"))) == 1
    heads = [path for path in root.iter(f"{space}path") if path.attrib["d"].endswith("Z")]
    assert len(heads) == sum(len(report.reads) for report in explanation.stages) == 8
    labels = [text.text or "" for text in root.iter(f"{space}text")]
    assert sorted(label for label in labels if "rows" in label) == ["200 rows"] * 2 + ["70 rows"] * 6
    assert sum(label.endswith("B") for label in labels) == 8


def test_sources_are_drawn_with_what_is_read_of_them(tmp_path: Path) -> None:
    pq.write_table(events(), tmp_path / "orders.parquet")
    orders = of.ParquetSource("orders", tmp_path / "orders.parquet", time="at")
    view = of.FeatureView(
        "spend", source=orders, entity=of.Entity("user", keys=["user"]), features=[of.sum("amount").over("1h")]
    )
    root = parsed(of.training_set(spine(), [view], time="t", engine="rift").explain().to_html())
    boxes = {box.attrib["class"].split()[1]: [text.strip() for text in box.itertext()] for box in by_class(root, "box")}
    assert [text for text in boxes["r0"] if text] == ["orders", "parquet, 3 of 4 columns"]
    (told,) = [one for one in by_class(root, "told") if "r0" in one.attrib["class"]]
    assert list(told.itertext())[:2] == ["orders · parquet", "columns: user, at, amount (3 of 4)"]
    edges = [set(edge.attrib["class"].split()) for edge in by_class(root, "edge")]
    assert {"edge", "r0", "s0"} in edges


def test_hostile_names_stay_text() -> None:
    named = of.ArrowSource("<script>&\"'", in_memory().table, time="at", sequence=["n"])  # type: ignore[attr-defined]
    page = of.training_set(spine(), views(named), time="t", engines=ENGINES).explain().to_html()
    parsed(page)


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
