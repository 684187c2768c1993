"""Connections to Snowflake: those that a session opens and keeps for its runs, and one that was handed over."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import snowflake.connector
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from snowflake.connector import SnowflakeConnection

from onefold.errors import ConfigurationError, EngineError
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.failures import FAILURES, not_connected, translated
from onefold_snowflake.options import Options
from onefold_snowflake.parameters import PINNED, borrowed, given_back
from onefold_snowflake.profiles import profile

__all__ = ["Borrowed", "Link", "Links", "Pool", "open_links"]

_REFUSALS: tuple[type[Exception], ...] = (*FAILURES, ValueError, TypeError)
"""What the connector raises when no session can be opened, or an argument is of no use to it."""


@dataclass(eq=False, slots=True)
class Link:
    """A connection, and what was made on it.

    Args:
        connection: The connection.
        stage: The temporary stage that files go through; None until the first one does.
        functions: The temporary functions, by their names, and the statements that remove them.
    """

    connection: SnowflakeConnection
    stage: str | None = None
    functions: dict[str, str] = field(default_factory=dict)


class Links(Protocol):
    """Where runs get their connections from; used by several threads."""

    def take(self) -> Link:
        """Return a connection for one run."""
        ...

    def give(self, link: Link) -> None:
        """Take a connection back when its run is over."""
        ...

    def replaced(self, link: Link) -> Link | None:
        """Return another connection in place of one whose session is over; None when there can be none."""
        ...

    def close(self) -> None:
        """Close what was opened; idempotent."""
        ...


class Pool:
    """Opens a connection when all that are open have a run, and keeps them all until the session ends.

    Args:
        connect: Opens a connection.
    """

    def __init__(self, connect: Callable[[], SnowflakeConnection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._idle: list[Link] = []
        self._closed = False

    def take(self) -> Link:
        """Return a connection that no other run has."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Link(self._connect())

    def give(self, link: Link) -> None:
        """Keep a connection for the next run; one that broke is let go of."""
        with self._lock:
            if not self._closed and _usable(link.connection):
                self._idle.append(link)
                return
        link.connection.close()

    def replaced(self, link: Link) -> Link | None:
        """Open another connection; those that have waited as long as this one are let go of as well."""
        with self._lock:
            old, self._idle = [link, *self._idle], []
        for one in old:
            one.connection.close(retry=False)
        return self.take()

    def close(self) -> None:
        """Close the connections that no run has; the others follow when their runs end."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for link in idle:
            link.connection.close()


class Borrowed:
    """A connection of somebody else: all runs use it, and it is given back as it was.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: SnowflakeConnection) -> None:
        self._link = Link(connection)
        self._lock = threading.Lock()
        self._runs = 0
        self._changed: Mapping[str, str | None] = {}
        self._as_decimals = False

    def take(self) -> Link:
        """Return the connection, its parameters as statements need them.

        Raises:
            EngineError: If it is closed, or in the middle of a transaction, which a temporary table would commit.
        """
        connection = self._link.connection
        with self._lock:
            if self._runs == 0:
                if not _usable(connection):
                    raise EngineError("the session that was handed over is closed. Open another one.", engine=ENGINE)
                try:
                    ((transaction,),) = self._execute("SELECT CURRENT_TRANSACTION()")
                    if transaction is not None:
                        raise EngineError(
                            "the session that was handed over is in the middle of a transaction, which the temporary "
                            "tables of a run would commit. Commit it, or roll it back, first.",
                            engine=ENGINE,
                        )
                    self._changed = borrowed(self._execute)
                except FAILURES as error:
                    raise translated(error, "reading the parameters of the session") from error
                self._as_decimals = bool(connection.arrow_number_to_decimal)
                # The connector's own setter of it is a property that can not be reached by the name of the getter.
                connection._arrow_number_to_decimal = True
            self._runs += 1
        return self._link

    def give(self, link: Link) -> None:
        """Give the session its parameters back after the last run."""
        connection = link.connection
        with self._lock:
            self._runs -= 1
            if self._runs:
                return
            connection._arrow_number_to_decimal = self._as_decimals
            changed, self._changed = self._changed, {}
            if not connection.is_closed():
                with contextlib.suppress(*FAILURES):  # a session that broke has no parameters to be restored
                    if link.stage is not None:
                        self._execute(f"DROP STAGE IF EXISTS {link.stage}")
                    for removal in link.functions.values():
                        self._execute(removal)
                    given_back(self._execute, changed)
            link.stage = None
            link.functions.clear()

    def replaced(self, link: Link) -> Link | None:
        """Return None: whoever opened the session opens another one."""
        del link
        return None

    def close(self) -> None:
        """Leave the connection open: it belongs to somebody else."""

    def _execute(self, text: str) -> Sequence[Sequence[Any]]:
        cursor = self._link.connection.cursor()
        try:
            cursor.execute(text)
            return list(cursor.fetchall())
        finally:
            cursor.close()


