"""Errors of the Snowflake connector as onefold's: what went wrong, with which query, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa
from snowflake.connector.errors import DatabaseError, Error, ForbiddenError, OperationalError

from onefold.errors import ConfigurationError, EngineError, OnefoldError, SourceError
from onefold.session.redaction import redacted
from onefold_snowflake.dialect import ENGINE
from onefold_snowflake.transforms.failures import transform_failure

__all__ = ["FAILURES", "SOURCE_MARK", "hidden", "not_connected", "session_is_gone", "translated"]

FAILURES: tuple[type[Exception], ...] = (Error, pa.ArrowException, OSError)
"""What the connector, and the way to Snowflake, raise."""

SOURCE_MARK = "onefold source: "
"""What the messages of errors begin with that queries themselves raise about a source's values."""

_GONE = frozenset({390104, 390111, 390114, 390115, 250002})
"""Codes that say that a session is over: its statement was refused before it was looked at."""

_CANCELLED, _TIMED_OUT = 604, 630
_NO_WAREHOUSE, _NO_DATABASE, _NO_SCHEMA, _NOTHING_SUCH = 606, 90105, 90106, 2003

_ADVICE = {
    _NO_WAREHOUSE: "Name one with the option warehouse.",
    _NO_DATABASE: "Name the database with the option database, and the schema with the option schema.",
    _NO_SCHEMA: "Name the schema with the option schema.",
    _NOTHING_SUCH: "Check the name, and what the option role may see.",
}

_NO_PACKAGES = "with the specified packages"
"""What Snowflake says when it does not have the packages of a function; its number is that of many errors."""


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return text without credentials: those that are known, and what looks like one."""
    for secret in secrets:
        if secret.strip():
            text = text.replace(secret, "***")
    return redacted(text)


def session_is_gone(error: BaseException) -> bool:
    """Return whether a statement was refused because its session is over; it has had no effect then."""
    return isinstance(error, Error) and error.errno in _GONE


def translated(
    error: BaseException, query: str, secrets: Iterable[str] = (), timeout: int | None = None
) -> OnefoldError:
    """Return the error that callers see for one of the connector's.

    Args:
        error: What the connector raised.
        query: The statement that was running.
        secrets: The texts that no message may show.
        timeout: How long a statement may take, in seconds.
    """
    if isinstance(error, OnefoldError):
        return error
    if isinstance(error, Error) and (failure := transform_failure(str(error.msg))) is not None:
        kind, message = failure
        return kind(hidden(message, secrets))
    text = hidden(_message(error), secrets)
    if SOURCE_MARK in text:
        message = re.split(r"' is not recognized|\" according to|\n", text.partition(SOURCE_MARK)[2])[0].strip()
        return SourceError(message[:1].upper() + message[1:])
    number = error.errno if isinstance(error, Error) else None
    if number == _TIMED_OUT or "due to a timeout" in text:
        limit = f"{timeout} s, which the option timeout allows" if timeout else "Snowflake allows"
        text = f"the statement took longer than {limit}. Give it more time, or a larger warehouse."
    elif number == _CANCELLED:
        text = f"somebody stopped the statement in Snowflake ({text})."
    elif _NO_PACKAGES in text:
        text = f"{text.rstrip('.')}. State versions that Snowflake has with the option packages."
    elif number in _ADVICE:
        text = f"{text.rstrip('.')}. {_ADVICE[number]}"
    elif session_is_gone(error):
        text = f"the session in Snowflake is over ({text}). Run it again: that opens another one."
    elif isinstance(error, OSError) or not isinstance(error, DatabaseError | pa.ArrowException):
        text = f"Snowflake can not be reached, or does not answer ({text})."
    return EngineError(text, engine=ENGINE, query=hidden(query, secrets))


def not_connected(error: BaseException, secrets: Iterable[str]) -> OnefoldError:
    """Return the error that callers see when no session could be opened."""
    text = hidden(_message(error), secrets)
    if isinstance(error, ForbiddenError | ValueError | TypeError) or (
        isinstance(error, DatabaseError) and not isinstance(error, OperationalError)
    ):
        return ConfigurationError(
            f"Snowflake does not let this in: {text} Check the options that say who logs in and where "
            "(connection, account, user, authenticator, and the secret that goes with it)."
        )
    return EngineError(f"Snowflake can not be reached: {text}", engine=ENGINE)


def _message(error: BaseException) -> str:
    """Return what an error says: its first lines, without the number of the query."""
    text = str(error.msg) if isinstance(error, Error) and error.msg else str(error)
    text = re.sub(r"^\d{6}(?: \([0-9A-Z]+\))?: (?:[0-9a-f-]{36}: )?", "", text.strip())
    kept = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(kept)[:2000] or type(error).__name__
