"""Attributes: columns and expressions of the latest row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.errors import DefinitionError, PlanError
from onefold.features.aggregations import AggExpr
from onefold.features.binding import bind
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr, as_column
from onefold.features.projecting import flat
from onefold.plan import Column, NamedExpression, Project, Relation

__all__ = ["Attribute", "bound_attributes", "flat_attributes"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its name, and the column of the rows that holds it."""

    name: str
    column: str


def flat_attributes(attributes: Iterable[Any] | Mapping[str, Any], *, what: str) -> dict[str, Expr]:
    """Return the expression of each attribute by its name.

    Args:
        attributes: Column names, expressions, and mappings of names to either.
        what: The view, for errors.

    Raises:
        DefinitionError: If one has no name, two have the same, or one is an aggregation.
    """
    found: dict[str, Expr] = {}
    for item in flat([attributes] if isinstance(attributes, str | Mapping | Expr) else attributes):
        pairs = item.items() if isinstance(item, Mapping) else [(None, item)]
        for given, value in pairs:
            if isinstance(value, AggExpr):
                raise DefinitionError(
                    f"{what}: {value!r} is an aggregation; attributes are columns of the latest row. "
                    "Put it into features=[...]."
                )
            expression = value if isinstance(value, Expr) else Expr(as_column(value))
            name = given or expression.output_name
            if name is None:
                raise DefinitionError(f"{what}: the attribute {expression!r} needs a name. Write .alias('...').")
            if name in found:
                raise DefinitionError(
                    f"{what} has two attributes named {name!r}: {found[name]!r} and {expression!r}. "
                    "Give one of them a name of its own with .alias('...')."
                )
            found[name] = expression
    if not found:
        raise DefinitionError(f"{what} has no attributes. Give some, such as attributes=['temp', 'wind_speed'].")
    return found


def bound_attributes(attributes: Mapping[str, Expr], rows: Relation) -> tuple[Relation, tuple[Attribute, ...]]:
    """Return the rows with the computed attributes as columns, and where each attribute is found.

    Raises:
        PlanError: If a column does not exist or a type does not fit; the path names the attribute.
    """
    schema = rows.output
    added: list[NamedExpression] = []
    found: list[Attribute] = []
    taken = set(schema.names)
    for name, expression in attributes.items():
        try:
            bound = bind(expression.node, schema)
        except PlanError as error:
            raise error.within(f"attribute {name!r}") from None
        if isinstance(expression.node, ColumnRef):
            found.append(Attribute(name, expression.node.name))
            continue
        column = name
        while column in taken:  # the column of that name may be a key, or feed another attribute
            column += "_"
        taken.add(column)
        added.append(NamedExpression(name=column, expression=bound))
        found.append(Attribute(name, column))
    if not added:
        return rows, tuple(found)
    kept = [NamedExpression(name=one, expression=Column(name=one)) for one in schema.names]
    return Project(input=rows, columns=(*kept, *added)), tuple(found)
