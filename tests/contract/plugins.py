"""Plugins that are not installed: what discovery uses of entry points."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any, cast

from onefold.contract import BackendEntry, hookimpl
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
