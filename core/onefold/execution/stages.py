"""Cutting a plan into stages: the largest parts that one engine, or Python, runs alone."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from onefold.contract import Capabilities, capabilities_of
from onefold.errors import PlanError
from onefold.plan import Input, MapBatches, Relation, Scan
from onefold.rewriting import parents_first, replace_relations

__all__ = ["PYTHON", "FallbackWarning", "Stage", "cut_stages"]

_STAGE_NAME = re.compile(r"stage_[0-9]+")

PYTHON = "python"
"""The engine name of stages that run the user's Python functions."""


class FallbackWarning(UserWarning):
    """A part of a plan runs on another engine than was asked for, because that one does not offer it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a plan that one engine runs alone.

    Args:
        id: Its number; stages only read stages with smaller numbers.
        engine: The engine's name, or ``"python"``.
        plan: What it runs; results of other stages are its inputs named ``stage_<id>``.
        reads: The stages whose results it reads.
        reason: Why it is a stage of its own.
    """

    id: int
    engine: str
    plan: Relation
    reads: tuple[int, ...]
    reason: str

    @property
    def name(self) -> str:
        """The name under which other stages read its result."""
        return f"stage_{self.id}"


def cut_stages(
    root: Relation,
    *,
    engine: str,
    assign: Callable[[Relation], str | None],
    fallback: str | None,
    capabilities: Callable[[str], Capabilities],
) -> tuple[Stage, ...]:
    """Return the stages of a plan, each after those that it reads; the last one gives the result.

    A plan is cut where a relation is assigned to another engine, at Python transforms, at sources that live in an
    engine, and where the engine does not offer a relation. Below each of these, the engine that was asked for goes on.

    Args:
        root: The plan.
        engine: The engine of relations that no other is named for.
        assign: Returns the engine of a relation and all below it, or None for that of the relation above.
        fallback: The engine for what another does not offer; None: raise instead.
        capabilities: Returns what an engine offers.

    Raises:
        UnsupportedOperation: If an engine does not offer a relation and there is no fallback that does.
        PlanError: If an input has the name of a stage.
    """
    taken = sorted(leaf.name for leaf in root.walk() if isinstance(leaf, Input) and _STAGE_NAME.fullmatch(leaf.name))
    if taken:
        raise PlanError(f"The input {taken[0]!r} has the name of a stage. Give it another name.")
    chooser = _Chooser(assign, fallback, capabilities)
    order = list(parents_first(root))
    chosen = {root.fingerprint: chooser.choose(root, engine)}
    alone = {root.fingerprint}
    for relation in order:
        above = chosen[relation.fingerprint]
        for child in relation.inputs:
            if child.fingerprint not in chosen:
                chosen[child.fingerprint] = chooser.choose(child, above.asked)
            own = chosen[child.fingerprint]
            if own.engine != above.engine or own.engine == PYTHON:
                alone.add(child.fingerprint)
    stages: list[Stage] = []
    seen_above: dict[str, Relation] = {}
    for relation in reversed(order):
        plan = replace_relations(relation, lambda child: seen_above[child.fingerprint])
        if relation.fingerprint in alone:
            own = chosen[relation.fingerprint]
            names = {stage.name: stage.id for stage in stages}
            reads = {names[leaf.name] for leaf in plan.walk() if isinstance(leaf, Input) and leaf.name in names}
            stage = Stage(len(stages), own.engine, plan, tuple(sorted(reads)), own.reason)
            stages.append(stage)
            plan = Input(name=stage.name, columns=plan.output)
        seen_above[relation.fingerprint] = plan
    return tuple(stages)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Where a relation runs and why, and the engine that was asked for, which goes on below it."""

    engine: str
    reason: str
    asked: str


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Chooses the engine of each relation; the fields are the arguments of :func:`cut_stages`."""

    assign: Callable[[Relation], str | None]
    fallback: str | None
    capabilities: Callable[[str], Capabilities]

    def choose(self, relation: Relation, above: str) -> _Choice:
        """Return the engine of a relation below which ``above`` was asked for, and why it is another one if it is."""
        named = self.assign(relation)
        asked = above if named is None else named
        if isinstance(relation, MapBatches):
            return _Choice(PYTHON, f"runs the Python function {relation.function.name!r}", asked)
        engine, reason = asked, "" if asked == above else f"assigned to {named}"
        if isinstance(relation, Scan) and relation.table.home not in (None, engine):
            engine, reason = str(relation.table.home), f"{relation.table.name!r} lives in {relation.table.home}"
        offered = self.capabilities(engine)
        missing = [name for name in capabilities_of(relation) if not offered.offers(name)]
        if not missing:
            return _Choice(engine, reason, asked)
        if self.fallback is None or self.fallback == engine:
            offered.require(missing[0])
        assert self.fallback is not None
        for name in missing:
            self.capabilities(self.fallback).require(name)
        warnings.warn(
            f"{engine!r} does not offer {', '.join(missing)}: this part runs on {self.fallback!r}.",
            FallbackWarning,
            stacklevel=3,
        )
        return _Choice(self.fallback, f"{engine} does not offer {', '.join(missing)}", asked)
