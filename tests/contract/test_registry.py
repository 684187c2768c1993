"""Finding backends: one that is broken never breaks another, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.contract.plugins import FakeBackend, FakePoint, entry, found, plugin

from onefold.contract import Backend, BackendEntry, Estimate, Machine, View, hookimpl
from onefold.errors import ConfigurationError, PluginError


def test_nothing_installed() -> None:
    registry = found()
    assert registry.names == ()
    with pytest.raises(ConfigurationError, match=r'no engine .rift.\. Install it with: pip install "onefold\[rift\]"'):
        registry.create("rift")
    with pytest.raises(ConfigurationError, match=r"There are no installed engines"):
        registry.create("toy")


def test_backends_are_named_without_being_created() -> None:
    def explode() -> Backend:
        raise AssertionError("created")

    registry = found(FakePoint("toys", plugin(entry("toy", create=explode), entry("doll", aliases=("puppet",)))))
    assert registry.names == ("doll", "puppet", "toy")
    assert isinstance(registry.create("puppet"), FakeBackend)
    assert registry.backends["puppet"].name == "doll"


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'toy'"):
        found(FakePoint("toys", plugin(entry("toy")))).create("tyo")


def test_a_broken_plugin_is_remembered_and_others_work() -> None:
    registry = found(
        FakePoint("broken", ImportError("no module named 'engine'")),
        FakePoint("odd", RuntimeError("wrong moon")),
        FakePoint("toys", plugin(entry("toy"))),
    )
    assert registry.names == ("toy",)
    assert set(registry.broken) == {"broken", "odd"}
    with pytest.raises(PluginError, match="installed but can not be loaded: no module named 'engine'") as caught:
        registry.create("broken")
    assert isinstance(caught.value.__cause__, ImportError)
    assert isinstance(registry.create("toy"), FakeBackend)


@pytest.mark.parametrize("registered", [(None,), ("toy",), (entry("fine"), 5)], ids=repr)
def test_a_plugin_that_registers_something_else_is_broken(registered: tuple[Any, ...]) -> None:
    registry = found(FakePoint("odd", plugin(*registered)), FakePoint("toys", plugin(entry("toy"))))
    assert registry.names == ("toy",)
    with pytest.raises(PluginError, match="not a BackendEntry"):
        registry.create("odd")


def test_a_plugin_whose_hook_fails_or_gives_nothing_is_broken() -> None:
    class Fails:
        @hookimpl
        def onefold_register_backends(self) -> Iterable[BackendEntry]:
            raise OSError("the disk is full")

    class Nothing:
        @hookimpl
        def onefold_register_backends(self) -> None:
            return None

    registry = found(
        FakePoint("fails", Fails()), FakePoint("nothing", Nothing()), FakePoint("toys", plugin(entry("toy")))
    )
    assert set(registry.broken) == {"fails", "nothing"}
    assert registry.names == ("toy",)


def test_an_engine_that_can_not_be_imported_says_what_to_install() -> None:
    def missing() -> Backend:
        raise ImportError("No module named 'duckling'")

    registry = found(FakePoint("toys", plugin(entry("toy", create=missing))))
    with pytest.raises(PluginError, match=r'No module named .duckling.*pip install "onefold-toy"'):
        registry.create("toy")


def test_an_engine_that_fails_otherwise_is_a_plugin_error() -> None:
    def fails() -> Backend:
        raise OSError("libengine.so: wrong format")

    registry = found(FakePoint("toys", plugin(entry("toy", create=fails))))
    with pytest.raises(PluginError, match="can not be created: OSError: libengine"):
        registry.create("toy")


def test_two_distributions_with_one_plugin_name_are_an_error() -> None:
    points = FakePoint("toy", plugin(entry("a")), "first-toy"), FakePoint("toy", plugin(entry("b")), "second-toy")
    with pytest.raises(PluginError, match="'toy': first-toy, second-toy"):
        found(*points)


@pytest.mark.parametrize(
    "second",
    [entry("toy", distribution="other"), entry("x", aliases=("toy",), distribution="other"),
     entry("x", aliases=("bear",), distribution="other"), entry("bear", distribution="other")],
    ids=["name", "alias of a name", "alias of an alias", "name of an alias"],
)  # fmt: skip
def test_two_backends_of_one_name_are_an_error(second: BackendEntry) -> None:
    with pytest.raises(PluginError, match=r"Two plugins register a backend named .*onefold-toy and other"):
        found(FakePoint("a", plugin(entry("toy", aliases=("bear",)))), FakePoint("b", plugin(second)))


def test_a_misspelled_hook_is_an_error() -> None:
    class Plugin:
        @hookimpl
        def onefold_register_backend(self) -> Iterable[BackendEntry]:
            return ()

    with pytest.raises(PluginError, match="hook that does not exist"):
        found(FakePoint("toys", Plugin()))


def test_a_hook_with_other_arguments_is_a_broken_plugin() -> None:
    class Plugin:
        @hookimpl
        def onefold_register_backends(self, surprise: int) -> Iterable[BackendEntry]:
            return ()

    registry = found(FakePoint("odd", Plugin()), FakePoint("toys", plugin(entry("toy"))))
    assert registry.names == ("toy",)
    assert "surprise" in str(registry.broken["odd"])


def test_auto_is_no_name_for_a_backend() -> None:
    with pytest.raises(PluginError, match="onefold-toy registers a backend named 'auto'"):
        found(FakePoint("toys", plugin(entry("toy", aliases=("auto",)))))
    with pytest.raises(ConfigurationError, match=r"'auto' is for feature views.*installed engines are: 'toy'"):
        found(FakePoint("toys", plugin(entry("toy")))).create("auto")


# -- policies --------------------------------------------------------------------------------------------------------

NOTHING = Estimate((), Machine())
VIEW: Any = SimpleNamespace(name="sales", tags={"size": "large"})


def policy(answer: Any, *, tryfirst: bool = False, trylast: bool = False) -> Any:
    class Plugin:
        @hookimpl(tryfirst=tryfirst, trylast=trylast)
        def onefold_choose_engine(self, view: View, estimate: Estimate) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

    return Plugin()


def test_policies_are_kept_with_the_names_of_their_plugins_in_the_order_of_pluggy() -> None:
    registry = found(
        FakePoint("a", policy("from a")),
        FakePoint("b", policy("from b")),
        FakePoint("c", policy("from c", trylast=True)),
        FakePoint("d", policy(None, tryfirst=True)),
        FakePoint("toys", plugin(entry("toy"))),
    )
    asked = [(one.plugin, one(VIEW, NOTHING)) for one in registry.policies]
    assert asked == [("d", None), ("b", "from b"), ("a", "from a"), ("c", "from c")]


def test_a_policy_takes_the_arguments_that_it_wants() -> None:
    class Tags:
        @hookimpl
        def onefold_choose_engine(self, view: View) -> str | None:
            return "toy" if view.tags.get("size") == "large" else None

    class Nothing:
        @hookimpl
        def onefold_choose_engine(self) -> str | None:
            return None

    registry = found(FakePoint("tags", Tags()), FakePoint("nothing", Nothing()))
    assert {one.plugin: one(VIEW, NOTHING) for one in registry.policies} == {"tags": "toy", "nothing": None}


def test_a_policy_that_fails_is_named() -> None:
    (failing,) = found(FakePoint("odd", policy(KeyError("size")))).policies
    with pytest.raises(
        PluginError, match="'odd' failed to choose the engine of the view 'sales': KeyError: 'size'"
    ) as caught:
        failing(VIEW, NOTHING)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_policy_that_does_not_answer_with_text_is_named() -> None:
    (wrong,) = found(FakePoint("odd", policy(5))).policies
    with pytest.raises(PluginError, match="'odd' chose 5 for the view 'sales': an engine is named by text"):
        wrong(VIEW, NOTHING)


def test_a_policy_that_can_not_be_loaded_or_wants_to_wrap_others_is_broken() -> None:
    class Wraps:
        @hookimpl(wrapper=True)
        def onefold_choose_engine(self) -> Iterator[None]:
            return (yield)

    class Misread:
        @hookimpl
        def onefold_choose_engine(self, view: View, size: int) -> None:
            return None

    registry = found(
        FakePoint("absent", ImportError("no module named 'absent'")),
        FakePoint("misread", Misread()),
        FakePoint("wraps", Wraps()),
        FakePoint("works", policy("toy")),
    )
    assert [one.plugin for one in registry.policies] == ["works"]
    assert set(registry.broken) == {"absent", "misread", "wraps"}
