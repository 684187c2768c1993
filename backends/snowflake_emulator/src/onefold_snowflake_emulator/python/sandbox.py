"""Runs the bodies of functions: with the modules that they may import, and with Snowflake's errors.

It keeps a body from using by mistake what Snowflake would not have. It keeps nobody from anything on purpose.
"""

from __future__ import annotations

import builtins
import importlib
import linecache
import sys
import threading
import traceback
import types
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from onefold_snowflake_emulator.errors import SnowflakeError

INPUT: Final = "_sf_vectorized_input"
"""The attribute that marks a function as vectorised."""

BATCH: Final = "_sf_max_batch_size"
"""The attribute that says how many rows a batch of it may have."""

_FILE: Final = "_udf_code.py"
_NUMBERS: Final = count(1)


class Sandbox:
    """The body of one function, and what it defines.

    Attributes:
        name: The name of the function.
        handler: The name of its handler.
    """

    def __init__(self, body: str, name: str, handler: str, modules: frozenset[str]) -> None:
        """Run a body.

        Args:
            body: The text.
            name: The name of the function.
            handler: The name of its handler.
            modules: The modules that it may import, without those within packages.

        Raises:
            SnowflakeError: The body fails, or does not define the handler.
        """
        self.name, self.handler = name, handler
        self._modules = modules
        self._file = f"{_FILE}#{next(_NUMBERS)}"
        # Snowflake's tracebacks show the lines of the body.
        linecache.cache[self._file] = (len(body), None, body.splitlines(keepends=True), self._file)
        weakref.finalize(self, linecache.cache.pop, self._file, None)
        self._names: dict[str, Any] = {"__name__": "_udf_code"}
        with self.running():
            exec(compile(body, self._file, "exec"), self._names)  # noqa: S102 - that is what CREATE FUNCTION is
        if not callable(self._names.get(handler)):
            raise SnowflakeError("100356", "P0000", f"Python function is not callable: {handler}")

    @property
    def defined(self) -> Any:
        """Return the handler."""
        return self._names[self.handler]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let code of the body run in this thread, and make its failure this statement's.

        Raises:
            SnowflakeError: The code raises.
        """
        try:
            with _importing(self._modules):
                yield
        except Exception as error:  # whatever a user's code raises is this statement's failure
            raise self._failure(error) from error

    def error(self, text: str) -> SnowflakeError:
        """Return an error of the function.

        Args:
            text: What is wrong: a traceback, or what it returned.
        """
        where = f" in function {self.name} with handler {self.handler}"
        return SnowflakeError("100357", "P0000", f"Python Interpreter Error:\n{text}{where}")

    def _failure(self, error: Exception) -> SnowflakeError:
        text = "".join(traceback.format_exception(type(error), error, self._own(error.__traceback__), chain=False))
        return self.error(text.replace(self._file, _FILE))

    def _own(self, trace: types.TracebackType | None) -> types.TracebackType | None:
        """Return a traceback from the body on; what called it is the emulator's affair."""
        while trace is not None and trace.tb_frame.f_code.co_filename != self._file:
            trace = trace.tb_next
        return trace


_active = threading.local()
_running_lock: Final = threading.Lock()
_running = 0
_import = builtins.__import__
_import_module = importlib.import_module


@contextmanager
def _importing(modules: frozenset[str]) -> Iterator[None]:
    """Restrict what this thread imports; what the packages themselves import is left to them."""
    global _running  # noqa: PLW0603 - the interpreter has one `__import__`
    before = getattr(_active, "modules", None)
    _active.modules = modules
    with _running_lock:
        _running += 1
        builtins.__import__ = _checked_import
        importlib.import_module = _checked_import_module
    try:
        yield
    finally:
        _active.modules = before
        with _running_lock:
            _running -= 1
            if not _running:
                builtins.__import__ = _import
                importlib.import_module = _import_module


def _checked_import(
    name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
) -> types.ModuleType:
    modules = getattr(_active, "modules", None)
    if modules is not None and not level:
        if name == _SNOWFLAKE.__name__:
            return _SNOWFLAKE
        _check(name, globals or {}, modules)
    return _import(name, globals, locals, fromlist, level)


def _checked_import_module(name: str, package: str | None = None) -> types.ModuleType:
    modules = getattr(_active, "modules", None)
    if modules is not None and not name.startswith("."):
        if name == _SNOWFLAKE.__name__:
            return _SNOWFLAKE
        _check(name, sys._getframe(1).f_globals, modules)
    return _import_module(name, package)


def _check(name: str, importer: Mapping[str, Any], modules: frozenset[str]) -> None:
    top = name.partition(".")[0]
    if top not in modules and not _is_module(importer):
        raise ModuleNotFoundError(f"No module named '{top}'", name=top)


def _is_module(names: Mapping[str, Any]) -> bool:
    """Return whether names are those of a module that was imported. A function that travelled as a value has others."""
    return vars(sys.modules.get(str(names.get("__name__")), _SNOWFLAKE)) is names


def _vectorized(*, input: type, max_batch_size: int | None = None) -> Callable[[Any], Any]:
    def mark(function: Any) -> Any:
        setattr(function, INPUT, input)
        if max_batch_size is not None:
            setattr(function, BATCH, max_batch_size)
        return function

    return mark


_SNOWFLAKE: Final = types.ModuleType("_snowflake")
_SNOWFLAKE.vectorized = _vectorized  # type: ignore[attr-defined]
