"""A case: input tables, a plan, what has to come out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.contract import required_capabilities
from onefold.errors import ConfigurationError
from onefold.plan import AsOfJoin, FunctionRef, Input, MapBatches, Relation, Sort, Table, TrailingAggregate, Write
from onefold.types import Schema, schema_to_arrow
from onefold_conformance.case.notation.names import Names
from onefold_conformance.case.notation.reading import parse_relation
from onefold_conformance.case.notation.writing import relation_document
from onefold_conformance.case.sources import SourceFile
from onefold_conformance.oracle.tolerance import Tolerance

__all__ = ["ERRORS", "LEVELS", "TAGS", "Case", "ExpectedError", "ExpectedRows", "changed", "natural_order"]

LEVELS: Mapping[int, str] = {
    0: "io",
    1: "row",
    2: "aggregate",
    3: "window",
    4: "time",
    5: "pipeline",
}
"""The levels, by number. A case's id begins with the name of its level."""

TAGS = (
    "typical",
    "null",
    "empty",
    "boundary",
    "nan",
    "infinity",
    "zero",
    "overflow",
    "duplicate",
    "tie",
    "unicode",
    "dst",
    "leap",
    "month-end",
    "leak",
    "error",
    "order",
    "precision",
)
"""What a case can be about."""

ERRORS = ("EngineError", "SourceError", "ConfigurationError", "TransformError", "PlanError", "ExchangeError")
"""The errors that a case can demand, by the name of their class; subclasses count."""


@dataclass(frozen=True, slots=True)
class ExpectedRows:
    """The rows that have to come out.

    Args:
        table: The rows, in the portable Arrow types of the plan's output.
        schema: Their schema.
        written: For plans that write, what has to be in each sink afterwards, by its place.
    """

    table: pa.Table
    schema: Schema
    written: Mapping[str, tuple[pa.Table, Schema]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """The error that has to be raised instead of any rows.

    Args:
        kind: The name of its class, one of :data:`ERRORS`.
        written: What has to be in each sink all the same, by its place: what was there before.
    """

    kind: str
    written: Mapping[str, tuple[pa.Table, Schema]] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case of the suite.

    Args:
        id: ``<level>/<topic>/<name>``.
        level: Its level, 0 to 5.
        since: The revision of the suite in which it was added, or its expectation was last changed.
        why: What it is about, and what a wrong engine does; one or two sentences.
        document: The plan, as nested JSON (see :mod:`onefold_conformance.case.notation.reading`).
        inputs: The tables that the plan reads, with their schemas.
        expect: What has to come out; None before it has been blessed.
        derivation: Where the expected values come from.
        tags: What it is about, of :data:`TAGS`.
        sources: The files that the plan scans, by the name of the source.
        order: Which order the rows have to have: ``"none"``, ``"rows"`` (as they are listed), or ``"input <name>"``
            (that of an input's rows, also when those are shuffled).
        tolerances: How far columns may be off; all others are compared exactly.
        smoke: Whether it only shows that something works, and catches no wrong rule.
        kills: The mutants that it is known to catch, sorted.
        superseded_by: The case that took its place, when its expectation turned out wrong.
    """

    id: str
    level: int
    since: int
    why: str
    document: Any
    inputs: Mapping[str, tuple[pa.Table, Schema]]
    expect: ExpectedRows | ExpectedError | None
    derivation: str = ""
    tags: tuple[str, ...] = ()
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    functions: Mapping[str, FunctionRef] = field(default_factory=dict)
    order: str = "none"
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    smoke: bool = False
    kills: tuple[str, ...] = ()
    superseded_by: str | None = None

    def names(self, directory: Path = Path("case")) -> Names:
        """Return what the names in the plan stand for when its files are in a directory."""
        files: dict[str, Table] = {name: source.table(name, directory) for name, source in self.sources.items()}
        schemas = {name: schema for name, (_, schema) in self.inputs.items()}
        return Names(schemas, files, self.functions, directory)

    def plan_in(self, directory: Path) -> Relation:
        """Return the plan, with the files that it names in a directory."""
        return parse_relation(self.document, self.names(directory))

    @cached_property
    def plan(self) -> Relation:
        """The plan; the files that it names are nowhere."""
        return parse_relation(self.document, self.names())

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The capabilities that running it needs, sorted.

        Python functions are none of them: they run between the parts that the backend runs.
        """
        return tuple(
            sorted(
                name
                for name in required_capabilities(self.plan)
                if name != f"relation.{MapBatches.kind}" and not name.startswith("transform.")
            )
        )

    @cached_property
    def uses_files(self) -> bool:
        """Whether the plan reads or writes files."""
        return bool(self.sources) or any(isinstance(relation, Write) for relation in self.plan.walk())

    @property
    def functions_used(self) -> bool:
        """Whether the plan runs Python functions, which no engine does by itself."""
        return any(isinstance(relation, MapBatches) for relation in self.plan.walk())

    @property
    def topic(self) -> str:
        """What the cases in its file are about."""
        return self.id.rpartition("/")[0]

    def with_plan(self, plan: Relation) -> Case:
        """Return the same case about another plan over the same names."""
        return replace(self, document=relation_document(plan, self.names()))

    def check(self) -> None:
        """Check that the case fits together.

        Raises:
            ConfigurationError: If it does not.
        """
        problem = self._problem()
        if problem:
            raise ConfigurationError(f"The case {self.id!r} {problem}")

    def _problem(self) -> str:
        if self.level not in LEVELS or not self.id.startswith(f"{LEVELS[self.level]}/"):
            return f"is of level {self.level}, and its id does not begin with {LEVELS.get(self.level)!r}."
        if unknown := set(self.tags) - set(TAGS):
            return f"has unknown tags: {', '.join(sorted(unknown))}. The tags are: {', '.join(TAGS)}."
        if isinstance(self.expect, ExpectedError) and self.expect.kind not in ERRORS:
            return f"expects {self.expect.kind!r}; the errors are: {', '.join(ERRORS)}."
        if isinstance(self.expect, ExpectedRows) and not self.expect.table.schema.equals(
            schema_to_arrow(self.plan.output)
        ):
            return f"expects the columns ({self.expect.schema}), but its plan gives ({self.plan.output})."
        kind, _, name = self.order.partition(" ")
        if kind not in ("none", "rows", "input") or (kind == "input" and name not in self.inputs):
            return f"has the order {self.order!r}: it is 'none', 'rows', or 'input' and the name of one."
        if unknown := set(self.tolerances) - set(self.plan.output.names):
            return f"has tolerances for columns that do not come out: {', '.join(sorted(unknown))}."
        if not self.why.strip():
            return "does not say what it is about."
        return ""


def natural_order(plan: Relation) -> str:
    """Return the order that the rows of a plan have by its meaning: sorted, that of the spine, or none."""
    if isinstance(plan, Sort):
        return "rows"
    below: Relation = plan
    while isinstance(below, AsOfJoin | TrailingAggregate):
        below = below.spine
    if below is not plan and isinstance(below, Input):
        return f"input {below.name}"
    return "none"


def changed(case: Case, **changes: Any) -> Case:
    """Return a copy that keeps what has been computed already."""
    known = case.__dict__.get("plan")
    changed = Case(**{**{name: getattr(case, name) for name in Case.__dataclass_fields__}, **changes})
    if known is not None:
        changed.__dict__["plan"] = known
    return changed