def open_links(options: Options) -> Links:
    """Return where the runs of a session get their connections from; the first one is opened now.

    Args:
        options: Checked options.

    Raises:
        ConfigurationError: If the options name no account, or Snowflake refuses who logs in.
        EngineError: If Snowflake can not be reached.
    """
    if options.session is not None:
        return Borrowed(_handed_over(options.session))
    arguments = _arguments(options)
    secrets = (*options.secrets, *(str(arguments[name]) for name in ("password", "token") if arguments.get(name)))

    def connect() -> SnowflakeConnection:
        try:
            return snowflake.connector.connect(**arguments)
        except _REFUSALS as error:
            raise not_connected(error, secrets) from None  # the connector's own error may quote what was given

    pool = Pool(connect)
    pool.give(pool.take())
    return pool


def _arguments(options: Options) -> dict[str, Any]:
    """Return what the connector is called with."""
    named = options.connection is not None or "account" not in options.connecting
    arguments = {**(profile(options.connection) if named else {}), **options.connecting}
    if "private_key" in arguments:
        arguments["private_key"] = _private_key(arguments["private_key"], arguments.get("private_key_file_pwd"))
    if options.login_timeout is not None:
        arguments["login_timeout"] = options.login_timeout
    arguments["session_parameters"] = {
        **arguments.get("session_parameters", {}),
        **PINNED,
        "QUERY_TAG": options.query_tag,
    }
    return {"application": "onefold", **arguments, "autocommit": True, "arrow_number_to_decimal": True}


def _private_key(key: Any, passphrase: str | None) -> Any:
    """Return a key as the connector takes it: DER in base64; PEM text is what files and secret stores hold."""
    if not isinstance(key, str) or not key.lstrip().startswith("-----BEGIN"):
        return key
    try:
        read = load_pem_private_key(key.strip().encode(), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError):
        raise ConfigurationError(
            "The option private_key can not be read: it is PEM text of a private key, with its passphrase in the option "
            "private_key_file_pwd where it has one."
        ) from None
    return base64.b64encode(read.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def _handed_over(session: Any) -> SnowflakeConnection:
    """Return the connection of a session that is open already."""
    if session == "active":
        # Importing Snowpark takes a second, and nothing else here needs it.
        from snowflake.snowpark.context import get_active_session  # noqa: PLC0415
        from snowflake.snowpark.exceptions import SnowparkSessionException  # noqa: PLC0415

        try:
            session = get_active_session()
        except SnowparkSessionException as error:
            raise ConfigurationError(
                'The option session is "active", but no Snowpark session is active here. Create one, or name a profile '
                "with the option connection."
            ) from error
    connection = session if isinstance(session, SnowflakeConnection) else getattr(session, "connection", None)
    if not isinstance(connection, SnowflakeConnection):
        raise ConfigurationError(
            f"The option session is a Snowpark session or a connection of the Snowflake connector, not a "
            f"{type(session).__name__}."
        )
    return connection


def _usable(connection: SnowflakeConnection) -> bool:
    return not connection.is_closed() and not connection.expired
