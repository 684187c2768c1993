"""What is said to Snowflake where it differs from what one would expect; golden files have the rest."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from onefold.contract import Full
from onefold.plan import (
    AGGREGATIONS,
    FUNCTIONS,
    AggCall,
    Aggregate,
    Call,
    Column,
    Frame,
    Input,
    Limit,
    Literal,
    Measure,
    Relation,
    SortKey,
    Window,
    WindowMeasure,
)
from onefold.sql.capabilities import KERNEL, TEMPORAL, sql_statements
from onefold.sql.connection import InputLeaves
from onefold.sql.division import left_to_kernel
from onefold.sql.relations import plan_text
from onefold.types import INT64, TIMESTAMP, TIMESTAMP_UTC, Schema
from onefold_snowflake.dialect import DIALECT
from onefold_snowflake.types import within_64_bits

ROWS = Input(name="rows", columns=Schema.of(k="string", t="timestamp[us, UTC]", i="int64", x="float64"))


def col(name: str) -> Column:
    return Column(name=name)


def text(plan: Relation) -> str:
    return plan_text(plan, DIALECT, InputLeaves(lambda name: name))


def grouped(function: str, *args: str, **rest: Any) -> Aggregate:
    measure = Measure(name="m", call=AggCall(function=function, args=tuple(map(col, args)), **rest))
    return Aggregate(input=ROWS, by=("k",), measures=(measure,))


def windowed(function: str, frame: Frame, *args: str) -> Window:
    measure = WindowMeasure(name="m", call=AggCall(function=function, args=tuple(map(col, args))), frame=frame)
    return Window(input=ROWS, partition_by=("k",), order_by=(SortKey(column="t"),), measures=(measure,))


@pytest.mark.parametrize("number", [-(2**63), -1, 0, 1, 2**63 - 1])
def test_what_fits_in_64_bits_is_kept(number: int) -> None:
    checked = within_64_bits("x").replace("NUMBER", "DECIMAL")
    sql = f"SELECT {checked} FROM (SELECT CAST('{number}' AS DECIMAL(38, 0)) AS x)"
    assert duckdb.execute(sql).fetchall() == [(number,)]


@pytest.mark.parametrize("number", [-(2**63) - 1, 2**63, 10**19, -(10**30), 2**126])
def test_what_does_not_fit_in_64_bits_is_an_error(number: int) -> None:
    checked = within_64_bits("x").replace("NUMBER", "DECIMAL")
    with pytest.raises(duckdb.ConversionException, match="DECIMAL\\(19,0\\)"):
        duckdb.execute(f"SELECT {checked} FROM (SELECT CAST('{number}' AS DECIMAL(38, 0)) AS x)").fetchall()


def test_all_functions_and_aggregations_are_written() -> None:
    assert set(DIALECT.functions) == set(FUNCTIONS)
    assert set(DIALECT.aggregations) == set(AGGREGATIONS)


@pytest.mark.parametrize("function", sorted(set(AGGREGATIONS) - DIALECT.framed))
def test_over_frames_the_kernel_computes_what_does_not_slide(function: str) -> None:
    assert sql_statements(DIALECT)[f"window.{function}"] == KERNEL


def test_only_rows_that_are_wanted_are_collected() -> None:
    order = (SortKey(column="t"),)
    sql = text(grouped("last_n", "x", options={"n": 2}, order=order))
    assert 'ROW_NUMBER() OVER (PARTITION BY "k", "takes_part" ORDER BY "t" DESC NULLS FIRST' in sql
    assert re.search(r'ARRAY_AGG\(IFF\(NOT "x" IS NULL AND "rank" <= 2, ', sql)


def test_measures_share_the_places_of_rows() -> None:
    calls = [AggCall(function="quantile", args=(col("x"),), options={"q": q}) for q in (0.25, 0.5, 0.75)]
    calls.append(AggCall(function="min_n", args=(col("x"),), options={"n": 3}))
    measures = tuple(Measure(name=f"m{number}", call=call) for number, call in enumerate(calls))
    assert text(Aggregate(input=ROWS, by=("k",), measures=measures)).count("ROW_NUMBER()") == 1


def test_names_of_places_give_way_to_columns() -> None:
    rows = Input(name="rows", columns=Schema.of(rank="string", Value="int64", takes_part="int64"))
    measure = Measure(name="m", call=AggCall(function="min_n", args=(col("Value"),), options={"n": 1}))
    sql = text(Aggregate(input=rows, by=("rank",), measures=(measure,)))
    assert '"rank_2" <= 1' in sql
    assert 'AS "takes_part_2"' in sql


def test_what_follows_from_the_dialect_is_stated() -> None:
    stated = sql_statements(DIALECT)
    assert stated["window.sum"] == Full()
    assert stated["window.corr"] == KERNEL
    assert stated["trailing.mode"] == KERNEL
    assert stated["trailing.sum"] == stated["relation.as_of_join"] == TEMPORAL
    assert stated["type.list"] == stated["aggregation.last_n"] == stated["aggregation.by"] == Full()
    assert stated["schema.case_sensitive_names"] == Full()


@pytest.mark.parametrize(
    ("start", "end", "kernel"),
    [(-999, 0, False), (-1000, 0, True), (-1000, -1, False), (-500, 500, True), (0, 1001, True), (None, 0, False)],
)
def test_frames_of_rows_that_snowflake_refuses_are_left_to_the_kernel(start: int, end: int, kernel: bool) -> None:
    plan = windowed("sum", Frame(unit="rows", start=start, end=end), "x")
    assert left_to_kernel(DIALECT)(plan) is kernel


def test_ranges_of_time_are_as_long_as_one_likes() -> None:
    plan = windowed("sum", Frame(unit="range", start=-(10**12), end=-1), "x")
    assert not left_to_kernel(DIALECT)(plan)
    assert "RANGE BETWEEN INTERVAL '11 DAY, 49600 SECOND' PRECEDING AND INTERVAL '1 MICROSECOND' PRECEDING" in text(
        plan
    )


@pytest.mark.parametrize("function", ["corr", "count_distinct", "skewness", "decayed_sum"])
def test_functions_that_slide_along_no_frame_are_left_to_the_kernel(function: str) -> None:
    assert function in DIALECT.aggregations
    assert function not in DIALECT.slides


def test_the_place_of_nulls_is_always_written() -> None:
    # DEFAULT_NULL_ORDERING would say where they go.
    sql = text(windowed("sum", Frame(unit="rows", start=-5, end=0), "x"))
    orders = re.findall(r"(ASC|DESC)( NULLS (?:FIRST|LAST))?", sql)
    assert len(orders) > 1
    assert all(place for _, place in orders)


def test_rows_are_counted_within_ranges_and_conditions() -> None:
    frame = Frame(unit="range", start=-5, end=0)
    assert "COUNT(1) OVER" in text(windowed("count", frame))
    where = Call(function="gt", args=(col("i"), Literal.of(0)))
    assert "COUNT(IFF(" in text(grouped("count", where=where))


def test_an_instant_is_a_wall_clock_in_utc() -> None:
    types = DIALECT.types
    assert types(TIMESTAMP).sql("snowflake") == types(TIMESTAMP_UTC).sql("snowflake") == "TIMESTAMPNTZ(6)"
    assert types(INT64).sql("snowflake") == "DECIMAL(19, 0)"


def test_a_limit_that_means_all_is_none() -> None:
    assert text(Limit(input=ROWS, count=2**63 - 1, offset=3)).endswith("LIMIT NULL OFFSET 3")
