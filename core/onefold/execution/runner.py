"""Running plans: rewrite, cut into stages, run each on its engine, stream Arrow between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.contract import Capabilities, RunsTransforms
from onefold.execution.edges import Edge
from onefold.execution.placing import Placement
from onefold.execution.running import Running
from onefold.execution.stages import Stage, cut_stages
from onefold.execution.streams import Traffic
from onefold.plan import Input, Relation
from onefold.registry import DEFAULT_ENGINE, get_backend
from onefold.rewriting import RULES

__all__ = ["Job", "offered_by", "prepare", "run"]


@dataclass(slots=True)
class Job:
    """A plan that is ready to run: its stages, its inputs, and what has passed after a run.

    Args:
        stages: The stages, each after those that it reads.
        inputs: Arrow data for the plan's inputs, by name.
        scratch: Where scratch files are made; None: where ``ONEFOLD_SCRATCH`` says, or else among the temporary files.
        traffic: What each stage has given so far, by stage number.
        edges: What stages have read so far, by what they read (``stage_<id>`` or an input's name) and their number.
    """

    stages: tuple[Stage, ...]
    inputs: Mapping[str, Any]
    scratch: str | Path | None = None
    traffic: dict[int, Traffic] = field(default_factory=dict)
    edges: dict[tuple[str, int], Edge] = field(default_factory=dict)

    def start(self, on_batch: Callable[[Traffic], None] | None = None) -> pa.RecordBatchReader:
        """Return the result as a stream; work happens as it is read.

        Args:
            on_batch: Called after each batch of the result, with what has passed so far; before the first one, with the
                tasks that the engines have done, from another thread, where an engine tells.

        Raises:
            OnefoldError: If a stage can not be started; nothing is left behind.
        """
        self.traffic.clear()
        self.edges.clear()
        running = Running(
            self.stages,
            self.inputs,
            self.traffic,
            self.edges,
            scratch=self.scratch,
            offered_by=offered_by,
            on_batch=on_batch,
        )
        return running.start()

    def only(self, stage: Stage, step: Relation) -> Job:
        """Return the job that gives the rows of one step of a stage.

        Args:
            stage: One of the stages.
            step: A relation of its plan.
        """
        names = {leaf.name for leaf in step.walk() if isinstance(leaf, Input)}
        needed = {one.id for one in self.stages if one.name in names}
        for one in reversed(self.stages):
            if one.id in needed:
                needed.update(one.reads)
        last = stage
        if step != stage.plan:
            last = replace(stage, plan=step, number=None, fingerprint=step.fingerprint)
        return Job((*(one for one in self.stages if one.id in needed), last), self.inputs, self.scratch)

    def own_seconds(self, stage: int) -> float:
        """Return the time that a stage took, the time that it waited for what it reads left out."""
        waited = sum(edge.traffic.seconds for (_, reader), edge in self.edges.items() if reader == stage)
        return max(0.0, self.traffic[stage].seconds - waited)


def prepare(
    plan: Relation,
    *,
    inputs: Mapping[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    fallback: str | None = DEFAULT_ENGINE,
    default: Placement | None = None,
    place: Callable[[Relation], Placement | None] = lambda relation: None,
    scratch: str | Path | None = None,
) -> Job:
    """Return a plan rewritten and cut into stages, ready to run or to explain.

    Args:
        plan: The plan.
        inputs: Arrow data for the plan's inputs, by name: tables, or streams (read once).
        engine: The engine of everything that no other is named for.
        options: Options per engine.
        fallback: The engine for what another does not offer; None: raise instead.
        default: All of ``engine``, ``options`` and ``fallback`` in one.
        place: Returns where a relation and all below it are to run, or None: where the relation above does.
        scratch: Where scratch files are made.

    Raises:
        UnsupportedOperation: If an engine does not offer a relation, and no fallback does.
        ConfigurationError: If an engine does not exist.
    """
    for rule in RULES:
        plan = rule(plan)
    default = default or Placement(engine, fallback=fallback, options=options or {})
    stages = cut_stages(plan, default=default, place=place, capabilities=offered_by, transforms=_running_transforms)
    return Job(stages, dict(inputs or {}), scratch)


def run(
    plan: Relation,
    *,
    inputs: Mapping[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    options: Mapping[str, Any] | None = None,
    fallback: str | None = DEFAULT_ENGINE,
) -> pa.RecordBatchReader:
    """Run a plan and return its rows as a stream of record batches in the plan's output schema.

    Args:
        plan: The plan.
        inputs: Arrow data for the plan's inputs, by name.
        engine: The engine.
        options: Options of that engine.
        fallback: The engine for what it does not offer; None: raise instead.
    """
    return prepare(plan, inputs=inputs, engine=engine, options={engine: options or {}}, fallback=fallback).start()


def _running_transforms(engine: str) -> RunsTransforms | None:
    """Return the backend of an engine, where it says by itself which transforms it runs."""
    backend: object = get_backend(engine)
    return backend if isinstance(backend, RunsTransforms) else None


@lru_cache(maxsize=64)
def offered_by(engine: str) -> Capabilities:
    """Return what an engine offers."""
    return get_backend(engine).capabilities
