"""Telling how far engines are before they have given a row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from onefold.contract import ReportsProgress, Session
from onefold.execution.streams import Traffic

__all__ = ["Reporter"]

SECONDS_BETWEEN = 0.2


class Reporter:
    """Asks sessions for the tasks that they have done, until the first row has come.

    Args:
        sessions: The sessions of a run; those that tell nothing are left alone.
        traffic: The traffic of the result, which is reported.
        report: Called with it, from another thread.
    """

    def __init__(self, sessions: Iterable[Session], traffic: Traffic, report: Callable[[Traffic], None]) -> None:
        self._asked = [session for session in sessions if isinstance(session, ReportsProgress)]
        self._traffic = traffic
        self._report = report
        self._over = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._ask, name="onefold-progress", daemon=True)
        if self._asked:
            self._thread.start()

    def until_then(self, report: Callable[[Traffic], None]) -> Callable[[Traffic], None]:
        """Return what is called with the rows that come: it ends the asking first.

        What was raised in the other thread is raised there: nobody would see it otherwise.
        """

        def reported(traffic: Traffic) -> None:
            self.stop()
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
            report(traffic)

        return reported

    def stop(self) -> None:
        """Ask no more; nothing is reported after this returns. Idempotent."""
        self._over.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
        self._traffic.tasks = None

    def _ask(self) -> None:
        try:
            while not self._over.wait(SECONDS_BETWEEN):
                counts = [session.progress() for session in self._asked]
                tasks = sum(done for done, _ in counts), sum(total for _, total in counts)
                if tasks[1] and tasks != self._traffic.tasks:
                    self._traffic.tasks = tasks
                    self._report(self._traffic)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that reads the result
            self._failure = error
