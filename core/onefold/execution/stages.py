"""Cutting a plan into stages: the largest parts that one engine, or Python, runs alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

from onefold.contract import Capabilities, capabilities_of
from onefold.plan import Input, MapBatches, Relation, Scan
from onefold.rewriting import parents_first, replace_relations

__all__ = ["PYTHON", "FallbackWarning", "Stage", "cut_stages"]

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
    engine, and where the engine does not offer a relation.

    Args:
        root: The plan.
        engine: The engine of relations that no other is named for.
        assign: Returns the engine of a relation and all below it, or None for that of the relation above.
        fallback: The engine for what another does not offer; None: raise instead.
        capabilities: Returns what an engine offers.

    Raises:
        UnsupportedOperation: If an engine does not offer a relation and there is no fallback that does.
    """
    chooser = _Chooser(engine, assign, fallback, capabilities)
    order = list(parents_first(root))
    chosen = {root.fingerprint: chooser.choose(root, engine)}
    alone = {root.fingerprint}
    for relation in order:
        above, _ = chosen[relation.fingerprint]
        for child in relation.inputs:
            if child.fingerprint not in chosen:
                chosen[child.fingerprint] = chooser.choose(child, above)
            own, _ = chosen[child.fingerprint]
            if own != above or own == PYTHON:
                alone.add(child.fingerprint)
    stages: list[Stage] = []
    seen_above: dict[str, Relation] = {}
    for relation in reversed(order):
        plan = replace_relations(relation, lambda child: seen_above[child.fingerprint])
        if relation.fingerprint in alone:
            own, reason = chosen[relation.fingerprint]
            names = {stage.name: stage.id for stage in stages}
            reads = {names[leaf.name] for leaf in plan.walk() if isinstance(leaf, Input) and leaf.name in names}
            stage = Stage(len(stages), own, plan, tuple(sorted(reads)), reason)
            stages.append(stage)
            plan = Input(name=stage.name, columns=plan.output)
        seen_above[relation.fingerprint] = plan
    return tuple(stages)


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Chooses the engine of each relation; the fields are the arguments of :func:`cut_stages`."""

    default: str
    assign: Callable[[Relation], str | None]
    fallback: str | None
    capabilities: Callable[[str], Capabilities]

    def choose(self, relation: Relation, above: str) -> tuple[str, str]:
        """Return the engine of a relation that one of engine ``above`` reads, and why it is another one if it is."""
        if isinstance(relation, MapBatches):
            return PYTHON, f"runs the Python function {relation.function.name!r}"
        named = self.assign(relation)
        if named is not None:
            engine, reason = named, f"assigned to {named}"
        elif above == PYTHON:
            engine, reason = self.default, "feeds a Python function"
        else:
            engine, reason = above, ""
        if isinstance(relation, Scan) and relation.table.home not in (None, engine):
            engine, reason = str(relation.table.home), f"{relation.table.name!r} lives in {relation.table.home}"
        offered = self.capabilities(engine)
        missing = [name for name in capabilities_of(relation) if not offered.offers(name)]
        if not missing:
            return engine, reason
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
        return self.fallback, f"{engine} does not offer {', '.join(missing)}"
