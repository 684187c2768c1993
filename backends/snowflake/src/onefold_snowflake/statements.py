"""The statements of one run: checked, tagged, limited in time, and stopped when the run is."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from snowflake.connector import SnowflakeConnection
from snowflake.connector.cursor import ResultMetadata, SnowflakeCursor
from snowflake.connector.errors import Error

from onefold.errors import Cancelled
from onefold_snowflake.failures import FAILURES, session_is_gone
from onefold_snowflake.gate import check_statement
from onefold_snowflake.links import Link, Links
from onefold_snowflake.options import Options
from onefold_snowflake.transforms import TableFunction

__all__ = ["Statements"]

_ATTEMPTS, _PAUSE = 40, 0.1
"""How often, and after how many seconds again, a statement is stopped that Snowflake may not have received yet."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A statement on its way: by which connection, its text, the number of its request, and whether it is over."""

    connection: SnowflakeConnection
    text: str
    request: uuid.UUID
    over: threading.Event = field(default_factory=threading.Event)


class Statements:
    """Runs statements on a connection that it has for itself, or shares.

    The connector sends a request again after a connection broke or the server was busy, with the number that it had, by
    which Snowflake knows it: no statement runs twice. Nothing else is repeated here, but for the very first statement
    of a run on a session that is over: it was refused before it was looked at.

    Args:
        links: Where connections come from.
        options: The options of the session.
    """

    def __init__(self, links: Links, options: Options) -> None:
        self._links = links
        self._options = options
        self._lock = threading.Lock()
        self._link: Link | None = None
        self._fresh = True
        self._running: list[_Running] = []
        self._stopped = False
        self._closed = False

    @property
    def link(self) -> Link:
        """The connection; taken when it is first needed."""
        if self._link is None:
            self._link = self._links.take()
        return self._link

    @contextlib.contextmanager
    def result(
        self,
        text: str,
        *,
        written: Sequence[str] = (),
        functions: Sequence[TableFunction] = (),
        checked: bool = True,
    ) -> Iterator[SnowflakeCursor]:
        """Run a statement, wait for its end, and give what it returned.

        Args:
            text: The statement.
            written: What the author of a view wrote in it.
            functions: The functions that it calls; those that the connection does not have yet are made first.
            checked: Whether it is checked first; those that move files are no SQL that a parser knows.

        Raises:
            UnsupportedOperation: If it holds something that is not known to be Snowflake's.
            Cancelled: If the run was stopped before.
        """
        cursor = self.run(text, written=written, functions=functions, checked=checked)
        try:
            yield cursor
        finally:
            cursor.close()

    def run(
        self,
        text: str,
        *,
        written: Sequence[str] = (),
        functions: Sequence[TableFunction] = (),
        checked: bool = True,
    ) -> SnowflakeCursor:
        """Run a statement, wait for its end, and return the cursor that has its rows; see :meth:`result`."""
        if checked:
            check_statement(text, written=written)
        return self._sent(text, describe=False, functions=functions)

    def rows(self, text: str, *, checked: bool = True) -> list[tuple[Any, ...]]:
        """Run a statement and return all that it says."""
        with self.result(text, checked=checked) as cursor:
            return list(cursor.fetchall())

    def describe(self, text: str) -> list[ResultMetadata]:
        """Return the columns of a query without running it."""
        cursor = self._sent(text, describe=True)
        try:
            return list(cursor.description)
        finally:
            cursor.close()

    def tidy(self, text: str) -> None:
        """Remove something that a run made, also when it was stopped; what can not be removed ends with the session."""
        link = self._link
        if link is not None and not link.connection.is_closed():
            with contextlib.suppress(*FAILURES), link.connection.cursor() as cursor:
                cursor.execute(text, timeout=self._options.timeout, _statement_params=self._parameters())

    def stop(self) -> None:
        """Stop all that runs, from another thread; nothing is started any more."""
        self._stopped = True
        with self._lock:
            running = list(self._running)
        for one in running:
            for _ in range(_ATTEMPTS):  # it may be on its way still
                if one.over.is_set():
                    break
                with contextlib.suppress(*FAILURES):  # what can not be reached ends by itself
                    # What the connector itself does on Ctrl-C and at a timeout; it has no public name.
                    one.connection._cancel_query(one.text, one.request)
                if one.over.wait(_PAUSE):
                    break

    def close(self) -> None:
        """Give the connection back; idempotent."""
        link, self._link = self._link, None
        self._closed = True
        if link is not None:
            self._links.give(link)

    def _sent(self, text: str, *, describe: bool, functions: Sequence[TableFunction] = ()) -> SnowflakeCursor:
        """Send a statement and return the cursor that has its answer; the functions that it calls are made before."""
        while True:
            cursor = self.link.connection.cursor()
            try:
                for function in functions:
                    if function.name not in self.link.functions:
                        check_statement(function.statement)
                        self._execute(cursor, function.statement, describe=False)
                        self.link.functions[function.name] = function.removal
                        self._fresh = False
                self._execute(cursor, text, describe=describe)
            except BaseException as error:
                cursor.close()
                if not (self._fresh and session_is_gone(error) and self._replace()):
                    raise
            else:
                self._fresh = False
                return cursor

    def _parameters(self) -> dict[str, Any]:
        """Return the parameters of each statement; the limit also holds when this process is gone."""
        parameters: dict[str, Any] = {"QUERY_TAG": self._options.query_tag}
        if self._options.timeout is not None:
            parameters["STATEMENT_TIMEOUT_IN_SECONDS"] = self._options.timeout
        return parameters

    def _replace(self) -> bool:
        """Take another connection in place of one whose session is over; return whether there is one."""
        assert self._link is not None
        self._fresh = False
        self._link = self._links.replaced(self._link)
        return self._link is not None

    def _execute(self, cursor: SnowflakeCursor, text: str, *, describe: bool) -> None:
        one = _Running(cursor.connection, text, uuid.uuid4())
        with self._lock:
            if self._stopped or self._closed:
                raise Cancelled("The query was stopped.")
            self._running.append(one)
        try:
            cursor.execute(
                text,
                timeout=self._options.timeout,
                _statement_params={"requestId": str(one.request), **self._parameters()},
                _describe_only=describe,
                _is_internal=describe,
            )
        except Error as error:
            if self._stopped:
                raise Cancelled("The query was stopped.") from error
            raise
        finally:
            one.over.set()
            with self._lock:
                self._running.remove(one)
