"""Relations that keep, drop, compute or rearrange rows."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field as Required

from onefold.errors import PlanError
from onefold.plan.expressions import Expression
from onefold.plan.relations.base import (
    NamedExpression,
    Relation,
    field_of,
    require_bool,
    require_columns,
    require_ordered,
)
from onefold.plan.windows import INT64_MAX, SortKey
from onefold.types import Field, List, Schema

__all__ = ["Deduplicate", "Distinct", "Filter", "Limit", "Project", "Sort", "Union", "Unnest"]


class Project(Relation):
    """Exactly these columns, in this order, computed from each row."""

    kind: ClassVar[str] = "project"
    input: Relation
    columns: tuple[NamedExpression, ...] = Required(min_length=1)

    @cached_property
    def output(self) -> Schema:
        return Schema(field_of(column, self.input.output) for column in self.columns)


class Filter(Relation):
    """The rows for which the predicate is true (null is not true)."""

    kind: ClassVar[str] = "filter"
    input: Relation
    predicate: Expression

    @cached_property
    def output(self) -> Schema:
        require_bool(self.predicate, self.input.output, what="The predicate")
        return self.input.output


class Union(Relation):
    """The rows of all inputs, duplicates kept; columns are matched by name and have the first input's order."""

    kind: ClassVar[str] = "union"
    relations: tuple[Relation, ...] = Required(min_length=2)

    @cached_property
    def output(self) -> Schema:
        first = self.relations[0].output
        for number, relation in enumerate(self.relations[1:], start=2):
            if set(relation.output.names) != set(first.names):
                raise PlanError(
                    f"Input {number} has the columns {list(relation.output.names)}, input 1 has {list(first.names)}. "
                    "Select the same columns from each."
                )
            for field in first:
                if relation.output[field.name].dtype != field.dtype:
                    raise PlanError(
                        f"The column {field.name!r} is {field.dtype} in input 1 and "
                        f"{relation.output[field.name].dtype} in input {number}. Cast one of them."
                    )
        return Schema(
            Field(f.name, f.dtype, any(relation.output[f.name].nullable for relation in self.relations)) for f in first
        )


class Distinct(Relation):
    """Each different row once; null equals null, NaN equals NaN."""

    kind: ClassVar[str] = "distinct"
    input: Relation

    @cached_property
    def output(self) -> Schema:
        for field in self.input.output:
            if not field.dtype.is_ordered:
                raise PlanError(f"The column {field.name!r} is a {field.dtype}: lists and structs are not compared.")
        return self.input.output


class Deduplicate(Relation):
    """One row per key: the first or last in a stated order.

    Args:
        by: The key columns; null is a key like any other.
        order: The order within a key; rows that it leaves equal are ordered by all columns, ascending, nulls first.
        keep: Which end of the order is kept.
    """

    kind: ClassVar[str] = "deduplicate"
    input: Relation
    by: tuple[str, ...] = Required(min_length=1)
    order: tuple[SortKey, ...] = ()
    keep: Literal["first", "last"] = "last"

    @cached_property
    def output(self) -> Schema:
        require_ordered(self.input.output, self.by, what="The keys")
        require_ordered(self.input.output, tuple(key.column for key in self.order), what="The order keys")
        return self.input.output


class Sort(Relation):
    """The rows in a stated order; rows that the keys leave equal have no order."""

    kind: ClassVar[str] = "sort"
    input: Relation
    keys: tuple[SortKey, ...] = Required(min_length=1)

    @cached_property
    def output(self) -> Schema:
        require_ordered(self.input.output, tuple(key.column for key in self.keys), what="The sort keys")
        return self.input.output


class Limit(Relation):
    """At most ``count`` rows after skipping ``offset``; of a sorted input, the first ones."""

    kind: ClassVar[str] = "limit"
    input: Relation
    count: int = Required(ge=0, le=INT64_MAX)
    offset: int = Required(default=0, ge=0, le=INT64_MAX)

    @cached_property
    def output(self) -> Schema:
        return self.input.output


class Unnest(Relation):
    """One row per element of a list column, in its place; rows with a null or empty list disappear."""

    kind: ClassVar[str] = "unnest"
    input: Relation
    column: str

    @cached_property
    def output(self) -> Schema:
        schema = self.input.output
        require_columns(schema, (self.column,), what="The unnested column")
        dtype = schema[self.column].dtype
        if not isinstance(dtype, List):
            raise PlanError(f"The column {self.column!r} is {dtype}, not a list: only lists can be unnested.")
        return Schema(Field(f.name, dtype.element, True) if f.name == self.column else f for f in schema)
