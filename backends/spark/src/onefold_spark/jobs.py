"""The jobs of one run on Spark: under a name that people see, so that they can be counted and cancelled."""

from __future__ import annotations

import contextlib
import re
import threading
import uuid
from collections.abc import Iterator
from typing import Any

from onefold_spark.drivers import Driver
from onefold_spark.failures import FAILURES, quietly

__all__ = ["Jobs"]


class Jobs:
    """The jobs of one run.

    Args:
        driver: Where they run.
        description: What people see in Spark's own interface.
    """

    def __init__(self, driver: Driver, description: str) -> None:
        self.group = f"{re.sub(r'[^a-z0-9_]+', '-', description)}-{uuid.uuid4().hex}"
        self._driver = driver
        self._description = description
        self._session: Any = None
        self._thread = 0
        self._stages: dict[int, tuple[int, int]] = {}

    @contextlib.contextmanager
    def named(self, spark: Any) -> Iterator[None]:
        """Give all jobs that this thread starts the group and description of the run.

        Args:
            spark: The session that starts them.
        """
        if self._driver.remote:
            self._session, self._thread = spark, threading.get_ident()
            spark.addTag(self.group)  # to what this thread runs
            spark.registerProgressHandler(self._note)
            try:
                yield
            finally:
                spark.removeProgressHandler(self._note)
                spark.removeTag(self.group)
            return
        context = spark.sparkContext
        context.setJobGroup(self.group, self._description, True)
        try:
            yield
        finally:
            with contextlib.suppress(*FAILURES):  # it may have died
                for name in ("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel"):
                    context.setLocalProperty(name, None)

    def cancel(self) -> None:
        """Cancel what runs."""
        with quietly(), contextlib.suppress(*FAILURES):  # what died runs no more
            if not self._driver.remote:
                self._driver.root.sparkContext.cancelJobGroup(self.group)
            elif self._session is not None:  # a tag is one of its session, and of no other
                self._session.interruptTag(self.group)

    def progress(self) -> tuple[int, int]:
        """Return how many tasks are done, and of how many."""
        if self._driver.remote:
            stages = list(self._stages.values())
            return sum(done for done, _ in stages), sum(total for _, total in stages)
        done = total = 0
        with contextlib.suppress(*FAILURES):
            tracker = self._driver.root.sparkContext.statusTracker()
            for job in tracker.getJobIdsForGroup(self.group):
                info = tracker.getJobInfo(job)
                for number in info.stageIds if info is not None else ():
                    stage = tracker.getStageInfo(number)
                    if stage is not None:
                        done += stage.numCompletedTasks
                        total += stage.numTasks
        return done, total

    def _note(
        self, stages: Any = None, inflight_tasks: int = 0, operation_id: str | None = None, done: bool = False
    ) -> None:
        del inflight_tasks, operation_id, done
        if threading.get_ident() != self._thread:
            return  # a query of another run in this session
        for stage in stages or ():
            self._stages[stage.stage_id] = (stage.num_completed_tasks, stage.num_tasks)
