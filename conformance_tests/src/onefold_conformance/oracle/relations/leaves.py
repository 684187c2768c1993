"""Where rows come from: bound inputs and files."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.errors import PlanError, listed
from onefold.plan import Input, Relation, Scan
from onefold.types import Schema
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.files.reading import read_rows
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, from_arrow

__all__ = ["STEPS"]


def _exact(rows: list[Row], schema: Schema) -> Result:
    return Result(rows, dict.fromkeys(schema.names, Tolerance()))


def bound_input(context: Context, node: Input) -> Result:
    """Return the rows of the table that is bound to an input.

    Raises:
        PlanError: If none is.
    """
    if node.name not in context.inputs:
        raise PlanError(
            f"No data is bound to the input {node.name!r}. {listed(node.name, context.inputs, what='bound inputs')}"
        )
    return _exact(from_arrow(context.inputs[node.name], node.output), node.output)


def scan(context: Context, node: Scan) -> Result:
    """Return the rows of files for which the predicate and the time range hold."""
    everything = node.table.columns
    rows = read_rows(node.table)
    if node.time_range is not None:
        times = node.time_range
        rows = [
            row
            for row in rows
            if (time := row[times.column]) is not None
            and (times.start is None or time >= times.start)
            and (times.end is None or time < times.end)
        ]
    if node.predicate is not None:
        predicate = context.compile(node.predicate, everything)
        rows = [row for row in rows if context.rules.holds(predicate(row))]
    return _exact([{name: row[name] for name in node.output.names} for row in rows], node.output)


STEPS: Mapping[type[Relation], Step] = {Input: bound_input, Scan: scan}
"""The interpreters of this family."""
