"""Documents: exact round trips, one canonical text, shared parts once, fingerprints that never move by accident."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plan.examples import agg, col, every_kind, random_plan

from onefold.errors import PlanError
from onefold.plan import Filter, Frame, Input, Limit, Plan, Relation, SortKey, Union, Window, WindowMeasure
from onefold.plan.document import KINDS
from onefold.plan.node import Node, Part
from onefold.types import Schema

GOLDEN = Path(__file__).with_name("golden_plan.json")


def all_nodes(root: Relation) -> list[Node]:
    found: dict[str, Node] = {}
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if node.fingerprint not in found:
            found[node.fingerprint] = node
            pending.extend(node.children)
    return list(found.values())


def assert_same(left: object, right: object) -> None:
    """Compare field by field: equality of nodes alone would go by the fingerprint, which is under test."""
    assert type(left) is type(right), (left, right)
    if isinstance(left, Node | Part):
        for name in type(left).model_fields:
            assert_same(getattr(left, name), getattr(right, name))
    elif isinstance(left, tuple):
        assert isinstance(right, tuple)
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    elif isinstance(left, float):
        assert isinstance(right, float)
        assert left.hex() == right.hex()
    else:
        assert left == right


def test_the_example_holds_every_kind_and_sets_every_field() -> None:
    nodes = all_nodes(every_kind())
    assert {node.kind for node in nodes} == set(KINDS)
    for cls in {type(node) for node in nodes}:
        for name, field in cls.model_fields.items():
            if not field.is_required():
                default = field.get_default(call_default_factory=True)
                assert any(getattr(node, name) != default for node in nodes if type(node) is cls), (cls, name)


def test_every_node_class_has_a_kind_in_documents() -> None:
    def concrete(cls: type[Node]) -> set[type[Node]]:
        below = set[type[Node]]().union(*(concrete(sub) for sub in cls.__subclasses__()))
        # Steps of a lowering, which no plan holds, are relations too.
        return below | ({cls} if "kind" in cls.__dict__ and cls.__module__.startswith("onefold.plan.") else set())

    assert concrete(Node) == set(KINDS.values())


def test_a_plan_of_every_kind_is_read_back_field_by_field() -> None:
    plan = Plan(every_kind())
    read = Plan.from_json(plan.to_json())
    assert_same(read.root, plan.root)
    assert read == plan
    assert hash(read) == hash(plan)
    assert read.schema == plan.schema
    assert read.to_json() == plan.to_json()


@pytest.mark.parametrize("seed", range(150))
def test_random_plans_are_read_back_field_by_field(seed: int) -> None:
    root = random_plan(seed)
    text = Plan(root).to_json()
    read = Plan.from_json(text)
    assert_same(read.root, root)
    assert read.to_json() == text
    assert read.fingerprint == root.fingerprint


def test_random_plans_are_equal_exactly_when_their_documents_are() -> None:
    roots = [random_plan(seed % 60) for seed in range(120)]
    texts = [Plan(root).to_json() for root in roots]
    for number, text in enumerate(texts):
        assert [root.fingerprint == roots[number].fingerprint for root in roots] == [other == text for other in texts]
    assert len(set(texts)) > 40


@pytest.mark.parametrize(("start", "end"), [(None, 0), (None, None), (-2, None), (0, 0), (-2, 0), (0, None)], ids=str)
def test_frames_without_an_end_stay_without_an_end(start: int | None, end: int | None) -> None:
    rows = Input(name="rows", columns=Schema.of(x="int64"))
    measure = WindowMeasure(name="m", call=agg("sum", col("x")), frame=Frame(start=start, end=end))
    window = Window(input=rows, order_by=(SortKey(column="x"),), measures=(measure,))
    read = Plan.from_json(Plan(window).to_json()).root
    assert isinstance(read, Window)
    assert read.measures[0].frame == Frame(start=start, end=end)


def test_documents_are_canonical_json() -> None:
    text = Plan(every_kind()).to_json()
    document = json.loads(text)
    assert text == json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert text.isascii()
    assert set(document) == {"onefold_plan", "nodes", "root"}
    assert Plan.from_json(text.encode()).to_json() == text
    loose = json.dumps(document, indent=3, ensure_ascii=False)
    assert Plan.from_json(loose).to_json() == text
    assert Plan.from_json(loose.encode("utf-16")).to_json() == text


def test_shared_parts_are_written_once() -> None:
    relation: Relation = Filter(input=Input(name="rows", columns=Schema.of(late="bool")), predicate=col("late"))
    for _ in range(100):
        relation = Union(relations=(relation, relation))
    text = Plan(relation).to_json()
    assert text.count('"kind":"input"') == 1
    assert len(json.loads(text)["nodes"]) == 103
    assert Plan.from_json(text) == Plan(relation)


def test_equal_parts_that_were_made_apart_are_written_once() -> None:
    def part() -> Relation:
        return Filter(input=Input(name="rows", columns=Schema.of(late="bool")), predicate=col("late"))

    assert len(json.loads(Plan(Union(relations=(part(), part()))).to_json())["nodes"]) == 4


def test_the_root_is_a_relation() -> None:
    with pytest.raises(PlanError, match="root of a plan is a relation"):
        Plan(col("x"))  # type: ignore[arg-type]


def test_fingerprints_are_the_same_in_every_process() -> None:
    code = "from tests.plan.examples import every_kind; print(every_kind().fingerprint)"
    found = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([".", *sys.path])}
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, check=True
        )
        found.add(done.stdout.strip())
    assert found == {every_kind().fingerprint}


def test_the_format_has_not_changed_by_accident() -> None:
    """Documents of the past must be read, and fingerprints must not move: see `regenerate` below."""
    golden = json.loads(GOLDEN.read_text("ascii"))
    plan = Plan(every_kind())
    assert golden["fingerprint"] == plan.fingerprint
    assert golden["document"] == json.loads(plan.to_json())
    assert_same(Plan.from_json(json.dumps(golden["document"])).root, plan.root)


def regenerate() -> None:
    """Write the golden file anew, after a change of the format that is meant (with a new FORMAT_VERSION)."""
    plan = Plan(every_kind())
    document = {"fingerprint": plan.fingerprint, "document": json.loads(plan.to_json())}
    GOLDEN.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", "ascii")


def test_a_changed_copy_has_a_fingerprint_of_its_own() -> None:
    limit = Limit(input=Input(name="rows", columns=Schema.of(x="int64")), count=1)
    assert limit.fingerprint == limit.replace(count=1).fingerprint
    assert limit.fingerprint != limit.replace(count=2).fingerprint
    with pytest.raises(PlanError, match="greater than or equal to 0"):
        limit.replace(count=-1)
