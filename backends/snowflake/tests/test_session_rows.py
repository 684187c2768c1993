"""Rows in and out: types, chunks of different widths, nulls, nothing, streams, tables that are left behind."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from onefold.errors import EngineError
from onefold.plan import AggCall, Aggregate, Call, Column, Filter, Input, Join, Literal, Measure, Sort, SortKey
from onefold.types import Schema, schema_to_arrow
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake_emulator import Emulator

SCHEMA = Schema.of(
    i="int64",
    x="float64",
    b="bool",
    s="string",
    y="binary",
    d="date32",
    w="timestamp[us]",
    t="timestamp[us, UTC]",
    m="decimal128(38, 10)",
    z="decimal128(3, 0)",
)
ROWS = Input(name="rows", columns=SCHEMA)
UTC = dt.UTC
VALUES: list[tuple[Any, ...]] = [
    (
        1,
        0.1,
        True,
        'it\'s a \\ "text"\nwith % and $1 and ;--',
        b"\x00'\xff",
        dt.date(1, 1, 1),
        dt.datetime.fromisoformat("0001-01-01"),
        dt.datetime(1, 1, 1, tzinfo=UTC),
        decimal.Decimal("1234567890123456789012345678.0123456789"),
        decimal.Decimal(999),
    ),
    (None,) * 10,
    (
        2**63 - 1,
        math.inf,
        False,
        "",
        b"",
        dt.date(9999, 12, 31),
        dt.datetime.fromisoformat("9999-12-31T23:59:59.999999"),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        decimal.Decimal("-0.0000000001"),
        decimal.Decimal(-1),
    ),
    (
        -(2**63),
        -5e-324,
        None,
        "snow ☃ 𝄞",
        b"x" * 100,
        dt.date(1969, 12, 31),
        dt.datetime.fromisoformat("1969-12-31T23:59:59.999999"),
        dt.datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
        decimal.Decimal(0),
        None,
    ),
]


def table(rows: list[tuple[Any, ...]], schema: Schema = SCHEMA) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrow = schema_to_arrow(schema)
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, arrow, strict=True)], schema=arrow)


def in_order(rows: pa.Table) -> list[dict[str, Any]]:
    return sorted(rows.to_pylist(), key=repr)


@pytest.fixture(params=[1, 3, None])
def chunked(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(chunk_rows=request.param) as server:
        yield server


@pytest.mark.parametrize("inline_limit", [0, 65_536])
def test_all_types_come_back_as_they_went(chunked: Emulator, inline_limit: int) -> None:
    with SnowflakeBackend().open({**chunked.connection, "inline_limit": inline_limit}) as session:
        for rows in (VALUES, VALUES[1:2], []):
            given = table(rows)
            result = session.execute(ROWS, {"rows": given}).read_all()
            assert result.schema == given.schema
            assert in_order(result) == in_order(given)


def test_chunks_of_different_widths_become_one_type(chunked: Emulator) -> None:
    """Snowflake sends 1 as 8 bits, and decimals as scaled integers as long as they fit into 64 bits."""
    schema = Schema.of(n="int64", m="decimal128(38, 2)")
    values = [1, 2**20, 2**40, -(2**62), None, 3]
    given = table(
        [(n, None if n is None else decimal.Decimal(n) * 2**40 + decimal.Decimal("0.25")) for n in values], schema
    )
    plan = Sort(input=Input(name="rows", columns=schema), keys=(SortKey(column="n"),))
    with SnowflakeBackend().open(chunked.connection) as session:
        result = session.execute(plan, {"rows": given}).read_all()
    assert result.schema == given.schema
    assert in_order(result) == in_order(given)
    assert result["n"].to_pylist() == [-(2**62), 1, 3, 2**20, 2**40, None]


def test_times_that_are_null_stay_null(chunked: Emulator) -> None:
    schema = Schema.of(t="timestamp[us, UTC]", w="timestamp[us]", d="date32")
    given = table(
        [(None, None, None), (dt.datetime(2024, 1, 1, tzinfo=UTC), dt.datetime.fromisoformat("2024-01-01"), None)],
        schema,
    )
    with SnowflakeBackend().open(chunked.connection) as session:
        result = session.execute(Input(name="rows", columns=schema), {"rows": given}).read_all()
    assert in_order(result) == in_order(given)


LISTS = Schema.of(
    k="int64",
    x="list<float64>",
    t="list<timestamp[us, UTC]>",
    m="list<decimal128(38, 10)>",
    y="list<binary>",
    s="struct<a: string, b: list<struct<c: int64>>>",
)
NESTED: list[tuple[Any, ...]] = [
    (
        1,
        [0.1, math.inf, -5e-324, None, 1.7976931348623157e308],
        [dt.datetime(1, 1, 1, 0, 0, 0, 1, UTC), None],
        [decimal.Decimal("1234567890123456789012345678.0123456789")],
        [b"", b"\x00'\xff"],
        {"a": 'it\'s a \\ "text"\n', "b": [{"c": 2**63 - 1}, {"c": None}, None]},
    ),
    (2, [], [], [], [], {"a": None, "b": []}),
    (3, None, None, None, None, None),
    (4, [None], [None], [None], [None], {"a": "", "b": None}),
]


@pytest.mark.parametrize("inline_limit", [0, 65_536])
def test_lists_and_structs_come_back_as_they_went(chunked: Emulator, inline_limit: int) -> None:
    leaf = Input(name="rows", columns=LISTS)
    with SnowflakeBackend().open({**chunked.connection, "inline_limit": inline_limit}) as session:
        for rows in (NESTED, NESTED[2:3], []):
            given = table(rows, LISTS)
            result = session.execute(leaf, {"rows": given}).read_all()
            assert result.schema == given.schema
            assert in_order(result) == in_order(given)


def test_a_float_passes_through_a_list_unchanged(opened: Callable[..., Any]) -> None:
    """It is written as text by Snowflake, and compared as the number that it is."""
    schema = Schema.of(k="int64", x="float64")
    values = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, math.nan, -math.inf, 0.0]
    collected = AggCall(function="min_n", args=(Column(name="x"),), options={"n": 10})
    lists = Aggregate(input=Input(name="rows", columns=schema), measures=(Measure(name="v", call=collected),))
    given = table([(number, value) for number, value in enumerate(values)], schema)
    ((row,)) = opened().execute(lists, {"rows": given}).read_all().to_pylist()
    assert repr(row["v"]) == repr([-math.inf, 0.0, 5e-324, 0.1, 1 / 3, 1.7976931348623157e308, math.nan])


def test_no_rows_have_the_declared_types(opened: Callable[..., Any]) -> None:
    nothing = Filter(input=ROWS, predicate=Call(function="gt", args=(Column(name="i"), Literal.of(2**62 + 2**61))))
    result = opened().execute(nothing, {"rows": table(VALUES[:2])}).read_all()
    assert result.num_rows == 0
    assert result.schema == schema_to_arrow(SCHEMA)


@pytest.mark.parametrize("rows", [3, 3_000, 200_000])
def test_a_stream_can_be_read_twice_by_one_query(opened: Callable[..., Any], rows: int) -> None:
    schema = Schema.of(k="int64")
    given = pa.table({"k": pa.array(range(rows), pa.int64())}, schema=schema_to_arrow(schema))
    leaf = Input(name="rows", columns=schema)
    joined = Join(left=leaf, right=leaf, how="semi", left_on=("k",), right_on=("k",))
    counted = Aggregate(input=joined, measures=(Measure(name="n", call=AggCall(function="count")),))
    stream = pa.RecordBatchReader.from_batches(given.schema, given.to_batches(max_chunksize=max(1, rows // 7)))
    assert opened().execute(counted, {"rows": stream}).read_all().to_pylist() == [{"n": rows}]


def test_small_inputs_need_one_statement_and_large_ones_leave_nothing(
    server: Emulator, opened: Callable[..., Any], run: Callable[[str], list[Any]]
) -> None:
    session = opened()
    server.statements.clear()
    session.execute(ROWS, {"rows": table(VALUES)}).read_all()
    assert len(server.statements) == 1
    schema = Schema.of(k="int64", s="string")
    large = table([(number, "x" * 20) for number in range(10_000)], schema)
    server.statements.clear()
    result = session.execute(Input(name="rows", columns=schema), {"rows": large}).read_all()
    assert in_order(result) == in_order(large)
    kinds = [statement.text.split("(")[0].split("'")[0].split('"')[0].strip() for statement in server.statements]
    made = {kind.split(" @")[0].split(" ONEFOLD")[0] for kind in kinds}
    assert made == {
        "CREATE TEMPORARY TABLE", "CREATE TEMPORARY STAGE", "PUT", "COPY INTO", "SELECT", "DROP TABLE IF EXISTS",
    }  # fmt: skip
    assert run("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'S1'") == []


def test_a_failed_load_leaves_nothing(server: Emulator, opened: Callable[..., Any]) -> None:
    """The stream fails after its third batch; what was loaded until then is dropped, and the session goes on."""
    schema = Schema.of(k="int64")

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(3):
            yield pa.record_batch({"k": pa.array(range(100_000), pa.int64())})
        raise OSError("the disk is gone")

    session = opened(inline_limit=0)
    leaf = Input(name="rows", columns=schema)
    stream = pa.RecordBatchReader.from_batches(schema_to_arrow(schema), batches())
    with pytest.raises(EngineError, match="the disk is gone"):
        session.execute(leaf, {"rows": stream})
    texts = [statement.text for statement in server.statements]
    assert any(text.startswith("DROP TABLE IF EXISTS") for text in texts)
    assert any(text.startswith("REMOVE @ONEFOLD") for text in texts)
    assert session.execute(leaf, {"rows": table([(1,)], schema)}).read_all().to_pylist() == [{"k": 1}]


def test_the_result_that_is_not_read_to_its_end_frees_the_connection(
    server: Emulator, opened: Callable[..., Any]
) -> None:
    session = opened()
    for _ in range(3):
        reader = session.execute(ROWS, {"rows": table(VALUES)})
        next(iter(reader))
        del reader
    assert len({statement.session for statement in server.statements}) == 1
