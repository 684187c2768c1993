"""Running lazy tables: what all of them can do with the rows that they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.errors import DefinitionError
from onefold.execution import Explanation, explain, prepare, run
from onefold.execution.sinks import WriteResult, write_parquet
from onefold.plan import Plan, Relation, WriteMode
from onefold.registry import DEFAULT_ENGINE
from onefold.transforms import to_pandas, to_polars
from onefold.types import Schema, schema_to_arrow

__all__ = ["Runnable", "merged_bindings"]


def merged_bindings(*bindings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of several plans together.

    Raises:
        DefinitionError: If two different data sets have one name: one would silently stand for the other.
    """
    merged: dict[str, Any] = {}
    for binding in bindings:
        for name, data in binding.items():
            if merged.setdefault(name, data) is not data:
                raise DefinitionError(
                    f"Two different data sets are named {name!r}. Give each source or table in memory its own name."
                )
    return merged


class Runnable:
    """A relation with the data in memory that it reads; nothing runs until a method here asks for rows."""

    def __init__(self, relation: Relation, bindings: Mapping[str, Any]) -> None:
        self._relation = relation
        self._bindings = dict(bindings)

    @property
    def relation(self) -> Relation:
        """The relation of the logical plan."""
        return self._relation

    @property
    def bindings(self) -> Mapping[str, Any]:
        """The Arrow data that the plan's inputs stand for, by name."""
        return self._bindings

    @property
    def schema(self) -> Schema:
        """The columns: names, types, and whether they can be null."""
        return self._relation.output

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return self.schema.names

    @property
    def plan(self) -> Plan:
        """The logical plan, before rewriting."""
        return Plan(self._relation)

    def batches(self, *, engine: str | None = None, options: Mapping[str, Any] | None = None) -> pa.RecordBatchReader:
        """Run the plan and return its rows as a stream of record batches.

        Args:
            engine: The engine; ``"rift"`` when left out.
            options: Options of the engine, such as ``{"memory_limit": "4GB"}``.
        """
        return run(self._relation, inputs=self._bindings, engine=engine or DEFAULT_ENGINE, options=options)

    def collect(self, *, engine: str | None = None, options: Mapping[str, Any] | None = None) -> pa.Table:
        """Run the plan and return its rows as a ``pyarrow.Table``.

        Args:
            engine: The engine; ``"rift"`` when left out.
            options: Options of the engine.
        """
        return self.batches(engine=engine, options=options).read_all()

    to_arrow = collect

    def to_polars(self, *, engine: str | None = None, options: Mapping[str, Any] | None = None) -> Any:
        """Run the plan and return its rows as a ``polars.DataFrame``."""
        return to_polars(self.collect(engine=engine, options=options))

    def to_pandas(self, *, engine: str | None = None, options: Mapping[str, Any] | None = None) -> Any:
        """Run the plan and return its rows as a ``pandas.DataFrame``; integers with nulls stay integers."""
        return to_pandas(self.collect(engine=engine, options=options))

    def write_parquet(
        self,
        path: str | Path,
        *,
        mode: WriteMode = "error",
        partition_by: Sequence[str] = (),
        engine: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> WriteResult:
        """Run the plan into a directory of Parquet files, in bounded memory.

        Args:
            path: The directory; a failure leaves it as it was.
            mode: What becomes of what it holds already: ``"error"``, ``"append"``, ``"overwrite"``, or
                ``"overwrite_partitions"`` for the partitions that get rows; see :class:`onefold.plan.Sink`.
            partition_by: Columns that become hive partitions.
            engine: The engine; ``"rift"`` when left out.
            options: Options of the engine.
        """
        schema = schema_to_arrow(self.schema)
        read = partial(self.batches, engine=engine, options=options)
        return write_parquet(read, schema, path, mode=mode, partition_by=partition_by)

    def explain(self, *, engine: str | None = None, queries: bool = True) -> Explanation:
        """Return what runs where: stages, engines, what each scan reads, the engines' own queries.

        Args:
            engine: The engine; ``"rift"`` when left out.
            queries: Whether the text shows the engines' own queries.
        """
        job = prepare(self._relation, inputs=self._bindings, engine=engine or DEFAULT_ENGINE)
        return explain(job, queries=queries)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Run the plan for any library that reads Arrow streams."""
        return self.batches().__arrow_c_stream__(requested_schema)
