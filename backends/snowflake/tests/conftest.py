"""An emulator for the tests of the session, and sessions on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import snowflake.connector

from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake.session import SnowflakeSession
from onefold_snowflake_emulator import Emulator

Open = Callable[..., SnowflakeSession]


@pytest.fixture
def server() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def opened(server: Emulator) -> Iterator[Open]:
    """Opens sessions on the emulator; options of the test go before those of the emulator."""
    with ExitStack() as stack:

        def open_session(**options: Any) -> SnowflakeSession:
            return stack.enter_context(SnowflakeBackend().open({**server.connection, **options}))

        yield open_session


@pytest.fixture
def run(server: Emulator) -> Iterator[Callable[[str], list[Any]]]:
    """Runs a statement as somebody else, on a connection of its own."""
    connection = snowflake.connector.connect(**server.connection)
    yield lambda text: connection.cursor().execute(text).fetchall()  # type: ignore[union-attr]
    connection.close()
