"""Where each part of a plan runs, and why: assigned engines, homes of tables, Python functions, fallbacks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from onefold.contract import Capabilities, RunsTransforms, capabilities_of
from onefold.execution.sessions import SessionKey, session_key
from onefold.plan import Column, Filter, MapBatches, NamedExpression, NativeSql, Project, Relation, Scan
from onefold.registry import DEFAULT_ENGINE

__all__ = ["ARROW", "PYTHON", "Choice", "FallbackWarning", "Placement", "Placer"]

PYTHON = "python"
"""The engine name of stages that run the user's Python functions."""

ARROW = "arrow"
"""The engine name of stages that only hand rows on: they number them, or put columns side by side."""


class FallbackWarning(UserWarning):
    """A part of a plan runs on another engine than was asked for, because that one does not offer it."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a relation and all below it are to run.

    Args:
        engine: The engine.
        reason: Why this one, for ``explain``.
        fallback: The engine for what it does not offer; None: that is an error.
        options: Options of sessions, by engine.
    """

    engine: str = DEFAULT_ENGINE
    reason: str = ""
    fallback: str | None = DEFAULT_ENGINE
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What tells apart places where relations can run differently."""
        options = [session_key(engine, values) for engine, values in sorted(self.options.items())]
        return self.engine, self.fallback, str(options)

    def with_options(self, *options: Mapping[str, Mapping[str, Any]]) -> Placement:
        """Return the same place with options by engine; later ones go before earlier ones."""
        merged: dict[str, dict[str, Any]] = {}
        for by_engine in options:
            for engine, values in by_engine.items():
                merged.setdefault(engine, {}).update(values)
        return replace(self, options=merged)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a relation runs.

    Args:
        engine: The engine, or ``"python"`` or ``"arrow"``.
        reason: Why it is this one.
        asked: What was asked for; it goes on below the relation.
    """

    engine: str
    reason: str
    asked: Placement

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the engine's session."""
        return self.asked.options.get(self.engine, {})

    @property
    def session(self) -> SessionKey:
        """What tells apart the sessions that relations run in."""
        return session_key(self.engine, self.options)


class Placer:
    """Chooses where the relations of a plan run.

    Args:
        place: Returns where a relation and all below it are to run; None: where the relation above does.
        capabilities: Returns what an engine offers.
        transforms: Returns the backend that says which transforms run inside of an engine; None: capabilities do.
    """

    def __init__(
        self,
        place: Callable[[Relation], Placement | None],
        capabilities: Callable[[str], Capabilities],
        transforms: Callable[[str], RunsTransforms | None],
    ) -> None:
        self._place = place
        self.capabilities = capabilities
        self._transforms = transforms
        self._homes: dict[str, str] = {}
        self._put: dict[str, Choice] = {}
        self._chosen: dict[object, Choice] = {}

    def put(self, relation: Relation, choice: Choice) -> None:
        """Choose where a relation runs, whatever anybody else says."""
        self._put[relation.fingerprint] = choice

    def asked(self, relation: Relation, above: Placement) -> Placement:
        """Return what is asked for a relation, below one for which ``above`` was."""
        return self._place(relation) or above

    def choose(self, relation: Relation, above: Placement) -> Choice:
        """Return where a relation runs, below one for which ``above`` was asked.

        What several engines read is read by each of them. Only a Python function runs once, where it was asked for
        first.

        Raises:
            UnsupportedOperation: If the engine does not offer the relation, and no fallback does.
        """
        if relation.fingerprint in self._put:
            return self._put[relation.fingerprint]
        asked = self.asked(relation, above)
        key = relation.fingerprint if isinstance(relation, MapBatches) else (relation.fingerprint, asked.key)
        if key not in self._chosen:
            self._chosen[key] = self._chosen_anew(relation, asked)
        return self._chosen[key]

    def find_homes(self, parents_last: Iterable[Relation]) -> None:
        """Note what lives in an engine: tables, and the filters, projections and native SQL directly above them.

        Args:
            parents_last: The relations of a plan, each after those that it reads.
        """
        for relation in parents_last:
            below = {self._homes.get(child.fingerprint) for child in relation.inputs}
            home = None
            if isinstance(relation, Scan):
                home = relation.table.home
            elif isinstance(relation, Filter | Project | NativeSql) and len(below) == 1:
                home = below.pop()
                if home is not None and self._missing(relation, home):
                    home = None
            if home is not None:
                self._homes[relation.fingerprint] = home

    def without_refused_predicates(self, relation: Relation) -> Relation:
        """Return a scan of a table whose home can not evaluate its predicate with a filter above it instead."""
        if not isinstance(relation, Scan) or relation.table.home is None or relation.predicate is None:
            return relation
        if not self._missing(relation, relation.table.home):
            return relation
        needed = tuple(dict.fromkeys((*relation.output.names, *sorted(relation.predicate.columns))))
        rows = Filter(input=relation.replace(predicate=None, columns=needed), predicate=relation.predicate)
        kept = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in relation.output.names)
        return rows if needed == relation.output.names else Project(input=rows, columns=kept)

    def offered(self, plan: Relation, engine: str) -> bool:
        """Return whether an engine offers all of a plan."""
        return not self.capabilities(engine).missing(plan)

    def _missing(self, relation: Relation, engine: str) -> list[str]:
        offered = self.capabilities(engine)
        return [name for name in capabilities_of(relation) if not offered.offers(name)]

    def _chosen_anew(self, relation: Relation, asked: Placement) -> Choice:
        home = self._homes.get(relation.fingerprint)
        if home is not None and home != asked.engine:
            self._require(relation, home)
            return Choice(home, f"{_tables(relation)} in {home}", asked)
        missing = self._missing(relation, asked.engine)
        if missing and isinstance(relation, MapBatches):
            return self._of_function(relation, missing, asked)
        if not missing:
            return Choice(asked.engine, asked.reason, asked)
        if home is not None or asked.fallback in (None, asked.engine):  # no other engine has what lives in this one
            self.capabilities(asked.engine).require(missing[0])
        assert asked.fallback is not None
        self._require(relation, asked.fallback)
        refused = f"does not offer {', '.join(missing)}"
        warnings.warn(
            f"{asked.engine!r} {refused}: this part runs on {asked.fallback!r}.", FallbackWarning, stacklevel=2
        )
        return Choice(asked.fallback, f"{asked.engine} {refused}", asked)

    def _of_function(self, transform: MapBatches, missing: list[str], asked: Placement) -> Choice:
        """Return where a Python function runs that an engine does not run whatever its options are."""
        what = f"runs the Python function {transform.function.name!r}"
        backend = self._transforms(asked.engine)
        if backend is None or set(missing) - {f"relation.{transform.kind}", f"transform.{transform.format}"}:
            return Choice(PYTHON, what, asked)
        why = backend.why_outside(transform, asked.options.get(asked.engine, {}))
        if why is None:
            return Choice(asked.engine, asked.reason, asked)
        return Choice(PYTHON, f"{what}, outside of {asked.engine}: {why}", asked)

    def _require(self, relation: Relation, engine: str) -> None:
        for name in self._missing(relation, engine):
            self.capabilities(engine).require(name)


def _tables(relation: Relation) -> str:
    names = list(dict.fromkeys(repr(leaf.table.name) for leaf in relation.walk() if isinstance(leaf, Scan)))
    return f"{', '.join(names)} {'lives' if len(names) == 1 else 'live'}"
