"""What runs on executors: partitions, keys, order, pieces of keys, and errors; expected values are the oracle's."""

from __future__ import annotations

import datetime as dt
import decimal
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from onefold.errors import EngineError, SourceError, TransformError
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Column,
    EventOrder,
    Frame,
    Input,
    MapBatches,
    Measure,
    Relation,
    SortKey,
    TimeBuckets,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
    Window,
    WindowMeasure,
)
from onefold.transforms import reference
from onefold.types import Schema, normalise_reader, schema_to_arrow
from onefold_conformance.oracle.backend import OracleBackend
from onefold_spark.drivers import _end
from onefold_spark.executors import Tuning, chains, kernel_frame, map_batches_frame, shipped_error, skew
from onefold_spark.schemas import spark_schema

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
SECOND = 1_000_000
PARTITIONS = 8
EVENTS = Schema.of(K="string", k="int64", t="timestamp[us, UTC]", v="int64", q="int64", s="string")
SPINE = Schema.of(id="int64", K="string", k="int64", t="timestamp[us, UTC]", note="string")

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    running = SparkSession.getActiveSession()
    session = builder.getOrCreate()
    own = session.newSession()
    for name, value in {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.caseSensitive": "true",
        "spark.sql.shuffle.partitions": str(PARTITIONS),
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
    }.items():
        own.conf.set(name, value)
    yield own
    if running is None:
        gateway = SparkContext._gateway
        session.stop()
        SparkContext._gateway = SparkContext._jvm = None  # Spark itself leaves the process running
        _end(gateway)


class Data:
    """Rows bound to inputs, as frames and for the oracle."""

    def __init__(self, spark: SparkSession, **rows: tuple[Schema, Rows]) -> None:
        self._spark = spark
        self.tables = {name: pa.Table.from_pylist(of, schema_to_arrow(schema)) for name, (schema, of) in rows.items()}

    def expected(self, plan: Relation) -> pa.Table:
        with OracleBackend().open({}) as session:
            return session.execute(plan, self.tables).read_all()

    def frame_of(self, plan: Relation, tuning: Tuning | None = None) -> DataFrame:
        """Return the rows of a relation: inputs as they are, what the kernel computes so, and the rest by the oracle."""
        if isinstance(plan, TrailingAggregate | AsOfJoin | Window):
            return kernel_frame(plan, self.frame_of)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            frame = self._spark.createDataFrame(self.expected(plan), spark_schema(plan.output))
        return frame if isinstance(plan, Input) else frame.repartition(3)

    def computed(self, node: Any, **options: Any) -> pa.Table:
        return rows_of(kernel_frame(node, self.frame_of, **options), node.output)


def rows_of(frame: DataFrame, schema: Schema) -> pa.Table:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        table = frame.toArrow()
    return normalise_reader(table.rename_columns(schema.names), schema, where="a test").read_all()


def at(second: float) -> dt.datetime:
    return START + dt.timedelta(seconds=second)


def events(count: int, seed: int = 1) -> Rows:
    draw = random.Random(seed)
    return [
        {
            "K": draw.choice(["a", "b", "ä", "", None, "only here"]),
            "k": draw.choice([1, 2, None]),
            "t": None if draw.random() < 0.05 else at(draw.randrange(60)),
            "v": draw.choice([None, 1, 2, 3, -4]),
            "q": draw.choice([None, 1, 2]),
            "s": draw.choice(["x", "y", None]),
        }
        for _ in range(count)
    ]


def spine(count: int, seed: int = 2) -> Rows:
    draw = random.Random(seed)
    return [
        {
            "id": number,
            "K": draw.choice(["a", "b", "ä", "", None, "not there"]),
            "k": draw.choice([1, 2, 3, None]),
            "t": None if draw.random() < 0.1 else at(draw.randrange(70)),
            "note": f"row {number}",
        }
        for number in range(count)
    ]


def measure(name: str, function: str, *args: str, window: TrailingWindow, **options: Any) -> TrailingMeasure:
    call = AggCall(function=function, args=tuple(Column(name=arg) for arg in args), options=options)
    return TrailingMeasure(name=name, call=call, window=window)


def trailing(below: Relation, *measures: TrailingMeasure, **changes: Any) -> TrailingAggregate:
    fields: dict[str, Any] = {
        "spine_keys": ("K",),
        "event_keys": ("K",),
        "spine_time": "t",
        "order": EventOrder(time="t", sequence=("q", "s")),
        **changes,
    }
    return TrailingAggregate(spine=below, events=Input(name="events", columns=EVENTS), measures=measures, **fields)


TEN = TrailingWindow(size=10 * SECOND)
LIFETIME = TrailingWindow()
SPINE_INPUT = Input(name="spine", columns=SPINE)


