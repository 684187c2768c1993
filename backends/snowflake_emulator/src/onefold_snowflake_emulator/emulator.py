"""The emulator: a server in a thread of this process, with its own databases, users, stages and results."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import uvicorn
from fakesnow.instance import FakeSnow

from onefold_snowflake_emulator.accounts import Accounts
from onefold_snowflake_emulator.execution import Executor
from onefold_snowflake_emulator.log import Statement
from onefold_snowflake_emulator.results.answers import Writer
from onefold_snowflake_emulator.results.spool import Spool
from onefold_snowflake_emulator.server.routes import Routes
from onefold_snowflake_emulator.server.state import State, create_database
from onefold_snowflake_emulator.sql import arithmetic, arrays, casts, dates, domains, texts
from onefold_snowflake_emulator.stages import Stages

_MACROS: Final = (casts.MACROS, arithmetic.MACROS, arrays.MACROS, dates.MACROS, domains.MACROS, texts.MACROS)
_START_SECONDS: Final = 30


class Emulator:
    """A server that speaks Snowflake's protocol. A context manager: it runs while the context is open.

    Attributes:
        connection: The options for `snowflake.connector.connect` or a Snowpark session.
        statements: Every statement that reached the server, in order.

    Examples:
        >>> import snowflake.connector
        >>> with Emulator(database="DB1", schema="S1") as server:
        ...     connection = snowflake.connector.connect(**server.connection)
        ...     answer = connection.cursor().execute("SELECT 1 + 1").fetchall()
        ...     connection.close()
        >>> answer
        [(2,)]
    """

    def __init__(
        self,
        *,
        database: str = "DB1",
        schema: str = "S1",
        port: int | None = None,
        chunk_rows: int | None = None,
        strict: bool = True,
        answer_within: float = 45.0,
        user: str = "EMULATOR",
        password: str = "emulator",  # noqa: S107 - nothing is protected by it
    ) -> None:
        """Prepare a server; nothing runs yet.

        Args:
            database: A database that exists from the start.
            schema: A schema of it, beside PUBLIC.
            port: The port on this machine; None for a free one.
            chunk_rows: How many rows go into each chunk of a result; None for lengths like a server's.
            strict: Whether what Snowflake refuses is refused although DuckDB could run it.
            answer_within: After how many seconds a client is told that its statement still runs.
            user: A user who can log in from the start.
            password: The user's password.
        """
        self._options = (database, schema)
        self._port = port
        self._chunk_rows = chunk_rows
        self._strict = strict
        self._answer_within = answer_within
        self._accounts = Accounts("EMULATOR")
        self._accounts.register(user, password=password)
        self._login = {"user": user, "password": password}
        self.connection: dict[str, Any] = {}
        self.statements: list[Statement] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._state: State | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start the server and wait until it answers."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and delete its files."""
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            RuntimeError: It runs already, or did not come up.
        """
        if self._server is not None:
            raise RuntimeError("The emulator runs already.")
        listener = _listen(self._port or 0)
        port = listener.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory(prefix="onefold-snowflake-emulator-")
        self._state = self._new_state(Path(self._folder.name), f"http://127.0.0.1:{port}")
        self.connection = self._connection(port)
        application = Routes(self._state).application()
        config = uvicorn.Config(
            application, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="onefold-snowflake-emulator", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("The emulator's server did not come up.")
            time.sleep(0.002)

    def stop(self) -> None:
        """Stop the server, cancel what runs, and delete the files. Does nothing if it does not run."""
        if self._server is not None:
            self._server.should_exit = True
        if self._state is not None:
            self._state.close()
        if self._thread is not None:
            self._thread.join()
        if self._folder is not None:
            self._folder.cleanup()
        self._server = self._thread = self._state = self._folder = None

    def register_user(
        self,
        name: str,
        *,
        password: str | None = None,
        public_key: bytes | str | None = None,
        oauth_tokens: Iterable[str] = (),
        access_tokens: Iterable[str] = (),
    ) -> None:
        """Let a user log in.

        Args:
            name: The login name.
            password: The password.
            public_key: The public key of a key pair, in PEM.
            oauth_tokens: OAuth access tokens that stand for the user.
            access_tokens: Programmatic access tokens.
        """
        self._accounts.register(
            name, password=password, public_key=public_key, oauth_tokens=oauth_tokens, access_tokens=access_tokens
        )

    def expire_sessions(self, *, master: bool = False) -> None:
        """Let the tokens of all sessions expire; clients renew them without a word.

        Args:
            master: Whether the tokens that renew them expire too, so that clients must log in again.
        """
        self._running().expire(master=master)

    def fail_next(self, statuses: Sequence[int] = (503,), *, late: bool = False) -> None:
        """Let the next requests fail on the way, as a network does.

        Args:
            statuses: The status of HTTP of each of them, in order.
            late: Whether they are carried out, and fail on the way back.
        """
        state = self._running()
        with state.lock:
            state.failures.extend((status, late) for status in statuses)

    def _running(self) -> State:
        if self._state is None:
            raise RuntimeError("The emulator does not run: use it in a `with` statement.")
        return self._state

    def _new_state(self, folder: Path, address: str) -> State:
        for name in ("chunks", "stages"):
            (folder / name).mkdir()
        spool, stages = Spool(folder / "chunks"), Stages(folder / "stages")
        fake = FakeSnow()
        database, schema = self._options
        create_database(fake, database, (schema, "PUBLIC"), _MACROS)
        executor = Executor(stages, Writer(spool, self._chunk_rows), address, self.statements, strict=self._strict)
        return State(fake, self._accounts, executor, spool, stages, self._answer_within)

    def _connection(self, port: int) -> dict[str, Any]:
        database, schema = self._options
        return {
            "account": "emulator",
            **self._login,
            "host": "127.0.0.1",
            "port": port,
            "protocol": "http",
            "database": database,
            "schema": schema,
            "warehouse": "EMULATOR_WH",
            "role": "EMULATOR_ROLE",
        }


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio sends small answers at once; without, each waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
