"""Where rows enter a plan."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from pydantic import Field as Required

from onefold.errors import PlanError
from onefold.plan.expressions import Expression
from onefold.plan.relations.base import Relation, check_time_column, require_bool, require_columns
from onefold.plan.sources import Table, TimeRange
from onefold.types import Schema

__all__ = ["Input", "Scan"]


class Scan(Relation):
    """The rows of a declared source; where projections, filters and time ranges are pushed to.

    Args:
        table: The source.
        columns: The columns to read, in output order; None for all.
        predicate: Only rows for which this bool over the source's columns is true.
        time_range: Only rows in this range of an instant column.
    """

    kind: ClassVar[str] = "scan"
    table: Table
    columns: tuple[str, ...] | None = None
    predicate: Expression | None = None
    time_range: TimeRange | None = None

    @cached_property
    def output(self) -> Schema:
        everything = self.table.columns
        if self.predicate is not None:
            require_bool(self.predicate, everything, what="The predicate of a scan")
        if self.time_range is not None:
            check_time_column(everything, self.time_range.column, what="The time column")
        if self.columns is None:
            return everything
        if not self.columns:
            raise PlanError("A scan reads at least one column.")
        require_columns(everything, self.columns, what=f"The columns to read from {self.table.name!r}")
        return everything.select(self.columns)


class Input(Relation):
    """An Arrow stream bound by name when the plan runs: the spine, or an earlier stage's result."""

    kind: ClassVar[str] = "input"
    name: str = Required(min_length=1)
    columns: Schema

    @cached_property
    def output(self) -> Schema:
        if not len(self.columns):
            raise PlanError(f"The input {self.name!r} has no columns.")
        return self.columns
