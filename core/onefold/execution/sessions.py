"""Open sessions, one per engine and set of options, kept warm for the life of the process."""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from onefold.contract import MayDie, Session
from onefold.errors import ConfigurationError
from onefold.registry import get_backend

__all__ = ["SessionKey", "cancel_all", "close_all", "occupy", "session_for", "session_key"]

SessionKey = tuple[str, str]
"""An engine, and the options of a session as text."""

_OPEN: dict[SessionKey, Session] = {}
_GATES: dict[SessionKey, _Gate] = {}
_LOCK = threading.Lock()


def session_key(engine: str, options: Mapping[str, Any] | None = None) -> SessionKey:
    """Return what tells apart the sessions of an engine.

    Raises:
        ConfigurationError: If an option is no constant.
    """
    for name, value in (options or {}).items():
        try:
            json.dumps(value, sort_keys=True)
        except (TypeError, ValueError) as error:  # values are not shown: some are secrets
            raise ConfigurationError(
                f"The option {name!r} of {engine!r} is a constant, or a list or mapping of constants; it can not be of the "
                f"type {type(value).__name__!r}."
            ) from error
    return engine, json.dumps(dict(options or {}), sort_keys=True)


def session_for(engine: str, options: Mapping[str, Any] | None = None) -> Session:
    """Return the open session of an engine with these options, opening it at first, and again when the engine died.

    Args:
        engine: The name of an installed backend.
        options: The options of the session, such as ``{"memory_limit": "4GB"}``.

    Raises:
        ConfigurationError: If the engine does not exist or an option can not be used.
    """
    key = session_key(engine, options)
    with _LOCK:
        known: object = _OPEN.get(key)
        if isinstance(known, MayDie) and not known.is_alive():
            _OPEN.pop(key).close()
        if key not in _OPEN:
            _OPEN[key] = get_backend(engine).open(dict(options or {}))
        return _OPEN[key]


def occupy(keys: Iterable[SessionKey]) -> Callable[[], None]:
    """Wait until no other thread works with those of some open sessions that only one thread may use at once.

    All are taken at once and in one order, so that two runs never wait for each other.

    Args:
        keys: The sessions.

    Returns:
        Lets other threads in again; to be called once, by any thread.
    """
    with _LOCK:
        single = [key for key in sorted(set(keys)) if key in _OPEN and not _OPEN[key].thread_safe]
        gates = [_GATES.setdefault(key, _Gate()) for key in single]
    entered: list[_Gate] = []
    try:
        for gate in gates:
            gate.enter()
            entered.append(gate)
    except BaseException:  # Ctrl-C while waiting
        for gate in entered:
            gate.leave()
        raise

    def leave() -> None:
        for gate in gates:
            gate.leave()

    return leave


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
        _GATES.clear()
    for session in sessions:
        session.close()


class _Gate:
    """Lets one thread in at a time, as often as it likes; any thread may say that it has left."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._owner: int | None = None
        self._entries = 0

    def enter(self) -> None:
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._owner in (None, me))
            self._owner = me
            self._entries += 1

    def leave(self) -> None:
        with self._changed:
            self._entries -= 1
            if not self._entries:
                self._owner = None
                self._changed.notify_all()


atexit.register(close_all)
