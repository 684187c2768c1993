"""Relations from nested JSON: one object for each, its kind and what it reads first.

``"events"`` is the table of that name. Else an object: ``{"project": below, "columns": {"r": "add(a, 1)"}}``,
``{"trailing": [spine, events], "on": {"user": "user"}, "time": "at", "order": {...}, "measures": {"s": "sum(v) over [7d)"}}``.
The form of each kind can be read from its function below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from onefold.errors import ConfigurationError, listed
from onefold.plan import (
    Aggregate,
    AsOfColumn,
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
    NamedExpression,
    Project,
    Relation,
    Scan,
    Sink,
    Sort,
    TimeBuckets,
    TimeRange,
    TrailingAggregate,
    TrailingMeasure,
    Union,
    Unnest,
    Window,
    WindowMeasure,
    Write,
)
from onefold.types import Schema, parse_duration
from onefold_conformance.case.notation.expressions import parse_expression
from onefold_conformance.case.notation.names import Names
from onefold_conformance.case.notation.windows import (
    parse_aggregation,
    parse_framed,
    parse_key,
    parse_trailing,
)

__all__ = ["parse_relation"]


def parse_relation(document: Any, names: Names) -> Relation:
    """Return the relation that nested JSON stands for.

    Raises:
        ConfigurationError: If its form is wrong, or a table does not exist.
        PlanError: If a node can not be built.
    """
    if isinstance(document, str):
        if document not in names.tables:
            raise ConfigurationError(f"There is no table {document!r}. {listed(document, names.tables, what='tables')}")
        return Input(name=document, columns=names.tables[document])
    if not isinstance(document, dict) or not document:
        raise ConfigurationError(f"A relation is the name of a table or an object, not {document!r:.60}.")
    kind, below = next(iter(document.items()))
    if kind not in _READERS:
        raise ConfigurationError(f"There is no relation {kind!r:.60}. {listed(kind, _READERS, what='relations')}")
    rest = _Rest({key: value for key, value in document.items() if key != kind}, kind)
    relation = _READERS[kind](below, rest, names)
    rest.check_used()
    return relation


class _Rest:
    """The members of an object beside its kind; each has to be used."""

    def __init__(self, members: dict[str, Any], kind: str) -> None:
        self.members = members
        self.kind = kind

    def take(self, name: str, default: Any = ...) -> Any:
        if name not in self.members and default is ...:
            raise ConfigurationError(f"{self.kind!r} needs {name!r}.")
        return self.members.pop(name, default)

    def check_used(self) -> None:
        if self.members:
            raise ConfigurationError(f"{self.kind!r} has no {next(iter(self.members))!r}.")


def _expressions(columns: Mapping[str, str]) -> tuple[NamedExpression, ...]:
    return tuple(NamedExpression(name=name, expression=parse_expression(text)) for name, text in columns.items())


def _project(below: Any, rest: _Rest, names: Names) -> Relation:
    return Project(input=parse_relation(below, names), columns=_expressions(rest.take("columns")))


def _filter(below: Any, rest: _Rest, names: Names) -> Relation:
    return Filter(input=parse_relation(below, names), predicate=parse_expression(rest.take("where")))


def _sort(below: Any, rest: _Rest, names: Names) -> Relation:
    return Sort(input=parse_relation(below, names), keys=tuple(map(parse_key, rest.take("by"))))


def _limit(below: Any, rest: _Rest, names: Names) -> Relation:
    return Limit(input=parse_relation(below, names), count=rest.take("count"), offset=rest.take("offset", 0))


def _distinct(below: Any, rest: _Rest, names: Names) -> Relation:
    return Distinct(input=parse_relation(below, names))


def _deduplicate(below: Any, rest: _Rest, names: Names) -> Relation:
    return Deduplicate(
        input=parse_relation(below, names),
        by=tuple(rest.take("by")),
        order=tuple(map(parse_key, rest.take("order", []))),
        keep=rest.take("keep", "last"),
    )


def _unnest(below: Any, rest: _Rest, names: Names) -> Relation:
    return Unnest(input=parse_relation(below, names), column=rest.take("column"))


def _union(below: Any, rest: _Rest, names: Names) -> Relation:
    return Union(relations=tuple(parse_relation(item, names) for item in below))


def _join(below: Any, rest: _Rest, names: Names) -> Relation:
    left, right = (parse_relation(item, names) for item in below)
    on = rest.take("on", {})
    return Join(
        left=left,
        right=right,
        left_on=tuple(on),
        right_on=tuple(on.values()),
        how=rest.take("how", "inner"),
        suffix=rest.take("suffix", "_right"),
    )


def _measures(documents: Mapping[str, str]) -> tuple[Measure, ...]:
    return tuple(Measure(name=name, call=parse_aggregation(text)) for name, text in documents.items())


def _aggregate(below: Any, rest: _Rest, names: Names) -> Relation:
    return Aggregate(
        input=parse_relation(below, names), by=tuple(rest.take("by", [])), measures=_measures(rest.take("measures", {}))
    )


def _window(below: Any, rest: _Rest, names: Names) -> Relation:
    measures = []
    for name, text in rest.take("measures").items():
        call, frame = parse_framed(text)
        measures.append(WindowMeasure(name=name, call=call, frame=frame))
    return Window(
        input=parse_relation(below, names),
        partition_by=tuple(rest.take("partition_by", [])),
        order_by=tuple(map(parse_key, rest.take("order_by", []))),
        measures=tuple(measures),
    )


def _order(document: Mapping[str, Any]) -> EventOrder:
    rest = _Rest(dict(document), "order")
    order = EventOrder(
        time=rest.take("time"),
        sequence=tuple(rest.take("sequence", [])),
        delay=parse_duration(rest.take("delay", "0s"), zero=True),
        unique=rest.take("unique", False),
    )
    rest.check_used()
    return order


def _sides(below: Any, rest: _Rest, names: Names) -> dict[str, Any]:
    spine, events = (parse_relation(item, names) for item in below)
    on = rest.take("on")
    return {
        "spine": spine,
        "events": events,
        "spine_keys": tuple(on),
        "event_keys": tuple(on.values()),
        "spine_time": rest.take("time"),
        "order": _order(rest.take("order")),
    }


def _as_of(below: Any, rest: _Rest, names: Names) -> Relation:
    max_age = rest.take("max_age", None)
    return AsOfJoin(
        **_sides(below, rest, names),
        columns=tuple(AsOfColumn(column=column, name=name) for name, column in rest.take("columns").items()),
        include_exact=rest.take("include_exact", False),
        max_age=None if max_age is None else parse_duration(max_age, zero=True),
    )


def _trailing(below: Any, rest: _Rest, names: Names) -> Relation:
    measures = []
    for name, text in rest.take("measures").items():
        call, window = parse_trailing(text)
        measures.append(TrailingMeasure(name=name, call=call, window=window))
    return TrailingAggregate(**_sides(below, rest, names), measures=tuple(measures))


def _buckets(below: Any, rest: _Rest, names: Names) -> Relation:
    return TimeBuckets(
        events=parse_relation(below, names),
        by=tuple(rest.take("by")),
        order=_order(rest.take("order")),
        every=parse_duration(rest.take("every")),
        measures=_measures(rest.take("measures")),
    )


def _map(below: Any, rest: _Rest, names: Names) -> Relation:
    function = rest.take("function")
    if function not in names.functions:
        raise ConfigurationError(
            f"There is no function {function!r}. {listed(str(function), names.functions, what='functions')}"
        )
    return MapBatches(
        input=parse_relation(below, names),
        function=names.functions[function],
        columns=Schema.of(**rest.take("columns")),
        format=rest.take("format", "arrow"),
    )


def _scan(below: Any, rest: _Rest, names: Names) -> Relation:
    if below not in names.files:
        raise ConfigurationError(f"There is no source {below!r:.60}. {listed(str(below), names.files, what='sources')}")
    columns, where, times = rest.take("columns", None), rest.take("where", None), rest.take("times", None)
    return Scan(
        table=names.files[below],
        columns=None if columns is None else tuple(columns),
        predicate=None if where is None else parse_expression(where),
        time_range=None if times is None else TimeRange(**times),
    )


def _write(below: Any, rest: _Rest, names: Names) -> Relation:
    sink = Sink(
        format=rest.take("format", "parquet"),
        path=str(names.directory / rest.take("to")),
        mode=rest.take("mode", "error"),
        partition_by=tuple(rest.take("partition_by", [])),
    )
    return Write(input=parse_relation(below, names), sink=sink)


_READERS: Mapping[str, Callable[[Any, _Rest, Names], Relation]] = {
    "project": _project,
    "filter": _filter,
    "sort": _sort,
    "limit": _limit,
    "distinct": _distinct,
    "deduplicate": _deduplicate,
    "unnest": _unnest,
    "union": _union,
    "join": _join,
    "aggregate": _aggregate,
    "window": _window,
    "as_of": _as_of,
    "trailing": _trailing,
    "buckets": _buckets,
    "map": _map,
    "scan": _scan,
    "write": _write,
}
