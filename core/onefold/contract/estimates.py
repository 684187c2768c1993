"""What is known, before anything runs, about the data that a feature view reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from onefold.plan import Relation, Table

__all__ = ["Estimate", "KnowsStatistics", "Machine", "SourceEstimate", "TableStatistics", "View"]


class View(Protocol):
    """What a plugin sees of a feature view whose engine is to be chosen."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def engine(self) -> str | None:
        """The engine that it names; ``"auto"``, or None when something else asked for ``"auto"``."""
        ...

    @property
    def owner(self) -> str:
        """Who answers for it."""
        ...

    @property
    def tags(self) -> Mapping[str, str]:
        """Anything that its author noted, such as ``{"size": "large"}``."""
        ...

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of its features."""
        ...

    @property
    def events(self) -> Relation:
        """The rows that it is computed from, as a plan."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What this process may use of the machine.

    Args:
        memory: Bytes of memory, the limit of a container respected; None when it can not be found out.
        disk: Free bytes where temporary files go; None when it can not be found out.
    """

    memory: int | None = None
    disk: int | None = None


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """What an engine knows about a table of its own without reading it.

    Args:
        rows: The rows of the table; None when it does not know.
        bytes: The size of the table as it is stored; None when it does not know.
    """

    rows: int | None = None
    bytes: int | None = None


@runtime_checkable
class KnowsStatistics(Protocol):
    """What a session may offer beyond :class:`~onefold.contract.Session`: statistics of the engine's own tables."""

    def statistics(self, table: Table) -> TableStatistics | None:
        """Return what is known about a table without reading it; None when nothing is.

        Args:
            table: A source that lives in this engine.
        """
        ...


@dataclass(frozen=True, slots=True)
class SourceEstimate:
    """How much of one source a view reads: its columns only, and only the times that can matter where that is known.

    Args:
        name: The source's name.
        format: ``parquet``, ``csv``, ``json``, ``table``, or ``arrow`` for data in memory.
        home: The engine that holds it; None for files and data in memory.
        files: How many files it has.
        rows: The rows that are read; None when that is not known.
        stored_bytes: What is read from storage, compressed as it is there; None when that is not known.
        memory_bytes: What the rows take in memory; None when that is not known.
        remark: Why something is not known, or how it was estimated.
    """

    name: str
    format: str
    home: str | None = None
    files: int = 0
    rows: int | None = None
    stored_bytes: int | None = None
    memory_bytes: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a view reads, and the machine that it would be read on.

    Args:
        sources: The sources, each as often as it is read.
        machine: The machine.

    Examples:
        >>> flights = SourceEstimate("flights", "parquet", rows=1_000, stored_bytes=9_000, memory_bytes=16_000)
        >>> remote = SourceEstimate("weather", "csv", remark="it is not on this machine")
        >>> Estimate((flights,), Machine()).memory_bytes
        16000
        >>> Estimate((flights, remote), Machine()).memory_bytes is None
        True
        >>> Estimate((flights, remote), Machine()).known_memory_bytes
        16000
    """

    sources: tuple[SourceEstimate, ...]
    machine: Machine

    @property
    def rows(self) -> int | None:
        """The rows of all sources together; None when one is not known."""
        return _total(source.rows for source in self.sources)

    @property
    def stored_bytes(self) -> int | None:
        """What is read from storage, of all sources together; None when one is not known."""
        return _total(source.stored_bytes for source in self.sources)

    @property
    def memory_bytes(self) -> int | None:
        """What the rows of all sources together take in memory; None when one is not known."""
        return _total(source.memory_bytes for source in self.sources)

    @property
    def known_memory_bytes(self) -> int:
        """The same of the sources of which it is known: no less is read."""
        return sum(source.memory_bytes or 0 for source in self.sources)

    @property
    def homes(self) -> tuple[str, ...]:
        """The engines that hold sources, each once."""
        return tuple(dict.fromkeys(source.home for source in self.sources if source.home is not None))


def _total(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total
