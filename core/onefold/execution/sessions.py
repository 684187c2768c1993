"""Open sessions, one per engine and set of options, kept warm for the life of the process."""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Mapping
from typing import Any

from onefold.contract import Session
from onefold.errors import ConfigurationError
from onefold.registry import get_backend

__all__ = ["cancel_all", "close_all", "session_for"]

_OPEN: dict[tuple[str, str], Session] = {}
_LOCK = threading.Lock()


def session_for(engine: str, options: Mapping[str, Any] | None = None) -> Session:
    """Return the open session of an engine with these options, opening it at first.

    Args:
        engine: The name of an installed backend.
        options: The options of the session, such as ``{"memory_limit": "4GB"}``.

    Raises:
        ConfigurationError: If the engine does not exist or an option can not be used.
    """
    try:
        key = engine, json.dumps(dict(options or {}), sort_keys=True)
    except TypeError as error:
        raise ConfigurationError(f"The options of {engine!r} are constants, got {dict(options or {})!r}.") from error
    with _LOCK:
        if key not in _OPEN:
            _OPEN[key] = get_backend(engine).open(dict(options or {}))
        return _OPEN[key]


def cancel_all() -> None:
    """Stop what every open session runs; used for Ctrl-C."""
    with _LOCK:
        sessions = tuple(_OPEN.values())
    for session in sessions:
        session.cancel()


def close_all() -> None:
    """Close every open session and forget it."""
    with _LOCK:
        sessions = tuple(_OPEN.values())
        _OPEN.clear()
    for session in sessions:
        session.close()


atexit.register(close_all)
