"""Relations as nested JSON, in the form that :mod:`onefold_conformance.case.notation.reading` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from onefold.errors import ConfigurationError
from onefold.plan import (
    Aggregate,
    AsOfJoin,
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Input,
    Join,
    Limit,
    MapBatches,
    Measure,
    Project,
    Relation,
    Scan,
    Sort,
    TimeBuckets,
    TimeRange,
    TrailingAggregate,
    Union,
    Unnest,
    Window,
    Write,
)
from onefold.types import format_duration
from onefold_conformance.case.notation.expressions import expression_text
from onefold_conformance.case.notation.names import Names
from onefold_conformance.case.notation.windows import (
    call_text,
    frame_text,
    key_text,
    window_text,
)

__all__ = ["relation_document"]


def relation_document(relation: Relation, names: Names) -> Any:
    """Return a relation as the nested JSON that :func:`parse_relation` reads back to an equal relation.

    Raises:
        ConfigurationError: If a case can not hold it.
    """
    if type(relation) not in _WRITERS:
        raise ConfigurationError(f"A case can not hold {relation.kind!r}.")
    return _WRITERS[type(relation)](relation, lambda child: relation_document(child, names), names)


_Below = Callable[[Relation], Any]


def _input_document(node: Input, below: _Below, names: Names) -> Any:
    return node.name


def _project_document(node: Project, below: _Below, names: Names) -> Any:
    columns = {item.name: expression_text(item.expression) for item in node.columns}
    return {"project": below(node.input), "columns": columns}


def _filter_document(node: Filter, below: _Below, names: Names) -> Any:
    return {"filter": below(node.input), "where": expression_text(node.predicate)}


def _sort_document(node: Sort, below: _Below, names: Names) -> Any:
    return {"sort": below(node.input), "by": [key_text(key) for key in node.keys]}


def _limit_document(node: Limit, below: _Below, names: Names) -> Any:
    return {"limit": below(node.input), "count": node.count, **_unless(0, offset=node.offset)}


def _distinct_document(node: Distinct, below: _Below, names: Names) -> Any:
    return {"distinct": below(node.input)}


def _deduplicate_document(node: Deduplicate, below: _Below, names: Names) -> Any:
    order = [key_text(key) for key in node.order]
    return {
        "deduplicate": below(node.input),
        "by": list(node.by),
        **_unless([], order=order),
        **_unless("last", keep=node.keep),
    }


def _unnest_document(node: Unnest, below: _Below, names: Names) -> Any:
    return {"unnest": below(node.input), "column": node.column}


def _union_document(node: Union, below: _Below, names: Names) -> Any:
    return {"union": [below(child) for child in node.relations]}


def _join_document(node: Join, below: _Below, names: Names) -> Any:
    return {
        "join": [below(node.left), below(node.right)],
        **_unless({}, on=dict(zip(node.left_on, node.right_on, strict=True))),
        "how": node.how,
        **_unless("_right", suffix=node.suffix),
    }


def _aggregate_document(node: Aggregate, below: _Below, names: Names) -> Any:
    return {
        "aggregate": below(node.input),
        **_unless([], by=list(node.by)),
        **_unless({}, measures=_measure_documents(node.measures)),
    }


def _window_document(node: Window, below: _Below, names: Names) -> Any:
    framed = {
        measure.name: call_text(measure.call) + ("" if measure.frame is None else f" over {frame_text(measure.frame)}")
        for measure in node.measures
    }
    return {
        "window": below(node.input),
        **_unless([], partition_by=list(node.partition_by)),
        **_unless([], order_by=[key_text(key) for key in node.order_by]),
        "measures": framed,
    }


def _as_of_document(node: AsOfJoin, below: _Below, names: Names) -> Any:
    return {
        "as_of": [below(node.spine), below(node.events)],
        **_side_documents(node),
        "columns": {column.name: column.column for column in node.columns},
        **_unless(False, include_exact=node.include_exact),
        **({} if node.max_age is None else {"max_age": format_duration(node.max_age)}),
    }


def _trailing_document(node: TrailingAggregate, below: _Below, names: Names) -> Any:
    return {
        "trailing": [below(node.spine), below(node.events)],
        **_side_documents(node),
        "measures": {
            measure.name: f"{call_text(measure.call)} over {window_text(measure.window)}" for measure in node.measures
        },
    }


def _buckets_document(node: TimeBuckets, below: _Below, names: Names) -> Any:
    return {
        "buckets": below(node.events),
        "by": list(node.by),
        "order": _order_document(node.order),
        "every": format_duration(node.every),
        "measures": _measure_documents(node.measures),
    }


def _map_document(node: MapBatches, below: _Below, names: Names) -> Any:
    (name,) = (name for name, ref in names.functions.items() if ref == node.function)
    columns = {field.name: str(field.dtype) for field in node.columns}
    return {"map": below(node.input), "function": name, "columns": columns, **_unless("arrow", format=node.format)}


def _scan_document(node: Scan, below: _Below, names: Names) -> Any:
    return {
        "scan": node.table.name,
        **({} if node.columns is None else {"columns": list(node.columns)}),
        **({} if node.predicate is None else {"where": expression_text(node.predicate)}),
        **({} if node.time_range is None else {"times": _time_range(node.time_range)}),
    }


def _write_document(node: Write, below: _Below, names: Names) -> Any:
    return {
        "write": below(node.input),
        "to": str(Path(node.sink.path).relative_to(names.directory)),
        **_unless("parquet", format=node.sink.format),
        **_unless("error", mode=node.sink.mode),
        **_unless([], partition_by=list(node.sink.partition_by)),
    }


_WRITERS: Mapping[type[Relation], Callable[[Any, _Below, Names], Any]] = {
    Input: _input_document,
    Project: _project_document,
    Filter: _filter_document,
    Sort: _sort_document,
    Limit: _limit_document,
    Distinct: _distinct_document,
    Deduplicate: _deduplicate_document,
    Unnest: _unnest_document,
    Union: _union_document,
    Join: _join_document,
    Aggregate: _aggregate_document,
    Window: _window_document,
    AsOfJoin: _as_of_document,
    TrailingAggregate: _trailing_document,
    TimeBuckets: _buckets_document,
    MapBatches: _map_document,
    Scan: _scan_document,
    Write: _write_document,
}


def _unless(default: Any, **member: Any) -> dict[str, Any]:
    """Return a member of an object, unless it has its default."""
    return {name: value for name, value in member.items() if value != default}


def _measure_documents(measures: tuple[Measure, ...]) -> dict[str, str]:
    return {measure.name: call_text(measure.call) for measure in measures}


def _order_document(order: EventOrder) -> dict[str, Any]:
    return {
        "time": order.time,
        **_unless([], sequence=list(order.sequence)),
        **({"delay": format_duration(order.delay)} if order.delay else {}),
        **_unless(False, unique=order.unique),
    }


def _side_documents(relation: AsOfJoin | TrailingAggregate) -> dict[str, Any]:
    return {
        "on": dict(zip(relation.spine_keys, relation.event_keys, strict=True)),
        "time": relation.spine_time,
        "order": _order_document(relation.order),
    }


def _time_range(bounds: TimeRange) -> dict[str, Any]:
    ends = {name: value for name, value in (("start", bounds.start), ("end", bounds.end)) if value is not None}
    return {"column": bounds.column, **ends}
