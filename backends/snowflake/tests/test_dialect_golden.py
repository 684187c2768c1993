"""The SQL of each function, conversion, aggregation, window and relation, kept as files that people read.

A statement stands below its name and the pages of Snowflake's documentation that it follows. After a change that is
meant, write the files anew with ``python backends/snowflake/tests/test_dialect_golden.py``, and read the difference.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlfluff

from onefold.plan import (
    AGGREGATIONS,
    CASTS,
    FUNCTIONS,
    RANKINGS,
    AggCall,
    Aggregate,
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
    Input,
    Join,
    Limit,
    Literal,
    Measure,
    NamedExpression,
    Project,
    RankCall,
    Relation,
    Sort,
    SortKey,
    TimeBuckets,
    Union,
    Unnest,
    WhenThen,
    Window,
    WindowMeasure,
)
from onefold.sql.connection import InputLeaves
from onefold.sql.expressions import ExpressionCompiler, print_sql
from onefold.sql.relations import plan_text
from onefold.types import DataType, Field, Schema, parse_type
from onefold_snowflake.dialect import DIALECT
from onefold_snowflake.gate import check_statement
from onefold_snowflake.gate.allowed import FUNCTIONS as PAGES

FOLDER = Path(__file__).with_name("golden")
DOCS = "https://docs.snowflake.com/en/sql-reference/"
SYNTAX = {
    r"[-+*/][ \"]": "operators-arithmetic",
    r" (=|<>|<|<=|>|>=) ": "operators-comparison",
    r" (AND|OR) |NOT ": "operators-logical",
    r"\|\|": "functions/concat",
    r"\bCASE\b": "functions/case",
    r"\bCAST\(": "functions/cast",
    r"\bTRY_CAST\(": "functions/try_cast",
    r" IN \(": "functions/in",
    r" LIKE ": "functions/like",
    r" BETWEEN [^UC\d]|BETWEEN \d+ AND \d+ THEN": "functions/between",
    r" IS (NOT )?DISTINCT FROM ": "functions/is-distinct-from",
    r" IS NULL": "functions/is-null",
    r" OVER \(": "functions-window-syntax",
    r"\bINTERVAL\b": "data-types-datetime",
    r"\bGROUP BY\b": "constructs/group-by",
    r"\bJOIN\b": "constructs/join",
    r"\bLATERAL\b": "constructs/join-lateral",
    r" -> ": "functions-semistructured",
    r"\bEXISTS\b": "operators-subquery",
    r"\bWITH\b": "constructs/with",
    r"\bUNION ALL\b": "operators-query",
    r"\bLIMIT\b": "constructs/limit",
    r"\) ORDER BY |\" ORDER BY ": "constructs/order-by",
    r"\bDISTINCT \"": "sql/select",
}
"""The page about each piece of syntax."""

COMPILER = ExpressionCompiler(
    DIALECT.name, DIALECT.functions, types=DIALECT.types, casts=DIALECT.casts, engine=DIALECT.engine
)
EVENTS = Input(
    name="events",
    columns=Schema.of(
        k="string", t="timestamp[us, UTC]", day="date32", i="int64", x="float64", y="float64", b="bool",
        n="decimal128(10, 2)",
    ),
)  # fmt: skip
ROWS = Input(name="events", columns=Schema.of(k="string", t="timestamp[us, UTC]", x="float64", b="bool"))
DAYS = Input(name="events", columns=Schema.of(k="string", day="date32", i="int64", x="float64", b="bool"))
MORE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    **{key: [("float64 float64", {}), ("decimal128(10,2) decimal128(8,4)", {})] for key in ("add", "subtract")},
    "multiply": [("float64 float64", {}), ("decimal128(10,2) decimal128(8,4)", {})],
    **{key: [("float64", {}), ("decimal128(10,2)", {})] for key in ("negate", "abs", "sign")},
    "round": [
        *(("float64", {"digits": digits}) for digits in (0, 2, -2)),
        *(("int64", {"digits": digits}) for digits in (0, -2)),
        *(("decimal128(10,2)", {"digits": digits}) for digits in (1, 2)),
    ],
    "greatest": [("float64", {}), ("string string string", {})],
    "coalesce": [("int64", {})],
    "is_in": [("string string", {})],
    "substring": [("string", {"start": start, "length": length}) for start, length in ((2, -1), (-3, -1), (-3, 2))],
    "concat_ws": [("string string string", {"separator": ""}), ("string", {"separator": "--"})],
    "like": [("string", {"pattern": "it's 100!% \\"})],
    "regexp_matches": [("string", {"pattern": "^\\(a\\.b\\)$"})],
    "regexp_extract": [("string", {"pattern": "[a-z]+", "group": 0})],
    "regexp_replace": [("string", {"pattern": "(a)(b)", "replacement": "\\0-\\10"})],
    **{key: [("binary", {})] for key in ("octet_length", "md5", "sha256")},
    "date_trunc": [
        *(("date32", {"unit": unit}) for unit in ("year", "quarter", "month", "day")),
        *(("timestamp[us]", {"unit": unit}) for unit in ("week", "hour", "millisecond")),
        ("timestamp[us,UTC]", {"unit": "month"}),
    ],
    **{key: [("timestamp[us] int64", {})] for key in ("add_days", "add_months")},
    "strftime": [("date32", {"format": "%d/%m/%Y"}), ("timestamp[us,UTC]", {"format": "%Y%m%dT%H%M%SZ"})],
    "to_timestamp": [("string", {"format": "%d.%m.%Y %H:%M:%S.%f"})],
    "list_get": [("list<float64>", {"index": -1}), ("list<struct<a:date32>>", {"index": 1})],
    "list_contains": [("list<float64> float64", {})],
    "list_sort": [(f"list<{dtype}>", {"descending": True}) for dtype in ("float64", "decimal128(10,2)", "binary")],
}
"""Calls beside the example of a function."""

ELEMENTS = (
    *("int64", "float64", "bool", "string", "binary", "date32", "timestamp[us]", "timestamp[us, UTC]"),
    *("decimal128(10, 2)", "list<int64>", "struct<a: int64>"),
)
"""What lists may hold."""


def pages(sql: str) -> list[str]:
    """Return the pages of the documentation that a statement follows."""
    bare = re.sub(r"\s+", " ", re.sub(r"'(\\.|[^'\\])*'", "''", sql))
    found = {PAGES[name] for name in re.findall(r"\b([A-Z_0-9]+)\(", bare) if name in PAGES}
    return sorted(found | {DOCS + page for pattern, page in SYNTAX.items() if re.search(pattern, bare)})


def entry(name: str, sql: str) -> str:
    """Return how a statement stands in its file."""
    return "\n".join([f"-- {name}", *(f"-- {page}" for page in pages(sql)), f"{sql};\n"])


def expression(value: Expression, *dtypes: DataType) -> str:
    """Return an expression over columns a, b, … as a statement."""
    schema = Schema(Field(chr(97 + index), dtype) for index, dtype in enumerate(dtypes))
    return f'SELECT {print_sql(COMPILER.compile(value, schema), DIALECT.name)} FROM "t"'


def statement(plan: Relation) -> str:
    """Return the statement of a plan."""
    return plan_text(plan, DIALECT, InputLeaves(lambda name: name), pretty=True)


def call(function: str, dtypes: str, options: dict[str, Any]) -> str:
    """Return the entry of a function's call."""
    parsed = [parse_type(text) for text in dtypes.split()]
    args = tuple(Column(name=chr(97 + index)) for index in range(len(parsed)))
    shown = ", ".join([*map(str, parsed), *(f"{key}={value!r}" for key, value in options.items())])
    value = Call(function=function, args=args, options=options)
    return entry(f"{function}({shown})", expression(value, *parsed))


