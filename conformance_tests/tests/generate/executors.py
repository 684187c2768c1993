"""Wrong executors: the oracle with inputs, plans or results spoilt on their way, as engines spoil them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.contract import Capabilities
from onefold.plan import Filter, Relation
from onefold_conformance.generate.rebuilding import rebuilt
from onefold_conformance.oracle.backend import OracleBackend
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.session import OracleSession

Tables = dict[str, pa.Table]
Spoil = Callable[[Relation, Tables], tuple[Relation, Tables]]
"""Returns the plan and the data that the executor runs instead of what it was given."""


class WrongBackend(OracleBackend):
    """The oracle behind something that spoils what it is given.

    Args:
        spoil: What spoils it.
    """

    def __init__(self, spoil: Spoil) -> None:
        super().__init__("wrong", Oracle())
        object.__setattr__(self, "spoil", spoil)

    __slots__ = ("spoil",)
    spoil: Spoil

    def open(self, options: Mapping[str, Any]) -> OracleSession:
        return _WrongSession(self.spoil, self.oracle, self.capabilities)


class _WrongSession(OracleSession):
    def __init__(self, spoil: Spoil, oracle: Oracle, capabilities: Capabilities) -> None:
        super().__init__("wrong", oracle, capabilities)
        self.spoil = spoil

    def execute(self, plan: Relation, inputs: Mapping[str, Any], *, sink: Any = None) -> pa.RecordBatchReader:
        plan, tables = self.spoil(plan, dict(inputs))
        return super().execute(plan, tables, sink=sink)


def forgets_the_first_row(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A reader that takes the first of several rows for a header."""
    return plan, {name: table.slice(1) if table.num_rows > 1 else table for name, table in inputs.items()}


def reads_one_batch(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A reader that stops at the first batch."""
    first = {name: table.to_batches()[:1] for name, table in inputs.items()}
    return plan, {name: pa.Table.from_batches(first[name], table.schema) for name, table in inputs.items()}


def reads_three_rows(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A sample in place of the data: with strangers in it, there is no place for everyone."""
    return plan, {name: table.slice(0, 3) for name, table in inputs.items()}


def knows_nothing_before_1970(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A clock that begins in 1970: what is earlier is taken for missing."""
    begin = pa.scalar(0, pa.int64())

    def kept(table: pa.Table) -> pa.Table:
        for position, field in enumerate(table.schema):
            if field.type == pa.timestamp("us", tz="UTC"):
                column = table.column(position)
                early = pc.less(column.cast(pa.int64()), begin)
                table = table.set_column(position, field, pc.if_else(early, pa.scalar(None, field.type), column))
        return table

    return plan, {name: kept(table) for name, table in inputs.items()}


def reads_columns_by_position(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A reader that takes the columns of one type in the order of their names, whatever the plan calls them."""
    changed: Tables = {}
    for name, table in inputs.items():
        by_type: dict[pa.DataType, list[str]] = {}
        for field in table.schema:
            by_type.setdefault(field.type, []).append(field.name)
        taken = {kind: iter(sorted(names)) for kind, names in by_type.items()}
        columns = [table.column(next(taken[field.type])) for field in table.schema]
        changed[name] = pa.Table.from_arrays(columns, schema=table.schema)
    return plan, changed


def loses_stacked_filters(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """An optimiser that merges a filter with the one below it, and forgets both."""

    def merged(relation: Relation) -> Relation:
        if isinstance(relation, Filter) and isinstance(relation.input, Filter):
            return relation.input.input
        return relation

    return rebuilt(plan, merged), inputs


def doubles_rows_of_short_tables(plan: Relation, inputs: Tables) -> tuple[Relation, Tables]:
    """A broadcast that goes out twice when a table is short."""
    return plan, {
        name: pa.concat_tables([table, table]) if 0 < table.num_rows < 4 else table for name, table in inputs.items()
    }
