"""A session: who is logged in, where, with which parameters, temporary objects and functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb
from fakesnow.conn import FakeSnowflakeConnection

from onefold_snowflake_emulator.errors import compilation_error
from onefold_snowflake_emulator.parameters import Parameters

MACRO_SCHEMA: Final = '"_fs_global"."main"'
"""Where the functions are that rewritten statements call: in fakesnow's own database, which every session searches."""

Name = tuple[str, str, str]
"""Database, schema and name of an object."""


@dataclass(frozen=True)
class Function:
    """A function that a user made.

    Attributes:
        physical: Its name in DuckDB.
        arguments: The types of its arguments, in DuckDB.
    """

    physical: str
    arguments: Sequence[str]


@dataclass(frozen=True)
class TableFunction:
    """A table function that a user made.

    Attributes:
        physical: The name in DuckDB of the function that takes the rows of partitions.
        arguments: The types of its arguments, in DuckDB.
        columns: The names of the columns that it returns.
        by_partition: Whether it has to be called with PARTITION BY.
        forget: Drops the rows that it has taken.
    """

    physical: str
    arguments: Sequence[str]
    columns: Sequence[str]
    by_partition: bool
    forget: Callable[[], None]


@dataclass(frozen=True)
class Temporary:
    """A temporary table or view.

    Attributes:
        physical: Its name in DuckDB's schema of temporary objects.
        kind: TABLE or VIEW.
    """

    physical: str
    kind: str


@dataclass
class Session:
    """One login.

    Attributes:
        number: Its number.
        token: What the client proves itself with.
        master_token: What the client renews the token with.
        user: Who logged in.
        role: The current role.
        warehouse: The current warehouse.
        fake: fakesnow's connection, which knows the current database and schema.
        parameters: The parameters of the session.
        temporaries: Temporary tables and views.
        functions: Functions, temporary or not, that this session can call.
        in_transaction: Whether a transaction has begun that is not committed.
        expired: Whether the token must be renewed before it is accepted again.
        lock: Held while a statement runs: a DuckDB connection runs one at a time.
    """

    number: int
    token: str
    master_token: str
    user: str
    role: str
    warehouse: str
    fake: FakeSnowflakeConnection
    parameters: Parameters = field(default_factory=Parameters)
    temporaries: dict[Name, Temporary] = field(default_factory=dict)
    functions: dict[Name, Function | TableFunction] = field(default_factory=dict)
    expired: bool = False
    in_transaction: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    _made: int = 0

    @property
    def duck(self) -> duckdb.DuckDBPyConnection:
        """Return the connection of this session to DuckDB."""
        return self.fake._duck_conn

    @property
    def database(self) -> str | None:
        """Return the current database."""
        return self.fake.database

    @property
    def schema(self) -> str | None:
        """Return the current schema."""
        return self.fake.schema

    def temporary_name(self, name: str) -> str:
        """Return a name in DuckDB for a new temporary table or view.

        Args:
            name: The name that the user gave it.
        """
        self._made += 1
        return f"{name}#{self._made}"

    def enter(self, database: str, schema: str | None) -> None:
        """Make a database and a schema of it the current ones.

        Args:
            database: The database.
            schema: The schema; None if the database has no schema PUBLIC, so that there is no current one.
        """
        self.duck.execute(f"""SET search_path = '"{database}"."{schema or "main"}",{MACRO_SCHEMA}'""")
        self.fake.database, self.fake._schema = database, schema
        self.fake.database_set, self.fake.schema_set = True, schema is not None

    def forget_rows(self) -> None:
        """Drop the rows that table functions have taken and not answered: the statement that sent them has ended."""
        for function in self.functions.values():
            if isinstance(function, TableFunction):
                function.forget()

    def function_name(self, name: str) -> str:
        """Return a name in DuckDB for a new function of this session.

        Args:
            name: The name that the user gave it.
        """
        self._made += 1
        return f"_sf_udf_{self.number}_{self._made}"


def qualify(parts: list[str], session: Session) -> Name:
    """Complete the name of a stage or function with the current database and schema.

    Args:
        parts: One to three parts.
        session: The session.

    Raises:
        SnowflakeError: The session has no current database or schema.
    """
    database, schema = session.database, session.schema
    if (len(parts) < 3 and not database) or (len(parts) < 2 and not schema):
        raise compilation_error("090105", "This session does not have a current database and schema.", "22000")
    if len(parts) == 1:
        return str(database), str(schema), parts[0]
    if len(parts) == 2:
        return str(database), parts[0], parts[1]
    return parts[0], parts[1], parts[2]
