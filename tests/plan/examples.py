"""A plan of every kind of node, and random plans."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Call,
    Case,
    Cast,
    Column,
    Deduplicate,
    Distinct,
    EventOrder,
    Expression,
    Filter,
    Frame,
    FunctionRef,
    Input,
    Join,
    Limit,
    Literal,
    MapBatches,
    Measure,
    NamedExpression,
    NamedRelation,
    NativeSql,
    Project,
    RankCall,
    Relation,
    Scan,
    Sink,
    Sort,
    SortKey,
    Table,
    TimeBuckets,
    TimeRange,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
    Union,
    Unnest,
    WhenThen,
    Window,
    WindowMeasure,
    Write,
)
from onefold.types import INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Decimal, Field, List, Schema

EVENTS = Schema(
    [
        Field("k", STRING),
        Field("t", TIMESTAMP_UTC, nullable=False),
        *Schema.of(seq="int64", x="int64", v="float64", late="bool", tags="list<string>"),
    ]
)
HOUR = 3_600_000_000
DAY = 24 * HOUR


def col(name: str) -> Column:
    return Column(name=name)


def call(function: str, *args: Expression, **options: Any) -> Call:
    return Call(function=function, args=args, options=options)


def lit(value: Any, dtype: DataType | None = None) -> Literal:
    return Literal.of(value, dtype)


def agg(function: str, *args: Expression, **fields: Any) -> AggCall:
    return AggCall(function=function, args=args, **fields)


def named(name: str, expression: Expression) -> NamedExpression:
    return NamedExpression(name=name, expression=expression)


def plain(*names: str) -> tuple[NamedExpression, ...]:
    return tuple(named(name, col(name)) for name in names)


def events(**changes: Any) -> Scan:
    table = Table(name="events", format="parquet", paths=("data/*.parquet",), columns=EVENTS)
    return Scan(table=table, **changes)


def spine() -> Input:
    return Input(name="spine", columns=Schema.of(user="string", at="timestamp[us, UTC]", label="bool"))


def trailing(*measures: TrailingMeasure, **changes: Any) -> TrailingAggregate:
    fields: dict[str, Any] = {
        "spine": spine(),
        "events": events(),
        "spine_keys": ("user",),
        "event_keys": ("k",),
        "spine_time": "at",
        "order": EventOrder(time="t"),
        "measures": measures or (TrailingMeasure(name="n", call=agg("count"), window=TrailingWindow(size=DAY)),),
    }
    return TrailingAggregate(**{**fields, **changes})


def as_of(**changes: Any) -> AsOfJoin:
    fields: dict[str, Any] = {
        "spine": spine(),
        "events": events(),
        "spine_keys": ("user",),
        "event_keys": ("k",),
        "spine_time": "at",
        "order": EventOrder(time="t"),
        "columns": (AsOfColumn(column="v", name="latest"),),
    }
    return AsOfJoin(**{**fields, **changes})


def every_kind() -> Write:
    """Return one plan that holds every kind of node, with every field of every node somewhere set."""
    rows = events(
        columns=("k", "t", "seq", "x", "v", "late", "tags"),
        predicate=call("and", col("late"), call("is_not_null", col("k"))),
        time_range=TimeRange(column="t", start=-1, end=2**62),
    )
    csv = Scan(
        table=Table(
            name="other",
            format="csv",
            paths=("a.csv", "b.csv"),
            columns=EVENTS,
            options={"delimiter": ";", "node": 0, "float": "x", "map": 1.5, "header": True, "quote": None},
            home="rift",
        )
    )
    kept = Filter(
        input=Union(relations=(rows, csv)),
        predicate=Case(
            branches=(WhenThen(when=call("gt", col("v"), lit(0.5)), then=lit(value=True)),),
            otherwise=call("is_in", col("x"), lit(1), lit(-(2**63)), lit(2**63 - 1)),
        ),
    )
    deduplicated = Deduplicate(
        input=kept, by=("k", "t"), order=(SortKey(column="x", descending=True, nulls="first"),), keep="first"
    )
    shaped = Project(
        input=deduplicated,
        columns=(
            *plain("k", "t", "seq", "x", "v", "late", "tags"),
            named("text", Cast(arg=col("x"), to=STRING)),
            named("start", call("date_trunc", col("t"), unit="month")),
            named("number", Cast(arg=col("k"), to=INT64, on_failure="null")),
            named("nothing", Literal(dtype=Decimal(10, 2))),
            named("amount", Literal(dtype=Decimal(10, 2), value="-1.50")),
            named("bytes", lit(b"\x00\xff")),
            named("infinite", lit(float("inf"))),
            named("odd", lit('π "quoted" \n \x00 😀')),
            named("wall", Literal(dtype=TIMESTAMP, value="2024-02-29T23:59:59.999999")),
            named("several", lit([1, None, 3], List(INT64))),
        ),
    )
    numbered = Window(
        input=shaped,
        partition_by=("k",),
        order_by=(SortKey(column="t"),),
        measures=(
            WindowMeasure(name="before", call=RankCall(function="lag", arg=col("x"), options={"offset": 2})),
            WindowMeasure(name="place", call=RankCall(function="row_number")),
            WindowMeasure(name="to_the_end", call=agg("sum", col("v")), frame=Frame(start=0, end=None)),
            WindowMeasure(name="around", call=agg("max", col("x")), frame=Frame(unit="range", start=-HOUR, end=HOUR)),
        ),
    )
    python = MapBatches(
        input=numbered,
        function=FunctionRef(module="features", name="clean.<locals>.inner", source_hash="0" * 64),
        columns=EVENTS,
        format="polars",
    )
    native = NativeSql(
        relations=(NamedRelation(name="rows", relation=python), NamedRelation(name="raw", relation=csv)),
        text="select * from rows where k not in (select k from raw)",
        dialect="duckdb",
        columns=EVENTS,
    )
    grouped = Aggregate(
        input=native,
        by=("k",),
        measures=(
            Measure(name="n", call=agg("count")),
            Measure(name="q", call=agg("quantile", col("v"), options={"q": 0.1}, where=col("late"))),
            Measure(
                name="latest",
                call=agg("last", col("v"), options={"nulls": "keep"}, order=(SortKey(column="t"),), by=col("x")),
            ),
        ),
    )
    tiles = TimeBuckets(
        events=native,
        by=("k",),
        order=EventOrder(time="t", sequence=("seq",), delay=5),
        every=HOUR,
        measures=(Measure(name="spent", call=agg("sum", col("v"))),),
    )
    window = TrailingWindow(size=DAY, closed="both", offset=HOUR, every=HOUR, last_rows=10)
    rich = trailing(
        TrailingMeasure(name="spent_1d", call=agg("sum", col("v"), where=col("late")), window=window),
        TrailingMeasure(name="ever", call=agg("count"), window=TrailingWindow()),
        events=native,
        order=EventOrder(time="t", sequence=("seq",), delay=7, unique=True),
    )
    looked_up = as_of(spine=rich, events=native, include_exact=True, max_age=DAY)
    joined = Join(left=looked_up, right=grouped, left_on=("user",), right_on=("k",), how="left", suffix="_all")
    tiled = Join(left=joined, right=tiles, left_on=("user",), right_on=("k",), how="semi")
    tags = Distinct(input=Unnest(input=Project(input=native, columns=plain("k", "tags")), column="tags"))
    untagged = Join(left=tiled, right=tags, left_on=("user",), right_on=("tags",), how="anti")
    ordered = Sort(input=untagged, keys=(SortKey(column="at", descending=True),))
    sink = Sink(format="parquet", path="out", mode="append", partition_by=("user",))
    return Write(input=Limit(input=ordered, count=100, offset=5), sink=sink)


# Random plans. Every relation keeps the columns of BASE, so that every step can follow every other.

BASE = Schema.of(k="string", t="timestamp[us, UTC]", x="int64", v="float64", late="bool")
SPECIAL_FLOATS = (0.0, -0.0, 1.5, 1e300, 5e-324, math.inf, -math.inf, math.nan)


def random_plan(seed: int, *, steps: int = 6, leaf: Callable[[Random], Relation] | None = None) -> Relation:
    """Return a random plan; relations made on the way are used again, so that plans share parts.

    Args:
        seed: The same seed gives the same plan.
        steps: How many relations are put on top of the leaves, at most.
        leaf: Makes a source with the columns of BASE.
    """
    random = Random(seed)
    made = [(leaf or random_leaf)(random) for _ in range(random.randint(1, 2))]
    for number in range(random.randint(0, steps)):
        below, other = random.choice(made), random.choice(made)
        made.append(random.choice(STEPS)(random, below, other, f"c{number}"))
    return made[-1]


def random_leaf(random: Random) -> Relation:
    name = random.choice("ab")
    if random.random() < 0.3:
        return Input(name=name, columns=BASE)
    return Scan(table=Table(name=name, format="parquet", paths=(f"{name}.parquet",), columns=BASE))


def random_value(random: Random, dtype: str, depth: int = 2) -> Expression:
    """Return a random expression of a type over BASE."""
    simple = depth == 0 or random.random() < 0.4
    match dtype:
        case "int64":
            if simple:
                return random.choice([col("x"), lit(random.randint(-3, 3)), lit(-(2**63))])
            return call("coalesce", *(random_value(random, dtype, depth - 1) for _ in range(2)))
        case "float64":
            if simple:
                return random.choice([col("v"), lit(random.choice(SPECIAL_FLOATS))])
            function = random.choice(["add", "multiply", "divide"])
            return call(function, *(random_value(random, dtype, depth - 1) for _ in range(2)))
        case "string":
            if simple:
                return random.choice([col("k"), lit(random.choice(["", "a", "é", "\x00"]))])
            return call("coalesce", *(random_value(random, dtype, depth - 1) for _ in range(2)))
    if simple:
        return random.choice([col("late"), call("is_null", col("k")), call("gt", col("v"), lit(0.0))])
    if random.random() < 0.3:
        when, then = (random_value(random, "bool", depth - 1) for _ in range(2))
        return Case(branches=(WhenThen(when=when, then=then),), otherwise=random.choice([None, col("late")]))
    function = random.choice(["and", "or", "equal"])
    return call(function, *(random_value(random, "bool", depth - 1) for _ in range(2)))


def random_window(random: Random) -> TrailingWindow:
    return TrailingWindow(
        size=random.choice([None, 1, HOUR, random.randint(1, 10 * DAY)]),
        closed=random.choice(["left", "right", "both", "neither"]),
        offset=random.choice([0, random.randint(0, DAY)]),
        every=random.choice([None, HOUR, random.randint(1, DAY)]),
        last_rows=random.choice([None, None, random.randint(1, 5)]),
    )


def random_call(random: Random) -> AggCall:
    where = random.choice([None, None, random_value(random, "bool")])
    match random.randrange(5):
        case 0:
            return agg("count", where=where)
        case 1:
            return agg("sum", col("v"), where=where)
        case 2:
            return agg("count_distinct", random_value(random, "string"), where=where)
        case 3:
            return agg("max_n", col("x"), options={"n": random.randint(1, 4)}, where=where)
    return agg("min", random_value(random, "int64"), where=where, by=random.choice([None, col("late")]))


def random_keys(random: Random) -> tuple[SortKey, ...]:
    return tuple(
        SortKey(column=name, descending=random.random() < 0.5, nulls=random.choice(["first", "last"]))
        for name in random.sample(BASE.names, random.randint(1, 3))
    )


def random_order(random: Random) -> EventOrder:
    return EventOrder(
        time="t", delay=random.choice([0, HOUR]), sequence=random.choice([(), ("x",), ("x", "v")]), unique=False
    )


def _filter(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    return Filter(input=below, predicate=random_value(random, "bool"))


def _with_column(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    dtype = random.choice(["int64", "float64", "string", "bool"])
    return Project(input=below, columns=(*plain(*below.output.names), named(name, random_value(random, dtype))))


def _narrow(relation: Relation) -> Relation:
    return Project(input=relation, columns=plain(*BASE.names))


def _window(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    frame = random.choice([None, Frame(), Frame(start=-3, end=None), Frame(unit="range", start=-5, end=5)])
    measure = WindowMeasure(name=name, call=random_call(random).replace(by=None), frame=frame)
    return Window(input=below, partition_by=("k",), order_by=(SortKey(column="x"),), measures=(measure,))


def _trailing(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    measures = tuple(
        TrailingMeasure(name=f"{name}_{number}", call=random_call(random), window=random_window(random))
        for number in range(random.randint(1, 3))
    )
    fields = {"spine_keys": ("k",), "spine_time": "t", "order": random_order(random)}
    return trailing(*measures, spine=below, events=_narrow(other), **fields)


def _as_of(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    columns = (AsOfColumn(column="v", name=name), AsOfColumn(column="late", name=f"{name}_late"))
    fields = {"spine_keys": ("k",), "spine_time": "t", "order": random_order(random), "columns": columns}
    exact, age = random.random() < 0.5, random.choice([None, 0, random.randint(0, DAY)])
    return as_of(spine=below, events=_narrow(other), include_exact=exact, max_age=age, **fields)


def _join(random: Random, below: Relation, other: Relation, name: str) -> Relation:
    how = random.choice(["inner", "left", "full", "semi", "anti"])
    fields: dict[str, Any] = {"left_on": ("k",), "right_on": ("k",), "how": how, "suffix": f"_{name}"}
    return Join(left=below, right=_narrow(other), **fields)


STEPS: tuple[Callable[[Random, Relation, Relation, str], Relation], ...] = (
    _filter,
    _filter,
    _filter,
    _with_column,
    lambda random, below, other, name: _narrow(below),
    lambda random, below, other, name: Sort(input=below, keys=random_keys(random)),
    lambda random, below, other, name: Deduplicate(
        input=_narrow(below), by=("k",), order=random_keys(random), keep=random.choice(["first", "last"])
    ),
    lambda random, below, other, name: Distinct(input=_narrow(below)),
    lambda random, below, other, name: Union(relations=(_narrow(below), _narrow(other))),
    _join,
    _window,
    _trailing,
    _trailing,
    _as_of,
)
