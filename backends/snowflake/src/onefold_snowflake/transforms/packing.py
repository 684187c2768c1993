"""Functions that travel by value: their code and what they captured, and the modules that they need where they arrive."""

from __future__ import annotations

import dis
import functools
import importlib
import io
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

import cloudpickle

__all__ = ["Packed", "packed"]

_REGISTRY = threading.Lock()


@dataclass(frozen=True, slots=True)
class Packed:
    """A function that is pickled.

    Args:
        size: The size of the pickle, in bytes.
        content: The pickle; empty where it is larger than was allowed.
        modules: The modules that it refers to: they have to be there when it is unpickled, or runs.
    """

    size: int
    content: bytes
    modules: frozenset[str]


def packed(function: Callable[..., Any], limit: int, *, whole: Callable[[str], bool]) -> Packed:
    """Return a function pickled by value, and all that it refers to.

    Args:
        function: The function.
        limit: The greatest size, in bytes; of what is larger, only the size is found out.
        whole: Says of the module that defines the function whether its code travels, and not its name.

    Raises:
        Exception: Whatever pickling raises, of objects that have no content to be sent.
    """
    own = _module_of(function)
    out = _Out(limit)
    pickler = _Pickler(out, protocol=pickle.DEFAULT_PROTOCOL)
    with _by_value(own if own is not None and whole(own) else None):
        pickler.dump(function)
    if out.size > limit:
        return Packed(out.size, b"", frozenset())
    content = out.getvalue()
    found = _Unpickler(io.BytesIO(content))
    found.load()
    imported = {name for code in pickler.codes for name in _imports(code, own)}
    return Packed(out.size, content, frozenset(pickler.modules | found.modules | imported))


class _Out(io.BytesIO):
    """Bytes up to a limit; of what is beyond, only the number is kept."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.size = 0
        self._limit = limit

    def write(self, data: Any) -> int:
        length = memoryview(data).nbytes
        self.size += length
        if self.size <= self._limit:
            super().write(data)
        return length


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Notes the modules and the code that it comes by."""

    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol=protocol)
        self.modules: set[str] = set()
        self.codes: list[CodeType] = []

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, ModuleType):
            self.modules.add(obj.__name__)
            if obj.__name__ in sys.modules:  # by its name, also where the functions of the module travel by value
                return importlib.import_module, (obj.__name__,)
        elif isinstance(obj, CodeType):
            self.codes.append(obj)
        return super().reducer_override(obj)


class _Unpickler(pickle.Unpickler):
    """Notes the modules that a pickle names; that it can be read at all is worth to know, too."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.modules: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        self.modules.add(module)
        return super().find_class(module, name)


def _imports(code: CodeType, own: str | None) -> Iterator[str]:
    """Yield the modules that code imports when it runs; for a relative import, the module that it stands in."""
    steps = list(dis.get_instructions(code))
    for level, _, step in zip(steps, steps[1:], steps[2:], strict=False):
        if step.opname == "IMPORT_NAME":
            yield (own or "") if level.argval else step.argval


def _module_of(function: Callable[..., Any]) -> str | None:
    """Return the name of the module that defines a function."""
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__module__", None)


@contextmanager
def _by_value(name: str | None) -> Iterator[None]:
    """Let the code of a module, and of those beside it in its package, be pickled instead of its name."""
    if name is None or name not in sys.modules or name == "__main__":  # what is in __main__ always is
        yield
        return
    module = sys.modules.get(name.partition(".")[0], sys.modules[name])
    with _REGISTRY:
        if module.__name__ in cloudpickle.list_registry_pickle_by_value():  # somebody else wants it
            yield
            return
        cloudpickle.register_pickle_by_value(module)
        try:
            yield
        finally:
            cloudpickle.unregister_pickle_by_value(module)
