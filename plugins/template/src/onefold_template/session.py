"""The session: what runs plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from onefold.errors import Cancelled, EngineError, SourceError
from onefold.plan import Column, Input, Limit, Project, Relation, Sink, Table, Union, Write
from onefold.types import Schema, SchemaNormaliser
from onefold_template.capabilities import CAPABILITIES

__all__ = ["TemplateSession"]


class TemplateSession:
    """A connection to the engine; here, nothing but whether it was closed, and what is to be stopped."""

    thread_safe = True  # several threads may call `execute` at once

    def __init__(self) -> None:
        self._closed = False
        self._stops = 0

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Sink | None = None) -> pa.RecordBatchReader:
        """Run a plan and return its rows as a stream; see :class:`onefold.contract.Session`."""
        if self._closed:
            raise EngineError("the session is closed. Open another one.", engine=CAPABILITIES.engine)
        if sink is not None:  # writing is a relation too, which this backend does not offer
            plan = Write(input=plan, sink=sink)
        # The one rule that matters most: what is not offered is refused, now, and never answered with a guess.
        for name in CAPABILITIES.missing(plan):
            CAPABILITIES.require(name)
        # An input may occur several times in a plan, but a stream is read once, so it is kept as a table.
        names = {leaf.name for leaf in plan.walk() if isinstance(leaf, Input)}
        rows = self._run(plan, {name: pa.table(inputs[name]) for name in names})
        # Names, types and order of the columns are exactly those of the plan: this checks it, batch by batch.
        normaliser = SchemaNormaliser(plan.output, where=f"the result of {CAPABILITIES.engine}")
        stops = self._stops

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in rows.to_batches():
                if self._stops > stops:
                    raise Cancelled("The query was stopped.")
                yield normaliser(batch)

        return pa.RecordBatchReader.from_batches(normaliser.schema, batches())

    def _run(self, plan: Relation, inputs: Mapping[str, pa.Table]) -> pa.Table:
        """Return the rows of a plan: this is the engine. There is a case for each relation that is declared."""
        match plan:
            case Input():
                return inputs[plan.name].select(plan.output.names)
            case Project():
                below = self._run(plan.input, inputs)
                chosen = {c.name: below[c.expression.name] for c in plan.columns if isinstance(c.expression, Column)}
                return pa.table(chosen)
            case Limit():
                return self._run(plan.input, inputs).slice(plan.offset, plan.count)
            case Union():  # columns belong together by name, and have the order of the first relation
                tables = [self._run(relation, inputs).select(plan.output.names) for relation in plan.relations]
                return pa.concat_tables(tables)
        raise AssertionError(f"{plan.kind} is declared, but nothing runs it")

    def explain(self, plan: Relation) -> str:
        """Return the engine's own text for a plan, without running it; an SQL engine returns its query."""
        return " of ".join(relation.kind for relation in plan.walk())

    def schema_of(self, table: Table) -> Schema:
        """Return the columns that a source has by itself; there are none, since no `source.*` is declared."""
        raise SourceError(f"{CAPABILITIES.engine!r} reads no sources, and so not {table.name!r}.")

    def cancel(self) -> None:
        """Stop all that runs, from another thread; the readers then raise ``Cancelled``."""
        self._stops += 1

    def close(self) -> None:
        """Free everything; may be called again."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
