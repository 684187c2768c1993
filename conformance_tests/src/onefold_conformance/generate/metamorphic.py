"""Relations between the results of two runs, which need no oracle: they hold whatever the right values are.

Each takes a plan and its data and gives other runs, with a check of how their results must relate to that of the plan;
None where it says nothing about the plan.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.contract import Session
from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Column,
    Deduplicate,
    Distinct,
    Filter,
    Input,
    NamedExpression,
    Project,
    Relation,
    TimeBuckets,
    TrailingAggregate,
    Window,
    typed_parts,
)
from onefold.types import TIMESTAMP_UTC, DataType, Field, List, Schema, Struct, to_arrow
from onefold_conformance.compare.tables import compare_tables
from onefold_conformance.generate.rebuilding import expressions_of, inputs_of, rebuilt
from onefold_conformance.generate.tiles import can_merge, merged, same_state
from onefold_conformance.generate.values import pool
from onefold_conformance.oracle.values import from_arrow, order_key

__all__ = ["METAMORPHIC", "FollowUp", "MetamorphicRelation", "problem_with"]

Run = tuple[Relation, Mapping[str, Any]]
"""A plan and the data of its inputs."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Other runs, and what their results say about that of the plan.

    Args:
        runs: What is run besides.
        check: Returns what is wrong with the plan's result beside theirs; empty for nothing.
    """

    runs: tuple[Run, ...]
    check: Callable[[pa.Table, Sequence[pa.Table]], str]


MetamorphicRelation = Callable[[Relation, Mapping[str, pa.Table]], FollowUp | None]
"""``relation(plan, inputs) -> FollowUp | None``; None where it does not apply."""


def problem_with(
    session: Session, plan: Relation, inputs: Mapping[str, pa.Table], relation: MetamorphicRelation
) -> str | None:
    """Return what is wrong by a relation: empty for nothing, None where the relation does not apply.

    Args:
        session: An open session.
        plan: A plan whose values are exact, and that does not fail.
        inputs: The tables that it reads.
        relation: The relation.
    """
    follow_up = relation(plan, inputs)
    if follow_up is None:
        return None
    original = session.execute(plan, inputs).read_all()
    return follow_up.check(original, [session.execute(other, data).read_all() for other, data in follow_up.runs])


def shuffled_rows(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """The order of the input's rows changes no row of the result."""
    if all(table.num_rows < 2 for table in inputs.values()):
        return None
    shuffled = {name: table.take(pa.array(_order(table.num_rows), pa.int64())) for name, table in inputs.items()}
    return FollowUp(((plan, shuffled),), _same_rows(plan.output))


