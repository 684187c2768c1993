"""Errors on their way from an executor to the driver: through the JVM, which passes on nothing but text."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from onefold.errors import EngineError, ExchangeError, OnefoldError, SourceError, TransformError

__all__ = ["shipped_error", "shipping"]

_MARK = re.compile(r"\[onefold error: ([A-Za-z0-9+/=]+)\]")

_MADE: dict[str, Callable[[str], OnefoldError]] = {
    "SourceError": SourceError,
    "TransformError": TransformError,
    "ExchangeError": ExchangeError,
}


class _ShippedError(Exception):
    """An error of onefold's, written so that the driver can find it in the text of Spark's own error."""


@contextmanager
def shipping() -> Iterator[None]:
    """Raise errors of onefold's in the form that :func:`shipped_error` reads."""
    try:
        yield
    except OnefoldError as error:
        content = {"kind": type(error).__name__, "message": str(error)}
        if isinstance(error, EngineError):
            content["engine"] = error.engine
        packed = base64.b64encode(json.dumps(content).encode()).decode()
        raise _ShippedError(f"{error}\n[onefold error: {packed}]") from error


def shipped_error(text: str) -> OnefoldError | None:
    """Return the error that an executor raised, or None when a failure is not onefold's own.

    Args:
        text: The message of Spark's error.

    Examples:
        >>> try:
        ...     with shipping():
        ...         raise SourceError("The file is gone.")
        ... except Exception as error:
        ...     text = f"org.apache.spark.api.python.PythonException: Traceback ... {error} at ..."
        >>> shipped_error(text)
        SourceError('The file is gone.')
    """
    found = _MARK.search(text)
    if found is None:
        return None
    try:
        content = json.loads(base64.b64decode(found[1], validate=True))
    except (binascii.Error, ValueError):  # Spark cut the text
        return None
    kind, message = content["kind"], content["message"]
    if kind == "EngineError":
        engine = content["engine"]
        return EngineError(message.removeprefix(f"engine {engine!r} failed: "), engine=engine)
    return _MADE[kind](message) if kind in _MADE else OnefoldError(message)
