"""Relations that leave the algebra: sinks, and what the oracle does not run."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.errors import UnsupportedOperation
from onefold.plan import MapBatches, NativeSql, Relation, Write
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.files.writing import write_parquet
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import to_table

__all__ = ["REASONS", "STEPS"]

REASONS: Mapping[str, str] = {
    "map_batches": "Python functions run between the stages of engines",
    "native_sql": "it is no engine, and has no query language of its own",
}
"""Why relations are not run, by their kind."""


def write(context: Context, node: Write) -> Result:
    """Write the rows to a directory, and return the one row that says so.

    Raises:
        UnsupportedOperation: If the sink is a table.
    """
    if node.sink.format != "parquet":
        raise UnsupportedOperation(
            node=f"sink.{node.sink.format}",
            engine="oracle",
            reason="it keeps no tables",
            way_out="Write a Parquet directory instead.",
        )
    below = context.result(node.input)
    write_parquet(to_table(below.rows, node.input.output), node.sink)
    rows = [{"path": node.sink.path, "rows": len(below.rows)}]
    return Result(rows, dict.fromkeys(node.output.names, Tolerance()), below.determined)


def refused(context: Context, node: Relation) -> Result:
    """Raise for a relation that the oracle does not run."""
    raise UnsupportedOperation(
        node=f"relation.{node.kind}", engine="oracle", reason=REASONS[node.kind], way_out="Run it where it belongs."
    )


STEPS: Mapping[type[Relation], Step] = {Write: write, MapBatches: refused, NativeSql: refused}
"""The interpreters of this family."""
