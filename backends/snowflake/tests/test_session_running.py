"""Statements on their way: tags, limits, cancellation, threads, and results that do not fit into memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import snowflake.connector

from onefold.errors import Cancelled, EngineError
from onefold.plan import (
    AggCall,
    Aggregate,
    AsOfColumn,
    AsOfJoin,
    Column,
    EventOrder,
    Input,
    Join,
    Measure,
    Relation,
    Scan,
    Table,
)
from onefold.types import Schema
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake_emulator import Emulator

SCHEMA = Schema.of(k="int64")
LEAF = Input(name="rows", columns=SCHEMA)


def rows(count: int) -> pa.Table:
    return pa.table({"k": pa.array(range(count), pa.int64())})


def endless() -> Relation:
    """Return a plan that counts very many rows, one by one."""
    product: Relation = LEAF
    for number in range(4):
        product = Join(left=product, right=LEAF, how="cross", suffix=f"_{number}")
    names = [name for name in product.output.names if name != "k"]
    total = Measure(name="n", call=AggCall(function="count_distinct", args=(Column(name=names[-1]),)))
    return Aggregate(input=product, measures=(total,))


def test_every_statement_has_the_tag_and_the_limit(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened(query_tag="nightly features", timeout="1h", inline_limit=0)
    server.statements.clear()
    session.execute(LEAF, {"rows": rows(3)}).read_all()
    assert len(server.statements) > 3
    assert {statement.parameters.get("QUERY_TAG") for statement in server.statements} == {"nightly features"}
    # The connector asks for the keys of a stage once more, by a PUT of its own.
    sent = [statement for statement in server.statements if not statement.text.startswith("PUT 'file://part")]
    assert {statement.parameters.get("STATEMENT_TIMEOUT_IN_SECONDS") for statement in sent} == {3_600}


def test_the_session_chooses_the_warehouse_and_the_role(opened: Callable[..., Any]) -> None:
    for warehouse in ("SMALL_WH", "LARGE_WH"):
        with opened(warehouse=warehouse, role="ANALYST")._connected() as connection:
            assert connection.rows("SELECT CURRENT_WAREHOUSE(), CURRENT_ROLE()") == [(warehouse, "ANALYST")]


def test_cancelling_stops_the_statement_in_snowflake(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened()
    server.statements.clear()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: session.execute(endless(), {"rows": rows(300)}).read_all())
        wait_until(lambda: bool(server.statements))
        time.sleep(0.3)
        began = time.monotonic()
        session.cancel()
        with pytest.raises(Cancelled):
            running.result(timeout=20)
        assert time.monotonic() - began < 5
    wait_until(lambda: server.statements[0].seconds is not None)
    assert server.statements[0].error is not None
    assert session.execute(LEAF, {"rows": rows(2)}).read_all().num_rows == 2


def test_cancelling_while_inputs_are_loaded(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened(inline_limit=0)
    entered, leave = threading.Event(), threading.Event()

    def batches() -> Iterator[pa.RecordBatch]:
        yield from rows(10).to_batches()
        entered.set()
        leave.wait(20)
        yield from rows(10).to_batches()

    stream = pa.RecordBatchReader.from_batches(rows(0).schema, batches())
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: session.execute(LEAF, {"rows": stream}).read_all())
        assert entered.wait(20)
        session.cancel()
        leave.set()
        with pytest.raises(Cancelled):
            running.result(timeout=20)
    assert not [statement.text for statement in server.statements if statement.text.startswith("COPY")]


def test_a_statement_that_takes_too_long_is_stopped(server: Emulator, opened: Callable[..., Any]) -> None:
    session = opened(timeout="1s")
    with pytest.raises(EngineError, match=r"took longer than 1 s, which the option timeout allows"):
        session.execute(endless(), {"rows": rows(300)}).read_all()
    wait_until(lambda: server.statements[-1].seconds is not None)
    assert session.execute(LEAF, {"rows": rows(2)}).read_all().num_rows == 2


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_threads_get_their_own_results(opened: Callable[..., Any]) -> None:
    session = opened()

    def one(count: int) -> int:
        return int(session.execute(LEAF, {"rows": rows(count)}).read_all().num_rows)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(1, 41))) == list(range(1, 41))


def test_two_results_are_read_by_turns(opened: Callable[..., Any]) -> None:
    session = opened()
    readers = [session.execute(LEAF, {"rows": rows(count)}) for count in (1, 2)]
    assert [reader.read_all().num_rows for reader in reversed(readers)] == [2, 1]


def test_the_kernel_reads_two_streams_at_once(opened: Callable[..., Any]) -> None:
    schema = Schema.of(k="int64", t="timestamp[us, UTC]", v="float64")
    leaf = Input(name="events", columns=schema)
    spine = Input(name="spine", columns=Schema.of(k="int64", at="timestamp[us, UTC]"))
    plan = AsOfJoin(
        spine=spine,
        events=leaf,
        spine_keys=("k",),
        event_keys=("k",),
        spine_time="at",
        order=EventOrder(time="t"),
        columns=(AsOfColumn(name="v", column="v"),),
    )
    instants = pa.array([10, 20], pa.timestamp("us", tz="UTC"))
    events = pa.table({"k": pa.array([1, 1]), "t": instants, "v": pa.array([0.5, 1.5])})
    asked = pa.table({"k": pa.array([1, 1, 2]), "at": pa.array([15, 10, 30], pa.timestamp("us", tz="UTC"))})
    result = opened().execute(plan, {"events": events, "spine": asked}).read_all()
    assert result["v"].to_pylist() == [0.5, None, None]


ROWS = 10_000_000


def test_ten_million_rows_need_the_memory_of_a_few_chunks(tmp_path: Path) -> None:
    """240 MB of values; the emulator is another process, whose memory does not count."""
    server = subprocess.Popen(
        [sys.executable, "-m", "onefold_snowflake_emulator"], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert server.stdout is not None
    try:
        connection = json.loads(server.stdout.readline())
        with snowflake.connector.connect(**connection) as made:
            made.cursor().execute(
                "CREATE TABLE large AS SELECT SEQ8() AS n, SEQ8() * 2 AS m, SEQ8()::FLOAT / 3 AS x "
                f"FROM TABLE(GENERATOR(ROWCOUNT => {ROWS}))"
            )
        columns = Schema.of(n="int64", m="int64", x="float64")
        table = Table(name="large", format="table", paths=("large",), columns=columns, home="snowflake")
        with SnowflakeBackend().open(connection) as session:
            reader = session.execute(Scan(table=table), {})
            count, largest, first = 0, 0, resident()
            for batch in reader:
                count += batch.num_rows
                largest = max(largest, resident() - first)
        assert count == ROWS
        assert largest < 120 * 2**20
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def resident() -> int:
    """Return the bytes of memory that this process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024