@pytest.fixture(scope="module")
def data(spark: SparkSession) -> Data:
    return Data(spark, spine=(SPINE, spine(60)), events=(EVENTS, events(250)))


def one_shuffle() -> Relation:
    """Return nodes with the same keys, times and windows of their own, over two streams of events."""
    first = trailing(
        SPINE_INPUT,
        measure("n", "count", window=TEN),
        measure("total", "sum", "v", window=LIFETIME),
        measure("latest", "last_n", "v", window=LIFETIME, n=3),
    )
    return AsOfJoin(
        spine=first,
        events=Input(name="events", columns=EVENTS),
        spine_keys=("K",),
        event_keys=("K",),
        spine_time="t",
        order=EventOrder(time="t", sequence=("s", "q")),  # sequences of two types, the other way round
        columns=(
            AsOfColumn(column="s", name="S"),
            AsOfColumn(column="t", name="seen"),
            AsOfColumn(column="v", name="c0"),
        ),
    )


def feature_as_time() -> Relation:
    """Return a node whose time is a feature of another, with the same keys."""
    return trailing(one_shuffle(), measure("before", "count", window=LIFETIME), spine_time="seen")


def several_shuffles() -> Relation:
    """Return nodes with other keys in between, one of them a feature, and the first keys again."""
    two = trailing(
        one_shuffle(),
        measure("pair", "max", "v", window=LIFETIME),
        spine_keys=("K", "k"),
        event_keys=("K", "k"),
    )
    by_feature = trailing(
        two, measure("like", "count", window=LIFETIME), spine_keys=("pair",), event_keys=("v",), spine_time="seen"
    )
    return trailing(by_feature, measure("again", "min", "v", window=TEN))


@pytest.mark.parametrize("make", [one_shuffle, feature_as_time, several_shuffles])
def test_every_row_of_the_spine_comes_out_once_in_its_place(data: Data, make: Callable[[], Relation]) -> None:
    node = make()
    assert data.computed(node, ordered=True).to_pylist() == data.expected(node).to_pylist()


def test_rows_carry_their_numbers_unless_they_are_in_order(data: Data) -> None:
    node = one_shuffle()
    width = len(node.output)
    frame = kernel_frame(node, data.frame_of)  # type: ignore[arg-type]
    rows = sorted((tuple(row) for row in frame.collect()), key=lambda row: row[width])
    assert [row[0] for row in rows] == list(range(60))
    assert len(kernel_frame(node, data.frame_of, ordered=True).columns) == width  # type: ignore[arg-type]


def test_the_numbers_of_the_spine_are_taken_when_it_has_them(data: Data) -> None:
    node = trailing(SPINE_INPUT, measure("n", "count", window=TEN))

    def backwards(plan: Relation) -> DataFrame:
        frame = data.frame_of(plan)
        return frame.selectExpr("*", "-id AS number") if plan == SPINE_INPUT else frame

    found = rows_of(kernel_frame(node, backwards, ordered=True), node.output)
    assert found.to_pylist() == data.expected(node).to_pylist()[::-1]


@pytest.mark.parametrize(("spine_rows", "event_rows"), [([], events(20)), (spine(20), []), ([], [])])
def test_sides_without_rows(spark: SparkSession, spine_rows: Rows, event_rows: Rows) -> None:
    data = Data(spark, spine=(SPINE, spine_rows), events=(EVENTS, event_rows))
    node = one_shuffle()
    assert data.computed(node, ordered=True).to_pylist() == data.expected(node).to_pylist()


NAN = float("nan")
KEYS: Mapping[str, list[Any]] = {
    "float64": [0.0, -0.0, NAN, 1.5, -2.0],
    "decimal128(20, 2)": [decimal.Decimal("1.00"), decimal.Decimal("-7.25"), decimal.Decimal(10**17)],
    "binary": [b"", b"\x00", b"\xff\x00", b"a"],
    "date32": [dt.date(1969, 12, 31), dt.date(2024, 2, 29), dt.date(1, 1, 1)],
    "timestamp[us]": [dt.datetime(2024, 1, 1, 0, 0, 0, 1), dt.datetime(1, 1, 1)],  # noqa: DTZ001 - a wall clock
    "timestamp[us, UTC]": [at(0.5), at(-1e9)],
    "bool": [True, False],
    "string": ["z", "Z", "é", "\U0001f600", "\uffff"],
}


