"""What fuzzing found, as a case of the suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from onefold.plan import Relation, Sort
from onefold.types import Schema
from onefold_conformance.case.files import written
from onefold_conformance.case.model import LEVELS, Case, ExpectedError, ExpectedRows, natural_order
from onefold_conformance.case.notation.names import Names
from onefold_conformance.case.notation.writing import relation_document
from onefold_conformance.generate.rebuilding import inputs_of
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, order_key, to_table

__all__ = ["Finding"]

_LEVEL, _TOPIC = 5, "fuzz"


@dataclass(frozen=True)
class Finding:
    """The smallest plan found on which a backend and the oracle differ.

    Args:
        plan: The plan.
        inputs: The tables that it reads.
        problem: What is wrong.
        expected: The rows by the oracle; None where it is an error.
    """

    plan: Relation
    inputs: Mapping[str, pa.Table]
    problem: str
    expected: Result | None

    @cached_property
    def case(self) -> Case:
        """The plan, its data and the expected rows as a case, ready to be named and kept."""
        tables = {name: (self.inputs[name], leaf.output) for name, leaf in inputs_of(self.plan).items()}
        return Case(
            id=f"{LEVELS[_LEVEL]}/{_TOPIC}/found",
            level=_LEVEL,
            since=1,
            why=self.problem,
            document=relation_document(self.plan, Names({name: schema for name, (_, schema) in tables.items()})),
            inputs=tables,
            expect=self._expect(),
            derivation="The oracle; found by fuzzing.",
            order=self._order(),
            tolerances=self._tolerances(),
        )

    @property
    def case_text(self) -> str:
        """The case as a case file."""
        return written(_LEVEL, _TOPIC, {}, [self.case])

    def _expect(self) -> ExpectedRows | ExpectedError:
        if self.expected is None:
            return ExpectedError("EngineError")
        return ExpectedRows(to_table(self.expected.rows, self.plan.output), self.plan.output)

    def _order(self) -> str:
        """Return the order of the expected rows; none for a sort that leaves rows equal."""
        if isinstance(self.plan, Sort) and self.expected is not None:
            keys = [_key(row, self.plan.output, self.plan) for row in self.expected.rows]
            return "rows" if len(set(keys)) == len(keys) else "none"
        return natural_order(self.plan)

    def _tolerances(self) -> Mapping[str, Tolerance]:
        found = {} if self.expected is None else self.expected.tolerances
        return {name: tolerance for name, tolerance in found.items() if not tolerance.is_exact}


def _key(row: Row, schema: Schema, sort: Sort) -> tuple[object, ...]:
    values = ((row[key.column], schema[key.column].dtype) for key in sort.keys)
    return tuple(None if value is None else order_key(value, dtype) for value, dtype in values)
