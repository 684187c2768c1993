"""Cutting a plan into stages: the largest parts that one engine, or Python, runs alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onefold.contract import Capabilities, RunsTransforms
from onefold.errors import PlanError
from onefold.execution.assembling import Assembling
from onefold.execution.placing import ARROW, PYTHON, Choice, FallbackWarning, Placement, Placer
from onefold.execution.sessions import SessionKey, session_key
from onefold.plan import Input, MapBatches, Relation
from onefold.rewriting import map_relations, parents_first, replace_relations
from onefold.types import INT64, Field, Schema

__all__ = ["ARROW", "PYTHON", "FallbackWarning", "Placement", "Stage", "cut_stages"]

_STAGE_NAME = re.compile(r"stage_[0-9]+")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a plan that one engine runs alone.

    Args:
        id: Its number; stages only read stages with smaller numbers.
        engine: The engine's name; ``"python"`` for the user's functions, ``"arrow"`` for what only hands rows on.
        plan: What it runs; results of other stages are its inputs named ``stage_<id>``.
        reads: The stages whose results it reads.
        reason: Why it runs there.
        options: The options of the engine's session.
        number: The column that numbers the rows of the result, behind the plan's own; None: they are not numbered.
        fingerprint: That of the plan with all that it reads, whatever stages it is cut into.
    """

    id: int
    engine: str
    plan: Relation
    reads: tuple[int, ...]
    reason: str
    options: Mapping[str, Any] = field(default_factory=dict)
    number: str | None = None
    fingerprint: str = ""

    @property
    def name(self) -> str:
        """The name under which other stages read its result."""
        return f"stage_{self.id}"

    @property
    def session(self) -> SessionKey | None:
        """The session that runs it; None when no engine does."""
        return None if self.engine in (PYTHON, ARROW) else session_key(self.engine, self.options)

    @property
    def output(self) -> Schema:
        """The columns of the result."""
        if self.number is None:
            return self.plan.output
        return Schema([*self.plan.output, Field(self.number, INT64, False)])


def cut_stages(
    root: Relation,
    *,
    default: Placement,
    place: Callable[[Relation], Placement | None] = lambda relation: None,
    capabilities: Callable[[str], Capabilities],
    transforms: Callable[[str], RunsTransforms | None] = lambda engine: None,
) -> tuple[Stage, ...]:
    """Return the stages of a plan, each after those that it reads; the last one gives the result.

    A plan is cut where a relation is placed on another engine, at Python transforms that the engine does not run, above
    what lives in another engine, and where the engine does not offer a relation. Below each of these, the engine that
    was asked for goes on. Temporal relations that enrich one spine on several engines do not wait for each other: see
    :mod:`onefold.execution.assembling`.

    Args:
        root: The plan.
        default: Where relations run that no other place is named for.
        place: Returns where a relation and all below it are to run, or None: where the relation above does.
        capabilities: Returns what an engine offers.
        transforms: Returns the backend that says which transforms run inside of an engine; None: capabilities do.

    Raises:
        UnsupportedOperation: If an engine does not offer a relation and there is no fallback that does.
        PlanError: If an input has the name of a stage.
    """
    taken = sorted(leaf.name for leaf in root.walk() if isinstance(leaf, Input) and _STAGE_NAME.fullmatch(leaf.name))
    if taken:
        raise PlanError(f"The input {taken[0]!r} has the name of a stage. Give it another name.")
    placer = Placer(place, capabilities, transforms)
    root = map_relations(root, placer.without_refused_predicates)
    placer.find_homes(reversed(list(parents_first(root))))
    cutter = _Cutter(placer)
    assembling = Assembling.of(root, default, placer)
    if assembling is None:
        cutter.cut(root, default)
    else:
        spine = cutter.cut(assembling.spine, assembling.choice.asked, number=assembling.number)
        cutter.cut(assembling.assembled(Input(name=spine.name, columns=spine.output)), default)
    return tuple(cutter.stages)


@dataclass(frozen=True, slots=True)
class _Part:
    """A relation in one of the places where it runs, and the parts that it reads there."""

    relation: Relation
    choice: Choice
    below: tuple[_Part, ...]

    @property
    def key(self) -> object:
        return self.relation.fingerprint, self.choice.session, self.choice.asked.key


