"""Any step of a job, run alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import pyarrow as pa

from onefold.errors import PlanError, listed
from onefold.execution.runner import Job
from onefold.execution.stages import ARROW, Stage
from onefold.plan import Relation
from onefold.transforms import to_pandas, to_polars
from onefold.types import Schema

__all__ = ["Subplan", "steps_of"]


def steps_of(stage: Stage) -> dict[str, Relation]:
    """Return the relations that can be run alone, by id: ``<stage>.<position>``, in the order in which trees show them.

    The joins of an assembly are none of their own: only the whole of it is ever run.
    """
    steps = {f"{stage.id}.0": stage.plan}
    if stage.engine != ARROW:
        seen = {stage.plan.fingerprint}
        for relation in _shown(stage.plan, seen):
            steps[f"{stage.id}.{len(steps)}"] = relation
    return steps


class Subplan:
    """One step of a job with all that it reads, on the engines of the job; it runs each time that it is read.

    Args:
        job: The stages up to the step.
    """

    def __init__(self, job: Job) -> None:
        self._job = job

    @classmethod
    def of(cls, job: Job, id: str | int) -> Self:
        """Return a step of a job.

        Args:
            job: The job.
            id: The step: ``"1.2"``, or ``"1"`` for all of stage 1.

        Raises:
            PlanError: If there is no such step.
        """
        wanted = str(id) if "." in str(id) else f"{id}.0"
        steps = {name: (stage, step) for stage in job.stages for name, step in steps_of(stage).items()}
        if wanted not in steps:
            raise PlanError(f"There is no step {str(id)!r}. {listed(wanted, steps, what='steps')}")
        stage, step = steps[wanted]
        return cls(job.only(stage, step))

    @property
    def schema(self) -> Schema:
        """The columns."""
        return self._job.stages[-1].output

    def batches(self) -> pa.RecordBatchReader:
        """Run the step and return its rows as a stream of record batches."""
        return self._job.start()

    def to_arrow(self) -> pa.Table:
        """Run the step and return its rows as a ``pyarrow.Table``."""
        return self.batches().read_all()

    def to_polars(self) -> Any:
        """Run the step and return its rows as a ``polars.DataFrame``."""
        return to_polars(self.to_arrow())

    def to_pandas(self) -> Any:
        """Run the step and return its rows as a ``pandas.DataFrame``."""
        return to_pandas(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Run the step for any library that reads Arrow streams."""
        return self.batches().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        last = self._job.stages[-1]
        return f"Subplan({type(last.plan).__name__} on {last.engine}: {self.schema})"


def _shown(relation: Relation, seen: set[str]) -> Iterator[Relation]:
    for child in relation.inputs:
        if child.fingerprint not in seen:
            seen.add(child.fingerprint)
            yield child
            yield from _shown(child, seen)