@pytest.mark.parametrize("second", [False, True])
def test_keys_of_every_type(spark: SparkSession, second: bool) -> None:
    """All in one test, as two keys next to each other where ``second``: starting a query is what takes the time."""
    for number, (dtype, values) in enumerate(KEYS.items()):
        if second and number % 3:
            continue
        draw = random.Random(number)
        schema = Schema.of(key=dtype, other="int64", t="timestamp[us, UTC]", v="int64")
        rows = [
            {
                "key": draw.choice([*values, None]),
                "other": draw.choice([1, 2]),
                "t": at(draw.randrange(9)),
                "v": draw.randrange(9),
            }
            for _ in range(80)
        ]
        data = Data(spark, spine=(schema, rows[:25]), events=(schema, rows[25:]))
        keys = ("key", "other") if second else ("key",)
        node = TrailingAggregate(
            spine=Input(name="spine", columns=schema),
            events=Input(name="events", columns=schema),
            spine_keys=keys,
            event_keys=keys,
            spine_time="t",
            order=EventOrder(time="t"),
            measures=(measure("n", "count", window=LIFETIME), measure("last", "last", "v", window=TEN)),
        )
        found, expected = (
            table.drop_columns("key") for table in (data.computed(node, ordered=True), data.expected(node))
        )
        assert found.to_pylist() == expected.to_pylist(), dtype


def skewed(seed: int = 5) -> tuple[Rows, Rows]:
    """Return a spine and events of which most belong to one key, spread over an hour."""
    draw = random.Random(seed)
    keys = ["heavy"] * 8 + ["light", None]
    event_rows = [
        {"K": draw.choice(keys), "k": 1, "t": at(draw.randrange(3600)), "v": draw.randrange(9), "q": 1, "s": "x"}
        for _ in range(2000)
    ]
    spine_rows = [
        {"id": number, "K": draw.choice(keys), "k": 1, "t": None if number == 3 else at(draw.randrange(-50, 3700))}
        for number in range(150)
    ]
    return spine_rows, event_rows


def finite(**changes: Any) -> TrailingAggregate:
    return trailing(
        SPINE_INPUT,
        measure("n", "count", window=TrailingWindow(size=100 * SECOND, closed="both", offset=7 * SECOND)),
        measure("total", "sum", "v", window=TrailingWindow(size=60 * SECOND, every=45 * SECOND)),
        measure("latest", "last_n", "v", window=TEN, n=2),
        **changes,
    )


def brute_force(spine_rows: Rows, event_rows: Rows) -> list[int]:
    """Return the first measure of :func:`finite`, straight from its definition."""
    return [
        sum(
            1
            for event in event_rows
            if row["K"] is not None
            and row["t"] is not None
            and event["K"] == row["K"]
            and -107 <= (event["t"] - row["t"]).total_seconds() <= -7
        )
        for row in spine_rows
    ]


