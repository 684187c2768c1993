"""Where rows come from and where they go: the declared parts of a plan that name the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from onefold.errors import PlanError
from onefold.plan.node import Part
from onefold.plan.windows import INT64_MAX
from onefold.types import Schema

__all__ = ["FileFormat", "FunctionRef", "Sink", "Table", "TimeRange"]

FileFormat = Literal["parquet", "csv", "json"]


class Table(Part):
    """A declared source: files, or a table that an engine holds.

    Args:
        name: The name that messages and ``explain`` use.
        format: ``parquet``, ``csv``, ``json`` (JSON lines), or ``table`` for a table of an engine.
        paths: Files, globs or directories (hive partitions become columns); for ``table`` its qualified name.
        columns: The portable schema of the rows.
        options: Reader options, such as ``{"delimiter": ";"}`` for CSV.
        home: The engine that holds the table; None for files, which every engine can read.
    """

    name: str = Field(min_length=1)
    format: Literal["parquet", "csv", "json", "table"]
    paths: tuple[str, ...] = Field(min_length=1)
    columns: Schema
    options: Mapping[str, bool | int | float | str | None] = Field(default_factory=dict)
    home: str | None = None


class TimeRange(Part):
    """Rows whose time column lies in ``start <= t < end``; microseconds since 1970-01-01T00:00Z, None: no bound."""

    column: str
    start: int | None = Field(default=None, ge=-INT64_MAX, le=INT64_MAX)
    end: int | None = Field(default=None, ge=-INT64_MAX, le=INT64_MAX)

    @model_validator(mode="after")
    def _bounded(self) -> TimeRange:
        if self.start is None and self.end is None:
            raise PlanError("A time range without a start and an end bounds nothing: leave it out.")
        return self


class FunctionRef(Part):
    """A Python function, by name: documents never hold code.

    Args:
        module: The module that defines it; ``"__main__"`` for a notebook or script.
        name: Its qualified name in the module.
        source_hash: SHA-256 of its source text, so that a changed function is a changed plan.
    """

    module: str
    name: str
    source_hash: str


class Sink(Part):
    """Where results are written.

    Args:
        format: ``parquet`` (a directory of files) or ``table`` (a table of the engine).
        path: The directory, or the table's qualified name.
        mode: ``"error"`` when something is there already, ``"overwrite"``, or ``"append"``.
        partition_by: Columns that become hive partitions.
    """

    format: Literal["parquet", "table"]
    path: str = Field(min_length=1)
    mode: Literal["error", "overwrite", "append"] = "error"
    partition_by: tuple[str, ...] = ()
