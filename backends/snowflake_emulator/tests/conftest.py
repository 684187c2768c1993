"""One emulator per module, and connections that are closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector import SnowflakeConnection

from onefold_snowflake_emulator import Emulator

Run = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session", autouse=True)
def _no_detection() -> Iterator[None]:
    """Keep the connector from asking the network, at every login, which cloud it runs in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with Emulator(database="DB1", schema="S1", chunk_rows=3) as running:
        yield running


@pytest.fixture
def connection(server: Emulator) -> Iterator[SnowflakeConnection]:
    opened = snowflake.connector.connect(**server.connection)
    yield opened
    opened.close()


@pytest.fixture
def run(connection: SnowflakeConnection) -> Run:
    """Run a statement and return its rows."""

    def run_(text: str, *arguments: Any, **options: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            return list(cursor.execute(text, *arguments, **options).fetchall())

    return run_
