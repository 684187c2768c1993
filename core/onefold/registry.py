"""Finds and loads plugins, their backends and policies: the only module that knows about entry points.

A plugin that can not be imported is remembered and reported when its backend is asked for; it never breaks another.
Two plugins under one name, and hooks that do not exist, are errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from onefold.contract import Backend, BackendEntry, Estimate, View, hookspecs
from onefold.errors import ConfigurationError, OnefoldError, PluginError, listed

__all__ = ["AUTO", "DEFAULT_ENGINE", "FIRST_PARTY", "EnginePolicy", "Registry", "get_backend", "installed"]

DEFAULT_ENGINE = "rift"
"""The engine of a view that names none."""

AUTO = "auto"
"""What a view names instead of an engine for it to be chosen by the size of what is read, or by a plugin."""


@dataclass(frozen=True, slots=True)
class EnginePolicy:
    """A plugin's ``onefold_choose_engine``.

    Args:
        plugin: The plugin's name.
        function: What the plugin wrote; it takes some of the hook's arguments.
        arguments: Which ones.
    """

    plugin: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]

    def __call__(self, view: View, estimate: Estimate) -> str | None:
        """Return the plugin's answer for a view; None when it has none.

        Raises:
            PluginError: If the plugin fails, or its answer is not text.
        """
        given = {"view": view, "estimate": estimate}
        try:
            answer = self.function(*(given[name] for name in self.arguments))
        except Exception as error:
            raise PluginError(
                f"The plugin {self.plugin!r} failed to choose the engine of the view {view.name!r}: "
                f"{type(error).__name__}: {error}. Name an engine for the view, or uninstall the plugin."
            ) from error
        if answer is None or isinstance(answer, str):
            return answer
        raise PluginError(
            f"The plugin {self.plugin!r} chose {answer!r:.60} for the view {view.name!r}: an engine is named by text."
        )


@dataclass(frozen=True, slots=True)
class Registry:
    """What is installed.

    Args:
        backends: The registered backends, by name.
        broken: Why plugins could not be loaded, by entry-point name.
        policies: The plugins that choose engines, in the order in which they are asked.
    """

    backends: Mapping[str, BackendEntry]
    broken: Mapping[str, Exception]
    policies: tuple[EnginePolicy, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which backends can be chosen, sorted."""
        return tuple(sorted(self.backends))

    def create(self, name: str) -> Backend:
        """Return a backend by name; only now its engine is imported.

        Raises:
            PluginError: If the plugin of that name is broken, or its engine can not be imported.
            ConfigurationError: If there is no such backend.
        """
        if name == AUTO:
            raise ConfigurationError(
                f"{AUTO!r} is for feature views, whose engines can be chosen by what they read. Name an engine here. "
                f"{listed(name, self.names, what='installed engines')}"
            )
        if name in self.broken:
            raise PluginError(
                f"The backend {name!r} is installed but can not be loaded: {self.broken[name]}. "
                "Run `onefold engines` for details."
            ) from self.broken[name]
        entry = self.backends.get(name)
        if entry is None:
            advice = f' Install it with: pip install "onefold[{name}]".' if name in FIRST_PARTY else ""
            raise ConfigurationError(
                f"There is no engine {name!r}.{advice} {listed(name, self.names, what='installed engines')}"
            )
        try:
            return entry.create()
        except ImportError as error:
            raise PluginError(
                f"The engine of the backend {name!r} can not be imported: {error}. "
                f'Install it with: pip install "{entry.distribution}".'
            ) from error
        except OnefoldError:
            raise
        except Exception as error:
            raise PluginError(f"The backend {name!r} can not be created: {type(error).__name__}: {error}") from error


FIRST_PARTY = ("rift", "spark", "snowflake", "polars")
"""The names of onefold's own backends, installed or not."""


def discover(points: tuple[EntryPoint, ...]) -> Registry:
    """Return what a set of entry points registers.

    Raises:
        PluginError: If two plugins have one name, two backends have one name, or a hook does not exist.
    """
    counts = Counter(point.name for point in points)
    if twice := sorted(name for name, count in counts.items() if count > 1):
        owners = sorted(
            str(point.dist.name if point.dist else point.value) for point in points if point.name == twice[0]
        )
        raise PluginError(
            f"More than one installed distribution registers the plugin {twice[0]!r}: {', '.join(owners)}. "
            "Uninstall all but one."
        )
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    broken: dict[str, Exception] = {}
    for point in sorted(points, key=lambda point: point.name):
        try:
            manager.register(point.load(), name=point.name)
        except Exception as error:  # noqa: BLE001 - a plugin is foreign code: it must not break the others
            broken[point.name] = error
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"A plugin implements a hook that does not exist: {error}") from error
    backends: dict[str, BackendEntry] = {}
    for implementation in manager.hook.onefold_register_backends.get_hookimpls():
        try:
            entries: tuple[BackendEntry, ...] = tuple(implementation.function())  # type: ignore[arg-type]
            for entry in entries:
                if not isinstance(entry, BackendEntry):
                    raise TypeError(f"it registers {entry!r:.60}, which is not a BackendEntry")
        except Exception as error:  # noqa: BLE001 - as above
            broken[implementation.plugin_name] = error
            continue
        for entry in entries:
            for name in (entry.name, *entry.aliases):
                if name == AUTO:
                    raise PluginError(
                        f"{entry.distribution} registers a backend named {AUTO!r}, which means that an engine is "
                        "chosen. Uninstall it."
                    )
                if name in backends:
                    raise PluginError(
                        f"Two plugins register a backend named {name!r}: {backends[name].distribution} and "
                        f"{entry.distribution}. Uninstall one of them."
                    )
                backends[name] = entry
    return Registry(backends, broken, _policies(manager, broken))


def _policies(manager: pluggy.PluginManager, broken: dict[str, Exception]) -> tuple[EnginePolicy, ...]:
    """Return the plugins that choose engines, in pluggy's order: the first answer counts.

    They are asked one by one, not through the hook, so that an answer is known by the name of its plugin.
    """
    policies = []
    for implementation in reversed(manager.hook.onefold_choose_engine.get_hookimpls()):
        if implementation.wrapper or implementation.hookwrapper:
            broken[implementation.plugin_name] = TypeError("it wraps onefold_choose_engine, which takes no wrappers")
        else:
            policies.append(
                EnginePolicy(implementation.plugin_name, implementation.function, tuple(implementation.argnames))
            )
    return tuple(policies)


@lru_cache(maxsize=1)
def installed() -> Registry:
    """Return what is installed in this environment; looked up once per process."""
    return discover(tuple(entry_points(group=hookspecs.PROJECT)))


def get_backend(name: str) -> Backend:
    """Return an installed backend by name; see :meth:`Registry.create`."""
    return installed().create(name)
