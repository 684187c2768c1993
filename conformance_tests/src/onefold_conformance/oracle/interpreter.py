"""The oracle: it runs a plan over rows held in lists, with one plain rule for everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from onefold.plan import Relation
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.casts import CASTS
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.expressions import Evaluator
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import AggregationRule, CastRule, FunctionRule
from onefold_conformance.oracle.relations.catalogue import RELATIONS
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules

__all__ = ["Oracle"]


@dataclass(frozen=True, slots=True)
class Oracle:
    """An interpreter of plans; a mutant is one with a rule replaced.

    Args:
        functions: The rule of every function.
        casts: The rule of every cast.
        aggregations: The rule of every aggregation.
        relations: The interpreter of every relation.
        rules: The small decisions of the relations.

    Examples:
        >>> import pyarrow as pa
        >>> from onefold.plan import Distinct, Input
        >>> from onefold.types import Schema
        >>> numbers = Input(name="numbers", columns=Schema.of(n="int64"))
        >>> Oracle().run(Distinct(input=numbers), {"numbers": pa.table({"n": [1, None, 1]})}).rows
        [{'n': 1}, {'n': None}]
    """

    functions: Mapping[str, FunctionRule] = field(default_factory=lambda: FUNCTIONS)
    casts: Mapping[tuple[str, str], CastRule] = field(default_factory=lambda: CASTS)
    aggregations: Mapping[str, AggregationRule] = field(default_factory=lambda: AGGREGATIONS)
    relations: Mapping[type[Relation], Step] = field(default_factory=lambda: RELATIONS)
    rules: Rules = field(default_factory=Rules)

    def run(
        self, plan: Relation, inputs: Mapping[str, pa.Table], *, check: Callable[[], None] = lambda: None
    ) -> Result:
        """Return the rows of a plan, and how far other engines may be from them.

        Args:
            plan: The plan.
            inputs: Tables by the names of the plan's inputs, in the schemas that these declare.
            check: Called before every relation; raises where the run was cancelled.

        Raises:
            ValueFailure: If a value is an error: an overflow, text that is no number.
            SourceError: If a source can not be read, or is not what it is declared to be.
            UnsupportedOperation: If the plan holds what only an engine can run.
        """
        evaluator = Evaluator(self.functions, self.casts)
        context = Context(evaluator, self.aggregations, self.rules, self.relations, inputs, check)
        return context.result(plan)
