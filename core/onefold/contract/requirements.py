"""What a plan needs of an engine: the names of capabilities, and the parts of a plan that ask for them.

A capability is named ``<group>.<entry>``. The groups, and what asks for their entries:

=================  =====================================================================================================
``relation``       each relation, by its kind: ``relation.join``
``source``         a scan, by the format of its table: ``source.parquet``
``sink``           a write, by its format: ``sink.parquet``; ``sink.remote`` for an address such as ``s3://...``;
                   ``sink.overwrite_partitions`` for that mode
``sql``            native SQL, by its dialect: ``sql.duckdb``
``transform``      a Python transform, by the format of its batches: ``transform.arrow``
``join``           a join, by its kind: ``join.left``
``frame``          the frame of a window, by its unit: ``frame.rows``, ``frame.range``
``expression``     each expression that is no call, by its kind: ``expression.case``
``function``       a call of a catalogue function: ``function.add``
``cast``           a conversion, by both kinds of types: ``cast.int64_to_string``
``aggregation``    an aggregation over groups, or over tiles (those of its partial state): ``aggregation.sum``
``window``         a window function, or an aggregation over frames: ``window.row_number``, ``window.sum``
``trailing``       an aggregation over trailing windows: ``trailing.sum``
``type``           each type of a column that a relation reads or gives, and of each part of its expressions, elements
                   and fields included: see :func:`type_capability`
``exchange``       no part of a plan, but how rows come and go: see below
``schema``         ``schema.case_sensitive_names``: columns, or fields of a struct, whose names differ only in case
=================  =====================================================================================================

``exchange.parquet`` is stated by distributed engines, which must not get or give many rows through this process. They
read :class:`~onefold.contract.StagedRows` as files, by themselves, in the order of the rows; and offer ``sink.parquet``,
with which they write rows that others read into a directory that does not exist yet, the order of the rows being that of
the files' names. Where few rows go between stages, they get a ``pyarrow.Table`` and return a stream, as all engines do.

``exchange.row_numbers`` is stated by those that read ``StagedRows`` with a ``number`` as well: they fill in the position
of each row, counted over the files in the order of their names. A training set whose spine they hold is then put
together by them.

``sink.merge`` is stated by engines whose tables are not laid out by the partitions of a sink, so that the mode
``overwrite_partitions`` can replace rows by their keys. Elsewhere each key would be a directory of its own.

``aggregation.by``, ``window.by`` and ``trailing.by`` are the secondary keys of aggregations.

These are all the grounds on which a backend refuses a plan: one that needs only what is offered runs, and any other is
refused before anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onefold.plan import (
    AGGREGATIONS,
    CASTS,
    FUNCTIONS,
    RANKINGS,
    AggCall,
    AsOfJoin,
    Call,
    Cast,
    Expression,
    Join,
    MapBatches,
    NativeSql,
    Node,
    RankCall,
    Relation,
    Scan,
    TimeBuckets,
    TrailingAggregate,
    Window,
    Write,
    partial_calls,
    typed_parts,
)
from onefold.plan.document import KINDS
from onefold.types import TIMESTAMP, TIMESTAMP_UTC, DataType, Decimal, List, Schema, Struct, parse_type

__all__ = ["capabilities_of", "cast_capability", "known_capabilities", "required_capabilities", "type_capability"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_JOINS = ("inner", "left", "full", "semi", "anti", "cross")


def required_capabilities(plan: Relation) -> frozenset[str]:
    """Return the names of all capabilities that running a plan needs."""
    return frozenset(name for relation in plan.walk() for name in capabilities_of(relation))


def known_capabilities() -> tuple[str, ...]:
    """Return all names but those of sources, sinks, native SQL, transforms and the exchange, in the order of the groups."""
    types = {name: Decimal(1, 0) if name == "decimal" else parse_type(name) for name in CASTS}
    conversions = [(source, source) for source in types]
    conversions += [(source, target) for source, targets in CASTS.items() for target in targets]
    conversions.append(("decimal", "decimal"))
    return tuple(
        dict.fromkeys(
            [
                *(f"relation.{kind}" for kind, node in KINDS.items() if issubclass(node, Relation)),
                *(f"join.{how}" for how in _JOINS),
                *(f"frame.{unit}" for unit in ("rows", "range")),
                *(
                    f"expression.{kind}"
                    for kind, node in KINDS.items()
                    if issubclass(node, Expression) and node != Call
                ),
                *(f"function.{name}" for name in FUNCTIONS),
                *(cast_capability(types[source], types[target]) for source, target in conversions),
                *(
                    f"{group}.{name}"
                    for group in ("aggregation", "window", "trailing")
                    for name in (*AGGREGATIONS, "by")
                ),
                *(f"window.{name}" for name in RANKINGS),
                *(type_capability(dtype) for dtype in types.values()),
                *(f"type.{kind}" for kind in ("list", "struct")),
                *(f"cast.{kind}_to_{kind}" for kind in ("list", "struct")),
                "schema.case_sensitive_names",
            ]
        )
    )


def capabilities_of(relation: Relation) -> tuple[str, ...]:
    """Return the names of the capabilities that one relation needs, those of the relations below it left out."""
    return tuple(dict.fromkeys(_needed(relation)))


def _needed(relation: Relation) -> Iterator[str]:
    yield f"relation.{relation.kind}"
    match relation:
        case Scan():
            yield f"source.{relation.table.format}"
        case Write():
            yield f"sink.{relation.sink.format}"
            if _ADDRESS.match(relation.sink.path):
                yield "sink.remote"
            if relation.sink.mode == "overwrite_partitions":
                yield f"sink.{relation.sink.mode}"
        case NativeSql():
            yield f"sql.{relation.dialect}"
        case MapBatches():
            yield f"transform.{relation.format}"
        case Join():
            yield f"join.{relation.how}"
        case Window():
            yield from (f"frame.{measure.frame.unit}" for measure in relation.measures if measure.frame is not None)
    for schema in (relation.output, *(below.output for below in relation.inputs)):
        yield from _of_schema(schema)
    group, below = _reading(relation)
    for node in _own_nodes(relation):
        if isinstance(node, AggCall | RankCall):
            yield f"{group}.{node.function}"
            yield from _of_type(node.infer(below).dtype)
            if isinstance(node, AggCall) and node.by is not None:
                yield f"{group}.by"
        elif isinstance(node, Expression):
            yield from _of_expression(node, below)


def type_capability(dtype: DataType) -> str:
    """Return the name of the capability of a type, whatever its parameters.

    Examples:
        >>> from onefold.types import parse_type
        >>> texts = ("int64", "timestamp[us]", "timestamp[us, UTC]", "decimal128(10, 2)", "list<int64>")
        >>> [type_capability(parse_type(text)) for text in texts]
        ['type.int64', 'type.timestamp', 'type.timestamp_utc', 'type.decimal128', 'type.list']
    """
    return f"type.{_kind(dtype)}"


def cast_capability(source: DataType, target: DataType) -> str:
    """Return the name of the capability of a conversion.

    Examples:
        >>> from onefold.types import STRING, TIMESTAMP_UTC
        >>> cast_capability(TIMESTAMP_UTC, STRING)
        'cast.timestamp_utc_to_string'
    """
    return f"cast.{_kind(source)}_to_{_kind(target)}"


def _kind(dtype: DataType) -> str:
    match dtype:
        case Decimal():
            return "decimal128"
        case List():
            return "list"
        case Struct():
            return "struct"
    names: dict[DataType, str] = {TIMESTAMP: "timestamp", TIMESTAMP_UTC: "timestamp_utc"}
    return names.get(dtype, str(dtype))


def _reading(relation: Relation) -> tuple[str, Schema]:
    """Return the group of the aggregations of a relation, and the columns that its expressions read."""
    match relation:
        case Scan():
            return "", relation.table.columns
        case Window():
            return "window", relation.input.output
        case TrailingAggregate():
            return "trailing", relation.events.output
        case TimeBuckets() | AsOfJoin():
            return "aggregation", relation.events.output
    return "aggregation", relation.inputs[0].output if relation.inputs else relation.output


def _own_nodes(relation: Relation) -> Iterator[Node]:
    """Yield the calls of aggregations that a relation makes, and the expressions outside and directly inside of them."""
    calls: list[Node] = [child for child in relation.children if not isinstance(child, Relation)]
    if isinstance(relation, TimeBuckets):
        calls = [call for measure in relation.measures for _, call in partial_calls(measure, relation.order)]
    for node in calls:
        yield node
        if not isinstance(node, Expression):
            yield from node.children


def _of_expression(expression: Expression, schema: Schema) -> Iterator[str]:
    for part, typed in (parts := typed_parts(expression, schema)).values():
        if isinstance(part, Call):
            yield f"function.{part.function}"
        else:
            yield f"expression.{part.kind}"
        if isinstance(part, Cast):
            yield cast_capability(parts[id(part.arg)][1].dtype, part.to)
        yield from _of_type(typed.dtype)


def _of_schema(schema: Schema) -> Iterator[str]:
    if len({name.casefold() for name in schema.names}) < len(schema):
        yield "schema.case_sensitive_names"
    for field in schema:
        yield from _of_type(field.dtype)


def _of_type(dtype: DataType) -> Iterator[str]:
    yield type_capability(dtype)
    match dtype:
        case List():
            yield from _of_type(dtype.element)
        case Struct():
            if len({name.casefold() for name, _ in dtype.fields}) < len(dtype.fields):
                yield "schema.case_sensitive_names"
            for _, field in dtype.fields:
                yield from _of_type(field)
