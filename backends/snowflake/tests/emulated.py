"""Snowflake as the conformance suite sees it here: the backend on emulators, which it starts and stops.

    PYTHONPATH=. onefold conformance run backends.snowflake.tests.emulated:EmulatedSnowflake --option way=rows

Each process that runs cases has emulators of its own in it, so that workers do not wait for each other. Without the option,
plans take the ways by turns, always the same one for the same plan: a run goes all ways, and takes the time of one. Python
functions run in the emulator, where other backends leave them to this process.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from snowflake.snowpark import Session as Snowpark

from onefold.contract import Capabilities, Health
from onefold.errors import ConfigurationError, listed
from onefold.plan import Input, Relation, Sink, Table
from onefold.types import Schema
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake.capabilities import WITH_TRANSFORMS
from onefold_snowflake.session import SnowflakeSession
from onefold_snowflake_emulator import Emulator

__all__ = ["WAYS", "EmulatedSnowflake", "Way"]

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"  # logging in would look for the cloud that this runs in


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a plan to its rows.

    Args:
        chunk_rows: How many rows each chunk of a result has; None for lengths like a server's.
        staged: Whether inputs go through a stage, however small they are.
        snowpark: Whether the session is one of Snowpark's that is handed over, and not one that logs in by itself.
    """

    chunk_rows: int | None = None
    staged: bool = False
    snowpark: bool = False


WAYS: Mapping[str, Way] = {
    "chunks": Way(),
    "rows": Way(chunk_rows=1),
    "threes": Way(chunk_rows=3, staged=True),
    "snowpark": Way(snowpark=True),
}


class EmulatedSnowflake:
    """The backend, whose sessions log in to an emulator in this process."""

    name: str = "snowflake on the emulator"
    capabilities: Capabilities = WITH_TRANSFORMS
    options: Mapping[str, str] = {"way": f"One of {', '.join(WAYS)}; by turns when left out."}

    def open(self, options: Mapping[str, Any]) -> ByTurns:
        """Return a session, which starts emulators and stops them when it is closed."""
        for name in options:
            if name not in self.options:
                raise ConfigurationError(listed(name, self.options, what="options"))
        chosen = options.get("way")
        if chosen is not None and chosen not in WAYS:
            raise ConfigurationError(listed(str(chosen), WAYS, what="ways"))
        return ByTurns([way for name, way in WAYS.items() if chosen in (None, name)])

    def health(self) -> Health:
        """Say which version of the connector is installed."""
        return SnowflakeBackend().health()


class ByTurns:
    """Sessions that look like one: which of them runs a plan follows from the plan.

    Args:
        ways: How each of them gets its rows.
    """

    thread_safe = True

    def __init__(self, ways: Sequence[Way]) -> None:
        with contextlib.ExitStack() as held:
            self._sessions = {way: _opened(way, held) for way in ways}
            self._held = held.pop_all()
        self._first = self._sessions[ways[0]]

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan on one of the sessions."""
        return self._sessions[self.way(plan)].execute(plan, inputs, sink=sink)

    def way(self, plan: Relation) -> Way:
        """Return the way that a plan takes: always the same one, and any of them where there is a choice."""
        ways = list(self._sessions)
        if any(_differ_in_case(leaf.columns.names) for leaf in plan.walk() if isinstance(leaf, Input)):
            ways = [way for way in ways if not way.staged] or ways
        return ways[int(plan.fingerprint, 16) % len(ways)]

    def explain(self, plan: Relation) -> str:
        """Return the SQL of a plan, which is the same in all of them."""
        return self._first.explain(plan)

    def schema_of(self, table: Table) -> Schema:
        """Return the schema of a table of the first session's emulator."""
        return self._first.schema_of(table)

    def cancel(self) -> None:
        """Stop what runs."""
        for session in self._sessions.values():
            session.cancel()

    def close(self) -> None:
        """Close all sessions, and stop their emulators; idempotent."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _differ_in_case(names: Sequence[str]) -> bool:
    """Return whether the emulator can not have a table with such columns, although it keeps them apart in a query."""
    return len({name.encode().lower() for name in names}) < len(names)  # it folds A to Z alone


def _opened(way: Way, held: contextlib.ExitStack) -> SnowflakeSession:
    login = held.enter_context(Emulator(chunk_rows=way.chunk_rows)).connection
    more: dict[str, Any] = {"transforms": "warehouse"} | ({"inline_limit": 0} if way.staged else {})
    if way.snowpark:
        session = held.enter_context(Snowpark.builder.configs(login).create())
        return held.enter_context(SnowflakeBackend().open({"session": session, **more}))
    return held.enter_context(SnowflakeBackend().open({**login, **more}))
