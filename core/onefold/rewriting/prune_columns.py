"""Columns that nobody reads are not computed, and not read from the sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Column,
    Expression,
    Filter,
    Join,
    Limit,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Scan,
    Sort,
    TrailingAggregate,
    TrailingMeasure,
    Union,
)
from onefold.rewriting.mapping import parents_first, replace_relations

__all__ = ["prune_columns"]

_Named = TypeVar("_Named", NamedExpression, Measure, TrailingMeasure)


def prune_columns(root: Relation) -> Relation:
    """Return the plan with every scan and projection reduced to the columns that are needed above it.

    The output columns of the root stay as they are. Below relations that settle ties by all columns (distinct,
    de-duplication, windows) and below foreign code, everything is kept.

    Examples:
        >>> from onefold.plan import Column, NamedExpression, Project, Scan, Table
        >>> from onefold.types import Schema
        >>> table = Table(name="t", format="parquet", paths=("t.parquet",), columns=Schema.of(a="int64", b="int64"))
        >>> only_b = Project(input=Scan(table=table), columns=(NamedExpression(name="b", expression=Column(name="b")),))
        >>> prune_columns(only_b).input.columns
        ('b',)
    """
    order = list(parents_first(root))
    needed: dict[str, set[str]] = {relation.fingerprint: set() for relation in order}
    needed[root.fingerprint] |= set(root.output.names)
    for relation in order:
        for child, names in _needs(relation, needed[relation.fingerprint]):
            needed[child.fingerprint] |= names
    done: dict[str, Relation] = {}
    for relation in reversed(order):
        wanted = needed[relation.fingerprint]
        if isinstance(relation, Union):  # its inputs may be shared, and then have columns that only others want
            selected = tuple(name for name in relation.output.names if name in wanted)
            pruned: Relation = Union(
                relations=tuple(_selected(done[child.fingerprint], selected) for child in relation.relations)
            )
        else:  # first without what is not wanted: the inputs no longer have what only that would read
            trimmed = _trimmed(relation, wanted)
            pruned = done.get(trimmed.fingerprint) or replace_relations(trimmed, lambda child: done[child.fingerprint])
        done[relation.fingerprint] = pruned
    return done[root.fingerprint]


def _needs(relation: Relation, wanted: set[str]) -> Iterable[tuple[Relation, set[str]]]:
    """Return, for each relation below, the columns that this one needs to give the wanted ones."""
    match relation:
        case Project():
            kept = _kept(relation.columns, wanted)
            return [(relation.input, _columns(column.expression for column in kept))]
        case Filter():
            return [(relation.input, wanted | relation.predicate.columns)]
        case Sort():
            return [(relation.input, wanted | {key.column for key in relation.keys})]
        case Limit():
            return [(relation.input, wanted)]
        case Union():
            return [(child, wanted) for child in relation.relations]
        case Join():
            return _join_needs(relation, wanted)
        case Aggregate():
            measures = _kept(relation.measures, wanted, needed=not relation.by)
            return [(relation.input, set(relation.by).union(*(m.call.columns for m in measures)))]
        case TrailingAggregate():
            trailing = _kept(relation.measures, wanted, needed=False)
            if not trailing:  # only the spine stays
                return [(relation.spine, wanted)]
            events = {*relation.event_keys, relation.order.time, *relation.order.sequence}
            return [
                (relation.spine, _spine_needs(relation, wanted)),
                (relation.events, events.union(*(m.call.columns for m in trailing))),
            ]
        case AsOfJoin():
            taken = {column.column for column in relation.columns}
            events = {*relation.event_keys, relation.order.time, *relation.order.sequence}
            return [(relation.spine, _spine_needs(relation, wanted)), (relation.events, events | taken)]
    return [(child, set(child.output.names)) for child in relation.inputs]


def _spine_needs(relation: TrailingAggregate | AsOfJoin, wanted: set[str]) -> set[str]:
    own = set(relation.spine.output.names)
    return (wanted & own) | {*relation.spine_keys, relation.spine_time}


def _join_needs(relation: Join, wanted: set[str]) -> list[tuple[Relation, set[str]]]:
    left_names = set(relation.left.output.names)
    # A left column whose name a right column shares decides whether that one gets the suffix: it has to stay.
    shared = left_names & (set(relation.right.output.names) - set(relation.right_on))
    left = (wanted & left_names) | set(relation.left_on) | shared
    right = {name for name, out in relation.right_columns if out in wanted} | set(relation.right_on)
    return [(relation.left, left), (relation.right, right | shared)]


def _columns(expressions: Iterable[Expression]) -> set[str]:
    return set[str]().union(*(expression.columns for expression in expressions))


def _trimmed(relation: Relation, wanted: set[str]) -> Relation:
    """Return a relation, its inputs as they were, without what is not wanted of it."""
    match relation:
        case Scan():
            names = tuple(name for name in relation.output.names if name in wanted)
            # A scan must read something, also when only the number of rows matters.
            return relation.replace(columns=names or relation.output.names[:1])
        case Project():
            return relation.replace(columns=_kept(relation.columns, wanted))
        case Aggregate():
            return relation.replace(measures=_kept(relation.measures, wanted, needed=not relation.by))
        case TrailingAggregate():
            measures = _kept(relation.measures, wanted, needed=False)
            return relation.replace(measures=measures) if measures else relation.spine
    # An as-of join keeps what it takes: of events at one time, the taken columns decide which one counts.
    return relation


def _kept(items: tuple[_Named, ...], wanted: set[str], *, needed: bool = True) -> tuple[_Named, ...]:
    """Return the wanted columns or measures; the first one when there must be one and none is wanted."""
    return tuple(item for item in items if item.name in wanted) or (items[:1] if needed else ())


def _selected(relation: Relation, names: tuple[str, ...]) -> Relation:
    if not names or relation.output.names == names:
        return relation
    return Project(
        input=relation,
        columns=tuple(NamedExpression(name=name, expression=Column(name=name)) for name in names),
    )
