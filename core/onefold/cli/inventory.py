"""What is installed, tried out: each engine's version, health and capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from onefold.contract import Backend, known_capabilities
from onefold.errors import ConfigurationError, listed
from onefold.registry import Registry, installed

__all__ = ["Entry", "take_inventory"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One installed engine.

    Args:
        name: Its name.
        status: ``"ok"`` or ``"broken"``.
        version: The engine's version; None when it can not be asked.
        capabilities: Its statement about each capability, by name; all of the catalogue's, those left out by the
            engine as not implemented. Empty when it can not be asked.
        problem: Why it is broken.
        distribution: What provides it.
        summary: One line about it.
    """

    name: str
    status: str
    version: str | None = None
    capabilities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problem: str = ""
    distribution: str = ""
    summary: str = ""

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return by group how many capabilities the engine offers, and how many there are."""
        counts: dict[str, tuple[int, int]] = {}
        for name, statement in self.capabilities.items():
            group = name.partition(".")[0]
            offered, known = counts.get(group, (0, 0))
            counts[group] = (offered + (statement["status"] in ("full", "emulated", "since")), known + 1)
        return counts

    def as_json(self) -> dict[str, Any]:
        """Return what ``onefold engines --json`` prints."""
        return {
            "name": self.name,
            "version": self.version,
            "status": self.status,
            "problem": self.problem or None,
            "distribution": self.distribution or None,
            "summary": self.summary or None,
            "capabilities": dict(self.capabilities),
        }


def take_inventory(name: str | None = None, registry: Registry | None = None) -> list[Entry]:
    """Return the installed engines, working ones first, each tried out in the cheapest honest way.

    Args:
        name: Only this one.
        registry: What is installed; None: this environment.

    Raises:
        ConfigurationError: If no engine of that name is installed.
    """
    known = registry or installed()
    names = list(dict.fromkeys(entry.name for entry in known.backends.values()))
    if name is not None and name not in known.backends and name not in known.broken:
        raise ConfigurationError(
            f"No engine {name!r} is installed. {listed(name, [*names, *known.broken], what='installed engines')}"
        )
    entries = [
        _tried(known, one) for one in sorted(names) if name is None or known.backends.get(name) is known.backends[one]
    ]
    entries += [
        Entry(one, "broken", problem=_said(error))
        for one, error in sorted(known.broken.items())
        if name in (None, one) and one not in names
    ]
    return sorted(entries, key=lambda entry: entry.status != "ok")


def _tried(registry: Registry, name: str) -> Entry:
    entry = registry.backends[name]
    nothing = Entry(name, "broken", distribution=entry.distribution, summary=entry.summary)
    try:
        backend = registry.create(name)
        health = backend.health()
        capabilities = _statements(backend)
    except Exception as error:  # noqa: BLE001 - a backend is foreign code: its failure is what is reported here
        return replace(nothing, problem=_said(error))
    status = "ok" if health.ok else "broken"
    problem = "" if health.ok else health.detail or "its health check failed without saying why"
    return replace(nothing, status=status, version=health.version, capabilities=capabilities, problem=problem)


def _statements(backend: Backend) -> dict[str, dict[str, Any]]:
    names = {*known_capabilities(), *(name for name, _ in backend.capabilities)}
    return {name: backend.capabilities.get(name).model_dump() for name in sorted(names)}


def _said(error: BaseException) -> str:
    """Return what an error and its causes say, the kind of each included."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(said) < 5:
        said.append(f"{type(seen).__name__}: {seen}")
        seen = seen.__cause__
    return "; because of ".join(said)