def functions(family: str) -> Iterator[str]:
    """Yield the entries of a family of functions."""
    for name in DIALECT.functions:
        example = FUNCTIONS[name].example
        if FUNCTIONS[name].family == family:
            yield call(name, " ".join(text.replace(" ", "") for text, _ in example.args), dict(example.options))
            yield from (call(name, dtypes, options) for dtypes, options in MORE.get(name, []))


def casts() -> Iterator[str]:
    """Yield the entries of all conversions."""
    for source, target in DIALECT.casts:
        given, wanted = (
            [parse_type(text) for text in ("decimal128(10, 2)", "decimal128(8, 1)")][index]
            if kind == "decimal"
            else parse_type(kind)
            for index, kind in enumerate((source, target))
        )
        texts = {
            on_failure: expression(Cast(arg=Column(name="a"), to=wanted, on_failure=on_failure), given)
            for on_failure in ("error", "null")
        }
        for on_failure, text in texts.items():
            if on_failure == "error" or text != texts["error"]:
                yield entry(f"{given} to {wanted}, on failure {on_failure}", text)


def literals() -> Iterator[str]:
    """Yield the entries of constants of all types."""
    at = dt.datetime.fromisoformat("2024-02-29T12:30:00.000001")
    for value in (
        *(True, 1, -(2**63), 0.1, -1e300, float("inf"), float("nan"), "it's \\ 1\n", b"\x00\xff", dt.date(1, 1, 1)),
        *(at, at.replace(tzinfo=dt.UTC), Decimal("-1.50"), [0.1, None], ["it's"]),
    ):
        literal = Literal.of(value)
        yield entry(str(literal.dtype), expression(literal))
    yield entry("null", expression(Literal.of(None, parse_type("string"))))
    branch = WhenThen(when=Column(name="a"), then=Literal.of(1))
    yield entry("case", expression(Case(branches=(branch,), otherwise=Literal.of(2)), parse_type("bool")))


