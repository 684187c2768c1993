"""The threads in which calls to Spark run, so that whoever waits for them can be interrupted.

An answer of the JVM that nobody waits for any more would be taken for the answer to the next question. So a call
always runs to its end, in a thread of its own; Ctrl-C ends the waiting, and the job is cancelled.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from pyspark.logger import PySparkLogger

__all__ = ["Workers"]

ResultT = TypeVar("ResultT")

_PATIENCE = 0.2
"""How many seconds pass until a job that was cancelled before it had begun is cancelled again."""


_THREADS = "onefold-spark"


def _not_ours(record: logging.LogRecord) -> bool:
    return not str(record.threadName).startswith(_THREADS)


# Every failed query is written to the terminal as one line of JSON; here it is raised, with the query, and that is all.
PySparkLogger.getLogger("SQLQueryContextLogger").addFilter(_not_ours)


class Workers:
    """A pool of threads that belong to one session."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix=_THREADS)

    def call(
        self, function: Callable[[], ResultT], stopped: Callable[[], bool], interrupt: Callable[[], None]
    ) -> ResultT:
        """Return what a function returns, called in a thread of the pool.

        Args:
            function: Talks to Spark.
            stopped: Whether it should end soon.
            interrupt: Makes it end soon; called again and again while it should, and when the waiting is interrupted.
        """
        future: Future[ResultT] = self._pool.submit(function)
        try:
            while not wait([future], timeout=_PATIENCE).done:
                if stopped():
                    interrupt()
            return future.result()
        except BaseException:
            while not future.done():
                interrupt()
                wait([future], timeout=_PATIENCE)
            raise

    def later(self, function: Callable[[], None]) -> None:
        """Call a function soon, without waiting for it; not at all when the pool is closed."""
        with contextlib.suppress(RuntimeError):
            self._pool.submit(function)

    def close(self) -> None:
        """Wait until the threads have ended."""
        self._pool.shutdown(wait=True)
