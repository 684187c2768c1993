"""Whole plans with their input data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from hypothesis import assume
from hypothesis import strategies as st

from onefold.plan import Input, Relation
from onefold_conformance.generate.allowed import Allowed
from onefold_conformance.generate.builder import Builder, Rows
from onefold_conformance.generate.choices import pick, repeats
from onefold_conformance.generate.relations import RELATION_MAKERS, Maker
from onefold_conformance.generate.tables import worlds
from onefold_conformance.generate.temporal import TEMPORAL_MAKERS

__all__ = ["MOST_RELATIONS", "DrawnPlan", "plans"]

MOST_RELATIONS = 4
"""How many relations are stacked on a table at most."""

_MAKERS: Mapping[str, Maker] = {**RELATION_MAKERS, **TEMPORAL_MAKERS}
_OFTEN = ("project",) * 12 + ("aggregate", "window", "trailing_aggregate") * 5
"""The kinds that hold most of the catalogue are put on top more often than others."""


@dataclass(frozen=True)
class DrawnPlan:
    """A plan, and a table for each of its inputs."""

    plan: Relation
    inputs: Mapping[str, pa.Table]


@st.composite
def _stacked(draw: st.DrawFn, builder: Builder, rows: Rows, kinds: Sequence[str], *, top: bool) -> Rows:
    """Draw a relation on top of rows; the rows themselves where that kind does not fit them."""
    return (_MAKERS[pick(draw, kinds)](builder, rows, top) if kinds else None) or rows


@st.composite
def plans(
    draw: st.DrawFn,
    limits: Allowed,
    *,
    kinds: tuple[str, ...] | None = None,
    exact: bool = False,
    most: int = MOST_RELATIONS,
) -> DrawnPlan:
    """Draw a well-typed plan over the whole catalogue, with the data that it reads.

    Args:
        draw: The source of choices.
        limits: What may be drawn.
        kinds: The kinds of relations; all that the limits offer when left out.
        exact: Only plans that can not fail, and in whose results engines agree in every bit.
        most: How many relations are stacked at most.
    """
    builder = Builder(draw, limits, draw(worlds(limits)))
    offered = [kind for kind in _MAKERS if kind in limits.relations and (kinds is None or kind in kinds)]
    rows = builder.table()
    for _ in repeats(draw, 0, most - 1):
        rows = draw(_stacked(builder, rows, offered, top=False))
    rows = draw(_stacked(builder, rows, [*offered, *(kind for kind in _OFTEN if kind in offered)], top=not exact))
    assume(limits.permits(rows.relation))
    read = {relation.name for relation in rows.relation.walk() if isinstance(relation, Input)}
    return DrawnPlan(rows.relation, {name: table for name, table in builder.inputs.items() if name in read})
