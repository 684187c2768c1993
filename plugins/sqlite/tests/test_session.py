"""The catalogue's own examples on SQLite, and what is SQLite's alone: its names, its limits, its resources."""

from __future__ import annotations

import gc
import math
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from onefold.contract import Session, capabilities_of
from onefold.errors import Cancelled, ConfigurationError, EngineError, UnsupportedOperation
from onefold.plan import (
    AGGREGATIONS,
    FUNCTIONS,
    AggCall,
    Aggregate,
    Call,
    Case,
    Cast,
    Column,
    EventOrder,
    Expression,
    Input,
    Join,
    Literal,
    Measure,
    NamedExpression,
    Project,
    Relation,
    Sort,
    SortKey,
    TrailingAggregate,
    TrailingMeasure,
    TrailingWindow,
    WhenThen,
)
from onefold.types import INT64, Field, Schema, parse_type, schema_to_arrow
from onefold_sqlite.backend import CAPABILITIES, SqliteBackend

NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with SqliteBackend().open({}) as opened:
        yield opened


def table(schema: Schema, *columns: Any) -> pa.Table:
    arrow = schema_to_arrow(schema)
    return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, arrow, strict=True)], schema=arrow)


def computed(session: Session, expression: Expression, schema: Schema, *columns: Any) -> list[Any]:
    """Return the values of an expression over rows."""
    rows = Input(name="rows", columns=schema)
    plan = Project(input=rows, columns=(NamedExpression(name="result", expression=expression),))
    values: list[Any] = session.execute(plan, {"rows": table(schema, *columns)}).read_all()["result"].to_pylist()
    return values


def shown(values: list[Any], ulps: int = 0) -> list[Any]:
    """Return values that can be compared: NaN as text, floats approximate when they may be off by some ulps."""
    return [_shown(value, ulps) for value in values]


def _shown(value: Any, ulps: int) -> Any:
    if not isinstance(value, float) or math.isinf(value):
        return value
    if math.isnan(value):
        return "nan"
    return pytest.approx(value, rel=ulps * 2.3e-16, abs=1e-15) if ulps else value


OFFERED = [name for name in FUNCTIONS if CAPABILITIES.offers(f"function.{name}")]


def test_all_functions_are_offered_but_those_of_lists_and_structs() -> None:
    nested = {"split", *(name for name, entry in FUNCTIONS.items() if entry.family == "nested")}
    assert set(FUNCTIONS) - set(OFFERED) == nested