class _Cutter:
    """Cuts plans into stages, one after another; what two of them share is a stage only once."""

    def __init__(self, placer: Placer) -> None:
        self.stages: list[Stage] = []
        self._placer = placer
        self._whole: dict[str, Relation] = {}

    def cut(self, root: Relation, above: Placement, *, number: str | None = None) -> Stage:
        """Add the stages of a plan, and return the one that gives its rows."""
        parts = self._parts(root, above)
        alone = {parts[-1].key}
        alone.update(below.key for part in parts for below in part.below if _apart(part.choice, below))
        seen_above: dict[object, Relation] = {}
        for part in parts:
            plan = _above(part.relation, {below.relation.fingerprint: seen_above[below.key] for below in part.below})
            if part.key in alone:
                plan = self._added(plan, part.choice, number if part is parts[-1] else None)
            seen_above[part.key] = plan
        last = seen_above[parts[-1].key]
        return next(stage for stage in self.stages if isinstance(last, Input) and stage.name == last.name)

    def _parts(self, root: Relation, above: Placement) -> list[_Part]:
        """Return the parts of a plan, each once and after those that it reads."""
        done: dict[object, _Part] = {}
        stack = [(root, self._placer.choose(root, above))]
        while stack:
            relation, choice = stack[-1]
            key = _Part(relation, choice, ()).key
            below = [(child, self._placer.choose(child, choice.asked)) for child in relation.inputs]
            waiting = [pair for pair in below if _Part(*pair, ()).key not in done]
            if waiting and key not in done:
                stack.extend(reversed(waiting))
                continue
            stack.pop()
            done.setdefault(key, _Part(relation, choice, tuple(done[_Part(*pair, ()).key] for pair in below)))
        return list(done.values())

    def _added(self, plan: Relation, choice: Choice, number: str | None) -> Input:
        for stage in self.stages:
            same = stage.plan.fingerprint == plan.fingerprint and stage.number is None
            if same and number is None and (stage.engine, stage.options) == (choice.engine, choice.options):
                return Input(name=stage.name, columns=stage.output)
        names = {stage.name: stage.id for stage in self.stages}
        reads = {names[leaf.name] for leaf in plan.walk() if isinstance(leaf, Input) and leaf.name in names}
        whole = map_relations(plan, lambda node: self._whole.get(node.name, node) if isinstance(node, Input) else node)
        stage = Stage(
            len(self.stages),
            choice.engine,
            plan,
            tuple(sorted(reads)),
            _reason(plan, choice),
            choice.options,
            number,
            self._fingerprint(whole),
        )
        self.stages.append(stage)
        if number is None:  # of one that is numbered, others read some columns and the number, not the rows of its plan
            self._whole[stage.name] = whole
        return Input(name=stage.name, columns=stage.output)

    def _fingerprint(self, whole: Relation) -> str:
        """Return the fingerprint of a plan, in which numbered stages are inputs."""
        prints = {stage.name: stage.fingerprint for stage in self.stages}
        numbered = sorted(
            {prints[leaf.name] for leaf in whole.walk() if isinstance(leaf, Input) and leaf.name in prints}
        )
        if not numbered:
            return whole.fingerprint
        return hashlib.sha256("".join((whole.fingerprint, *numbered)).encode()).hexdigest()


def _above(relation: Relation, below: Mapping[str, Relation]) -> Relation:
    """Return a relation over others, named by the fingerprints of those that it reads."""
    return replace_relations(relation, lambda child: below[child.fingerprint])


def _reason(plan: Relation, choice: Choice) -> str:
    """Return why a stage is where it is, and which Python functions the engine runs in it."""
    names = dict.fromkeys(repr(node.function.name) for node in plan.walk() if isinstance(node, MapBatches))
    if choice.engine == PYTHON or not names:
        return choice.reason
    inside = f"runs the Python function{'s' if len(names) > 1 else ''} {', '.join(names)} inside"
    return f"{choice.reason}; {inside}" if choice.reason else inside


def _apart(here: Choice, below: _Part) -> bool:
    """Return whether a relation reads another one as the result of another stage."""
    if isinstance(below.relation, Input) and _STAGE_NAME.fullmatch(below.relation.name):
        return False  # it is one already
    return here.session != below.choice.session or below.choice.engine == PYTHON
