"""Trailing aggregates and as-of joins on executors: one shuffle for all that share the spine's keys."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame

from onefold.kernel import KernelOptions, TemporalNode, run_chain
from onefold.kernel.events import event_rows, fused, seen
from onefold.plan import Input, Relation
from onefold.types import INT64, Field, Schema, SchemaNormaliser, schema_to_arrow
from onefold.types.naming import fresh
from onefold_spark.executors.errors import shipping
from onefold_spark.executors.frames import FrameOf, mapped, numbered
from onefold_spark.executors.keys import KeyFinder, evenly
from onefold_spark.executors.skew import Piece, cut, cut_keys, heavy_keys
from onefold_spark.executors.timeline import Part, Side, SideReader, timeline
from onefold_spark.executors.tuning import Tuning

__all__ = ["chain_frame"]


def chain_frame(nodes: Sequence[TemporalNode], spine: DataFrame, frame_of: FrameOf, tuning: Tuning) -> DataFrame:
    """Return the rows of a chain of temporal nodes, and as the last column the number of each row in the spine.

    Args:
        nodes: Trailing aggregates and as-of joins, each the spine of the next, innermost first.
        spine: The rows of the innermost node's spine; a last column more numbers them in their order.
        frame_of: Returns the rows of an ordinary relation.
        tuning: How the work is laid out.
    """
    base = nodes[0].spine.output
    frame = numbered(spine)
    if len(spine.columns) == len(base):
        frame = frame.selectExpr("*", f"monotonically_increasing_id() AS c{len(base)}")
    row = fresh("row", nodes[-1].output.names)
    rows = _Rows(frame, Schema([*base, Field(row, INT64, False)]), row)
    for group in _groups(nodes):
        rows = _computed(group, rows, frame_of, tuning)
    order = (rows.schema.names.index(name) for name in (*nodes[-1].output.names, row))
    return rows.frame.selectExpr(*(f"c{at} AS c{number}" for number, at in enumerate(order)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """A spine with the features so far.

    Args:
        frame: The rows.
        schema: Their columns.
        row: The name of the column that numbers them.
    """

    frame: DataFrame
    schema: Schema
    row: str

    def part(self, node: TemporalNode) -> Part:
        """Return the rows as the spine of a node."""
        names = self.schema.names
        return Part(
            self.frame,
            tuple(self.schema),
            tuple(map(names.index, node.spine_keys)),
            f"unix_micros(c{names.index(node.spine_time)})",
            number=names.index(self.row),
        )


def _groups(nodes: Sequence[TemporalNode]) -> list[list[TemporalNode]]:
    """Return the nodes in groups that share the spine's keys, in an order in which they can be computed."""
    groups: list[list[TemporalNode]] = []
    known = [set(nodes[0].spine.output.names)]
    """For each group the columns that are there once it is computed, and first those of the spine."""
    for node in nodes:
        needed = {*node.spine_keys, node.spine_time}
        place = next(
            (
                number
                for number, group in enumerate(groups)
                if group[0].spine_keys == node.spine_keys and needed <= known[number + 1]
            ),
            None,
        )
        if place is None:
            place = len(groups)
            groups.append([])
            known.append(set(known[-1]))
        groups[place].append(node)
        added = set(node.output.names) - set(node.spine.output.names)
        for number in range(place + 1, len(known)):
            known[number] |= added
    return groups


def _computed(nodes: Sequence[TemporalNode], rows: _Rows, frame_of: FrameOf, tuning: Tuning) -> _Rows:
    """Return a spine with the features of nodes that share its keys."""
    groups = fused(nodes)
    parts = [rows.part(nodes[0]), *(_events(group, frame_of) for group in groups)]
    pieces = _pieces(nodes, parts, rows.schema, tuning)
    more: tuple[str, ...] = ()
    if pieces:
        more = (
            fresh("piece", rows.schema.names, nodes[-1].output.names, *(node.events.output.names for node in nodes)),
        )
        parts = [cut(part, pieces, events=number > 0, name=more[0]) for number, part in enumerate(parts)]
    names = [f"events_{number}" for number in range(1, len(parts))]
    below: Relation = Input(name="spine", columns=Schema(parts[0].fields))
    shipped: list[TemporalNode] = []
    for name, group in zip(names, groups, strict=True):
        columns = Schema([*group[0].events.output, *(Field(column, INT64, False) for column in more)])
        events = Input(name=name, columns=columns)
        for node in group:
            below = node.replace(
                spine=below,
                events=events,
                spine_keys=(*node.spine_keys, *more),
                event_keys=(*node.event_keys, *more),
            )
            shipped.append(below)
    together, sides = timeline(parts)
    streams = {name: _Events(side, part.keys) for name, side, part in zip(names, sides[1:], parts[1:], strict=True)}
    task = _ChainTask(tuple(shipped), sides[0], streams, tuning.kernel)
    return _Rows(mapped(together, task, below.output), below.output, rows.row)


