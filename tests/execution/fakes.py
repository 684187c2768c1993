"""An engine in memory: it evaluates the few relations that tests of the execution need, and records what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pytest

from onefold.contract import Backend, BackendEntry, Capabilities, Full, Health, Session, known_capabilities
from onefold.errors import EngineError
from onefold.execution import close_all, runner
from onefold.plan import Column, Filter, Input, Join, Limit, Project, Relation, Scan, Sink, Sort, Table, Union
from onefold.registry import Registry
from onefold.types import Schema, schema_to_arrow

RELATIONS = ("scan", "input", "filter", "project", "sort", "limit", "union", "join")
ROWS: dict[str, list[Any]] = {"k": ["a", "b", "a"], "v": [1, 2, 3]}


class FakeSession:
    """Evaluates plans over tables of rows; streams are read once, as the contract says."""

    thread_safe = False

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self.log = log
        self.fails: tuple[int, BaseException] | None = None
        self.hides_errors = False

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        self.log.append(f"{self.name} executes {plan.kind}")
        schema = schema_to_arrow(plan.output)

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                for number, row in enumerate(self._rows(plan, inputs)):
                    if self.fails is not None and number == self.fails[0]:
                        raise self.fails[1]
                    yield pa.RecordBatch.from_pylist([row], schema=schema)
            except Exception as error:
                if self.hides_errors:  # as engines do that read their inputs through C
                    raise EngineError(str(error), engine=self.name) from None
                raise
            finally:
                self.log.append(f"{self.name} closed {plan.kind}")

        return pa.RecordBatchReader.from_batches(schema, batches())

    def _rows(self, plan: Relation, inputs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        match plan:
            case Input():
                data = inputs[plan.name]
                yield from (
                    data.to_pylist()
                    if isinstance(data, pa.Table)
                    else (row for batch in data for row in batch.to_pylist())
                )
            case Scan():
                yield from ({name: ROWS[name][at] for name in plan.output.names} for at in range(3))
            case Filter():
                assert isinstance(plan.predicate, Column)
                yield from (row for row in self._rows(plan.input, inputs) if row[plan.predicate.name])
            case Project():
                for row in self._rows(plan.input, inputs):
                    yield {c.name: row[c.expression.name] for c in plan.columns if isinstance(c.expression, Column)}
            case Sort():
                yield from sorted(self._rows(plan.input, inputs), key=lambda row: row[plan.keys[0].column])
            case Limit():
                for number, row in enumerate(self._rows(plan.input, inputs)):
                    if number == plan.count:
                        return
                    yield row
            case Union():
                for relation in plan.relations:
                    yield from self._rows(relation, inputs)
            case Join():
                right = list(self._rows(plan.right, inputs))
                for row in self._rows(plan.left, inputs):
                    for other in right:
                        if all(row[a] == other[b] for a, b in zip(plan.left_on, plan.right_on, strict=True)):
                            yield row | {out: other[name] for name, out in plan.right_columns}
            case _:
                raise AssertionError(f"the fake was asked for {plan.kind}")

    def explain(self, plan: Relation) -> str:
        return f"{self.name} QUERY {plan.kind}"

    def schema_of(self, table: Table) -> Schema:
        return table.columns

    def cancel(self) -> None:
        self.log.append(f"{self.name} cancelled")

    def close(self) -> None:
        self.log.append(f"{self.name} session closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FakeBackend:
    """An engine that offers some relations, few expressions, and every type."""

    options: Mapping[str, str] = {"speed": "How fast."}

    def __init__(self, name: str, log: list[str], *, without: tuple[str, ...] = ()) -> None:
        self.name = name
        self.log = log
        offered = {f"relation.{kind}": Full() for kind in RELATIONS if kind not in without}
        extra = ["source.parquet", "expression.column", "function.not", "expression.literal"]
        extra += [name for name in known_capabilities() if name.startswith(("type.", "join."))]
        self.capabilities = Capabilities(name, {**offered, **dict.fromkeys(extra, Full())})
        self.sessions: list[FakeSession] = []

    def open(self, options: Mapping[str, Any]) -> Session:
        self.log.append(f"{self.name} opened {dict(options)}")
        self.sessions.append(FakeSession(self.name, self.log))
        return self.sessions[-1]

    def health(self) -> Health:
        return Health(ok=True, version="0")


class Engines:
    """The fake engines of one test: ``quick`` offers everything, ``small`` no sorts and no joins."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.backends: dict[str, FakeBackend] = {
            "quick": FakeBackend("quick", self.log),
            "small": FakeBackend("small", self.log, without=("sort", "join")),
        }

    def registry(self) -> Registry:
        def creator(backend: FakeBackend) -> Callable[[], Backend]:
            return lambda: backend

        entries = {
            name: BackendEntry(name=name, create=creator(backend), distribution="fakes", summary="")
            for name, backend in self.backends.items()
        }
        return Registry(entries, {})


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
    """Put the fake engines in the place of the installed ones."""
    close_all()
    fakes = Engines()
    registry = fakes.registry()
    monkeypatch.setattr("onefold.registry.installed", lambda: registry)
    runner.offered_by.cache_clear()
    yield fakes
    close_all()
    runner.offered_by.cache_clear()
