"""A session: plans as lazy frames in this process, and their rows as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from onefold.plan import Input, Relation, Table
from onefold.session import EngineSession, Run
from onefold.types import Schema
from onefold_polars.capabilities import CAPABILITIES
from onefold_polars.connection import PolarsConnection, SchemaLeaves
from onefold_polars.division import left_to_kernel
from onefold_polars.engine import ENGINE
from onefold_polars.options import Options
from onefold_polars.relations import compile_plan
from onefold_polars.sources import schema_in_files

__all__ = ["PolarsSession"]


class PolarsSession(EngineSession[PolarsConnection]):
    """Runs plans on Polars; there is no state between runs.

    Args:
        options: Checked options.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(ENGINE, CAPABILITIES, lambda: PolarsConnection(options), left_to_kernel)

    def start(
        self, run: Run[PolarsConnection], plan: Relation, tables: Mapping[str, str]
    ) -> tuple[Iterator[pa.RecordBatch], str]:
        """Start the query of an ordinary plan."""
        frame = compile_plan(plan, run.connection.leaves(tables.__getitem__))
        return run.connection.query(frame, plan.output), plan.kind

    def query_text(self, connection: PolarsConnection, plan: Relation) -> str:
        """Return what Polars makes of an ordinary plan: its own plan, optimised."""
        return compile_plan(plan, SchemaLeaves(connection)).explain()

    def reads_once(self, plan: Relation, name: str) -> bool:
        """Return whether one path alone leads down to an input.

        Each relation becomes one frame, which reads those below once. But where two read the same one, Polars may push
        other columns and conditions down each path, and then reads what is below twice.
        """
        return _paths(plan, name, {}) == 1

    def schema_of(self, table: Table) -> Schema:
        """Return the portable schema that the files of a source have; its declared columns are not looked at.

        Raises:
            SourceError: If they can not be read, or a column has no portable type.
        """
        self.check_open()
        return schema_in_files(table)


def _paths(plan: Relation, name: str, known: dict[int, int]) -> int:
    """Return how many paths lead from a plan down to an input."""
    if id(plan) not in known:
        known[id(plan)] = (
            int(plan.name == name)
            if isinstance(plan, Input)
            else sum(_paths(below, name, known) for below in plan.inputs)
        )
    return known[id(plan)]
