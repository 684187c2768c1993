"""Plans over rows written by hand, run by the oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onefold.plan import AggCall, Column, Input, Relation
from onefold.types import Schema
from onefold_conformance.oracle.interpreter import Oracle
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row, to_table

HOUR = 3_600_000_000
DAY = 24 * HOUR


class Given:
    """An input and its rows.

    Args:
        name: The name of the input.
        types: The types of its columns.
        rows: Its rows.
    """

    def __init__(self, name: str, types: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        schema = Schema.of(**types)
        self.relation = Input(name=name, columns=schema)
        self.table = to_table([dict(zip(types, row, strict=True)) for row in rows], schema)


def run(plan: Relation, *given: Given, oracle: Oracle | None = None) -> Result:
    """Return the oracle's result."""
    return (oracle or Oracle()).run(plan, {each.relation.name: each.table for each in given})


def rows_of(plan: Relation, *given: Given) -> list[Row]:
    """Return the oracle's rows."""
    return run(plan, *given).rows


def column_of(name: str, plan: Relation, *given: Given) -> list[Any]:
    """Return one column of the oracle's rows."""
    return [row[name] for row in rows_of(plan, *given)]


def agg(function: str, *args: str, **more: Any) -> AggCall:
    """Return an aggregation of columns."""
    return AggCall(function=function, args=tuple(Column(name=name) for name in args), **more)
