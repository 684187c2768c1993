"""Binding Arrow data to the inputs of a plan, so that it can be scanned as often as DuckDB likes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from itertools import count
from typing import Any

import duckdb
import pyarrow as pa

from onefold.errors import PlanError, listed
from onefold.plan import Filter, Input, Project, Relation
from onefold.types import normalise_reader, schema_to_arrow
from onefold_rift.failures import translated
from onefold_rift.readers import identifier

__all__ = ["BoundInputs", "reads_once"]


def reads_once(plan: Relation, name: str) -> bool:
    """Return whether DuckDB can only scan an input once: when nothing but filters and projections stand above it.

    Other plans may scan an input several times (both sides of a join, a rewritten window), and a second scan of a
    stream silently gives no rows.
    """
    below = plan
    while isinstance(below, Filter | Project):
        below = below.input
    return isinstance(below, Input) and below.name == name


class BoundInputs:
    """The inputs of one run: Arrow tables are scanned where they are, streams are read once into DuckDB's tables.

    Args:
        connection: The session's connection; tables made on it are seen by all its cursors.
        parent: Inputs that are bound already and stay those of another run.
    """

    _numbers = count(1)
    _lock = threading.Lock()

    def __init__(self, connection: duckdb.DuckDBPyConnection, parent: BoundInputs | None = None) -> None:
        self._connection = connection
        self._tables: dict[str, pa.Table | pa.RecordBatchReader] = {}
        self._names: dict[str, str] = {}
        self._made: list[str] = []
        if parent is not None:
            self._tables.update(parent._tables)
            self._names.update(parent._names)

    def bind(self, plan: Relation, inputs: Mapping[str, Any], *, whole: bool) -> None:
        """Bind data to the inputs that a plan reads.

        Args:
            plan: The plan.
            inputs: Data by input name: a ``pyarrow.Table``, or anything with ``__arrow_c_stream__``, which is read once.
            whole: Whether the plan runs as it is, so that a stream which it scans once needs no table.

        Raises:
            PlanError: If an input is not bound.
            SourceError: If the data is not of the declared schema.
        """
        for leaf in {node.fingerprint: node for node in plan.walk() if isinstance(node, Input)}.values():
            if leaf.name in self._names:
                continue
            if leaf.name not in inputs:
                raise PlanError(
                    f"No data is bound to the input {leaf.name!r}. {listed(leaf.name, inputs, what='bound inputs')}"
                )
            self._bind(leaf, inputs[leaf.name], once=whole and reads_once(plan, leaf.name))

    def _bind(self, leaf: Input, data: Any, *, once: bool) -> None:
        name = f"input_{leaf.name}"
        if name.casefold() in {taken.casefold() for taken in self._names.values()}:
            name = f"{name}_{len(self._names)}_"  # DuckDB folds case
        where = f"the input {leaf.name!r}"
        if isinstance(data, pa.Table) and data.schema.equals(schema_to_arrow(leaf.output)):
            self._tables[name] = data
        elif isinstance(data, pa.Table):
            self._tables[name] = normalise_reader(data, leaf.output, where=where, at_source=True).read_all()
        elif once:
            self._tables[name] = normalise_reader(data, leaf.output, where=where, at_source=True)
        else:
            with BoundInputs._lock:
                name = f"{name}_{next(BoundInputs._numbers)}"
            self._store(name, normalise_reader(data, leaf.output, where=where, at_source=True))
        self._names[leaf.name] = name

    def _store(self, name: str, reader: pa.RecordBatchReader) -> None:
        """Read a stream into a table, whose rows can go to disk."""
        query = f"CREATE TABLE {identifier(name)} AS SELECT * FROM stream"
        cursor = self._connection.cursor()
        try:
            self._made.append(name)
            cursor.register("stream", reader)
            cursor.execute(query)
        except (duckdb.Error, pa.ArrowException) as error:
            raise translated(error, query) from error
        finally:
            cursor.close()
            reader.close()

    def name(self, leaf: str) -> str:
        """Return the table that holds an input."""
        return self._names[leaf]

    def register(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the Arrow data visible on a cursor."""
        for name, table in self._tables.items():
            cursor.register(name, table)

    def close(self) -> None:
        """Drop the tables that were made; idempotent."""
        made, self._made = self._made, []
        self._tables.clear()
        if made:
            cursor = self._connection.cursor()
            try:
                for name in made:
                    cursor.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
            finally:
                cursor.close()
