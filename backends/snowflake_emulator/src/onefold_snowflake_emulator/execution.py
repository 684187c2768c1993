"""Runs statements: their numbers, their time limits, cancelling, and their answers."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from fakesnow.converter import from_binding

from onefold_snowflake_emulator.commands import dispatch
from onefold_snowflake_emulator.errors import CANCELLED, SnowflakeError, from_exception
from onefold_snowflake_emulator.log import Statement
from onefold_snowflake_emulator.parameters import DEFAULTS, checked
from onefold_snowflake_emulator.results.answers import SESSION, Writer
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.stages import Stages

_THREADS: Final = 64
_INTERVAL: Final = 0.05
_REMEMBERED: Final = 100
"""How many answers of a session can be asked for again."""


@dataclass(frozen=True)
class Request:
    """What a client asks to be run.

    Attributes:
        text: The statement.
        parameters: Parameters for this statement alone.
        bindings: The values of its placeholders, as clients send them.
        describe_only: Whether only the columns are asked for.
        asynchronous: Whether the client does not wait.
        request_id: The client's number of the request, by which it cancels.
    """

    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    bindings: Mapping[str, Any] = field(default_factory=dict)
    describe_only: bool = False
    asynchronous: bool = False
    request_id: str = ""


@dataclass
class Execution:
    """A statement that runs or has run.

    Attributes:
        request: What was asked.
        session: Who asked.
        query_id: Its number.
        record: Its record in the log.
        future: Holds the answer when it has ended.
        running: Whether DuckDB is at it now.
        stopped: The error that it ends with, once somebody stopped it.
        thread: The thread that runs it, None until it does.
        lock: Held while the state changes.
    """

    request: Request
    session: Session
    query_id: str
    record: Statement
    future: Future[dict[str, Any]] = field(default_factory=Future)
    running: bool = False
    stopped: SnowflakeError | None = None
    thread: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self, error: SnowflakeError) -> bool:
        """Stop the statement, if it has not ended.

        Args:
            error: What it ends with.

        Returns:
            Whether it had not ended.
        """
        with self.lock:
            if self.future.done():
                return False
            first, self.stopped = self.stopped is None, self.stopped or error
        if first:
            threading.Thread(target=self._interrupt, name="onefold-snowflake-emulator-stop", daemon=True).start()
        return True

    def _interrupt(self) -> None:
        """Interrupt DuckDB until the statement has ended: what it has not begun yet, it does not take for interrupted."""
        while not self.future.done():
            with self.lock:  # while it is held, the connection runs this statement and no other
                if self.running:
                    self.session.duck.interrupt()
            time.sleep(_INTERVAL)


class Executor:
    """Runs the statements of one server."""

    def __init__(self, stages: Stages, writer: Writer, address: str, log: list[Statement], *, strict: bool) -> None:
        """Make an executor that has run nothing.

        Args:
            stages: The stages of the server.
            writer: Writes the answers.
            address: The address of the server.
            log: Where every statement is recorded.
            strict: Whether what Snowflake refuses is refused.
        """
        self._writer = writer
        self._log = log
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="onefold-snowflake-emulator")
        self._executions: dict[str, Execution] = {}
        self._requests: dict[str, Execution] = {}
        self._ended: dict[int, deque[Execution]] = {}
        self._last: dict[int, str] = {}
        self._lock = threading.Lock()
        self._services = dispatch.Services(
            stages, address, writer.chunk_rows, strict, threading.Lock(), cancel=self._cancelled, earlier=self._earlier
        )

    def start(self, request: Request, session: Session) -> Execution:
        """Start a statement, unless it is one that was sent before: clients send a request again when its answer was lost.

        Args:
            request: What to run.
            session: Who asks.

        Returns:
            The statement, whose future holds the answer when it has ended.

        Raises:
            SnowflakeError: The server is being stopped, or the process that it runs in ends.
        """
        with self._lock:
            sent = self._requests.get(request.request_id)
        if sent is not None and sent.session is session and sent.request == request:
            return sent
        query_id = str(uuid.uuid4())
        record = Statement(
            request.text,
            {**({"QUERY_TAG": tag} if (tag := session.parameters["QUERY_TAG"]) else {}), **request.parameters},
            query_id,
            session.number,
            describe_only=request.describe_only,
            asynchronous=request.asynchronous,
        )
        execution = Execution(request, session, query_id, record)
        with self._lock:
            self._log.append(record)
            self._executions[query_id] = execution
            if request.request_id:
                self._requests[request.request_id] = execution
        try:
            self._pool.submit(self._run, execution)
        except RuntimeError as error:  # an answer ends the client's attempts, which would else go on for minutes
            raise SnowflakeError(*CANCELLED) from error
        return execution

    def find(self, query_id: str) -> Execution | None:
        """Return the statement of a number.

        Args:
            query_id: The number.
        """
        with self._lock:
            return self._executions.get(query_id)

    def abort(self, *, request_id: str = "", query_id: str = "") -> bool:
        """Cancel a statement.

        Args:
            request_id: The client's number of the request.
            query_id: The number of the statement.

        Returns:
            Whether it was running.
        """
        with self._lock:
            execution = self._requests.get(request_id) or self._executions.get(query_id)
        return execution is not None and execution.stop(SnowflakeError(*CANCELLED))

    def end_session(self, session: Session) -> None:
        """Forget the statements of a session, and delete their results.

        Args:
            session: The session.
        """
        with self._lock:
            gone = [each for each in self._executions.values() if each.session is session]
            for each in gone:
                del self._executions[each.query_id]
                self._requests.pop(each.request.request_id, None)
            self._last.pop(session.number, None)
            self._ended.pop(session.number, None)
        for each in gone:
            each.stop(SnowflakeError(*CANCELLED))
        self._writer.spool.drop(session.number)

    def close(self) -> None:
        """Stop everything and wait for it."""
        with self._lock:
            executions = list(self._executions.values())
        for each in executions:
            each.stop(SnowflakeError(*CANCELLED))
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _cancelled(self, query_id: str, session: Session) -> int:
        if query_id:
            return int(self.abort(query_id=query_id))
        with self._lock:
            others = [each for each in self._executions.values() if each.session is session]
        mine = threading.get_ident()
        return sum(each.stop(SnowflakeError(*CANCELLED)) for each in others if each.thread != mine)

    def _earlier(self, query_id: str | None, session: Session) -> dict[str, Any] | None:
        with self._lock:
            execution = self._executions.get(query_id or self._last.get(session.number, ""))
        if execution is None:
            return None
        answer = execution.future.result()
        if not answer["success"]:
            raise SnowflakeError(answer["code"], answer["data"]["sqlState"], answer["message"])
        return {name: value for name, value in answer["data"].items() if name != "queryId"}

    def _run(self, execution: Execution) -> None:
        begun = time.monotonic()
        execution.thread = threading.get_ident()
        try:
            answer = self._answer(execution)
        except Exception as error:  # noqa: BLE001 - every failure is an answer; what is unknown is named as the emulator's
            answer = _failed(execution, execution.stopped or from_exception(error))
            execution.record.error = answer["message"]
        execution.record.seconds = time.monotonic() - begun
        self._remember(execution)
        with execution.lock:
            execution.future.set_result(answer)

    def _remember(self, execution: Execution) -> None:
        """Keep the answers of a session's last statements; the chunks of all of them stay until the session ends."""
        with self._lock:
            ended = self._ended.setdefault(execution.session.number, deque())
            ended.append(execution)
            if len(ended) > _REMEMBERED:
                oldest = ended.popleft()
                self._executions.pop(oldest.query_id, None)
                self._requests.pop(oldest.request.request_id, None)

    def _answer(self, execution: Execution) -> dict[str, Any]:
        request, session = execution.request, execution.session
        # Clients add names of their own to a statement's parameters, which a server does not check.
        known = {name.upper(): value for name, value in request.parameters.items() if name.upper() in DEFAULTS}
        parameters = {name: checked(name, value) for name, value in known.items()}
        limit = int(parameters.get("STATEMENT_TIMEOUT_IN_SECONDS", session.parameters["STATEMENT_TIMEOUT_IN_SECONDS"]))
        timer = _TimeLimit(execution, limit)
        # Whoever cancels waits for nobody: what cancels is not held up by the statement that it cancels.
        lock = threading.Lock() if dispatch.cancels(request.text) else session.lock
        with lock, timer:
            with execution.lock:
                if execution.stopped is not None:
                    raise execution.stopped
                execution.running = lock is session.lock
            try:
                data, rows, size = self._write(execution)
            finally:
                session.forget_rows()
                with execution.lock:
                    execution.running = False  # before another statement has the connection
            if execution.stopped is not None:
                raise execution.stopped
            execution.record.rows, execution.record.bytes = rows, size
        if not request.describe_only:
            with self._lock:
                self._last[session.number] = execution.query_id
        return {
            "data": {**data, **_final(execution, changed=data.get("statementTypeId") == SESSION)},
            "code": None,
            "message": None,
            "success": True,
        }

    def _write(self, execution: Execution) -> tuple[dict[str, Any], int, int]:
        request, session = execution.request, execution.session
        bindings = _bound(request.bindings)
        answer = dispatch.run(request.text, session, self._services, bindings, describe_only=request.describe_only)
        indent = int(session.parameters["JSON_INDENT"])
        return self._writer.write(answer, execution.query_id, session.number, self._services.address, indent)


