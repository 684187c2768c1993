"""The three ways in which every case runs: a result must not depend on batches, or on the order of input rows."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.plan import Input, Relation
from onefold.types import Schema
from onefold_conformance.case.model import Case, ExpectedRows

__all__ = ["VARIANTS", "Variant", "sampled", "variants"]

VARIANTS = ("whole", "split", "shuffled")
"""One batch; several batches with empty ones at the start, in the middle and at the end; the rows in another order."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of running a case.

    Args:
        name: One of :data:`VARIANTS`.
        inputs: The data of the plan's inputs.
        expected: The rows that have to come out; None when the case expects an error.
        ordered: Whether they have to come in this order.
    """

    name: str
    inputs: dict[str, Any]
    expected: pa.Table | None
    ordered: bool


def variants(case: Case) -> Iterator[Variant]:
    """Yield the ways in which a case runs; those that a case without rows would repeat are left out."""
    expected = case.expect.table if isinstance(case.expect, ExpectedRows) else None
    ordered = case.order != "none"
    tables = {name: table for name, (table, _) in case.inputs.items()}
    yield Variant("whole", {name: table.combine_chunks() for name, table in tables.items()}, expected, ordered)
    uses = _uses(case.plan)
    split = {name: _batches(table, case.inputs[name][1], stream=uses[name] == 1) for name, table in tables.items()}
    yield Variant("split", split, expected, ordered)
    if any(table.num_rows > 1 for table in tables.values()):
        orders = {name: _permutation(name, table.num_rows) for name, table in tables.items()}
        shuffled = {name: table.take(pa.array(orders[name], pa.int64())) for name, table in tables.items()}
        kind, _, spine = case.order.partition(" ")
        if kind == "input" and expected is not None:
            expected = expected.take(pa.array(orders[spine], pa.int64()))
        yield Variant("shuffled", shuffled, expected, ordered)


def sampled(case: Case) -> Iterator[Variant]:
    """Yield one of the ways in which a case runs, chosen by its id: a third of the cases runs in each."""
    ways = tuple(variants(case))
    yield ways[zlib.crc32(case.id.encode()) % len(ways)]


def _uses(plan: Relation) -> Counter[str]:
    """Return how many relations read each input, shared ones counted each time: a stream can be read once."""
    counts: Counter[str] = Counter()
    pending = [plan]
    while pending:
        relation = pending.pop()
        if isinstance(relation, Input):
            counts[relation.name] += 1
        pending.extend(relation.inputs)
    return counts


def _batches(table: pa.Table, schema: Schema, *, stream: bool) -> Any:
    """Return a table in batches of one, two, three, ... rows, with empty ones between."""
    empty = pa.RecordBatch.from_pylist([], schema=table.schema)
    batches = [empty]
    start, size = 0, 1
    while start < table.num_rows:
        batches += table.slice(start, size).combine_chunks().to_batches()
        start, size = start + size, size + 1
        if len(batches) == 2:
            batches.append(empty)
    batches.append(empty)
    if stream:
        return _Stream(pa.RecordBatchReader.from_batches(table.schema, batches))
    return pa.Table.from_batches(batches, table.schema)


class _Stream:
    """A stream that is nothing but that: all that a backend may count on is the Arrow C stream interface.

    Args:
        reader: Its batches.
    """

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._reader = reader

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream as a PyCapsule."""
        return self._reader.__arrow_c_stream__(requested_schema)


def _permutation(name: str, rows: int) -> list[int]:
    """Return an order of rows that is not the given one; always the same."""
    order = list(range(rows))
    random.Random(f"{name} {rows}").shuffle(order)  # noqa: S311 - no secret, but the same everywhere
    return order[1:] + order[:1] if rows > 1 and order == sorted(order) else order
