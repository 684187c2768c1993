"""What is said to Snowflake where it differs from what one would expect; golden files have the rest."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from onefold.contract import Full, Unsupported
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
from onefold.sql.capabilities import KERNEL, sql_statements
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


def test_functions_of_lists_and_structs_are_left_out() -> None:
    nested = {name for name, entry in FUNCTIONS.items() if entry.family == "nested"} | {"split"}
    assert set(FUNCTIONS) - set(DIALECT.functions) == nested


def test_aggregations_without_an_exact_form_are_left_to_the_kernel() -> None:
    lists = {
        "collect",
        "first_n",
        "last_n",
        "min_n",
        "max_n",
        "top_k",
        "histogram",
        "first_distinct_n",
        "last_distinct_n",
    }
    any_of_ties = {"first", "last", "mode"}
    quantiles = {"median", "quantile", "quantile_disc", "approx_quantile"}
    assert set(AGGREGATIONS) - set(DIALECT.aggregations) == lists | any_of_ties | quantiles
    assert left_to_kernel(DIALECT)(grouped("median", "x"))
    assert not left_to_kernel(DIALECT)(grouped("sum", "x"))


def test_what_follows_from_the_dialect_is_stated() -> None:
    stated = sql_statements(DIALECT)
    assert stated["window.sum"] == Full()
    assert stated["window.corr"] == KERNEL
    assert stated["aggregation.mode"] == KERNEL
    assert isinstance(stated["type.list"], Unsupported)
    assert stated["schema.case_sensitive_names"] == Full()


@pytest.mark.parametrize(
    ("start", "end", "kernel"), [(-1000, 0, False), (-1001, 0, True), (0, 1001, True), (None, 0, False)]
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
