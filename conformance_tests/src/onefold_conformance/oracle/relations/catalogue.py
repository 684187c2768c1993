"""The interpreters of all relations, put together from their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onefold.plan import Relation
from onefold_conformance.oracle.context import Step
from onefold_conformance.oracle.relations import combining, foreign, leaves, rows, temporal, window

__all__ = ["RELATIONS"]

_FAMILIES = (leaves, rows, combining, window, temporal, foreign)

RELATIONS: Mapping[type[Relation], Step] = MappingProxyType(
    {relation: step for family in _FAMILIES for relation, step in family.STEPS.items()}
)
"""The interpreter of every relation."""
