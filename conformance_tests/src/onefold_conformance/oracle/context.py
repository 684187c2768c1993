"""What the interpreters of the relations share: the rules, the inputs, and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

from onefold.plan import Expression, Relation
from onefold.types import Schema
from onefold_conformance.oracle.expressions import Evaluator
from onefold_conformance.oracle.interface import AggregationRule
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row, Value

__all__ = ["Context", "Step"]

Step: TypeAlias = Callable[["Context", Any], Result]
"""``step(context, relation) -> Result`` for one kind of relation; what is below it is known already."""


@dataclass(frozen=True, slots=True)
class Context:
    """One run of a plan.

    Args:
        evaluator: Compiles expressions.
        aggregations: The rule of every aggregation.
        rules: The small decisions of the relations.
        steps: The interpreter of every relation.
        inputs: The tables that are bound to the inputs, in the schemas that these declare.
        check: Called before every relation; raises where the run was cancelled.
    """

    evaluator: Evaluator
    aggregations: Mapping[str, AggregationRule]
    rules: Rules
    steps: Mapping[type[Relation], Step]
    inputs: Mapping[str, pa.Table]
    check: Callable[[], None] = lambda: None
    _known: dict[str, Result] = field(default_factory=dict)

    def result(self, relation: Relation) -> Result:
        """Return what a relation gives; relations with one fingerprint are run once.

        Plans may be deeper than Python's stack: what is below comes first, on a stack of our own.
        """
        pending = [relation]
        while pending:
            node = pending[-1]
            missing = [child for child in node.inputs if child.fingerprint not in self._known]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            if node.fingerprint not in self._known:
                self.check()
                self._known[node.fingerprint] = self.steps[type(node)](self, node)
        return self._known[relation.fingerprint]

    def compile(self, expression: Expression, schema: Schema) -> Callable[[Row], Value]:
        """Return the function that evaluates an expression over rows of a schema."""
        return self.evaluator.compile(expression, schema)
