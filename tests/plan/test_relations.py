"""Relations: output schemas, and every mistake in a definition as one clear error with its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plan.examples import DAY, agg, as_of, call, col, events, lit, named, plain, random_plan, spine, trailing

from onefold.errors import PlanError
from onefold.plan import (
    AGGREGATIONS,
    Aggregate,
    AsOfColumn,
    Deduplicate,
    Distinct,
    EventOrder,
    Filter,
    Frame,
    FunctionRef,
    Input,
    Join,
    Limit,
    MapBatches,
    Measure,
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
    TrailingMeasure,
    TrailingWindow,
    Union,
    Unnest,
    Window,
    WindowMeasure,
    Write,
)
from onefold.plan.relations.base import MAX_PLAN_DEPTH
from onefold.types import MAX_DURATION, Field, Schema

ROWS = Input(
    name="rows",
    columns=Schema.of(
        k="string",
        at="timestamp[us, UTC]",
        wall="timestamp[us]",
        x="int64",
        v="float64",
        late="bool",
        tags="list<string>",
    ),
)
KEY = SortKey(column="x")
COUNT = Measure(name="n", call=agg("count"))
ORDER = EventOrder(time="at")
REF = FunctionRef(module="m", name="f", source_hash="0")


def over(**fields: Any) -> TrailingMeasure:
    return TrailingMeasure(name="n", call=agg("count"), window=TrailingWindow(**fields))


def window(measure: Any, *, frame: Frame | None = None, order: tuple[SortKey, ...] = (KEY,)) -> Window:
    return Window(input=ROWS, order_by=order, measures=(WindowMeasure(name="m", call=measure, frame=frame),))


def table(**fields: Any) -> Table:
    return Table(**{"name": "t", "format": "parquet", "paths": ("t.parquet",), "columns": ROWS.columns, **fields})


MISTAKES: list[tuple[str, Callable[[], Any], str]] = [
    ("project: a missing column", lambda: Project(input=ROWS, columns=(named("y", call("negate", col("xx"))),)),
     "Project > 'y' > negate: There is no column 'xx'. Did you mean 'x'?"),
    ("project: one name twice", lambda: Project(input=ROWS, columns=plain("x", "x")), "'x' appears more than once"),
    ("project: nothing", lambda: Project(input=ROWS, columns=()), "at least 1 item"),
    ("project: an empty name", lambda: Project(input=ROWS, columns=(named("", col("x")),)), "can not be empty"),
    ("filter: not a bool", lambda: Filter(input=ROWS, predicate=col("x")), "Filter: The predicate is a bool, not int64"),
    ("filter: sides swapped", lambda: Filter(input=col("late"), predicate=ROWS), "Relation"),  # type: ignore[arg-type]
    ("union: other columns", lambda: Union(relations=(ROWS, spine())), "Union: Input 2 has the columns"),
    ("union: other types", lambda: Union(relations=(ROWS, Project(input=ROWS, columns=(
        *plain("k", "at", "wall", "x", "late", "tags"), named("v", col("x")))))), "'v' is float64 in input 1 and int64 in input 2"),
    ("union: of one", lambda: Union(relations=(ROWS,)), "at least 2 items"),
    ("distinct: lists", lambda: Distinct(input=ROWS), "'tags' is a list<string>"),
    ("deduplicate: a missing key", lambda: Deduplicate(input=ROWS, by=("kk",)), "The keys name the column 'kk'. Did you mean 'k'?"),
    ("deduplicate: by lists", lambda: Deduplicate(input=ROWS, by=("tags",)), "have no order"),
    ("deduplicate: in the order of lists", lambda: Deduplicate(input=ROWS, by=("k",), order=(SortKey(column="tags"),)), "have no order"),
    ("sort: by lists", lambda: Sort(input=ROWS, keys=(SortKey(column="tags"),)), "have no order"),
    ("sort: by nothing", lambda: Sort(input=ROWS, keys=()), "at least 1 item"),
    ("limit: negative", lambda: Limit(input=ROWS, count=-1), "greater than or equal to 0"),
    ("limit: huge", lambda: Limit(input=ROWS, count=2**63), "less than or equal to"),
    ("limit: a bool", lambda: Limit(input=ROWS, count=True), "valid integer"),
    ("unnest: not a list", lambda: Unnest(input=ROWS, column="x"), "'x' is int64, not a list"),
    ("aggregate: nothing", lambda: Aggregate(input=ROWS), "needs keys or measures"),
    ("aggregate: by lists", lambda: Aggregate(input=ROWS, by=("tags",)), "have no order"),
    ("aggregate: order missing", lambda: Aggregate(input=ROWS, measures=(Measure(name="l", call=agg("last", col("x"))),)),
     "Aggregate > 'l' > last: 'last' depends on the order of the rows"),
    ("aggregate: order unknown", lambda: Aggregate(input=ROWS, measures=(Measure(name="l", call=agg("last", col("x"), order=(SortKey(column="tt"),))),)),
     "'tt'"),
    ("aggregate: decay by a number", lambda: Aggregate(input=ROWS, measures=(Measure(name="d", call=agg(
        "decayed_sum", col("v"), options={"half_life": 1}, order=(KEY,))),)), "has to be a time; 'x' is int64"),
    ("aggregate: a condition that is none", lambda: Aggregate(input=ROWS, measures=(Measure(name="n", call=agg("count", where=col("x"))),)),
     "Aggregate > 'n' > count > where: A condition is a bool, not int64."),
    ("aggregate: by lists within", lambda: Aggregate(input=ROWS, measures=(Measure(name="n", call=agg("count", by=col("tags"))),)),
     "count > by: A secondary key can not be a list<string>"),
    ("aggregate: a name of a key", lambda: Aggregate(input=ROWS, by=("k",), measures=(Measure(name="k", call=agg("count")),)), "'k' appears more than once"),
    ("aggregate: unknown", lambda: agg("sun", col("x")), "no aggregation 'sun'. Did you mean 'sum'"),
    ("aggregate: of text", lambda: Aggregate(input=ROWS, measures=(Measure(name="s", call=agg("sum", col("k"))),)),
     "Aggregate > 's' > sum: 'sum' does not take (string)"),
    ("window: an unknown order", lambda: window(agg("count"), order=(SortKey(column="y"),)), "The order keys name the column 'y'"),
    ("window: in the order of lists", lambda: window(agg("count"), order=(SortKey(column="tags"),)), "have no order"),
    ("window: an order in the call", lambda: window(agg("last", col("x"), order=(KEY,))), "leave out the call's"),
    ("window: a frame without order", lambda: window(agg("count"), frame=Frame(start=-1), order=()), "A frame needs an order"),
    ("window: a range over text", lambda: window(agg("count"), frame=Frame(unit="range", start=-1), order=(SortKey(column="k"),)), "range frame"),
    ("window: a range downwards", lambda: window(agg("count"), frame=Frame(unit="range", start=-1), order=(SortKey(column="x", descending=True),)), "range frame"),
    ("window: a frame for a rank", lambda: window(RankCall(function="rank"), frame=Frame()), "'rank' takes no frame"),
    ("window: lag of nothing", lambda: RankCall(function="lag"), "'lag' takes one argument"),
    ("window: rank of something", lambda: RankCall(function="rank", arg=col("x")), "'rank' takes no argument"),
    ("window: lag by zero", lambda: RankCall(function="lag", arg=col("x"), options={"offset": 0}), "above zero"),
    ("window: lag by too much", lambda: RankCall(function="lag", arg=col("x"), options={"offset": 2**63}), "int64"),
    ("frame: ends before it starts", lambda: Frame(start=1, end=0), "starts at 1, after its end at 0"),
    ("join: no keys", lambda: Join(left=ROWS, right=spine()), "has 0 left and 0 right keys"),
    ("join: crossed with keys", lambda: Join(left=ROWS, right=spine(), left_on=("k",), right_on=("user",), how="cross"), "A cross join has none"),
    ("join: other types", lambda: Join(left=ROWS, right=spine(), left_on=("x",), right_on=("user",)), "'x' is int64 on the left and 'user' is string"),
    ("join: lists", lambda: Join(left=ROWS, right=ROWS, left_on=("tags",), right_on=("tags",)), "not compared"),
    ("join: a suffix that is taken", lambda: Join(left=ROWS, right=ROWS, left_on=("k",), right_on=("k",), suffix=""), "appears more than once"),
    ("as of: unknown key", lambda: as_of(spine_keys=("usr",)), "AsOfJoin: The keys of the spine name the column 'usr'. Did you mean 'user'?"),
    ("as of: keys of other types", lambda: as_of(event_keys=("x",)), "'user' is string on the left and 'x' is int64"),
    ("as of: no keys", lambda: as_of(spine_keys=(), event_keys=()), "at least one"),
    ("as of: more keys on one side", lambda: as_of(spine_keys=("user", "label")), "The spine has 2 keys and the events have 1"),
    ("as of: a wall clock", lambda: as_of(spine=ROWS, spine_keys=("k",), spine_time="wall"), "It is a wall clock without a time zone"),
    ("as of: time that is none", lambda: as_of(order=EventOrder(time="x")), "must be an instant, timestamp[us, UTC], not int64"),
    ("as of: unknown sequence", lambda: as_of(order=EventOrder(time="t", sequence=("sq",))), "The sequence columns name the column 'sq'"),
    ("as of: a sequence of lists", lambda: as_of(order=EventOrder(time="t", sequence=("tags",))), "have no order"),
    ("as of: an unknown column", lambda: as_of(columns=(AsOfColumn(column="w", name="w"),)), "The taken columns name the column 'w'"),
    ("as of: a name of the spine", lambda: as_of(columns=(AsOfColumn(column="v", name="label"),)), "The spine already has a column 'label'"),
    ("as of: a negative age", lambda: as_of(max_age=-1), "greater than or equal to 0"),
    ("as of: a negative delay", lambda: EventOrder(time="t", delay=-1), "greater than or equal to 0"),
    ("as of: a huge delay", lambda: EventOrder(time="t", delay=MAX_DURATION + 1), "less than or equal to"),
    ("trailing: a negative window", lambda: TrailingWindow(size=-1), "greater than 0"),
    ("trailing: an empty window", lambda: TrailingWindow(size=0), "greater than 0"),
    ("trailing: a huge window", lambda: TrailingWindow(size=MAX_DURATION + 1), "less than or equal to"),
    ("trailing: a fraction", lambda: TrailingWindow(size=1.5), "valid integer"),  # type: ignore[arg-type]
    ("trailing: an unknown end", lambda: TrailingWindow(size=1, closed="open"), "'left'"),  # type: ignore[arg-type]
    ("trailing: no rows", lambda: TrailingWindow(last_rows=0), "greater than 0"),
    ("trailing: an order in the call", lambda: trailing(TrailingMeasure(name="l", call=agg("last", col("v"), order=(SortKey(column="x"),)), window=TrailingWindow())),
     "'l': Events are ordered by their time"),
    ("trailing: a missing column", lambda: trailing(TrailingMeasure(name="s", call=agg("sum", col("amount")), window=TrailingWindow())),
     "TrailingAggregate > 's' > sum: There is no column 'amount'"),
    ("trailing: a name of the spine", lambda: trailing(TrailingMeasure(name="user", call=agg("count"), window=TrailingWindow())), "already has a column 'user'"),
    ("trailing: one name twice", lambda: trailing(over(), over(size=1)), "'n' appears more than once"),
    ("tiles: no partial state", lambda: TimeBuckets(events=ROWS, by=("k",), order=ORDER, every=1, measures=(Measure(name="s", call=agg("skewness", col("v"))),)),
     "TimeBuckets > 's': 'skewness' has no partial state"),
    ("tiles: of no length", lambda: TimeBuckets(events=ROWS, by=("k",), order=ORDER, every=0, measures=(COUNT,)), "greater than 0"),
    ("tiles: by lists", lambda: TimeBuckets(events=ROWS, by=("tags",), order=ORDER, every=1, measures=(COUNT,)), "have no order"),
    ("tiles: an order in the call", lambda: TimeBuckets(events=ROWS, by=("k",), order=ORDER, every=1, measures=(Measure(name="l", call=agg("last", col("v"), order=(KEY,))),)), "leave out"),
    ("scan: no columns", lambda: Scan(table=table(), columns=()), "reads at least one column"),
    ("scan: an unknown column", lambda: Scan(table=table(), columns=("y",)), "The columns to read from 't' name the column 'y'"),
    ("scan: a predicate that is none", lambda: Scan(table=table(), predicate=col("v")), "is a bool, not float64"),
    ("scan: a range of a wall clock", lambda: Scan(table=table(), time_range=TimeRange(column="wall", start=0)), "wall clock"),
    ("range: without bounds", lambda: TimeRange(column="at"), "bounds nothing"),
    ("table: an unknown format", lambda: table(format="orc"), "'parquet'"),
    ("table: no paths", lambda: table(paths=()), "at least 1 item"),
    ("input: no columns", lambda: Input(name="i", columns=Schema()), "has no columns"),
    ("python: no columns", lambda: MapBatches(input=ROWS, function=REF, columns=Schema()), "has no columns"),
    ("python: an unknown format", lambda: MapBatches(input=ROWS, function=REF, columns=ROWS.columns, format="numpy"), "'arrow'"),  # type: ignore[arg-type]
    ("sql: one name twice", lambda: NativeSql(relations=(NamedRelation(name="a", relation=ROWS),) * 2, text="select 1", dialect="duckdb", columns=ROWS.columns), "one name"),
    ("write: no partitions to overwrite", lambda: Write(input=ROWS, sink=Sink(format="parquet", path="out", mode="overwrite_partitions")), "needs the columns of the partitions"),
    ("write: an unknown partition", lambda: Write(input=ROWS, sink=Sink(format="parquet", path="out", partition_by=("y",))), "The partition columns name the column 'y'"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message"), [pytest.param(build, text, id=name) for name, build, text in MISTAKES])
def test_a_mistake_gives_one_clear_error(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(PlanError) as caught:
        build()
    assert message in str(caught.value)
    assert "pydantic" not in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_output_schemas() -> None:
    left, right = ROWS, Project(input=ROWS, columns=plain("k", "x", "v"))
    outputs: dict[str, Relation] = {
        "inner": Join(left=left, right=right, left_on=("k",), right_on=("k",)),
        "semi": Join(left=left, right=right, left_on=("k",), right_on=("k",), how="semi"),
    }
    assert outputs["inner"].output.names == (*ROWS.output.names, "x_right", "v_right")
    assert outputs["semi"].output == ROWS.output
    assert Unnest(input=ROWS, column="tags").output["tags"].dtype == Schema.of(t="string")["t"].dtype
    assert trailing(over(size=DAY)).output.names == ("user", "at", "label", "n")
    assert not trailing(over(size=DAY)).output["n"].nullable
    assert as_of().output["latest"].nullable
    tiles = TimeBuckets(
        events=ROWS, by=("k",), order=ORDER, every=1, measures=(Measure(name="m", call=agg("mean", col("v"))),)
    )
    assert tiles.output.names == ("k", "bucket_start", "m__sum", "m__count")
    assert Write(input=ROWS, sink=Sink(format="parquet", path="out")).output.names == ("path", "rows")


def test_nullability_follows_joins() -> None:
    rows = Input(
        name="n", columns=Schema([Field("k", ROWS.output["k"].dtype, False), Field("y", ROWS.output["x"].dtype, False)])
    )
    renamed = Project(input=rows, columns=(named("k2", col("k")), named("z", col("y"))))

    def nullable(how: Any) -> dict[str, bool]:
        joined = Join(left=rows, right=renamed, left_on=("k",), right_on=("k2",), how=how)
        return {field.name: field.nullable for field in joined.output}

    assert nullable("inner") == {"k": False, "y": False, "z": False}
    assert nullable("left") == {"k": False, "y": False, "z": True}
    assert nullable("full") == {"k": True, "y": True, "z": True}


def test_plans_are_bounded_in_depth_and_work_at_the_bound() -> None:
    from onefold.analysis import describe
    from onefold.plan import Plan
    from onefold.rewriting import RULES

    relation: Relation = ROWS
    for _ in range(MAX_PLAN_DEPTH - 1):
        relation = Limit(input=relation, count=1)
    assert Plan.from_json(Plan(relation).to_json()).root == relation
    assert len(describe(relation).splitlines()) == MAX_PLAN_DEPTH
    for rule in RULES:
        assert rule(relation).output == relation.output
    with pytest.raises(PlanError, match="201 relations deep"):
        Limit(input=relation, count=1)


def test_errors_about_plans_that_double_are_written_at_once() -> None:
    relation: Relation = events()
    for _ in range(100):
        relation = Union(relations=(relation, relation))
    with pytest.raises(PlanError) as caught:
        Filter(input=ROWS, predicate=relation)  # type: ignore[arg-type]
    assert len(str(caught.value)) < 500
    assert len(repr(relation)) < 100


@pytest.mark.parametrize("seed", range(40))
def test_walking_meets_each_relation_once_and_parents_first(seed: int) -> None:
    root = random_plan(seed)
    seen = [id(relation) for relation in root.walk()]
    assert len(seen) == len(set(seen))
    assert seen[0] == id(root)


@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_every_aggregation_states_what_it_needs(name: str) -> None:
    entry = AGGREGATIONS[name]
    assert entry.description.endswith(".")
    assert entry.merge if entry.partial else not entry.merge
    for partial in entry.partial:
        assert partial.function in AGGREGATIONS
    args = tuple(Schema.of(a=text)["a"].dtype for text, _ in entry.example.args)
    columns = {f"a{number}": dtype for number, dtype in enumerate(args)}
    example = agg(name, *map(col, columns), options=entry.example.options)
    typed = example.infer(Schema.of(**columns))
    assert typed.nullable == (entry.empty == "null")
    keyed = agg(name, *map(col, columns), options=entry.example.options, by=lit("b"))
    assert str(keyed.infer(Schema.of(**columns)).dtype) == f"list<struct<key: string, value: {typed.dtype}>>"
