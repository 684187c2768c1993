"""What is said to Spark where it differs from what one would expect; the suite checks the values."""

from __future__ import annotations

import re
from typing import Any

import pytest

from onefold.contract import Emulated, Full
from onefold.plan import (
    AGGREGATIONS,
    CASTS,
    FUNCTIONS,
    AggCall,
    Aggregate,
    Call,
    Cast,
    Column,
    Expression,
    Frame,
    Input,
    Literal,
    Measure,
    RankCall,
    Relation,
    SortKey,
    Unnest,
    Window,
    WindowMeasure,
)
from onefold.sql.capabilities import sql_statements
from onefold.sql.connection import InputLeaves
from onefold.sql.division import left_to_kernel
from onefold.sql.expressions import ExpressionCompiler, print_sql
from onefold.sql.relations import plan_text
from onefold.types import INT64, TIMESTAMP, TIMESTAMP_UTC, Field, Schema, Struct, parse_type
from onefold_spark.dialect import DIALECT
from onefold_spark.functions.pattern import java_pattern, java_replacement
from onefold_spark.literals import quoted

SCHEMA = Schema(
    Field(name, parse_type(dtype))
    for name, dtype in {
        "k": "int64",
        "i": "int64",
        "x": "float64",
        "s": "string",
        "d": "date32",
        "l": "list<int64>",
        "w": "timestamp[us]",
        "u": "timestamp[us, UTC]",
    }.items()
)
ROWS = Input(name="rows", columns=Schema([*SCHEMA, Field("t", Struct((("a b", INT64),)))]))
COMPILER = ExpressionCompiler(
    DIALECT.name, DIALECT.functions, types=DIALECT.types, casts=DIALECT.casts, engine=DIALECT.engine
)


def col(name: str) -> Column:
    return Column(name=name)


def call(function: str, *args: Expression | str, **options: Any) -> Call:
    given = tuple(col(arg) if isinstance(arg, str) else arg for arg in args)
    return Call(function=function, args=given, options=options)


def sql(expression: Expression) -> str:
    return print_sql(COMPILER.compile(expression, ROWS.output), DIALECT.name)


def text(plan: Relation) -> str:
    return plan_text(plan, DIALECT, InputLeaves(lambda name: name))


def grouped(function: str, *args: str, **rest: Any) -> Aggregate:
    measure = Measure(name="result", call=AggCall(function=function, args=tuple(map(col, args)), **rest))
    return Aggregate(input=ROWS, by=("k",), measures=(measure,))


def framed(function: str, frame: Frame | None, *args: str) -> Window:
    measure = WindowMeasure(name="result", call=AggCall(function=function, args=tuple(map(col, args))), frame=frame)
    return Window(input=ROWS, partition_by=("k",), order_by=(SortKey(column="i"),), measures=(measure,))


def test_every_function_and_conversion_is_offered() -> None:
    assert DIALECT.functions.keys() == FUNCTIONS.keys()
    pairs = {(source, target) for source, targets in CASTS.items() for target in targets}
    assert DIALECT.casts.keys() >= pairs


def test_only_aggregations_that_need_a_table_of_their_own_are_left_to_the_kernel() -> None:
    left = {"top_k", "histogram", "mode", "first_distinct_n", "last_distinct_n"}
    assert AGGREGATIONS.keys() - DIALECT.aggregations.keys() == left


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # A timestamp is never written without saying which of the two it is.
        (Cast(arg=col("w"), to=TIMESTAMP_UTC), "CAST(`w` AS TIMESTAMP_LTZ)"),
        (Cast(arg=col("u"), to=TIMESTAMP), "CAST(`u` AS TIMESTAMP_NTZ)"),
        (call("date_trunc", "w", unit="week"), "CAST(DATE_TRUNC('week', `w`) AS TIMESTAMP_NTZ)"),
        # Integers are those of 64 bits, also where Spark's own have 32.
        (call("length", "s"), "CAST(LENGTH(`s`) AS BIGINT)"),
        (call("day_of_week", "d"), "CAST(WEEKDAY(`d`) + 1 AS BIGINT)"),
        (call("int_divide", "i", "k"), "`i` DIV NULLIF(`k`, 0)"),
        # Spark holds 2**63 for the greatest int64.
        (
            Cast(arg=col("x"), to=INT64),
            "CAST(CASE WHEN `x` = 9223372036854775808e0 THEN 9223372036854777856e0 ELSE `x` END AS BIGINT)",
        ),
        (
            Cast(arg=col("x"), to=INT64, on_failure="null"),
            "TRY_CAST(NULLIF(`x`, 9223372036854775808e0) AS BIGINT)",
        ),
        # Its floor is an integer, and its test for NaN never null.
        (call("floor", "x"), "RINT(`x`) - CASE WHEN RINT(`x`) > `x` THEN 1e0 ELSE 0e0 END"),
        (call("is_nan", "x"), "`x` = CAST('NaN' AS DOUBLE)"),
        # The order of the arguments.
        (call("ltrim", "s", characters="xy"), "LTRIM('xy', `s`)"),
        (call("trim", "s", characters="xy"), "BTRIM(`s`, 'xy')"),
        # Separators are text, to Spark they are patterns.
        (call("split", "s", separator="|\\E."), r"SPLIT(`s`, '\\|\\\\E\\.')"),
        (call("regexp_matches", "s", pattern="^a.$"), r"REGEXP_LIKE(`s`, '^a[^\\n]\\z')"),
        # A date of 32 bits would wrap around.
        (
            call("add_days", "d", "i"),
            "CASE WHEN NOT `d` IS NULL THEN DATE_FROM_UNIX_DATE(CAST(UNIX_DATE(`d`) + `i` AS INT)) END",
        ),
        # A part that follows itself would be one of twice as many digits.
        (call("strftime", "d", format="%Y%m%mT"), "DATE_FORMAT(`d`, 'yyyyMM') || DATE_FORMAT(`d`, 'MM\\'T\\'')"),
        # Behind a dot the column could be a table.
        (call("struct_get", "t", field="a b"), "`t`['a b']"),
        (call("greatest", "i"), "`i`"),
        (Literal.of([1, None]), "CAST(ARRAY(CAST(1 AS BIGINT), CAST(NULL AS BIGINT)) AS ARRAY<BIGINT>)"),
    ],
)
def test_expression(expression: Expression, expected: str) -> None:
    assert sql(expression) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (".", r"[^\n]"),
        (r"\.\$$", r"\.\$\z"),
        ("[.$][^.$]", "[.$][^.$]"),
        (r"[\]$.].", r"[\]$.][^\n]"),
        ("(a|b.)+$|c$", r"(a|b[^\n])+\z|c\z"),
        (r"\\.", r"\\[^\n]"),
    ],
)
def test_patterns_are_those_of_java(pattern: str, expected: str) -> None:
    assert java_pattern(pattern) == expected
    re.compile(java_pattern(pattern).replace(r"\z", r"\Z"))


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [(r"\1", "$1"), (r"\10", r"$1\0"), (r"\0\9", "$0$9"), (r"\12\2", r"$1\2$2"), ("$1", r"\$1"), ("5", "5")],
)
def test_replacements_are_those_of_java(replacement: str, expected: str) -> None:
    assert java_replacement(replacement) == expected


