"""What every relation is: a node with an output schema, known before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import model_validator

from onefold.errors import DefinitionError, PlanError, listed
from onefold.plan.expressions import Expression
from onefold.plan.node import Node, Part
from onefold.plan.typing import infer
from onefold.types import BOOL, DataType, Field, Schema

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "NamedExpression",
    "Relation",
    "check_time_column",
    "field_of",
    "require_bool",
    "require_columns",
    "require_ordered",
]

MAX_PLAN_DEPTH = 200
"""How many relations may stand on top of each other."""


class NamedExpression(Part):
    """An output column: its name and how it is computed."""

    name: str
    expression: Expression


class Relation(Node):
    """The base of all relational nodes.

    ``output`` is computed, and thereby everything checked, when the node is built.
    """

    @cached_property
    def output(self) -> Schema:
        """The columns of the result: names, types, nullability."""
        raise AssertionError(f"{type(self).__name__} defines its output")

    @cached_property
    def inputs(self) -> tuple[Relation, ...]:
        """The relations directly below this one."""
        return tuple(child for child in self.children if isinstance(child, Relation))

    @cached_property
    def depth(self) -> int:
        """The number of relations on the longest path down."""
        return 1 + max((relation.depth for relation in self.inputs), default=0)

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.depth > MAX_PLAN_DEPTH:
            raise PlanError(f"The plan is {self.depth} relations deep; at most {MAX_PLAN_DEPTH} are allowed.")
        try:
            self.output  # noqa: B018 - computing it is the check
        except PlanError:
            raise
        except DefinitionError as error:
            raise PlanError(str(error)) from None
        return self

    def walk(self) -> Iterator[Relation]:
        """Yield this relation and all below it, parents first, each distinct object once."""
        stack: list[Relation] = [self]
        seen: set[int] = set()
        while stack:
            node = stack.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                stack.extend(reversed(node.inputs))


def field_of(named: NamedExpression, schema: Schema) -> Field:
    """Return the output field of a named expression over rows of a schema."""
    try:
        typed = infer(named.expression, schema)
    except PlanError as error:
        raise error.within(repr(named.name)) from None
    return Field(named.name, typed.dtype, typed.nullable)


def require_columns(schema: Schema, names: tuple[str, ...], *, what: str) -> None:
    """Raise a PlanError unless all columns exist.

    Args:
        schema: Where they should be.
        names: The columns asked for.
        what: What they are used for, such as ``"the sort keys"``.
    """
    for name in names:
        if name not in schema:
            raise PlanError(f"{what} name the column {name!r}. {listed(name, schema.names, what='columns')}")


def require_ordered(schema: Schema, names: tuple[str, ...], *, what: str) -> None:
    """Raise a PlanError unless all columns exist and their values can be compared.

    Args:
        schema: Where they should be.
        names: The columns asked for.
        what: What they are used for, such as ``"The sort keys"``.
    """
    require_columns(schema, names, what=what)
    for name in names:
        if not schema[name].dtype.is_ordered:
            raise PlanError(
                f"{what} name the column {name!r}, a {schema[name].dtype}: lists and structs have no order."
            )


def require_bool(expression: Expression, schema: Schema, *, what: str) -> None:
    """Raise a PlanError unless an expression over rows of a schema is a bool."""
    found: DataType = infer(expression, schema).dtype
    if found != BOOL:
        raise PlanError(f"{what} is a bool, not {found}. Compare it with something.")


def check_time_column(schema: Schema, name: str, *, what: str) -> None:
    """Raise a PlanError unless a column is an instant (``timestamp[us, UTC]``)."""
    require_columns(schema, (name,), what=what)
    dtype = schema[name].dtype
    if str(dtype) != "timestamp[us, UTC]":
        advice = (
            "It is a wall clock without a time zone: state that it is UTC, or convert it where the data is made."
            if dtype.is_time
            else "Cast it to timestamp[us, UTC]."
        )
        raise PlanError(f"{what} {name!r} must be an instant, timestamp[us, UTC], not {dtype}. {advice}")
