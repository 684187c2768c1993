"""What goes over the wire: types, widths, chunks, NULLs, and answers that are no rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection
from snowflake.connector.errors import NotSupportedError

from onefold_snowflake_emulator import Emulator
from onefold_snowflake_emulator.results.answers import slices
from onefold_snowflake_emulator.results.columns import Column
from onefold_snowflake_emulator.results.wire import encode


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


def _all(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchall()


def _encoded(values: list[object], kind: pa.DataType, column: Column) -> pa.Array:
    table = encode(pa.table({"x": pa.array(values, kind)}), [column], indent=0)
    return table.column(0).combine_chunks()


@pytest.mark.parametrize(
    ("largest", "width"),
    [
        (127, pa.int8()),
        (128, pa.int16()),
        (32767, pa.int16()),
        (32768, pa.int32()),
        (2**31 - 1, pa.int32()),
        (2**31, pa.int64()),
        (2**63 - 1, pa.int64()),
        (2**63, pa.decimal128(38, 0)),
    ],
)
def test_integers_have_the_narrowest_width_of_their_chunk(largest: int, width: pa.DataType) -> None:
    for value in (largest, -largest - 1):
        sent = _encoded([None, Decimal(value)], pa.decimal128(38, 0), Column("x", "fixed", 38, 0))
        assert sent.type == width
        assert sent.to_pylist() == [None, value]


def test_the_smallest_of_each_width_fits() -> None:
    for bits, width in ((7, pa.int8()), (15, pa.int16()), (31, pa.int32()), (63, pa.int64())):
        sent = _encoded([Decimal(-(2**bits))], pa.decimal128(38, 0), Column("x", "fixed", 38, 0))
        assert (sent.type, sent.to_pylist()) == (width, [-(2**bits)])


def test_decimals_are_scaled_integers() -> None:
    column = Column("x", "fixed", 10, 2)
    sent = _encoded([Decimal("1.25"), None, Decimal("-0.01")], pa.decimal128(10, 2), column)
    assert (sent.type, sent.to_pylist()) == (pa.int8(), [125, None, -1])


def test_slices_of_columns_are_encoded_by_their_own_values() -> None:
    whole = pa.array([Decimal(10**20), Decimal(5), None, Decimal(-6)], pa.decimal128(38, 0))
    sent = encode(pa.table({"x": whole}).slice(1, 3), [Column("x", "fixed", 38, 0)], indent=0).column(0)
    assert (sent.type, sent.to_pylist()) == (pa.int8(), [5, None, -6])


def test_timestamps_before_1970_and_null_ones() -> None:
    before = dt.datetime.fromisoformat("1969-12-31 23:59:59.999999")
    struct = _encoded([before, None], pa.timestamp("us"), Column("x", "timestamp_ntz", 0, 9))
    assert struct.to_pylist() == [{"epoch": -1, "fraction": 999_999_000}, None]
    plain = _encoded([before, None], pa.timestamp("us"), Column("x", "timestamp_ntz", 0, 6))
    assert (plain.type, plain.to_pylist()) == (pa.int64(), [-1, None])
    coarse = _encoded([before, None], pa.timestamp("us"), Column("x", "timestamp_ntz", 0, 3))
    assert coarse.to_pylist() == [-1, None]


def test_slices_are_of_the_asked_length_whatever_the_batches() -> None:
    batches = [pa.record_batch({"x": list(range(start, stop))}) for start, stop in ((0, 5), (5, 5), (5, 6), (6, 13))]
    assert [each.column(0).to_pylist() for each in slices(iter(batches), 2, 4)] == [
        [0, 1],
        [2, 3, 4, 5],
        [6, 7, 8, 9],
        [10, 11, 12],
    ]


@pytest.fixture(scope="module", params=[1, 3, None])
def chunked(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(chunk_rows=request.param) as running:
        yield running


@pytest.fixture
def connection(chunked: Emulator) -> Iterator[SnowflakeConnection]:
    with snowflake.connector.connect(**chunked.connection) as opened:
        yield opened


VALUES = """
SELECT * FROM (VALUES
  (1, 1::NUMBER(38,0), 1.25::NUMBER(10,2), 0.5::FLOAT, TRUE, 'a', '2020-02-29'::DATE, '10:11:12.123456'::TIME(6),
   '2020-01-01 00:00:00.000001'::TIMESTAMP_NTZ, TO_BINARY('00FF'), PARSE_JSON('{"k": [1, null]}')),
  (2, 12345678901234567890, -9.99, 'NaN'::FLOAT, FALSE, '', '0001-01-01', '00:00:00', '9999-12-31 23:59:59.999999',
   TO_BINARY(''), PARSE_JSON('null')),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, -40000, 0.01, 'inf'::FLOAT, NULL, 'é', '9999-12-31', '23:59:59.999999', '1900-01-01', NULL, NULL)
) v (id, n, d, f, b, s, day, t, ts, bin, v) ORDER BY id
"""


def test_every_type_arrives(connection: SnowflakeConnection) -> None:
    rows = _all(connection, VALUES)
    assert rows[0] == (
        1,
        1,
        Decimal("1.25"),
        0.5,
        True,
        "a",
        dt.date(2020, 2, 29),
        dt.time(10, 11, 12, 123456),
        dt.datetime.fromisoformat("2020-01-01 00:00:00.000001"),
        b"\x00\xff",
        '{\n  "k": [\n    1,\n    null\n  ]\n}',
    )
    assert rows[1][1:3] == (12345678901234567890, Decimal("-9.99"))
    assert math.isnan(rows[1][3])
    assert rows[1][6:] == (
        dt.date(1, 1, 1),
        dt.time(0, 0),
        dt.datetime.fromisoformat("9999-12-31 23:59:59.999999"),
        b"",
        "null",
    )
    assert rows[2] == (3, *[None] * 10)
    assert rows[3][3] == math.inf
    assert rows[3][5] == "é"
    assert rows[3][8] == dt.datetime.fromisoformat("1900-01-01")


def test_widths_differ_between_chunks(chunked: Emulator, connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT n::NUMBER(38,0) AS n FROM (VALUES (1), (300), (70000), (5000000000)) v (n) ORDER BY n")
    types = [batch.schema.field("N").type for batch in cursor.fetch_arrow_batches()]
    expected = {
        1: [pa.int8(), pa.int16(), pa.int32(), pa.int64()],
        3: [pa.int32(), pa.int64()],
        None: [pa.int64()],
    }
    assert types == expected[chunked._chunk_rows]


def test_an_empty_result_has_columns_and_no_batch(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM ({VALUES}) WHERE id > 9")
    assert [each.name for each in cursor.description] == ["ID", "N", "D", "F", "B", "S", "DAY", "T", "TS", "BIN", "V"]
    assert list(cursor.fetch_arrow_batches()) == []
    assert cursor.fetchall() == []


def test_the_description_says_type_precision_and_scale(connection: SnowflakeConnection) -> None:
    text = (
        "SELECT 1::NUMBER(38,0) a, 1::NUMBER(10,2) b, 1::FLOAT c, 'x' d, CURRENT_DATE() e, "
        "'2020-01-01'::TIMESTAMP_NTZ(6) f, '2020-01-01'::TIMESTAMP_NTZ g, TRUE h, COUNT(*) i, "
        "'2020-01-01'::TIMESTAMP_LTZ(3) j, '2020-01-01'::TIMESTAMP_TZ k, '10:00'::TIME(0) l"
    )
    cursor = connection.cursor()
    described = [(each.name, each.type_code, each.precision, each.scale) for each in cursor.describe(text)]
    assert described == [
        ("A", 0, 38, 0),
        ("B", 0, 10, 2),
        ("C", 1, None, None),
        ("D", 2, None, None),
        ("E", 3, None, None),
        ("F", 8, 0, 6),
        ("G", 8, 0, 9),
        ("H", 13, None, None),
        ("I", 0, 18, 0),
        ("J", 6, 0, 3),
        ("K", 7, 0, 9),
        ("L", 12, 0, 0),
    ]
    cursor.execute(text)
    assert [(each.name, each.type_code, each.precision, each.scale) for each in cursor.description] == described


def test_describing_runs_nothing(connection: SnowflakeConnection, chunked: Emulator) -> None:
    described = connection.cursor().describe("SELECT 1/0 AS x")
    assert [each.name for each in described] == ["X"]
    assert chunked.statements[-1].describe_only
    assert chunked.statements[-1].rows == 0


def test_changes_and_definitions_answer_json(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute("CREATE OR REPLACE TABLE changed (a INT)")
    with pytest.raises(NotSupportedError):
        cursor.fetch_arrow_all()
    cursor.execute("INSERT INTO changed VALUES (1), (2), (3)")
    assert (cursor.rowcount, cursor.fetchall()) == (3, [(3,)])
    cursor.execute("UPDATE changed SET a = 5 WHERE a > 1")
    assert (cursor.rowcount, cursor.fetchall()) == (2, [(2, 0)])
    cursor.execute("DELETE FROM changed WHERE a = 1")
    assert (cursor.rowcount, cursor.fetchall()) == (1, [(1,)])


def test_the_log_counts_rows_and_bytes(connection: SnowflakeConnection, chunked: Emulator) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT 'x' FROM TABLE(GENERATOR(ROWCOUNT => 10))", _statement_params={"QUERY_TAG": "mine"})
    assert len(cursor.fetchall()) == 10
    record = chunked.statements[-1]
    assert (record.text, record.rows, record.error) == ("SELECT 'x' FROM TABLE(GENERATOR(ROWCOUNT => 10))", 10, None)
    assert record.parameters["QUERY_TAG"] == "mine"
    assert record.bytes > 10
    assert record.seconds is not None
    assert record.query_id == cursor.sfqid


def test_variants_are_indented_as_the_session_says(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute("ALTER SESSION SET JSON_INDENT = 0")
    assert _one(connection, """SELECT PARSE_JSON('{"a": [1, 2]}')""") == ('{"a":[1,2]}',)
    assert _one(connection, "SELECT ARRAY_CONSTRUCT(1, 2)") == ("[1,2]",)


def test_batches_can_be_fetched_in_any_order_and_again(connection: SnowflakeConnection) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT n FROM (VALUES (1), (2), (3), (4), (5), (6), (7)) v (n) ORDER BY n")
    batches = cursor.get_result_batches()
    assert batches is not None
    for _ in range(2):
        rows = [tuple(row) for batch in reversed(batches) for row in batch]  # type: ignore[arg-type]
        assert sorted(rows) == [(number,) for number in range(1, 8)]
