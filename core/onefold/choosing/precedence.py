"""The engine of a view: who names it goes by rank, and ``"auto"`` asks plugins, then the size of what is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from onefold.choosing.choice import Choice
from onefold.choosing.names import engine_name
from onefold.choosing.policy import choose_by_size
from onefold.contract import Estimate, View
from onefold.registry import AUTO, DEFAULT_ENGINE, Registry, installed

__all__ = ["ENVIRONMENT", "choose_engine"]

ENVIRONMENT = "ONEFOLD_ENGINE"
"""The environment variable that names the engine of all views, over what definitions name."""


def choose_engine(
    view: View,
    estimate: Callable[[], Estimate],
    *,
    engine: str | None = None,
    engines: Mapping[str, str] | None = None,
    project: str | None = None,
    registry: Registry | None = None,
) -> Choice:
    """Return the engine of a view, and why it is that one.

    The first of these that names one counts: ``engines`` of the call, ``engine`` of the call, the environment variable
    ``ONEFOLD_ENGINE``, the view itself, the project file, and ``"rift"``.

    Args:
        view: The view.
        estimate: Returns how much the view reads; called only for ``"auto"``.
        engine: The engine that a call names for all views.
        engines: The engines that it names for some, by view name.
        project: The engine that a project file names.
        registry: What is installed; None: this environment.

    Raises:
        ConfigurationError: If the name that counts is not that of an engine.
        PluginError: If a plugin that chooses fails, or chooses no installed engine.
    """
    known = registry or installed()
    named = (
        ((engines or {}).get(view.name), "set for this view in this call", f"engines= for the view {view.name!r}"),
        (engine, "set for this call", "engine="),
        (os.environ.get(ENVIRONMENT, "").strip() or None, ENVIRONMENT, f"The environment variable {ENVIRONMENT}"),
        (view.engine, "named by the view", f"The feature view {view.name!r}"),
        (project, "named by onefold.toml", "The project file onefold.toml"),
    )
    for name, reason, place in named:
        if name is not None:
            chosen = engine_name(name, what=place, registry=known)
            return Choice(chosen, reason) if chosen != AUTO else _chosen(view, estimate(), known)
    return Choice(DEFAULT_ENGINE, "the default")


def _chosen(view: View, estimate: Estimate, registry: Registry) -> Choice:
    """Return what plugins, or else the size of what is read, decide."""
    for policy in registry.policies:
        answer = policy(view, estimate)
        if answer is not None:
            what = f"The plugin {policy.plugin!r}, asked for the view {view.name!r},"
            return Choice(
                engine_name(answer, what=what, auto=False, registry=registry), f"{AUTO}: the plugin {policy.plugin!r}"
            )
    choice = choose_by_size(estimate, registry)
    if registry.broken:  # one of them may be the policy that should have been asked
        names = ", ".join(map(repr, registry.broken))
        return replace(choice, reason=f"{choice.reason} (not asked, since they can not be loaded: {names})")
    return choice