def split_batches(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """Where batches are cut, and how many of them are empty, changes nothing."""
    return FollowUp(((plan, {name: _in_batches(table) for name, table in inputs.items()}),), _same_rows(plan.output))


def unrelated_key(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """Events of a key that no spine row has change no row of the result."""
    if not isinstance(plan, AsOfJoin | TrailingAggregate) or not isinstance(plan.events, Input) or plan.order.unique:
        return None
    name, key = plan.events.name, plan.event_keys[0]
    if any(isinstance(below, Input) and below.name == name for below in plan.spine.walk()):
        return None
    spines = [table for other, table in inputs.items() if other != name]
    dtype = plan.events.output[key].dtype
    seen = {order_key(value, dtype) for table in (*spines, inputs[name]) for value in _values_of(table, dtype)}
    fresh = [value for value in pool(dtype) if order_key(value, dtype) not in seen and _is_plain(value)]
    if not fresh or not inputs[name].num_rows or not _passes_keys(plan.spine):
        return None
    events = inputs[name]
    position = events.schema.get_field_index(key)
    keys = pa.array([fresh[0]] * events.num_rows, to_arrow(dtype))
    strangers = events.set_column(position, events.schema.field(position), keys)
    grown = {**inputs, name: pa.concat_tables([strangers, events])}
    return FollowUp(((plan, grown),), _same_rows(plan.output))


def shifted_times(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """When all instants move by a multiple of every grid, the instants of the result do too, and nothing else changes."""
    grids = [buckets.every for buckets in plan.walk() if isinstance(buckets, TimeBuckets)]
    for trailing in plan.walk():
        if isinstance(trailing, TrailingAggregate):
            grids += [measure.window.every for measure in trailing.measures if measure.window.every is not None]
    step = math.lcm(1, *grids)
    if step > _CENTURY or any(_reads_instants(relation) for relation in plan.walk()):
        return None
    shift = step * max(1, _CENTURY // 100 // step)
    leaves = inputs_of(plan)
    instants = [at for name, table in inputs.items() for at in _instants(table, leaves[name].output)]
    if not instants or any(not _FIRST <= at <= _LAST for at in instants):
        return None
    moved = {name: _moved(table, leaves[name].output, shift) for name, table in inputs.items()}
    same = _same_rows(plan.output)
    return FollowUp(((plan, moved),), lambda found, others: same(_moved(found, plan.output, shift), others))


def merged_tiles(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """Tiles of one half of the events and tiles of the other, merged, are the tiles of all."""
    if not isinstance(plan, TimeBuckets) or not isinstance(plan.events, Input) or plan.order.unique:
        return None
    events = inputs[plan.events.name]
    if events.num_rows < 2 or not can_merge(plan):
        return None
    halves = [events.take(pa.array(range(start, events.num_rows, 2), pa.int64())) for start in (0, 1)]
    runs = tuple((plan, {**inputs, plan.events.name: half}) for half in halves)
    return FollowUp(runs, lambda found, others: _difference_of_tiles(plan, found, others))


def united_keys(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """The results over the rows of one key and over all other rows, together, are the result over all."""
    match plan:
        case Aggregate(input=Input() as source, by=(key, *_)):
            pass
        case Deduplicate(input=Input() as source, by=(key, *_)):
            pass
        case Window(input=Input() as source, partition_by=(key, *_)):
            pass
        case TimeBuckets(events=Input() as source, by=(key, *_)):
            pass
        case Distinct(input=Input() as source):
            key = source.output.names[0]
        case _:
            return None
    table, dtype = inputs[source.name], source.output[key].dtype
    rows = from_arrow(table, source.output)
    keys = [None if row[key] is None else (order_key(row[key], dtype),) for row in rows]
    if len(set(keys)) < 2:
        return None
    parts = [
        table.take(pa.array([row for row, value in enumerate(keys) if (value == keys[0]) == inside], pa.int64()))
        for inside in (True, False)
    ]
    same = _same_rows(plan.output)
    runs = tuple((plan, {**inputs, source.name: part}) for part in parts)
    return FollowUp(runs, lambda found, others: same(found, [pa.concat_tables(others)]))


def renamed_columns(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """What the columns of the inputs are called, and in which order they stand, changes nothing."""
    leaves = inputs_of(plan)
    names = {name: _new_names(leaf.output) for name, leaf in leaves.items()}

    def change(relation: Relation) -> Relation:
        if not isinstance(relation, Input):
            return relation
        new = names[relation.name]
        fields = [Field(new[field.name], field.dtype, field.nullable) for field in reversed(relation.output.fields)]
        columns = [NamedExpression(name=name, expression=Column(name=new[name])) for name in relation.output.names]
        return Project(input=Input(name=relation.name, columns=Schema(fields)), columns=tuple(columns))

    renamed = {}
    for name, table in inputs.items():
        turned = table.select(list(reversed(leaves[name].output.names)))
        renamed[name] = turned.rename_columns([names[name][column] for column in turned.column_names])
    return FollowUp(((rebuilt(plan, change), renamed),), _same_rows(plan.output))


def doubled_filters(plan: Relation, inputs: Mapping[str, pa.Table]) -> FollowUp | None:
    """A filter that is applied twice keeps the same rows."""
    if not any(isinstance(relation, Filter) for relation in plan.walk()):
        return None

    def change(relation: Relation) -> Relation:
        return Filter(input=relation, predicate=relation.predicate) if isinstance(relation, Filter) else relation

    return FollowUp(((rebuilt(plan, change), inputs),), _same_rows(plan.output))


METAMORPHIC: Mapping[str, MetamorphicRelation] = {
    relation.__name__: relation
    for relation in (
        shuffled_rows,
        split_batches,
        unrelated_key,
        shifted_times,
        merged_tiles,
        united_keys,
        renamed_columns,
        doubled_filters,
    )
}
"""Every relation, by name."""

_MICROSECOND = dt.timedelta(microseconds=1)
_CENTURY = 100 * 366 * 86_400_000_000
_FIRST, _LAST = -40 * 366 * 86_400_000_000, 200 * 366 * 86_400_000_000
"""Between which instants are shifted: what comes out is an instant, too."""


def _same_rows(schema: Schema) -> Callable[[pa.Table, Sequence[pa.Table]], str]:
    def check(found: pa.Table, others: Sequence[pa.Table]) -> str:
        (other,) = others
        return "; ".join(compare_tables(found, other, schema, ordered=False).differences)

    return check


def _order(rows: int) -> list[int]:
    """Return an order of rows that is not the given one; always the same."""
    order = list(range(rows))
    random.Random(rows).shuffle(order)  # noqa: S311 - no secret, but the same everywhere
    return order if order != sorted(order) else order[::-1]


def _in_batches(table: pa.Table) -> pa.Table:
    """Return a table in batches of one row, with empty ones before, between and behind."""
    empty = pa.RecordBatch.from_pylist([], schema=table.schema)
    batches = [empty]
    for start in range(table.num_rows):
        batches += [*table.slice(start, 1).combine_chunks().to_batches(), empty]
    return pa.Table.from_batches(batches, table.schema)


def _values_of(table: pa.Table, dtype: DataType) -> list[Any]:
    """Return all values of the columns of a type, as the oracle holds them."""
    found: list[Any] = []
    for field in table.schema:
        if field.type == to_arrow(dtype):
            rows = from_arrow(table.select([field.name]), Schema([Field(field.name, dtype)]))
            found += [row[field.name] for row in rows if row[field.name] is not None]
    return found


def _instants(table: pa.Table, schema: Schema) -> Iterator[int]:
    """Yield all instants of a table, those inside of lists and structs too."""
    for row in from_arrow(table, schema):
        for field in schema:
            yield from _instants_in(row[field.name], field.dtype)


def _instants_in(value: Any, dtype: DataType) -> Iterator[int]:
    if value is None:
        return
    if isinstance(dtype, List):
        for item in value:
            yield from _instants_in(item, dtype.element)
    elif isinstance(dtype, Struct):
        for name, field in dtype.fields:
            yield from _instants_in(value[name], field)
    elif dtype == TIMESTAMP_UTC:
        yield value


def _is_plain(value: Any) -> bool:
    return not (isinstance(value, float) and math.isnan(value))


def _passes_keys(spine: Relation) -> bool:
    """Return whether no key of the spine was computed: a computed one may be any value."""
    return isinstance(spine, Input | Filter | Deduplicate) and all(map(_passes_keys, spine.inputs))


def _reads_instants(relation: Relation) -> bool:
    """Return whether an expression looks into an instant, instead of passing it on."""
    schemas = [below.output for below in relation.inputs] or [relation.output]
    schema = schemas[-1]
    for expression in expressions_of(relation):
        for part, typed in typed_parts(expression, schema).values():
            if isinstance(part, Column) and part is expression:
                continue
            if TIMESTAMP_UTC in _parts_of(typed.dtype):
                return True
    return False


def _parts_of(dtype: DataType) -> set[DataType]:
    if isinstance(dtype, List):
        return {dtype, *_parts_of(dtype.element)}
    if isinstance(dtype, Struct):
        return {dtype}.union(*(_parts_of(field) for _, field in dtype.fields))
    return {dtype}


def _moved(table: pa.Table, schema: Schema, shift: int) -> pa.Table:
    """Return a table with all its instants later by so many microseconds, those inside of lists and structs too."""
    arrays = [
        pa.array(
            [_later(value, field.dtype, shift) for value in table.column(field.name).to_pylist()], to_arrow(field.dtype)
        )
        if TIMESTAMP_UTC in _parts_of(field.dtype)
        else table.column(field.name)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _later(value: Any, dtype: DataType, shift: int) -> Any:
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_later(item, dtype.element, shift) for item in value]
    if isinstance(dtype, Struct):
        return {name: _later(value[name], field, shift) for name, field in dtype.fields}
    return value + shift * _MICROSECOND if dtype == TIMESTAMP_UTC else value


def _new_names(schema: Schema) -> dict[str, str]:
    return {name: f"column {number}" for number, name in enumerate(schema.names)}


def _difference_of_tiles(plan: TimeBuckets, found: pa.Table, halves: Sequence[pa.Table]) -> str:
    """Return where the merged tiles of two halves are not those of all events."""
    keys = (*plan.by, "bucket_start")
    types = [plan.output[name].dtype for name in keys]

    def by_tile(table: pa.Table) -> dict[Any, Mapping[str, Any]]:
        rows = from_arrow(table, plan.output)
        return {
            tuple(order_key(row[name], dtype) for name, dtype in zip(keys, types, strict=True)): row for row in rows
        }

    whole, left, right = by_tile(found), by_tile(halves[0]), by_tile(halves[1])
    if whole.keys() != left.keys() | right.keys():
        return f"{len(whole)} tiles; those of the halves are {len(left.keys() | right.keys())}"
    for tile, row in whole.items():
        for measure in plan.measures:
            dtype = measure.call.args and _value_type(plan, measure.call)
            fields = [partial.name for partial in measure.call.entry.partial]
            states = [
                {name: half[tile][f"{measure.name}__{name}"] for name in fields}
                for half in (left, right)
                if tile in half
            ]
            expected = states[0] if len(states) == 1 else merged(measure.call, states[0], states[1], dtype)
            state = {name: row[f"{measure.name}__{name}"] for name in fields}
            if not same_state(state, expected):
                return f"the tile {tile} of {measure.name!r} is {state}; the halves merged are {expected}"
    return ""


def _value_type(plan: TimeBuckets, call: Any) -> DataType:
    return next(iter(typed_parts(call.args[0], plan.events.output).values()))[1].dtype
