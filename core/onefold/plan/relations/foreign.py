"""Relations that leave the algebra: Python over batches, an engine's own SQL, and sinks."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field as Required

from onefold.errors import PlanError
from onefold.plan.node import Part
from onefold.plan.relations.base import Relation, require_columns
from onefold.plan.sources import FunctionRef, Sink
from onefold.types import INT64, STRING, Field, Schema

__all__ = ["MapBatches", "NamedRelation", "NativeSql", "Write"]


class MapBatches(Relation):
    """A Python function applied to batches of rows, with a declared output schema.

    The function gets and returns a ``pyarrow.Table``, a ``polars.DataFrame`` or a ``pandas.DataFrame``; it must not
    depend on where batches are cut.
    """

    kind: ClassVar[str] = "map_batches"
    input: Relation
    function: FunctionRef
    columns: Schema
    format: Literal["arrow", "polars", "pandas"] = "arrow"

    @cached_property
    def output(self) -> Schema:
        if not len(self.columns):
            raise PlanError("The declared schema of a transform has no columns.")
        return self.columns


class NamedRelation(Part):
    """A relation under the name that native SQL gives it."""

    name: str = Required(min_length=1)
    relation: Relation


class NativeSql(Relation):
    """The author's own query in one engine's dialect, with a declared output schema.

    Args:
        relations: The tables that the text can name.
        text: One ``SELECT`` statement.
        dialect: The dialect, by sqlglot's name (``duckdb``, ``spark``, ``snowflake``).
        columns: The declared schema of the result.
    """

    kind: ClassVar[str] = "native_sql"
    relations: tuple[NamedRelation, ...]
    text: str = Required(min_length=1)
    dialect: str
    columns: Schema

    @cached_property
    def output(self) -> Schema:
        if len({named.name for named in self.relations}) != len(self.relations):
            raise PlanError("Two tables of native SQL have one name.")
        return self.columns


class Write(Relation):
    """The rows written to a sink by the engine itself; the result is one row that says what was written."""

    kind: ClassVar[str] = "write"
    input: Relation
    sink: Sink

    @cached_property
    def output(self) -> Schema:
        require_columns(self.input.output, self.sink.partition_by, what="The partition columns")
        return Schema([Field("path", STRING, False), Field("rows", INT64, False)])
