"""Finding backends: one that is broken never breaks another, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any, cast

import pytest

from onefold.contract import Backend, BackendEntry, hookimpl
from onefold.errors import ConfigurationError, PluginError
from onefold.registry import Registry, discover


class FakePoint:
    """What discovery uses of an entry point."""

    def __init__(self, name: str, plugin: Any, distribution: str | None = None) -> None:
        self.name = name
        self.value = f"{name}_plugin"
        self.plugin = plugin
        self.dist = None if distribution is None else ModuleType(distribution)
        if self.dist is not None:
            self.dist.name = distribution  # type: ignore[attr-defined]

    def load(self) -> Any:
        if isinstance(self.plugin, Exception):
            raise self.plugin
        return self.plugin


class FakeBackend:
    name = "toy"


def entry(
    name: str, *, aliases: tuple[str, ...] = (), distribution: str = "onefold-toy", create: Any = None
) -> BackendEntry:
    return BackendEntry(
        name=name,
        create=create or cast("Any", FakeBackend),
        distribution=distribution,
        summary="A toy.",
        aliases=aliases,
    )


def plugin(*entries: Any) -> Any:
    class Plugin:
        @hookimpl
        def onefold_register_backends(self) -> Iterable[BackendEntry]:
            return entries

    return Plugin()


def found(*points: FakePoint) -> Registry:
    return discover(cast("tuple[EntryPoint, ...]", points))


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