def _events(nodes: Sequence[TemporalNode], frame_of: FrameOf) -> Part:
    rows = event_rows(nodes, None)
    columns = rows.plan.output
    width = len(nodes[0].event_keys)  # the keys come first, and then the time
    return Part(
        numbered(frame_of(rows.plan), len(columns)),
        tuple(columns),
        tuple(range(width)),
        f"c{width}",
        time=width,
        sequence=tuple(map(columns.names.index, rows.sequence)),
    )


def _pieces(nodes: Sequence[TemporalNode], parts: Sequence[Part], schema: Schema, tuning: Tuning) -> list[Piece]:
    """Return the pieces into which keys with very many rows are cut."""
    times = {node.spine_time for node in nodes}
    if tuning.cut_above is None or len(times) > 1 or not times <= set(schema.names):
        return []
    if seen(nodes, (0, 0))[0] is None:  # some window has no start
        return []
    # The events alone are looked at: to look at the spine, all features so far would have to be computed once more.
    return cut_keys(nodes, heavy_keys(parts[1:], tuning.cut_above))


@dataclass(frozen=True, slots=True)
class _Events:
    """Where the events of some nodes are.

    Args:
        side: Where their columns are.
        keys: The places of the keys among these.
    """

    side: Side
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _ChainTask:
    """Computes the features of one partition.

    Args:
        nodes: The nodes, over inputs in place of the spine and of the events.
        spine: Where the columns of the spine are.
        events: Where the events are, by the names of their inputs.
        options: How the kernel uses the machine.
    """

    nodes: tuple[TemporalNode, ...]
    spine: Side
    events: Mapping[str, _Events]
    options: KernelOptions

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        with shipping():
            reader = SideReader(batches)
            spine = reader.take(self.spine)
            first = next(spine, None)
            if first is not None:
                rows = pa.RecordBatchReader.from_batches(first.schema, _chained(first, spine))
                execute = self._executor(reader)
                features = run_chain(self.nodes, rows, execute, options=_here(self.options), in_order=True)
                names = [f"c{number}" for number in range(len(features.schema))]
                for batch in features:
                    yield pa.RecordBatch.from_arrays(batch.columns, names=names)
            reader.finish()

    def _executor(self, reader: SideReader) -> Callable[[Relation, Mapping[str, pa.Table]], pa.RecordBatchReader]:
        def execute(plan: Relation, bound: Mapping[str, pa.Table]) -> pa.RecordBatchReader:
            name = next(leaf.name for leaf in plan.walk() if isinstance(leaf, Input) and leaf.name in self.events)
            (keys,) = bound.values()
            events = self.events[name]
            batches = _coded(reader.take(events.side), events.keys, keys, plan.output)
            return pa.RecordBatchReader.from_batches(schema_to_arrow(plan.output), batches)

        return execute


def _coded(
    batches: Iterator[pa.RecordBatch], places: Sequence[int], keys: pa.Table, schema: Schema
) -> Iterator[pa.RecordBatch]:
    """Yield the events of the keys of the spine in the schema of the kernel's stream.

    Its first column is the code of the key.
    """
    width = len(places)
    finder = KeyFinder([column.combine_chunks() for column in keys.columns[:width]])
    normaliser = SchemaNormaliser(schema, where="the events in a partition")
    for batch in evenly(batches):
        kept, codes = finder.coded(batch, [batch.column(at) for at in places])
        values = [pa.array(codes), *(kept.column(name) for name in schema.names[1:])]
        yield normaliser(pa.RecordBatch.from_arrays(values, names=list(schema.names)))


def _chained(first: pa.RecordBatch, rest: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _here(options: KernelOptions) -> KernelOptions:
    """Return options under which files are kept where Spark keeps its own."""
    directories = os.environ.get("SPARK_LOCAL_DIRS")
    if options.spill_directory is not None or not directories:
        return options
    return dataclasses.replace(options, spill_directory=Path(directories.split(",")[0]))
