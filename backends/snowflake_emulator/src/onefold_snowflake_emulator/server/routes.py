"""The routes: what each address of the server does."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fakesnow.transforms import SERVER_VERSION
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from onefold_snowflake_emulator.errors import SnowflakeError
from onefold_snowflake_emulator.execution import Execution, Request
from onefold_snowflake_emulator.server.state import State
from onefold_snowflake_emulator.session import Session

_IN_PROGRESS: Final = "333333"
_DETACHED: Final = "333334"
_SCHEME: Final = 'Snowflake Token="'

Handler = Callable[[HttpRequest], Awaitable[Response]]


class Routes:
    """The routes of one server."""

    def __init__(self, state: State) -> None:
        """Make the routes.

        Args:
            state: What they share.
        """
        self._state = state

    def application(self) -> Starlette:
        """Return the application that has all routes."""
        return Starlette(
            routes=[
                self._route("/session/v1/login-request", self._log_in, "POST"),
                self._route("/session/token-request", self._renew, "POST"),
                self._route("/session/heartbeat", self._heartbeat, "POST"),
                self._route("/session", self._end, "POST"),
                self._route("/queries/v1/query-request", self._query, "POST"),
                self._route("/queries/v1/abort-request", self._abort, "POST"),
                self._route("/queries/{query_id}/abort-request", self._abort, "POST"),
                self._route("/queries/{query_id}/result", self._result, "GET"),
                self._route("/monitoring/queries/{query_id}", self._status, "GET"),
                self._route("/chunks/{query_id}/{number:int}", self._chunk, "GET"),
                self._route("/stages/{path:path}", self._upload, "PUT"),
                self._route("/telemetry/send", self._telemetry, "POST"),
            ]
        )

    def _route(self, path: str, handler: Handler, method: str) -> Route:
        async def guarded(request: HttpRequest) -> Response:
            with self._state.lock:
                status, late = self._state.failures.pop(0) if self._state.failures else (None, False)
            if status is not None and not late:
                return Response(status_code=status)
            try:
                answer = await handler(request)
            except SnowflakeError as error:
                answer = _refused(error)
            return answer if status is None else Response(status_code=status)

        return Route(path, guarded, methods=[method])

    async def _log_in(self, request: HttpRequest) -> Response:
        data = (await _body(request))["data"]
        session = await run_in_threadpool(self._state.log_in, dict(request.query_params), data)
        return _accepted(
            {
                "token": session.token,
                "masterToken": session.master_token,
                "validityInSeconds": 3600,
                "masterValidityInSeconds": 14400,
                "displayUserName": session.user,
                "serverVersion": SERVER_VERSION,
                "firstLogin": False,
                "healthCheckInterval": 45,
                "sessionId": session.number,
                "parameters": session.parameters.as_rows(),
                "sessionInfo": {
                    "databaseName": session.database,
                    "schemaName": session.schema,
                    "warehouseName": session.warehouse or None,
                    "roleName": session.role,
                },
            }
        )

    async def _renew(self, request: HttpRequest) -> Response:
        session = self._state.renew(_token(request))
        return _accepted(
            {
                "sessionToken": session.token,
                "validityInSecondsST": 3600,
                "masterToken": session.master_token,
                "validityInSecondsMT": 14400,
                "sessionId": session.number,
            }
        )

    async def _heartbeat(self, request: HttpRequest) -> Response:
        self._session(request)
        return _accepted(None)

    async def _end(self, request: HttpRequest) -> Response:
        session = self._session(request)
        if request.query_params.get("delete"):
            await run_in_threadpool(self._state.end, session)
        return _accepted(None)

    async def _query(self, request: HttpRequest) -> Response:
        session = self._session(request)
        body = await _body(request)
        execution = self._state.executor.start(
            Request(
                text=body["sqlText"],
                parameters=body.get("parameters") or {},
                bindings=body.get("bindings") or {},
                describe_only=bool(body.get("describeOnly")),
                asynchronous=bool(body.get("asyncExec")),
                request_id=request.query_params.get("requestId", ""),
            ),
            session,
        )
        if execution.request.asynchronous:
            return _unfinished(execution, _DETACHED, "The query is detached.")
        return await self._answer(execution)

    async def _result(self, request: HttpRequest) -> Response:
        self._session(request)
        return await self._answer(self._execution(request))

    async def _answer(self, execution: Execution) -> Response:
        """Wait for a statement, but not so long that the client takes the server for dead."""
        future = asyncio.wrap_future(execution.future)
        done, _ = await asyncio.wait([future], timeout=self._state.answer_within)
        if not done:
            return _unfinished(execution, _IN_PROGRESS, "Query execution in progress.")
        return JSONResponse(future.result())

    async def _abort(self, request: HttpRequest) -> Response:
        self._session(request)
        body = await _body(request)
        query_id = request.path_params.get("query_id", "")
        self._state.executor.abort(request_id=str(body.get("requestId", "")), query_id=query_id)
        return _accepted(None)

    async def _status(self, request: HttpRequest) -> Response:
        self._session(request)
        execution = self._state.executor.find(request.path_params["query_id"])
        if execution is None:
            return _accepted({"queries": []})
        return _accepted({"queries": [_status(execution)]})

    async def _chunk(self, request: HttpRequest) -> Response:
        query_id, number = request.path_params["query_id"], request.path_params["number"]
        data = await run_in_threadpool(self._state.spool.read, query_id, number)
        if data is None:
            return Response(status_code=404)
        return Response(data, media_type="application/octet-stream")

    async def _upload(self, request: HttpRequest) -> Response:
        target = self._state.stages.target(request.path_params["path"])
        if target is None:
            return Response(status_code=403)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            async for piece in request.stream():  # a large file is never in memory as a whole
                file.write(piece)
        return Response()

    async def _telemetry(self, request: HttpRequest) -> Response:
        await request.body()
        return _accepted("Log Received")

    def _session(self, request: HttpRequest) -> Session:
        return self._state.session(_token(request))

    def _execution(self, request: HttpRequest) -> Execution:
        query_id = request.path_params["query_id"]
        execution = self._state.executor.find(query_id)
        if execution is None:
            raise SnowflakeError("000709", "02000", f"Statement {query_id} not found")
        return execution


async def _body(request: HttpRequest) -> dict[str, Any]:
    raw = await request.body()
    if not raw:
        return {}
    decoded = gzip.decompress(raw) if request.headers.get("Content-Encoding") == "gzip" else raw
    return json.loads(decoded)  # type: ignore[no-any-return]


def _token(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    if not header.startswith(_SCHEME):
        raise SnowflakeError("390103", "08001", "Session token not found in the request data.")
    return header[len(_SCHEME) :].rstrip('"')


def _accepted(data: Any) -> Response:
    return JSONResponse({"data": data, "code": None, "message": None, "success": True})


def _refused(error: SnowflakeError) -> Response:
    return JSONResponse({"data": {}, "code": error.code, "message": error.message, "success": False, "headers": None})


def _unfinished(execution: Execution, code: str, message: str) -> Response:
    result = f"/queries/{execution.query_id}/result"
    data = {"queryId": execution.query_id, "getResultUrl": result, "queryAbortsAfterSecs": 300}
    return JSONResponse({"data": data, "code": code, "message": message, "success": True})


def _status(execution: Execution) -> dict[str, Any]:
    status: dict[str, Any] = {"id": execution.query_id, "sqlText": execution.request.text}
    if not execution.future.done():
        return status | {"status": "RUNNING"}
    answer = execution.future.result()
    if answer["success"]:
        return status | {"status": "SUCCESS"}
    failed = "ABORTED" if execution.stopped is not None else "FAILED_WITH_ERROR"
    return status | {"status": failed, "errorCode": answer["code"], "errorMessage": answer["message"]}
