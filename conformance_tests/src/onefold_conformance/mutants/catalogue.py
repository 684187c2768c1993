"""All mutants, put together from their families."""

from __future__ import annotations

from onefold_conformance.mutants import streams
from onefold_conformance.mutants.model import Mutant

__all__ = ["MUTANTS"]

_FAMILIES = (streams,)

MUTANTS: tuple[Mutant, ...] = tuple(mutant for family in _FAMILIES for mutant in family.MUTANTS)
"""Every mutant of the suite; their names are unique."""

if len({mutant.name for mutant in MUTANTS}) != len(MUTANTS):
    raise AssertionError("two mutants have one name")
