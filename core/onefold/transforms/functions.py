"""Python functions that plans name: registered in this process, found again by name and source.

A plan holds only a function's name and the hash of its source. Running a plan never imports a module because a
document says so: the function has to be registered here, by the code that defines the transform.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from types import CellType, CodeType
from typing import Any

from onefold.errors import ConfigurationError, DefinitionError
from onefold.plan import FunctionRef

__all__ = ["reference", "resolve"]

_REGISTERED: dict[FunctionRef, Callable[..., Any]] = {}


def reference(function: Callable[..., Any]) -> FunctionRef:
    """Return the name under which a plan can hold a Python function, and remember the function.

    Args:
        function: Any callable with a source, a lambda or a nested function included.

    Raises:
        DefinitionError: If it can not be called.

    Examples:
        >>> def double(batch):
        ...     return batch
        >>> reference(double).name
        'double'
    """
    if not callable(function):
        raise DefinitionError(f"A transform is a function, not {type(function).__name__} ({function!r:.60}).")
    ref = FunctionRef(
        module=getattr(function, "__module__", None) or "__main__",
        name=getattr(function, "__qualname__", type(function).__qualname__),
        source_hash=_source_hash(function),
    )
    _REGISTERED[ref] = function
    return ref


def resolve(ref: FunctionRef) -> Callable[..., Any]:
    """Return the registered function that a plan names.

    Raises:
        ConfigurationError: If it was not registered in this process, or its source has changed since.
    """
    found = _REGISTERED.get(ref)
    if found is not None:
        return found
    if any((known.module, known.name) == (ref.module, ref.name) for known in _REGISTERED):
        raise ConfigurationError(
            f"The function {ref.module}.{ref.name} has another source now than when the plan was made. "
            "Make the plan again."
        )
    raise ConfigurationError(
        f"The plan runs the Python function {ref.module}.{ref.name}, which is not registered in this process. "
        f"Import the module {ref.module!r} that defines the transform before running the plan."
    )


def _source_hash(function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    try:
        # The code's source, not the function's: a decorated function would show that of the function inside.
        text = inspect.getsource(function if code is None else code)
    except (OSError, TypeError):  # typed at a prompt, or made by exec: the compiled form stands for it
        text = repr(function) if code is None else f"{code.co_code.hex()} {code.co_names} {code.co_consts!r}"
    else:
        text += "" if code is None else f"\n{_place(code)}"
    return hashlib.sha256(f"{text}\n{_captured(function)}".encode()).hexdigest()


def _place(code: CodeType) -> str:
    """Return where a code stands within its source text: several lambdas can share their lines."""
    if code.co_name != "<lambda>":
        return ""
    places = [(start - code.co_firstlineno, column) for start, _, column, _ in code.co_positions() if start and column]
    return str(min(places, default=""))


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet, as in a function that calls itself
        return None


def _captured(function: Callable[..., Any]) -> str:
    """Return what tells apart functions of one source text: the values that each was made with."""
    cells = [_content(cell) for cell in getattr(function, "__closure__", None) or ()]
    if hasattr(function, "__self__"):
        cells.append(function.__self__)
    defaults = [
        *(getattr(function, "__defaults__", None) or ()),
        *(getattr(function, "__kwdefaults__", None) or {}).values(),
    ]
    plain = (bool, int, float, str, bytes, type(None))
    # Anything but plain constants is known by the function object itself: two of them never share a name.
    return " ".join(repr(value) if type(value) in plain else f"object of {id(function)}" for value in cells + defaults)