@pytest.mark.parametrize("name", OFFERED)
def test_examples_of_functions(session: Session, name: str) -> None:
    example = FUNCTIONS[name].example
    schema = Schema(Field(f"c{index}", parse_type(dtype)) for index, (dtype, _) in enumerate(example.args))
    call = Call(function=name, args=tuple(Column(name=field.name) for field in schema), options=example.options)
    got = computed(session, call, schema, *(values for _, values in example.args))
    ulps = {"exact": 0, "0ulp": 0, "4ulp": 4, "16ulp": 16}[FUNCTIONS[name].accuracy]
    assert shown(got) == shown(list(example.result), ulps)


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_examples_of_aggregations_over_trailing_windows_and_groups(session: Session, name: str) -> None:
    example = AGGREGATIONS[name].example
    count = len(example.args[0][1])
    schema = Schema.of(
        k="string", t="timestamp[us, UTC]", **{f"a{i}": dtype for i, (dtype, _) in enumerate(example.args)}
    )
    rows = table(schema, ["k"] * count, [second * 1_000_000 for second in range(count)], *(v for _, v in example.args))
    args = tuple(Column(name=f"a{index}") for index in range(len(example.args)))
    call = AggCall(function=name, args=args, options=example.options)
    spine = Schema.of(key="string", at="timestamp[us, UTC]")
    events = Input(name="events", columns=schema)
    window = TrailingWindow(closed="both")
    trailing = TrailingAggregate(
        spine=Input(name="spine", columns=spine),
        events=events,
        spine_keys=("key",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t"),
        measures=(TrailingMeasure(name="result", call=call, window=window),),
    )
    timed = AGGREGATIONS[name].order_sensitive or AGGREGATIONS[name].family == "decay"
    ordered = call.replace(order=(SortKey(column="t"),) if timed else ())
    grouped = Aggregate(input=events, by=("k",), measures=(Measure(name="result", call=ordered),))
    data = {"events": rows, "spine": table(spine, ["k"], [(count - 1) * 1_000_000])}
    for plan in (trailing, grouped):
        if "type.list" in set(capabilities_of(plan)):
            with pytest.raises(UnsupportedOperation, match=r"type\.(list|struct): SQLite has no"):
                session.execute(plan, data)
            continue
        got = session.execute(plan, data).read_all()["result"].to_pylist()
        inexact = AGGREGATIONS[name].family in ("moments", "decay")
        assert got == [pytest.approx(example.result, rel=1e-9) if inexact else example.result]


def test_nan_is_one_value_above_all_numbers(session: Session) -> None:
    schema = Schema.of(x="float64")
    rows = Input(name="rows", columns=schema)
    data = {"rows": table(schema, [NAN, 1.0, None, INF, NAN, -INF])}
    ordered = Sort(input=rows, keys=(SortKey(column="x", nulls="first"),))
    assert shown(session.execute(ordered, data).read_all()["x"].to_pylist()) == [None, -INF, 1.0, INF, "nan", "nan"]
    greatest = Aggregate(
        input=rows, measures=(Measure(name="x", call=AggCall(function="max", args=(Column(name="x"),))),)
    )
    assert shown(session.execute(greatest, data).read_all()["x"].to_pylist()) == ["nan"]
    matched = Join(left=rows, right=rows, left_on=("x",), right_on=("x",), how="inner")
    assert len(session.execute(matched, data).read_all()) == 4 + 3


def test_constants_are_exact_text_with_zero_bytes_included(session: Session) -> None:
    floats = [0.1, 5e-324, 1.7976931348623157e308, 123456789.12345679, -7.0e-310]
    for value in floats:
        assert computed(session, Literal.of(value), Schema.of(x="int64"), [0]) == [value]
    text = 'it\'s \0 "quoted" %s {0} \\ \N{SNOWMAN}'
    both = Call(function="equal", args=(Literal.of(text), Column(name="x")))
    assert computed(session, both, Schema.of(x="string"), [text, "it's "]) == [True, False]


def test_whole_numbers_never_become_floats(session: Session) -> None:
    schema = Schema.of(x="int64")
    double = Call(function="multiply", args=(Column(name="x"), Literal.of(2)))
    assert computed(session, double, schema, [2**62 - 1]) == [2**63 - 2]
    with pytest.raises(EngineError, match="9223372036854775808 does not fit in int64") as caught:
        computed(session, double, schema, [2**62])
    assert "PYTHON" in str(caught.value.query)


def test_a_branch_that_is_not_taken_is_not_computed(session: Session) -> None:
    failing = Cast(arg=Literal.of("x"), to=INT64)
    guarded = Case(
        branches=(WhenThen(when=Call(function="is_not_null", args=(Column(name="x"),)), then=Column(name="x")),),
        otherwise=failing,
    )
    assert computed(session, guarded, Schema.of(x="int64"), [1, 2]) == [1, 2]
    with pytest.raises(EngineError, match="'x' can not be converted to int64"):
        computed(session, guarded, Schema.of(x="int64"), [None])


def test_names_that_sqlite_reads_as_something_else(session: Session) -> None:
    names = ("true", "True_", "FALSE", "null", "rowid", "select", 'a"b', "'", "1")
    schema = Schema(Field(name, INT64) for name in names)
    plan: Relation = Input(name="true", columns=schema)
    for _ in range(2):
        kept = tuple(NamedExpression(name=name, expression=Column(name=name)) for name in names)
        plan = Sort(input=Project(input=plan, columns=kept), keys=(SortKey(column="true"),))
    plan = Join(left=plan, right=plan, left_on=("true",), right_on=("true",), how="semi")
    got = session.execute(plan, {"true": table(schema, *([index] for index in range(len(names))))}).read_all()
    assert got.to_pylist() == [{name: index for index, name in enumerate(names)}]


def test_names_that_differ_only_in_case_are_refused(session: Session) -> None:
    plan = Input(name="rows", columns=Schema.of(k="int64", K="int64"))
    with pytest.raises(UnsupportedOperation, match=r"schema\.case_sensitive_names"):
        session.execute(plan, {})


def test_a_session_can_be_stopped_and_used_again(session: Session) -> None:
    schema = Schema.of(x="int64")
    rows = Input(name="rows", columns=schema)
    pairs = Join(left=rows, right=rows.replace(name="others"), how="cross")
    total = Aggregate(input=pairs, measures=(Measure(name="n", call=AggCall(function="count")),))
    data = table(schema, range(20_000))
    timer = threading.Timer(0.3, session.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        session.execute(total, {"rows": data, "others": data}).read_all()
    timer.join()
    assert session.execute(rows, {"rows": data}).read_all().num_rows == 20_000


def test_results_are_streamed_and_letting_go_of_them_closes_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", noted)
    schema = Schema.of(x="int64")
    rows = Input(name="rows", columns=schema)
    with SqliteBackend().open({}) as session:
        reader = session.execute(rows, {"rows": table(schema, range(50_000)).to_reader(1000)})
        assert 0 < next(reader).num_rows < 50_000
        del reader
        gc.collect()
        (connection,) = opened
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
    with pytest.raises(EngineError, match="the session is closed"):
        session.execute(rows, {"rows": table(schema, [1])})


def test_options_and_health() -> None:
    with pytest.raises(ConfigurationError, match="takes no options, and not 'threads'"):
        SqliteBackend().open({"threads": 2})
    health = SqliteBackend().health()
    assert health.version == sqlite3.sqlite_version
    assert health.ok == (sqlite3.sqlite_version_info >= (3, 39))
