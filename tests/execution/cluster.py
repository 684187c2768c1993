"""A distributed engine for tests: rift behind the rules of a cluster, which reads and writes many rows as files only."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from onefold.contract import BackendEntry, Capabilities, Full, Session, StagedRows
from onefold.errors import EngineError
from onefold.execution import close_all, runner
from onefold.plan import Relation, Sink
from onefold.registry import get_backend, installed


@dataclass
class Call:
    """One call of ``execute``."""

    plan: Relation
    inputs: dict[str, str]
    sink: str | None


@dataclass
class Cluster:
    """What the sessions of the cluster have been asked for, and how they behave."""

    numbers_rows: bool = True
    lacks: frozenset[str] = frozenset()
    calls: list[Call] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    fails_after: int | None = None
    tasks: tuple[int, int] = (0, 0)
    waiting: dict[str, threading.Event] = field(default_factory=dict)
    """What is waited for while plans of a kind run."""

    @property
    def kinds(self) -> list[str]:
        return [call.plan.kind for call in self.calls]


class ClusterSession:
    """Hands plans on to rift; a stream is refused, as a cluster would have to pull it through one machine."""

    thread_safe = True

    def __init__(self, inner: Session, cluster: Cluster) -> None:
        self._inner = inner
        self._cluster = cluster

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        kinds = {name: type(rows).__name__ for name, rows in inputs.items()}
        assert set(kinds.values()) <= {"Table", "StagedRows"}, f"the cluster was given {kinds}"
        for rows in inputs.values():
            if isinstance(rows, StagedRows):
                assert rows.number is None or self._cluster.numbers_rows
                assert rows.path.is_dir()
        self._cluster.calls.append(Call(plan, kinds, None if sink is None else sink.path))
        if sink is not None:
            assert not Path(sink.path).exists()
        if plan.kind in self._cluster.waiting:
            assert self._cluster.waiting[plan.kind].wait(10), "what the cluster waits for does not happen"
        reader = self._inner.execute(plan, inputs, sink=sink)
        return reader if self._cluster.fails_after is None else self._dying(reader, self._cluster.fails_after)

    def _dying(self, reader: pa.RecordBatchReader, rows: int) -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch]:
            passed = 0
            for batch in reader:
                if passed >= rows:
                    raise EngineError("the driver is gone", engine="cluster")
                passed += batch.num_rows
                yield batch

        return pa.RecordBatchReader.from_batches(reader.schema, batches())

    def progress(self) -> tuple[int, int]:
        return self._cluster.tasks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class ClusterBackend:
    """Rift's statements, and those of a distributed engine."""

    name = "cluster"
    options: Mapping[str, str] = {}

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._rift = get_backend("rift")
        exchange = {"exchange.parquet": Full()} | ({"exchange.row_numbers": Full()} if cluster.numbers_rows else {})
        offered = {name: how for name, how in self._rift.capabilities.statements.items() if name not in cluster.lacks}
        self.capabilities = Capabilities("cluster", {**offered, **exchange})

    def open(self, options: Mapping[str, Any]) -> Any:
        self._cluster.opened.append(dict(options))
        return ClusterSession(self._rift.open({}), self._cluster)


def use_cluster(monkeypatch: pytest.MonkeyPatch, cluster: Cluster) -> None:
    """Install the engine ``cluster`` until the test ends."""
    close_all()
    backend: Any = ClusterBackend(cluster)
    entry = BackendEntry(name="cluster", create=lambda: backend, distribution="tests", summary="", distributed=True)
    monkeypatch.setitem(installed().backends, "cluster", entry)
    runner.offered_by.cache_clear()


def forget_cluster() -> None:
    """Close the sessions of the cluster, and forget what it offered."""
    close_all()
    runner.offered_by.cache_clear()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The engine ``cluster``, as it may be chosen by name."""
    made = Cluster()
    use_cluster(monkeypatch, made)
    yield made
    forget_cluster()
