"""Python functions run inside of an engine whose backend says so for the options of the session, and else are cut out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.execution.fakes import FakeBackend
from tests.plan.examples import col

from onefold.contract import Capabilities, Full, RunsTransforms
from onefold.errors import ConfigurationError
from onefold.execution import Placement, Stage, cut_stages
from onefold.execution.stages import PYTHON
from onefold.plan import Filter, FunctionRef, Input, MapBatches, Relation, Sort, SortKey, Union
from onefold.types import Schema

COLUMNS = Schema.of(k="string", v="int64", late="bool")
CAPABILITIES = FakeBackend("quick", []).capabilities


class Choosy:
    """Runs what its options allow by name."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def why_outside(self, transform: MapBatches, options: Mapping[str, Any]) -> str | None:
        name = transform.function.name
        self.asked.append(name)
        if "wrong" in options:
            raise ConfigurationError("there is no such option")
        return None if name in options.get("inside", ()) else f"{name} is not safe"


def python(name: str, input: Relation | None = None, columns: Schema = COLUMNS) -> MapBatches:
    function = FunctionRef(module="m", name=name, source_hash="0")
    return MapBatches(input=input or Input(name="rows", columns=COLUMNS), function=function, columns=columns)


def sort(input: Relation) -> Sort:
    return Sort(input=input, keys=(SortKey(column="v"),))


def cut(
    plan: Relation,
    options: Mapping[str, Any],
    *,
    choosy: Choosy | None = None,
    capabilities: Capabilities = CAPABILITIES,
    engine: str = "quick",
) -> tuple[Stage, ...]:
    backend = choosy or Choosy()
    return cut_stages(
        plan,
        default=Placement(engine, "named", options={"quick": options}),
        capabilities=lambda name: capabilities,
        transforms=lambda name: backend if name == "quick" else None,
    )


def shape(stages: tuple[Stage, ...]) -> list[tuple[str, str]]:
    return [(stage.engine, stage.reason) for stage in stages]


def test_what_a_backend_runs_is_no_stage_of_its_own() -> None:
    stages = cut(sort(python("f", Filter(input=python("g"), predicate=col("late")))), {"inside": ("f", "g")})
    assert shape(stages) == [("quick", "named; runs the Python functions 'f', 'g' inside")]
    assert shape(cut(python("f"), {"inside": ("f",)})) == [("quick", "named; runs the Python function 'f' inside")]


def test_what_it_does_not_run_is_cut_out_and_says_why() -> None:
    assert shape(cut(sort(python("f")), {})) == [
        ("quick", "named"),
        (PYTHON, "runs the Python function 'f', outside of quick: f is not safe"),
        ("quick", "named"),
    ]


def test_functions_are_chosen_one_by_one() -> None:
    stages = cut(sort(python("f", python("g"))), {"inside": ("f",)})
    assert [stage.engine for stage in stages] == ["quick", PYTHON, "quick"]
    assert stages[1].reason.endswith("g is not safe")
    assert stages[2].reason == "named; runs the Python function 'f' inside"
    stages = cut(sort(python("f", python("g"))), {"inside": ("g",)})
    assert [stage.reason.rpartition(" ")[2] for stage in stages] == ["inside", "safe", "named"]


def test_a_function_that_is_read_twice_is_asked_about_once() -> None:
    choosy = Choosy()
    shared = python("f")
    stages = cut(Union(relations=(sort(shared), shared)), {"inside": ("f",)}, choosy=choosy)
    assert len(stages) == 1
    assert choosy.asked == ["f"]


def test_only_the_engine_that_is_asked_for_is_asked() -> None:
    choosy = Choosy()
    stages = cut(sort(python("f")), {"inside": ("f",)}, choosy=choosy, engine="other")
    assert [stage.engine for stage in stages] == ["other", PYTHON, "other"]
    assert stages[1].reason == "runs the Python function 'f'"
    assert choosy.asked == []


def test_what_the_engine_lacks_otherwise_is_no_matter_of_options() -> None:
    choosy = Choosy()
    binary = Schema.of(b="binary")
    without = Capabilities("quick", {name: said for name, said in CAPABILITIES if name != "type.binary"})
    plan = python("f", Input(name="rows", columns=COLUMNS), binary)
    assert [stage.engine for stage in cut(plan, {"inside": ("f",)}, choosy=choosy, capabilities=without)] == [
        "quick",
        PYTHON,
    ]
    assert choosy.asked == []


def test_capabilities_go_before_what_a_backend_says() -> None:
    choosy = Choosy()
    always = Capabilities(
        "quick", {**CAPABILITIES.statements, "relation.map_batches": Full(), "transform.arrow": Full()}
    )
    stages = cut(python("f"), {}, choosy=choosy, capabilities=always)
    assert [stage.engine for stage in stages] == ["quick"]
    assert choosy.asked == []


def test_options_that_can_not_be_used_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="no such option"):
        cut(python("f"), {"wrong": True})


def test_the_protocol_is_found_by_its_method() -> None:
    assert isinstance(Choosy(), RunsTransforms)
    assert not isinstance(FakeBackend("quick", []), RunsTransforms)