def agg(function: str, **rest: Any) -> AggCall:
    """Return an aggregation over the columns that fit it."""
    columns = {"any": "b", "all": "b", "covar_samp": "xy", "covar_pop": "xy", "corr": "xy"}
    known = AGGREGATIONS[function]
    options = {"half_life": 3_600_000_000} if "decayed" in function else dict(known.example.options)
    options |= rest.pop("options", {})
    order = (SortKey(column="t"),) if known.order_sensitive or "decayed" in function else ()
    args = tuple(Column(name=name) for name in rest.pop("over", columns.get(function, "x")))
    return AggCall(function=function, args=args, options=options, order=order, **rest)


def grouped(*calls: AggCall) -> Relation:
    """Return aggregations by key."""
    measures = tuple(Measure(name=f"m{index}", call=call) for index, call in enumerate(calls))
    return Aggregate(input=EVENTS, by=("k",), measures=measures)


def aggregations(family: str) -> Iterator[str]:
    """Yield the entries of a family of aggregations."""
    for name in DIALECT.aggregations:
        if AGGREGATIONS[name].family != family:
            continue
        yield entry(name, statement(grouped(agg(name))))
        for over in {"sum": "in", "mean": "in", "count": ("",)}.get(name, ()):
            yield entry(f"{name} of {over or 'rows'}", statement(grouped(agg(name, over=over))))
        yield entry(f"{name} where", statement(grouped(agg(name, where=Column(name="b")))))
        if "nulls" in AGGREGATIONS[name].options:
            yield entry(f"{name} with nulls", statement(grouped(agg(name, options={"nulls": "keep"}))))


def windowed(function: str, key: str, frame: Frame | None, **rest: Any) -> Relation:
    """Return an aggregation over frames."""
    measure = WindowMeasure(name="m", call=agg(function, **rest), frame=frame)
    rows = ROWS if key == "t" else DAYS
    return Window(input=rows, partition_by=("k",), order_by=(SortKey(column=key),), measures=(measure,))


def windows() -> Iterator[str]:
    """Yield the entries of frames, and of functions over them."""
    hour = 3_600_000_000
    for unit, key, start, end in (
        *(("rows", "t", *ends) for ends in ((None, 0), (None, None), (-9, 0), (-1000, -1), (0, None), (1, 1000))),
        *(("range", "t", *ends) for ends in ((None, 0), (-hour, -1), (-hour, hour), (0, 0))),
        *(("range", "day", -6, 0), ("range", "i", -(2**62), 5)),
    ):
        frame = Frame(unit=unit, start=start, end=end)
        yield entry(f"sum over {unit} of {key} from {start} to {end}", statement(windowed("sum", key, frame)))
    for name in sorted(DIALECT.framed):
        frame = Frame(unit="range", start=-hour, end=0)
        yield entry(f"{name} over a range", statement(windowed(name, "t", frame, where=Column(name="b"))))
    yield entry("count of rows", statement(windowed("count", "t", Frame(unit="range", start=-hour, end=0), over="")))
    for name in RANKINGS:
        measure = WindowMeasure(
            name="m",
            call=RankCall(
                function=name,  # type: ignore[arg-type]
                arg=Column(name="x") if name in ("lag", "lead") else None,
            ),
        )
        order = (SortKey(column="t", descending=True, nulls="first"),)
        yield entry(name, statement(Window(input=ROWS, partition_by=("k",), order_by=order, measures=(measure,))))


