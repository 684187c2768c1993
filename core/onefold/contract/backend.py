"""The two protocols of a backend: what describes an engine, and what talks to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

import pyarrow as pa

from onefold.contract.capabilities import Capabilities
from onefold.plan import MapBatches, Relation, Sink, Table
from onefold.types import Schema

__all__ = ["ArrowStream", "Backend", "BackendEntry", "Health", "MayDie", "ReportsProgress", "RunsTransforms", "Session"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that gives record batches through the Arrow C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a PyCapsule holding an ``ArrowArrayStream``."""
        ...


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a backend can work on this machine.

    Args:
        ok: Whether it can.
        version: The engine's version.
        detail: What is wrong and what to do, when something is.
    """

    ok: bool
    version: str
    detail: str = ""


class Session(Protocol):
    """A connection to an engine; a context manager."""

    thread_safe: bool
    """Whether several threads may use it at once. Where not, runs of different threads wait for each other; one thread
    may still read several results by turns."""

    def execute(
        self, plan: Relation, inputs: Mapping[str, ArrowStream], *, sink: Sink | None = None
    ) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream, lazily where the engine can.

        Args:
            plan: What to run. Every ``Input`` in it is named in ``inputs``.
            inputs: Arrow data in the schemas that the plan's inputs declare. A ``pyarrow.Table`` and
                :class:`~onefold.contract.StagedRows` may be read several times; any other stream is read once.
            sink: Where to write the rows; the result is then that of the plan node ``Write``.

        Returns:
            Record batches in exactly the plan's output schema. Reading it to its end, or
            letting go of it (closing alone does not reach batches made in Python), frees everything that the run held.

        Raises:
            UnsupportedOperation: If the plan needs what the backend does not offer; before anything runs.
            EngineError: If the engine fails.
            SourceError: If a source can not be read.
            Cancelled: If :meth:`cancel` was called.
        """
        ...

    def explain(self, plan: Relation) -> str:
        """Return the engine's own query text for a plan, without running it."""
        ...

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that a source has by itself; only metadata, or a sample of text, is read.

        Args:
            table: The source; the columns that it declares are not looked at, and may be empty.

        Raises:
            SourceError: If it can not be read, or a column has no portable type.
            ConfigurationError: If it has an option that its reader does not have.
        """
        ...

    def cancel(self) -> None:
        """Stop what is running, from another thread; the readers then raise ``Cancelled``."""
        ...

    def close(self) -> None:
        """Free everything; idempotent."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@runtime_checkable
class ReportsProgress(Protocol):
    """What a session may offer beyond :class:`Session`: how far the engine is, before it has given a row."""

    def progress(self) -> tuple[int, int]:
        """Return how many tasks of what runs are done, and how many there are as far as that is known.

        It is called from another thread than ``execute``, several times a second, and does not wait for the engine.
        """
        ...


@runtime_checkable
class MayDie(Protocol):
    """What a session may offer beyond :class:`Session`, where the engine is another process: whether it still runs."""

    def is_alive(self) -> bool:
        """Return whether plans can still be run; a session of an engine that died is closed, and another one opened.

        It is called before each run, and takes no more than a few milliseconds.
        """
        ...


class Backend(Protocol):
    """An engine, described: stateless and cheap to construct."""

    @property
    def name(self) -> str:
        """The name by which views choose it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it offers."""
        ...

    @property
    def options(self) -> Mapping[str, str]:
        """The options that :meth:`open` takes, each with one sentence about its meaning."""
        ...

    def open(self, options: Mapping[str, Any]) -> Session:
        """Return a session.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used.
        """
        ...

    def health(self) -> Health:
        """Try the engine in the cheapest honest way, and say what is wrong if something is."""
        ...


@runtime_checkable
class RunsTransforms(Protocol):
    """What a backend may offer beyond :class:`Backend`: Python transforms inside of its engine, when a session says so.

    Capabilities are those of an engine, whatever the options of its sessions. A backend that runs every transform states
    ``relation.map_batches`` and ``transform.<format>`` there. One that runs some, and only in sessions that ask for it,
    states that it does not, and answers for each transform here instead.
    """

    def why_outside(self, transform: MapBatches, options: Mapping[str, Any]) -> str | None:
        """Return why a transform runs outside of the engine, in a few words for ``explain``; None when it runs inside.

        A session with these options runs what this said None of.

        Args:
            transform: The transform.
            options: The options of the session that would run it.

        Raises:
            ConfigurationError: If an option is unknown or its value can not be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class BackendEntry:
    """What a plugin registers: names only, so that listing backends imports no engine.

    Args:
        name: The name by which views choose the backend.
        create: Imports and returns the backend.
        distribution: The distribution that provides it.
        summary: One line for ``onefold engines``.
        aliases: Other names for it.
        distributed: Whether it spreads work over many machines and reads files there: ``engine="auto"`` may then
            choose it for what is too large for this one.
    """

    name: str
    create: Callable[[], Backend]
    distribution: str
    summary: str
    aliases: tuple[str, ...] = field(default=())
    distributed: bool = False
