"""A mutant: the oracle with one rule replaced, or with its results spoilt on their way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from onefold.plan import Relation
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.casts import CASTS
from onefold_conformance.oracle.context import Step
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import AggregationRule, CastRule, FunctionRule
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.relations.catalogue import RELATIONS
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.session import OracleSession

__all__ = ["Mutant", "MutantBackend"]


@dataclass(frozen=True)
class Mutant:
    """A wrong rule.

    Args:
        name: Its name: what the wrong engine does, in kebab-case, such as ``"window-start-open"``.
        what: What it gets wrong, in one sentence that can stand in a report.
        touches: The capabilities of which a plan has to need one for the rule to matter; empty when any plan can.
        functions: Rules of functions that take the place of the oracle's.
        casts: Rules of casts.
        aggregations: Rules of aggregations.
        relations: Interpreters of relations.
        rules: The small decisions of the relations.
        spoil: Changes inputs and results around the run: takes a session's ``execute`` and gives another.
    """

    name: str
    what: str
    touches: tuple[str, ...] = ()
    functions: Mapping[str, FunctionRule] = field(default_factory=dict)
    casts: Mapping[tuple[str, str], CastRule] = field(default_factory=dict)
    aggregations: Mapping[str, AggregationRule] = field(default_factory=dict)
    relations: Mapping[type[Relation], Step] = field(default_factory=dict)
    rules: Rules | None = None
    spoil: Callable[[Execute], Execute] | None = None

    @cached_property
    def needs(self) -> frozenset[str]:
        """The capabilities of which a plan has to need one for this mutant to be wrong about it; empty for any plan."""
        named = {f"function.{name}" for name in self.functions} | {
            f"{place}.{name}" for name in self.aggregations for place in ("aggregation", "window", "trailing")
        }
        named |= {f"relation.{kind.kind}" for kind in self.relations}
        return frozenset({*self.touches, *named})

    @property
    def oracle(self) -> Oracle:
        """The oracle with the rule replaced."""
        return Oracle(
            functions={**FUNCTIONS, **self.functions},
            casts={**CASTS, **self.casts},
            aggregations={**AGGREGATIONS, **self.aggregations},
            relations={**RELATIONS, **self.relations},
            rules=self.rules or Rules(),
        )

    def backend(self) -> MutantBackend:
        """Return the wrong backend."""
        return MutantBackend(name=f"mutant-{self.name}", oracle=self.oracle, spoil=self.spoil)


Execute = Callable[..., pa.RecordBatchReader]
"""``execute(plan, inputs, *, sink=None)`` of a session."""


@dataclass(frozen=True)
class MutantBackend(OracleBackend):
    """A backend that is wrong.

    Args:
        name: Its name.
        oracle: The oracle with a rule replaced.
        spoil: Changes inputs and results around the run.
    """

    spoil: Callable[[Execute], Execute] | None = None

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        """Return a session that is wrong."""
        session = super().open(options)
        if self.spoil is not None:
            object.__setattr__(session, "execute", self.spoil(session.execute))
        return session
