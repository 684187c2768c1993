"""What the routes of one server share."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
from fakesnow.instance import FakeSnow

from onefold_snowflake_emulator.accounts import Accounts
from onefold_snowflake_emulator.errors import SnowflakeError
from onefold_snowflake_emulator.execution import Executor
from onefold_snowflake_emulator.parameters import DEFAULTS
from onefold_snowflake_emulator.results.spool import Spool
from onefold_snowflake_emulator.session import MACRO_SCHEMA, Session
from onefold_snowflake_emulator.stages import Stages


@dataclass
class State:
    """The state of one server.

    Attributes:
        database: fakesnow's database.
        accounts: Who may log in.
        executor: Runs statements.
        spool: The chunks of results.
        stages: The stages.
        answer_within: After how many seconds a client is told that its statement still runs.
        sessions: The sessions by their tokens.
        masters: The sessions by the tokens with which they are renewed.
        failures: How the next requests fail: with which status of HTTP, and whether they are carried out all the same.
        lock: Held while one of these changes.
    """

    database: FakeSnow
    accounts: Accounts
    executor: Executor
    spool: Spool
    stages: Stages
    answer_within: float
    sessions: dict[str, Session] = field(default_factory=dict)
    masters: dict[str, Session] = field(default_factory=dict)
    failures: list[tuple[int, bool]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: int = 0

    def log_in(self, query: Mapping[str, str], data: Mapping[str, Any]) -> Session:
        """Open a session.

        Args:
            query: The parameters of the request's address.
            data: Its data.

        Returns:
            The session.

        Raises:
            SnowflakeError: The credentials prove nothing, or a session parameter is none.
        """
        user = self.accounts.log_in(data)
        with self.lock:
            self._numbers += 1
            number = self._numbers
        fake = self.database.connect(None, None)
        session = Session(
            number=number,
            token=secrets.token_urlsafe(32),
            master_token=secrets.token_urlsafe(32),
            user=user.name,
            role=_name(query.get("roleName")) or "PUBLIC",
            warehouse=_name(query.get("warehouse")) or "",
            fake=fake,
        )
        for name, value in (data.get("SESSION_PARAMETERS") or {}).items():
            if name.upper() in DEFAULTS or not name.upper().startswith(("CLIENT_", "PYTHON_")):
                session.parameters.set(name, value)
        self._enter(session, _name(query.get("databaseName")), _name(query.get("schemaName")))
        with self.lock:
            self.sessions[session.token] = session
            self.masters[session.master_token] = session
        return session

    def session(self, token: str) -> Session:
        """Return the session of a token.

        Args:
            token: The token.

        Raises:
            SnowflakeError: There is no such session, or its token has expired.
        """
        with self.lock:
            session = self.sessions.get(token)
        if session is None:
            raise SnowflakeError(
                "390104", "08001", "Session token is invalid. User must login again to access the service."
            )
        if session.expired:
            raise SnowflakeError("390112", "08001", "Your session has expired. Please login again.")
        return session

    def renew(self, master_token: str) -> Session:
        """Give a session a new token.

        Args:
            master_token: The token that proves the session.

        Raises:
            SnowflakeError: The master token is unknown or has expired.
        """
        with self.lock:
            session = self.masters.get(master_token)
            if session is None:
                raise SnowflakeError(
                    "390114", "08001", "Authentication token has expired. The user must authenticate again."
                )
            self.sessions.pop(session.token, None)
            session.token, session.expired = secrets.token_urlsafe(32), False
            self.sessions[session.token] = session
            return session

    def end(self, session: Session) -> None:
        """Close a session: what is temporary goes.

        Args:
            session: The session.
        """
        with self.lock:
            self.sessions.pop(session.token, None)
            self.masters.pop(session.master_token, None)
        self.executor.end_session(session)
        self.stages.end_session(session.number)
        with session.lock:
            for function in session.functions.values():
                session.duck.remove_function(function.physical)
            session.fake.close()

    def expire(self, *, master: bool) -> None:
        """Let the tokens of all sessions expire.

        Args:
            master: Whether the tokens that renew them expire too, so that clients must log in again.
        """
        with self.lock:
            for session in self.sessions.values():
                session.expired = True
            if master:
                self.masters.clear()

    def close(self) -> None:
        """Stop every statement, and close every session and the database."""
        self.executor.close()
        with self.lock:
            sessions = list(self.sessions.values())
        for session in sessions:
            self.end(session)
        self.database.duck_conn.close()

    def _enter(self, session: Session, database: str | None, schema: str | None) -> None:
        """Make a database and schema the current ones where they exist; a login does not fail if they do not."""
        session.duck.execute(f"SET search_path = '{MACRO_SCHEMA}'")
        if not database:
            return
        schemas = {
            row[0]
            for row in session.duck.execute(
                "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = ?", [database]
            ).fetchall()
        }
        if not schemas:
            return
        wanted = schema or "PUBLIC"
        session.enter(database, wanted if wanted in schemas else None)


def create_database(database: FakeSnow, name: str, schemas: tuple[str, ...], macros: tuple[str, ...]) -> None:
    """Create a database with schemas.

    Args:
        database: fakesnow's database.
        name: The name of the new one.
        schemas: Its schemas.
        macros: SQL that makes the functions which rewritten statements call.
    """
    connection: duckdb.DuckDBPyConnection = database.connect(name, schemas[0])._duck_conn
    for schema in schemas[1:]:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"."{schema}"')
    connection.execute(f"SET search_path = '{MACRO_SCHEMA}'")
    for macro in macros:
        connection.execute(macro)
    connection.close()


def _name(text: str | None) -> str | None:
    """Return a name from the options of a connection: in upper case unless it is quoted."""
    if not text:
        return None
    return text[1:-1] if len(text) > 1 and text.startswith('"') and text.endswith('"') else text.upper()
