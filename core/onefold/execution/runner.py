"""Running plans: rewrite, cut into stages, run each on its engine, stream Arrow between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyarrow as pa

from onefold.contract import Capabilities
from onefold.errors import EngineError, ExchangeError, OnefoldError, PlanError, SourceError, listed
from onefold.execution.sessions import cancel_all, session_for
from onefold.execution.stages import PYTHON, Stage, cut_stages
from onefold.execution.streams import Traffic, observed
from onefold.plan import Input, MapBatches, Relation
from onefold.registry import DEFAULT_ENGINE, get_backend
from onefold.rewriting import RULES, parents_first
from onefold.transforms import run_transform
from onefold.types import SchemaNormaliser
from onefold.types.streams import started

__all__ = ["Job", "prepare", "run"]


@dataclass(slots=True)
class Job:
    """A plan that is ready to run: its stages, its inputs, and what has passed after a run.

    Args:
        stages: The stages, each after those that it reads.
        inputs: Arrow data for the plan's inputs, by name.
        options: Options per engine, such as ``{"rift": {"memory_limit": "4GB"}}``.
        traffic: What each stage has given so far, by stage number.
    """

    stages: tuple[Stage, ...]
    inputs: Mapping[str, Any]
    options: Mapping[str, Mapping[str, Any]]
    traffic: dict[int, Traffic] = field(default_factory=dict)

    def start(self, on_batch: Callable[[Traffic], None] | None = None) -> pa.RecordBatchReader:
        """Return the result as a stream; work happens as it is read.

        Args:
            on_batch: Called after each batch of the result, with what has passed so far.

        Raises:
            OnefoldError: If a stage can not be started; nothing is left behind.
        """
        uses = Counter[str]()
        leaves: dict[str, Input] = {}
        for stage in self.stages:
            uses.update(_uses(stage.plan))
            for leaf in stage.plan.walk():
                if isinstance(leaf, Input) and leaves.setdefault(leaf.name, leaf) != leaf:
                    raise PlanError(f"Two inputs of different columns are named {leaf.name!r}. Rename one of them.")
        results: dict[str, Any] = {}
        opened: list[pa.RecordBatchReader] = []
        try:
            for stage in self.stages:
                traffic = self.traffic[stage.id] = Traffic()
                last = stage.id == self.stages[-1].id
                opened.append(
                    observed(
                        self._run(stage, results, uses),
                        traffic,
                        on_batch=on_batch if last else None,
                        on_failure=self._explain_failure if last else None,
                    )
                )
                # A stream can be read once: what is read in several places is kept as a table.
                results[stage.name] = opened[-1].read_all() if uses[stage.name] > 1 else opened[-1]
        except BaseException as error:
            # Dropping a stream is what closes it: the error's traceback would keep these alive.
            results.clear()
            opened.clear()
            self._explain_failure(error)
            raise
        return opened[-1]

    def _explain_failure(self, error: BaseException) -> None:
        """Raise the error that a stage below raised, when an engine reports no more than its text."""
        if isinstance(error, KeyboardInterrupt):
            cancel_all()
        if isinstance(error, EngineError | ExchangeError | SourceError):
            for traffic in self.traffic.values():
                if isinstance(traffic.failure, OnefoldError) and traffic.failure is not error:
                    raise traffic.failure from traffic.failure.__cause__

    def _run(self, stage: Stage, results: dict[str, Any], uses: Mapping[str, int]) -> pa.RecordBatchReader:
        if stage.engine == PYTHON:
            assert isinstance(stage.plan, MapBatches)
            assert isinstance(stage.plan.input, Input)
            return run_transform(stage.plan, _as_reader(results[stage.plan.input.name]))
        wanted = {leaf.name: leaf for leaf in stage.plan.walk() if isinstance(leaf, Input)}
        for name, leaf in wanted.items():
            if name not in results:
                data = self._bound(leaf)
                results[name] = data.read_all() if uses[name] > 1 and not isinstance(data, pa.Table) else data
        bound = {name: results[name] for name in wanted}
        return session_for(stage.engine, self.options.get(stage.engine)).execute(stage.plan, bound)

    def _bound(self, leaf: Input) -> Any:
        if leaf.name not in self.inputs:
            raise PlanError(
                f"No data is bound to the input {leaf.name!r}. {listed(leaf.name, self.inputs, what='bound inputs')}"
            )
        return _selected(self.inputs[leaf.name], leaf)


def prepare(
    plan: Relation,
    *,
    inputs: Mapping[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    assign: Callable[[Relation], str | None] = lambda relation: None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    fallback: str | None = DEFAULT_ENGINE,
) -> Job:
    """Return a plan rewritten and cut into stages, ready to run or to explain.

    Args:
        plan: The plan.
        inputs: Arrow data for the plan's inputs, by name: tables, or streams (read once).
        engine: The engine of everything that no other is named for.
        assign: Returns the engine of a relation and all below it, or None for that of the relation above.
        options: Options per engine.
        fallback: The engine for what another does not offer; None: raise instead.

    Raises:
        UnsupportedOperation: If an engine does not offer a relation, and no fallback does.
        ConfigurationError: If an engine does not exist.
    """
    for rule in RULES:
        plan = rule(plan)
    stages = cut_stages(plan, engine=engine, assign=assign, fallback=fallback, capabilities=_capabilities)
    return Job(stages, dict(inputs or {}), dict(options or {}))


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


@lru_cache(maxsize=64)
def _capabilities(engine: str) -> Capabilities:
    return get_backend(engine).capabilities


def _uses(plan: Relation) -> Counter[str]:
    """Return in how many places a plan reads each of its inputs, shared parts counted for each that shares them."""
    counts: Counter[str] = Counter()
    paths = {plan.fingerprint: 1}
    for relation in parents_first(plan):
        if isinstance(relation, Input):
            counts[relation.name] += paths[relation.fingerprint]
        for child in relation.inputs:
            paths[child.fingerprint] = paths.get(child.fingerprint, 0) + paths[relation.fingerprint]
    return counts


def _as_reader(data: Any) -> pa.RecordBatchReader:
    return data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data)


def _selected(data: Any, leaf: Input) -> Any:
    """Return bound data in exactly the columns and types that an input declares; tables stay tables."""
    names = leaf.output.names
    normaliser = SchemaNormaliser(leaf.output, where=f"the input {leaf.name!r}", at_source=True)
    reader = None if isinstance(data, pa.Table) else _as_reader(data)
    for name in names:
        if name not in (known := (data if reader is None else reader).schema.names):
            raise SourceError(f"The input {leaf.name!r} has no column {name!r}. {listed(name, known, what='columns')}")
    if reader is None:
        batches_of = data.select(names).to_batches()
        return pa.Table.from_batches([normaliser(batch) for batch in batches_of], normaliser.schema)

    def batches() -> Iterator[pa.RecordBatch | None]:
        with reader:
            yield None
            for batch in reader:
                yield normaliser(batch.select(names))

    return pa.RecordBatchReader.from_batches(normaliser.schema, started(batches()))
