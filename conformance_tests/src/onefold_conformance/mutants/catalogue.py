"""All mutants, put together from their families."""

from __future__ import annotations

from onefold_conformance.mutants import (
    arithmetic,
    boundaries,
    calendar,
    casts,
    clock,
    comparison,
    decay,
    distinct,
    events,
    exchange,
    extremes,
    frequencies,
    groups,
    hashes,
    joins,
    literals,
    logic,
    mathematics,
    measures,
    moments,
    names,
    nested,
    nulls,
    order,
    patterns,
    pipeline,
    projections,
    quantiles,
    relations,
    rounding,
    sinks,
    spines,
    streams,
    sums,
    text,
    text_files,
    time,
    windows,
)
from onefold_conformance.mutants.model import Mutant

__all__ = ["MUTANTS"]

_FAMILIES = (
    streams,
    boundaries,
    exchange,
    names,
    nulls,
    projections,
    literals,
    arithmetic,
    comparison,
    logic,
    rounding,
    mathematics,
    text,
    patterns,
    hashes,
    calendar,
    clock,
    casts,
    nested,
    sums,
    extremes,
    moments,
    order,
    distinct,
    quantiles,
    frequencies,
    decay,
    relations,
    joins,
    groups,
    windows,
    time,
    events,
    spines,
    measures,
    pipeline,
    text_files,
    sinks,
)

MUTANTS: tuple[Mutant, ...] = tuple(mutant for family in _FAMILIES for mutant in family.MUTANTS)
"""Every mutant of the suite; their names are unique."""

if len({mutant.name for mutant in MUTANTS}) != len(MUTANTS):
    raise AssertionError("two mutants have one name")
