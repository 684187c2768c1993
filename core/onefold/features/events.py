"""The rows behind a feature view: its source after its transform, with their keys and time checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from onefold.errors import DefinitionError, PlanError, listed
from onefold.features.entity import Entity
from onefold.features.running import merged_bindings
from onefold.features.sources import Source
from onefold.features.sources.timing import check_time
from onefold.features.table import Table
from onefold.features.transforms import BatchTransform, SqlTransform
from onefold.plan import Column, EventOrder, Literal, NamedExpression, Project, Relation
from onefold.types import Schema

__all__ = ["Events", "Transform", "events_of"]

Transform: TypeAlias = Callable[[Table], Table] | BatchTransform | SqlTransform
"""What a view does to its rows first."""

_ALWAYS = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
"""When static rows happened: before every spine."""


@dataclass(frozen=True, slots=True)
class Events:
    """The rows of a view, when they happen, and the data in memory that they need."""

    relation: Relation
    order: EventOrder
    bindings: Mapping[str, Any]


def events_of(
    source: Source | Table, transform: Transform | None, entity: Entity, *, time: str | None, static: bool, what: str
) -> Events:
    """Return the rows behind a view.

    Args:
        source: Where rows come from.
        transform: What is done to them first.
        entity: Its keys must be among their columns.
        time: The time column, when it is not the source's.
        static: Whether the rows have no time and never change.
        what: The view, for errors.

    Raises:
        DefinitionError: If a key, the time or a sequence column is missing or of a wrong type.
    """
    if not isinstance(source, Source | Table):
        raise DefinitionError(
            f"{what}: source is a source or a lazy table, not {type(source).__name__}. "
            "Data in memory becomes one with of.ArrowSource('name', data, time='...'), a file with "
            "of.ParquetSource('name', 'path', time='...')."
        )
    rows = Table(source.relation, source.bindings)
    rows = _transformed(rows, transform, source.name if isinstance(source, Source) else "source", what=what)
    changed = " after its transform" if transform is not None else ""
    _check_keys(rows.schema, entity, what=what, changed=changed)
    bindings = merged_bindings(rows.bindings)
    if static:
        return _static_events(rows, source, time, bindings, what=what)
    order = source.order(time) if isinstance(source, Source) else None
    if order is None and time is not None:
        order = EventOrder(time=time)
    if order is None:
        raise DefinitionError(
            f"{what} does not know when its rows happened. Name the time column: time='...' on the source, or on the "
            "view for a column that its transform makes. (Attributes that never change: static=True.)"
        )
    check_time(rows.schema, order.time, what=f"{what}{changed}", of="view")
    for name in order.sequence:
        if name not in rows.schema:
            raise DefinitionError(
                f"The sequence column {name!r} of the source is not a column of {what}{changed}. "
                f"{listed(name, rows.schema.names, what='columns')} Keep it in the transform."
            )
    return Events(rows.relation, order, bindings)


def _transformed(rows: Table, transform: Transform | None, name: str, *, what: str) -> Table:
    if transform is None:
        return rows
    try:
        if isinstance(transform, BatchTransform):
            return Table(transform.relation(rows.relation), rows.bindings)
        if isinstance(transform, SqlTransform):
            return Table(transform.relation(rows.relation, name), rows.bindings)
        if not callable(transform):
            raise DefinitionError(
                f"{what}: a transform is a function of a lazy table, of.transform(...) or of.native_sql(...), "
                f"not {type(transform).__name__}."
            )
        result = transform(rows)
    except PlanError as error:
        raise error.within(what, "transform") from None
    if not isinstance(result, Table):
        raise DefinitionError(
            f"{what}: its transform returned {type(result).__name__}, not a lazy table. It gets one and has to return "
            "one, such as lambda t: t.filter(col('amount') > 0). A Python function over batches of data is made a "
            "transform with of.transform(function, schema={...}, format='arrow')."
        )
    return result


def _check_keys(schema: Schema, entity: Entity, *, what: str, changed: str) -> None:
    for key in entity.keys:
        if key not in schema:
            raise DefinitionError(
                f"The key {key!r} of {entity!r} is not a column of {what}{changed}. "
                f"{listed(key, schema.names, what='columns')} Rename the column in a transform: "
                f"lambda t: t.rename({{'...': {key!r}}})."
            )
        if not schema[key].dtype.is_ordered:
            raise DefinitionError(
                f"The key {key!r} of {what} is a {schema[key].dtype}: lists and structs can not be keys."
            )


def _static_events(
    rows: Table, source: Source | Table, time: str | None, bindings: Mapping[str, Any], *, what: str
) -> Events:
    stated = time or (source.time if isinstance(source, Source) else None)
    if stated is not None:
        raise DefinitionError(
            f"{what} says static=True, but its rows have the time {stated!r}. Leave out one of the two: "
            "with a time, each spine row gets the values known as of its own time."
        )
    name = "__static"
    while name in rows.schema:
        name += "_"
    columns = [NamedExpression(name=one, expression=Column(name=one)) for one in rows.columns]
    columns.append(NamedExpression(name=name, expression=Literal.of(_ALWAYS)))
    return Events(Project(input=rows.relation, columns=tuple(columns)), EventOrder(time=name, unique=True), bindings)