class _TimeLimit:
    """Stops a statement that runs longer than it may."""

    def __init__(self, execution: Execution, limit: int) -> None:
        message = f"Statement reached its statement or warehouse timeout of {limit} second(s) and was canceled."
        error = SnowflakeError("000630", "57014", message)
        self._timer = threading.Timer(limit, execution.stop, [error]) if 0 < limit < _LONG else None

    def __enter__(self) -> None:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()


_LONG: Final = 86400
"""From here on a limit is not worth a thread that waits for it."""


def _final(execution: Execution, *, changed: bool) -> dict[str, Any]:
    session = execution.session
    return {
        "queryId": execution.query_id,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalWarehouseName": session.warehouse,
        "finalRoleName": session.role,
        "parameters": session.parameters.as_rows() if changed else [],
        "version": 1,
    }


def _failed(execution: Execution, error: SnowflakeError) -> dict[str, Any]:
    data = {
        "errorCode": error.code,
        "sqlState": error.sqlstate,
        "queryId": execution.query_id,
        "internalError": False,
        "line": -1,
        "pos": -1,
        "type": "COMPILATION" if "compilation" in error.message else "EXECUTION",
    }
    return {"data": data, "code": error.code, "message": error.message, "success": False}


def _bound(bindings: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """Return the values of placeholders by row."""
    if not bindings:
        return ()
    ordered = [bindings[str(position)] for position in range(1, len(bindings) + 1)]
    if any(isinstance(each["value"], list) for each in ordered):
        columns = [[_value({**each, "value": value}) for value in each["value"]] for each in ordered]
        return list(zip(*columns, strict=True))
    return [tuple(_value(each) for each in ordered)]


def _value(binding: Mapping[str, Any]) -> Any:
    if binding["value"] is None:
        return None
    if binding["type"] == "REAL":
        return float(binding["value"])
    return from_binding(dict(binding))