def test_a_key_that_is_cut_into_pieces(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    spine_rows, event_rows = skewed()
    data = Data(spark, spine=(SPINE, spine_rows), events=(EVENTS, event_rows))
    monkeypatch.setattr(skew, "SAMPLED", 1.0)
    made: list[skew.Piece] = []

    def noted(part: Any, pieces: list[skew.Piece], **options: Any) -> Any:
        made[:] = pieces
        return skew.cut(part, pieces, **options)

    monkeypatch.setattr(chains, "cut", noted)
    node = finite()
    found = data.computed(node, ordered=True, tuning=Tuning(cut_above=0.1))
    assert len(made) > 4
    assert {piece.key for piece in made} == {("heavy",)}
    assert found.to_pylist() == data.computed(node, ordered=True).to_pylist()
    assert found["n"].to_pylist() == brute_force(spine_rows, event_rows)
    assert sum(found["n"].to_pylist()) > 1000


def test_pieces_are_as_long_as_windows_reach() -> None:
    node = finite(order=EventOrder(time="t", delay=3 * SECOND))
    reach = (100 + 7 + 3 + 1) * SECOND  # the longest window, and less than a second for the grid at these instants
    times = tuple(range(0, 4500 * SECOND, 45 * SECOND))
    found = skew.cut_keys([node], [skew.HeavyKey(("a",), times)])
    starts = [piece.start for piece in found[1:]]
    assert all(later - earlier >= 100 * SECOND for earlier, later in pairwise(starts))
    assert all(piece.end + 1 == following.start for piece, following in pairwise(found))
    assert (found[0].start, found[-1].end) == (-(2**63), 2**63 - 1)
    assert all(piece.start - reach <= piece.first <= piece.start - 110 * SECOND for piece in found[1:])


@pytest.mark.parametrize(
    "node", [trailing(SPINE_INPUT, measure("n", "count", window=LIFETIME)), one_shuffle()], ids=["lifetime", "as of"]
)
def test_what_has_no_start_is_not_cut(spark: SparkSession, monkeypatch: pytest.MonkeyPatch, node: Any) -> None:
    spine_rows, event_rows = skewed()
    data = Data(spark, spine=(SPINE, spine_rows[:20]), events=(EVENTS, event_rows[:200]))
    monkeypatch.setattr(chains, "heavy_keys", lambda *_: pytest.fail("nobody should look for heavy keys"))
    found = data.computed(node, ordered=True, tuning=Tuning(cut_above=0.1))
    assert found.to_pylist() == data.expected(node).to_pylist()


def call(function: str, arg: str, **options: Any) -> AggCall:
    return AggCall(function=function, args=(Column(name=arg),), options=options)


def in_any_order(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


@pytest.mark.parametrize("by", [(), ("K",), ("K", "k")])
@pytest.mark.parametrize("rows", [events(60), []], ids=["rows", "no rows"])
def test_aggregates_and_windows(spark: SparkSession, by: tuple[str, ...], rows: Rows) -> None:
    data = Data(spark, events=(EVENTS, rows))
    below = Input(name="events", columns=EVENTS)
    groups = Aggregate(
        input=below,
        by=by,
        measures=(Measure(name="n", call=AggCall(function="count")), Measure(name="median", call=call("median", "v"))),
    )
    assert in_any_order(data.computed(groups)) == in_any_order(data.expected(groups))
    windows = Window(
        input=below,
        partition_by=by,
        order_by=(SortKey(column="t"), SortKey(column="v")),
        measures=(WindowMeasure(name="n", call=call("sum", "q"), frame=Frame(start=-2, end=0)),),
    )
    assert in_any_order(data.computed(windows)) == in_any_order(data.expected(windows))


def test_tiles(data: Data) -> None:
    tiles = TimeBuckets(
        events=Input(name="events", columns=EVENTS),
        by=("K",),
        order=EventOrder(time="t"),
        every=20 * SECOND,
        measures=(Measure(name="total", call=call("sum", "v")),),
    )
    assert in_any_order(data.computed(tiles)) == in_any_order(data.expected(tiles))


def failure(frame: DataFrame) -> BaseException | None:
    with pytest.raises(PySparkException) as caught:
        frame.collect()
    return shipped_error(str(caught.value))


def test_errors_of_the_kernel_come_back(data: Data) -> None:
    node = trailing(SPINE_INPUT, measure("n", "count", window=TEN), order=EventOrder(time="t", unique=True))
    error = failure(kernel_frame(node, data.frame_of))
    assert isinstance(error, SourceError)
    assert "declared unique by key and 't'" in str(error)


def test_a_sum_that_does_not_fit(spark: SparkSession) -> None:
    rows = [{"K": "a", "t": at(1), "v": 2**62, "k": 1, "q": 1, "s": ""}] * 3
    data = Data(spark, spine=(SPINE, [{"id": 1, "K": "a", "t": at(2)}]), events=(EVENTS, rows))
    error = failure(kernel_frame(trailing(SPINE_INPUT, measure("total", "sum", "v", window=TEN)), data.frame_of))
    assert isinstance(error, EngineError)
    assert str(error).startswith("engine 'kernel' failed: The measure 'total' (sum)")


def doubled(batch: pa.Table) -> pa.Table:
    return pa.table({"id": batch["id"], "twice": [None if v is None else FACTOR * v for v in batch["k"].to_pylist()]})


FACTOR = 2


def failing(batch: pa.Table) -> pa.Table:
    return batch.set_column(0, "id", [1 // 0])  # the user's own line


def transform(function: Callable[[pa.Table], pa.Table], columns: Schema) -> MapBatches:
    return MapBatches(input=SPINE_INPUT, function=reference(function), columns=columns)


def test_transforms_run_on_executors(data: Data) -> None:
    """This module is not installed, so that executors can not import it; its function reads a global of it."""
    node = transform(doubled, Schema.of(id="int64", twice="int64"))
    frame = map_batches_frame(node, data.frame_of(SPINE_INPUT).repartition(PARTITIONS))
    found = sorted(rows_of(frame, node.output).to_pylist(), key=lambda row: row["id"])
    assert found == [
        {"id": row["id"], "twice": None if row["k"] is None else 2 * row["k"]}
        for row in data.tables["spine"].to_pylist()
    ]


def test_an_error_in_a_transform_shows_the_users_own_line(data: Data) -> None:
    error = failure(map_batches_frame(transform(failing, SPINE), data.frame_of(SPINE_INPUT)))
    assert isinstance(error, TransformError)
    assert "ZeroDivisionError" in str(error)
    assert "# the user's own line" in str(error)
    assert f"{__file__}:" in str(error)