def relations() -> Iterator[str]:
    """Yield the entries of relations."""
    late = Call(function="gt", args=(Column(name="i"), Literal.of(0)))
    kept = Filter(input=EVENTS, predicate=late)
    twice = Call(function="add", args=(Column(name="x"), Column(name="x")))
    columns = (NamedExpression(name="k", expression=Column(name="k")), NamedExpression(name="z", expression=twice))
    other = Input(name="other", columns=Schema.of(key="string", z="int64"))
    keys = (SortKey(column="t", descending=True, nulls="last"), SortKey(column="k", nulls="first"))
    yield entry("filter", statement(kept))
    yield entry("project", statement(Project(input=kept, columns=columns)))
    yield entry("sort", statement(Sort(input=EVENTS, keys=keys)))
    yield entry("limit", statement(Limit(input=Sort(input=EVENTS, keys=keys), count=5, offset=2)))
    yield entry("limit of all but some", statement(Limit(input=EVENTS, count=2**63 - 1, offset=2)))
    yield entry("distinct", statement(Distinct(input=EVENTS)))
    yield entry("deduplicate", statement(Deduplicate(input=EVENTS, by=("k",), order=keys[:1], keep="last")))
    yield entry("union", statement(Union(relations=(EVENTS, kept))))
    for how in ("inner", "left", "full", "semi", "anti", "cross"):
        on = () if how == "cross" else ("k",), () if how == "cross" else ("key",)
        yield entry(f"{how} join", statement(Join(left=EVENTS, right=other, how=how, left_on=on[0], right_on=on[1])))
    tiles = TimeBuckets(
        events=EVENTS,
        by=("k",),
        order=EventOrder(time="t"),
        every=86_400_000_000,
        measures=(Measure(name="total", call=agg("sum")), Measure(name="rows", call=agg("count"))),
    )
    yield entry("time buckets", statement(tiles))
    yield entry("by a secondary key", statement(grouped(agg("sum", by=Column(name="i")))))
    for dtype in ELEMENTS:
        lists = Input(name="lists", columns=Schema.of(k="string", v=f"list<{dtype}>"))
        yield entry(f"unnest list<{dtype}>", statement(Unnest(input=lists, column="v")))


FILES = {
    **{
        f"functions_{family}": functions(family)
        for family in dict.fromkeys(FUNCTIONS[name].family for name in DIALECT.functions)
    },
    "casts": casts(),
    "literals": literals(),
    **{
        f"aggregations_{family}": aggregations(family)
        for family in dict.fromkeys(AGGREGATIONS[name].family for name in DIALECT.aggregations)
    },
    "windows": windows(),
    "relations": relations(),
}
TEXTS = {name: "\n".join(entries) for name, entries in FILES.items()}
"""The text of each file."""


def statements(text: str) -> list[str]:
    """Return the statements of a file."""
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [sql for sql in bare.split(";\n") if sql.strip()]


@pytest.mark.parametrize("name", TEXTS)
def test_the_statements_are_those_that_were_read(name: str) -> None:
    assert (FOLDER / f"{name}.sql").read_text(encoding="utf-8") == TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_the_gate_lets_them_through(name: str) -> None:
    for sql in statements(TEXTS[name]):
        check_statement(sql)


@pytest.mark.parametrize("name", TEXTS)
def test_an_independent_grammar_of_snowflake_reads_them(name: str) -> None:
    # It does not know that TIMESTAMPNTZ, another name of the type, may have a precision as well.
    sqlfluff.parse(TEXTS[name].replace("TIMESTAMPNTZ(6)", "TIMESTAMP_NTZ(6)"), dialect="snowflake")


def test_each_statement_names_the_page_that_it_follows() -> None:
    for text in TEXTS.values():
        for block in text.split("\n\n"):
            trivial = re.search(r"SELECT ('.*'|TRUE|\"a\") FROM", block, re.DOTALL)
            assert f"-- {DOCS}" in block or trivial, block


def test_there_is_no_file_too_many() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(TEXTS)


def test_every_conversion_is_written() -> None:
    assert set(DIALECT.casts) == {("decimal", "decimal")} | {
        (source, target) for source, targets in CASTS.items() for target in targets
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in TEXTS.items():
        (FOLDER / f"{name}.sql").write_text(text, encoding="utf-8")
