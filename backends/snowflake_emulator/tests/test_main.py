"""The server as a program of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection


def _one(connection: SnowflakeConnection, text: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text, *arguments)
        return cursor.fetchone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_how_to_connect_and_runs_until_it_is_told_to_stop(number: int) -> None:
    command = [sys.executable, "-m", "onefold_snowflake_emulator", "--database", "OTHER", "--chunk-rows", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        options: dict[str, Any] = json.loads(process.stdout.readline())
        with snowflake.connector.connect(**options) as connection:
            row = _one(connection, "SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()")
            cursor = connection.cursor()
            cursor.execute("SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 5))")
            chunks = [batch.num_rows for batch in cursor.fetch_arrow_batches()]
        process.send_signal(number)
        assert process.wait(20) == 0
    assert row == ("OTHER", "S1")
    assert chunks == [2, 2, 1]
