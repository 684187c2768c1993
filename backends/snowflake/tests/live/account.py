"""A schema of its own on the account that a profile names, and what kind of server that is."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import snowflake.connector
from backends.snowflake.tests.live.results import Server
from snowflake.connector import SnowflakeConnection

__all__ = ["Account", "own_schema"]

DOMAINS = (".snowflakecomputing.com", ".snowflakecomputing.cn")


@dataclass(frozen=True, slots=True)
class Account:
    """Where live tests run.

    Args:
        connection: The profile in connections.toml.
        schema: The schema that they have for themselves.
        server: Whether it is Snowflake.
        version: The version of the server.
    """

    connection: str
    schema: str
    server: Server
    version: str


@contextlib.contextmanager
def own_schema(connection: str) -> Iterator[Account]:
    """Make a schema in the database of a profile, and drop it at the end, however that comes."""
    made = f"ONEFOLD_LIVE_{dt.datetime.now(dt.UTC):%Y%m%d_%H%M%S}_{secrets.token_hex(4).upper()}"
    with snowflake.connector.connect(connection_name=connection, client_session_keep_alive=True) as opened:
        (version,), *_ = _rows(opened, "SELECT CURRENT_VERSION()")
        _rows(
            opened,
            f"CREATE TRANSIENT SCHEMA {made} DATA_RETENTION_TIME_IN_DAYS = 0 COMMENT = 'tests of onefold; may go'",
        )
        try:
            yield Account(connection, made, _server(opened), str(version))
        finally:
            _rows(opened, f"DROP SCHEMA IF EXISTS {made} CASCADE")


def _server(connection: SnowflakeConnection) -> Server:
    """Return what answers: whatever is not under a domain of Snowflake's is taken for an emulator."""
    return "snowflake" if connection.host.lower().endswith(DOMAINS) else "emulator"


def _rows(connection: SnowflakeConnection, text: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())
