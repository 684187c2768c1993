"""Where rows come from and where they go: the declared parts of a plan that name the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from onefold.errors import PlanError
from onefold.plan.node import Part
from onefold.plan.windows import INT64_MAX
from onefold.types import Schema

__all__ = ["FileFormat", "FunctionRef", "Sink", "Table", "TimeRange", "WriteMode"]

FileFormat = Literal["parquet", "csv", "json"]
WriteMode = Literal["error", "append", "overwrite", "overwrite_partitions"]
"""What becomes of what is where rows are written; see :class:`Sink`."""


class Table(Part):
    """A declared source: files, or a table that an engine holds.

    Args:
        name: The name that messages and ``explain`` use.
        format: ``parquet``, ``csv``, ``json`` (JSON lines), ``delta`` for Delta tables, or ``table`` for a table of an
            engine.
        paths: Files, globs or directories (hive partitions become columns); for ``delta`` directories, and for
            ``table`` its qualified name.
        columns: The portable schema of the rows.
        options: Reader options, such as ``{"delimiter": ";"}`` for CSV.
        home: The engine that holds the table; None for files, which every engine can read.
    """

    name: str = Field(min_length=1)
    format: Literal["parquet", "csv", "json", "delta", "table"]
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

    The mode says what becomes of what is there already. Where nothing is, all modes write the same.

    ==========================  ============================================================================================
    ``"error"``                 it stays, and nothing is written: that is an error
    ``"append"``                it stays, and the rows are added
    ``"overwrite"``             it is replaced, also by no rows
    ``"overwrite_partitions"``  the partitions for which there are rows are replaced, and all others stay (the dynamic
                                partition overwrite of Spark); no rows replace nothing
    ==========================  ============================================================================================

    A partition is what has equal values in all columns of ``partition_by``; null is a value. Rows are added to, and
    partitions replaced in, only what is partitioned by the same columns. A run that fails or is stopped leaves what was
    there. Writing with ``"overwrite"`` or ``"overwrite_partitions"`` once more changes nothing.

    Args:
        format: ``parquet`` (a directory of files), ``table`` (a table of the engine), or ``delta`` (a directory that is
            a Delta table).
        path: The directory, or the table's qualified name.
        mode: What becomes of what is there.
        partition_by: Columns that become hive partitions.
    """

    format: Literal["parquet", "table", "delta"]
    path: str = Field(min_length=1)
    mode: WriteMode = "error"
    partition_by: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _partitioned(self) -> Sink:
        if self.mode == "overwrite_partitions" and not self.partition_by:
            raise PlanError(
                'The mode "overwrite_partitions" needs the columns of the partitions (partition_by). '
                'Without them, use the mode "overwrite".'
            )
        return self