def test_texts_that_spark_would_read_as_others() -> None:
    assert quoted("plain 'text' \\ $ {x} :y") is None
    assert quoted("\x0012") == r"'\u000012'"
    assert quoted("\\'${user.name}") == r"'\\\'\u0024{user.name}'"
    # In options as well.
    assert r"'\u00001'" in sql(call("replace", "s", search="\x001", replacement=""))


def test_an_order_is_a_struct_whose_descending_keys_are_turned_around() -> None:
    order = (SortKey(column="s", descending=True, nulls="last"), SortKey(column="i", nulls="first"))
    written = text(grouped("first", "x", order=order))
    assert (
        "MIN_BY(`x`, NAMED_STRUCT('key_0', `s` IS NULL, "
        "'key_1', TRANSLATE(HEX(`s`), '0123456789ABCDEF', 'FEDCBA9876543210') || 'G', "
        "'key_2', `i`, 'key_3', `x`, 'value', `x`)) FILTER(WHERE NOT `x` IS NULL)"
    ) in written


@pytest.mark.parametrize("lesser", [b"", b"\0", b"a", b"a\0", b"ab", b"b", b"\xff", b"\xff\xff"])
@pytest.mark.parametrize("greater", [b"", b"\0", b"a", b"a\0", b"ab", b"b", b"\xff", b"\xff\xff"])
def test_turned_bytes_are_in_the_opposite_order(lesser: bytes, greater: bytes) -> None:
    turn = str.maketrans("0123456789ABCDEF", "FEDCBA9876543210")
    turned = [value.hex().upper().translate(turn) + "G" for value in (lesser, greater)]
    assert (turned[0] > turned[1]) == (lesser < greater)


def test_a_sum_of_integers_can_not_overflow_on_its_way() -> None:
    written = text(grouped("sum", "i"))
    assert "CAST(CAST(SUM(`i` DIV 4294967296) AS DECIMAL(38, 0)) * 4294967296 + SUM(`i` % 4294967296) AS BIGINT)" in (
        written
    )


@pytest.mark.parametrize(
    ("plan", "left"),
    [
        (framed("sum", None, "x"), False),
        (framed("sum", Frame(), "x"), False),
        (framed("sum", Frame(start=None, end=-3), "x"), False),
        (framed("sum", Frame(start=None, end=None), "x"), False),
        (framed("sum", Frame(unit="range", start=None, end=0), "x"), False),
        # Spark computes each of these anew.
        (framed("sum", Frame(start=-3, end=0), "x"), True),
        (framed("sum", Frame(start=0, end=None), "x"), True),
        (framed("sum", Frame(unit="range", start=None, end=-3), "x"), True),
        (framed("count_distinct", Frame(), "x"), True),
        (framed("median", Frame(), "x"), True),
        (grouped("count_distinct", "x"), False),
        (grouped("histogram", "x"), True),
        (grouped("sum", "x", by=col("s")), False),
    ],
)
def test_what_is_left_to_the_kernel(plan: Relation, left: bool) -> None:
    assert left_to_kernel(DIALECT)(plan) is left


def test_frames_are_stated_as_shared() -> None:
    statements = sql_statements(DIALECT)
    assert isinstance(statements["window.sum"], Emulated)
    assert isinstance(statements["aggregation.sum"], Full)
    assert isinstance(statements["window.rank"], Full)


def test_a_rank_has_an_order() -> None:
    measure = WindowMeasure(name="result", call=RankCall(function="rank"))
    written = text(Window(input=ROWS, partition_by=("k",), measures=(measure,)))
    assert re.search(r"RANK\(\) OVER \(PARTITION BY `k` ORDER BY CAST\(NULL AS BIGINT\) ASC NULLS FIRST\)", written)


def test_lists_of_entries_are_null_over_no_rows() -> None:
    written = text(grouped("sum", "i", by=col("s")))
    assert "CASE WHEN COUNT(*) > 0 THEN SORT_ARRAY(COLLECT_LIST(NAMED_STRUCT('key', `secondary`, 'value', " in written


def test_a_list_gives_a_row_for_each_element() -> None:
    assert "EXPLODE(`l`) AS `l`" in text(Unnest(input=ROWS, column="l"))
