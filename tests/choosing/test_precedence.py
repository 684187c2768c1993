"""Who names an engine goes by rank; what is wrong with a name says where it stands; plugins go before the size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.contract.plugins import FakePoint, entry, found, plugin

from onefold.choosing import Choice, choose_engine
from onefold.contract import Estimate, Machine, SourceEstimate, View, hookimpl
from onefold.errors import ConfigurationError, PluginError
from onefold.registry import Registry

GIB = 2**30
SMALL = Estimate((SourceEstimate("events", "parquet", memory_bytes=GIB),), Machine(memory=4 * GIB, disk=0))
BY_SIZE = "auto: 1.0 GiB to read, and this machine has 4.0 GiB of memory"
ENGINES = FakePoint("engines", plugin(*map(entry, ("rift", "spark", "polars", "first", "second"))))


class FakeView:
    """What choosing looks at of a view."""

    def __init__(self, engine: str | None = None, **tags: str) -> None:
        self.name = "sales"
        self.engine = engine
        self.owner = "shop"
        self.tags = tags
        self.feature_names = ("amount_sum_1d",)
        self.events: Any = None


def never() -> Estimate:
    raise AssertionError("nothing is estimated unless an engine is to be chosen")


def policy(answer: Callable[[View, Estimate], Any]) -> Any:
    class Plugin:
        @hookimpl
        def onefold_choose_engine(self, view: View, estimate: Estimate) -> Any:
            return answer(view, estimate)

    return Plugin()


@pytest.fixture
def registry() -> Registry:
    return found(ENGINES, FakePoint("more", plugin(entry("duck", aliases=("goose",)))))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEFOLD_ENGINE", raising=False)


RANKS = ("engines", "engine", "environment", "view", "project")
REASONS = {
    "engines": Choice("rift", "set for this view in this call"),
    "engine": Choice("spark", "set for this call"),
    "environment": Choice("polars", "ONEFOLD_ENGINE"),
    "view": Choice("first", "named by the view"),
    "project": Choice("second", "named by onefold.toml"),
}


@pytest.mark.parametrize("named", [[rank for bit, rank in enumerate(RANKS) if mask >> bit & 1] for mask in range(32)])
def test_the_first_that_names_an_engine_counts(
    named: list[str], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "environment" in named:
        monkeypatch.setenv("ONEFOLD_ENGINE", "polars")
    choice = choose_engine(
        FakeView("first" if "view" in named else None),
        never,
        engines={"sales": "rift", "other": "second"} if "engines" in named else {"other": "second"},
        engine="spark" if "engine" in named else None,
        project="second" if "project" in named else None,
        registry=registry,
    )
    assert choice == (REASONS[named[0]] if named else Choice("rift", "the default"))


def test_an_environment_variable_without_a_value_is_not_there(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("", "  "):
        monkeypatch.setenv("ONEFOLD_ENGINE", value)
        assert choose_engine(FakeView("first"), never, registry=registry).engine == "first"


def test_an_alias_becomes_the_name(registry: Registry) -> None:
    assert choose_engine(FakeView("goose"), never, registry=registry) == Choice("duck", "named by the view")


def test_a_name_that_does_not_count_may_be_wrong(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEFOLD_ENGINE", "sparc")
    assert choose_engine(FakeView(), never, engine="rift", project="dcuk", registry=registry).engine == "rift"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engines": {"sales": "sparc"}},
         r"engines= for the view 'sales' names the engine 'sparc', which is not installed\. Did you mean 'spark'"),
        ({"engine": "polar"}, r"engine= names the engine 'polar'.*Did you mean 'polars'"),
        ({"engine": "atuo"}, r"engine= names the engine 'atuo'.*Did you mean 'auto'"),
        ({"engine": 5}, r"engine= names the engine 5, which is not installed\. The engines here are: 'auto', 'duck'"),
        ({"project": "RIFT"}, r"The project file onefold\.toml names the engine 'RIFT'.*Did you mean 'rift'"),
    ],
    ids=["engines", "engine", "auto", "no text", "project"],
)  # fmt: skip
def test_a_wrong_name_says_where_it_stands(options: dict[str, Any], said: str, registry: Registry) -> None:
    with pytest.raises(ConfigurationError, match=said):
        choose_engine(FakeView(), never, registry=registry, **options)


def test_a_wrong_name_in_the_environment_says_so(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEFOLD_ENGINE", "sparc")
    with pytest.raises(ConfigurationError, match=r"environment variable ONEFOLD_ENGINE names .*'sparc'.*'spark'"):
        choose_engine(FakeView(), never, registry=registry)


def test_an_engine_of_onefold_s_own_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEFOLD_ENGINE", "spark")
    with pytest.raises(ConfigurationError, match=r'pip install "onefold\[spark\]"'):
        choose_engine(FakeView(), never, registry=found(FakePoint("only", plugin(entry("rift")))))


def test_an_engine_that_can_not_be_loaded_is_named_and_reported_when_it_runs() -> None:
    registry = found(FakePoint("spark", ImportError("no Java")))
    assert choose_engine(FakeView("spark"), never, registry=registry).engine == "spark"
    with pytest.raises(PluginError, match="no Java"):
        registry.create("spark")


# -- auto ------------------------------------------------------------------------------------------------------------


def auto(*points: FakePoint, view: FakeView | None = None) -> Choice:
    return choose_engine(view or FakeView("auto"), lambda: SMALL, registry=found(ENGINES, *points))


@pytest.mark.parametrize("rank", RANKS)
def test_auto_can_be_named_wherever_an_engine_can(
    rank: str, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rank == "environment":
        monkeypatch.setenv("ONEFOLD_ENGINE", "auto")
    choice = choose_engine(
        FakeView("auto" if rank == "view" else None),
        lambda: SMALL,
        engines={"sales": "auto"} if rank == "engines" else None,
        engine="auto" if rank == "engine" else None,
        project="auto" if rank == "project" else None,
        registry=registry,
    )
    assert choice == Choice("rift", BY_SIZE)


def test_a_plugin_replaces_the_policy_and_is_asked_with_the_view_and_the_estimate() -> None:
    asked = []

    def answer(view: View, estimate: Estimate) -> str:
        asked.append((view.name, view.tags, estimate))
        return "spark"

    assert auto(FakePoint("house", policy(answer)), view=FakeView("auto", size="large")) == Choice(
        "spark", "auto: the plugin 'house'"
    )
    assert asked == [("sales", {"size": "large"}, SMALL)]


def test_a_plugin_without_an_answer_leaves_the_choice_to_the_next_and_to_the_policy() -> None:
    none = FakePoint("z-none", policy(lambda view, estimate: None))
    assert auto(none) == Choice("rift", BY_SIZE)
    assert auto(none, FakePoint("a-some", policy(lambda view, estimate: "polars"))).engine == "polars"


def test_a_plugin_may_answer_with_an_alias() -> None:
    more = FakePoint("more", plugin(entry("duck", aliases=("goose",))))
    assert auto(more, FakePoint("house", policy(lambda view, estimate: "goose"))).engine == "duck"


@pytest.mark.parametrize("answer", ["sparc", "auto"])
def test_a_plugin_that_names_no_engine_is_named(answer: str) -> None:
    said = rf"The plugin 'house', asked for the view 'sales', names the engine '{answer}', which is not installed"
    with pytest.raises(ConfigurationError, match=said):
        auto(FakePoint("house", policy(lambda view, estimate: answer)))


def test_a_plugin_that_fails_is_an_error_and_not_passed_over() -> None:
    def fails(view: View, estimate: Estimate) -> str:
        raise ZeroDivisionError("division by zero")

    with pytest.raises(PluginError, match="'house' failed to choose the engine of the view 'sales': ZeroDivisionError"):
        auto(FakePoint("house", policy(fails)))


def test_a_plugin_that_can_not_be_loaded_is_mentioned() -> None:
    broken = FakePoint("house", ImportError("no module named 'house'"))
    assert auto(broken) == Choice("rift", f"{BY_SIZE} (not asked, since they can not be loaded: 'house')")


def test_plugins_are_not_asked_when_an_engine_is_named() -> None:
    def fails(view: View, estimate: Estimate) -> str:
        raise AssertionError("asked")

    registry = found(ENGINES, FakePoint("house", policy(fails)))
    assert choose_engine(FakeView("polars"), never, registry=registry).engine == "polars"
