"""Large results: they pass through the disk, and neither the server nor the client holds them in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector.errors import DatabaseError

from onefold_snowflake_emulator import Emulator

ROWS = 5_000_000

SCRIPT = f"""
import json, resource, sys, threading, time
import snowflake.connector
from onefold_snowflake_emulator import Emulator

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

peak, running = 0, True
def watch():
    global peak
    while running:
        peak = max(peak, resident())
        time.sleep(0.005)

with Emulator() as server:
    connection = snowflake.connector.connect(**server.connection)
    cursor = connection.cursor()
    text = "SELECT SEQ8()::NUMBER(18,0) AS id, (SEQ8() * 0.5)::FLOAT AS x, SHA2(SEQ8()::VARCHAR) AS s "
    text += "FROM TABLE(GENERATOR(ROWCOUNT => {{}}))"
    cursor.execute(text.format(200_000))
    list(cursor.fetch_arrow_batches())
    before = resident()
    watcher = threading.Thread(target=watch)
    watcher.start()
    cursor.execute(text.format({ROWS}))
    rows, largest = 0, 0
    for batch in cursor.fetch_arrow_batches():
        rows, largest = rows + batch.num_rows, max(largest, batch.nbytes)
    running = False
    watcher.join()
    record = server.statements[-1]
    connection.close()
print(json.dumps({{"rows": rows, "grown": peak - before, "sent": record.bytes, "largest": largest}}))
"""


def test_memory_is_bounded_by_a_few_chunks() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=120)
    measured: dict[str, Any] = json.loads(done.stdout)
    assert measured["rows"] == ROWS
    assert measured["sent"] > 400_000_000
    # Server and client are one process here: each has a few chunks of 8 MB, and DuckDB its own buffers. Ten million
    # rows need no more than five million.
    assert measured["grown"] < 250_000_000
    assert measured["largest"] < 32 << 20


def test_chunks_are_files_that_go_with_the_session_and_the_server() -> None:
    with Emulator(chunk_rows=10) as server:
        assert server._folder is not None
        folder = Path(server._folder.name)
        with snowflake.connector.connect(**server.connection) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 95))")
            assert len(list((folder / "chunks").iterdir())) == 1
            assert [batch.num_rows for batch in cursor.fetch_arrow_batches()] == [10] * 9 + [5]
        assert list((folder / "chunks").iterdir()) == []
    assert not folder.exists()


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 / (SEQ8() - 900000)", 100051),
        ("SEQ8()::NUMBER(5,0)", 100046),
        ("IFF(SEQ8() > 900000, 'x', '1')::INT", 100038),
    ],
)
def test_a_value_far_down_a_result_fails_as_one_at_its_top(expression: str, code: int) -> None:
    with Emulator() as server, snowflake.connector.connect(**server.connection) as connection:
        with pytest.raises(DatabaseError) as raised:
            connection.cursor().execute(f"SELECT {expression} FROM TABLE(GENERATOR(ROWCOUNT => 1000000))")
        assert raised.value.errno == code
        assert connection.cursor().execute("SELECT 1") is not None


def test_answers_of_long_ago_are_forgotten_and_their_chunks_are_not() -> None:
    with Emulator(chunk_rows=1) as server, snowflake.connector.connect(**server.connection) as connection:
        first = connection.cursor()
        first.execute("SELECT n FROM (VALUES (1), (2), (3)) v (n) ORDER BY n")
        batches = first.get_result_batches()
        for number in range(110):
            connection.cursor().execute(f"SELECT {number}")
        assert server._state is not None
        assert len(server._state.executor._executions) == 100
        assert batches is not None
        assert [list(batch) for batch in batches] == [[(1,)], [(2,)], [(3,)]]
