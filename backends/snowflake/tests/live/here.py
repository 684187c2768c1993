"""Cases on an emulator in this process: it shows the SQL that they send, for nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from backends.snowflake.tests.live.sent import key_of, recorded

from onefold_conformance.case.stored import StoredCase
from onefold_conformance.runner.run import SuiteRun
from onefold_snowflake_emulator import Emulator

__all__ = ["Here", "here"]


@dataclass(frozen=True, slots=True)
class Here:
    """A run of the suite on an emulator.

    Args:
        suite: The run.
    """

    suite: SuiteRun

    def key(self, case: StoredCase) -> str:
        """Return the hash of the SQL that a case sends."""
        with recorded() as texts:
            self.suite.run(case)
        return key_of(texts)


@contextlib.contextmanager
def here() -> Iterator[Here]:
    """Start an emulator, and a run on it; each case in one of its variants."""
    with Emulator() as server:
        suite = SuiteRun("snowflake", options=server.connection, isolate=False, sample=True)
        with contextlib.closing(suite):
            yield Here(suite)
