"""Expressions as they are written, before a schema gives them types.

The classes here are what an :class:`~onefold.features.expressions.Expr` holds: a small tree that knows how to print
itself and how to name a column or feature after itself. :mod:`onefold.features.binding` turns it into plan nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from onefold.errors import DefinitionError
from onefold.types import DataType

__all__ = [
    "Choice",
    "ColumnRef",
    "Constant",
    "Convert",
    "Deferred",
    "Invoke",
    "first_column",
    "label",
    "parts_of",
    "shown",
]

MAX_DEPTH = 250
"""How deep expressions may be nested; the plan has the same bound, but here it is met before anything recurses."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnRef:
    """A column by name.

    Args:
        name: The column's name.
        plain: Whether it was written as plain text in a place where text names a column; errors then say how a
            text constant is written.
    """

    name: str
    plain: bool = False
    depth: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A Python value; without a type it takes the type that its place asks for, as long as nothing is lost."""

    value: Any
    dtype: DataType | None = None
    depth: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Invoke:
    """A catalogue function with arguments and options."""

    function: str
    args: tuple[Deferred, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        _set_depth(self, self.args)


@dataclass(frozen=True, slots=True, eq=False)
class Convert:
    """A cast."""

    arg: Deferred
    to: DataType
    on_failure: str
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        _set_depth(self, (self.arg,))


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The value of the first branch whose condition is true."""

    branches: tuple[tuple[Deferred, Deferred], ...]
    otherwise: Deferred | None
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        _set_depth(self, parts_of(self))


Deferred: TypeAlias = ColumnRef | Constant | Invoke | Convert | Choice
"""An expression as it was written."""


def _set_depth(node: Invoke | Convert | Choice, parts: tuple[Deferred, ...]) -> None:
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > MAX_DEPTH:
        raise DefinitionError(
            f"The expression is nested more than {MAX_DEPTH} deep. Compute parts of it as columns first, "
            "with with_columns(...)."
        )
    object.__setattr__(node, "depth", depth)


def parts_of(node: Deferred) -> tuple[Deferred, ...]:
    """Return the expressions directly below one, in reading order."""
    match node:
        case Invoke(args=args):
            return args
        case Convert(arg=arg):
            return (arg,)
        case Choice(branches=branches, otherwise=otherwise):
            flat = tuple(part for branch in branches for part in branch)
            return flat if otherwise is None else (*flat, otherwise)
    return ()


def _walk(node: Deferred) -> Iterator[Deferred]:
    yield node
    for part in parts_of(node):
        yield from _walk(part)


def first_column(node: Deferred) -> str | None:
    """Return the name that an unnamed expression gives its column: the first column that it reads, as in Polars.

    For a ``when``, the first column of its first value counts, not of its condition.
    """
    start = node.branches[0][1] if isinstance(node, Choice) else node
    return next((found.name for found in _walk(start) if isinstance(found, ColumnRef)), None)


_OPERATORS = {
    "add": ("+", "plus"),
    "subtract": ("-", "minus"),
    "multiply": ("*", "times"),
    "divide": ("/", "per"),
    "int_divide": ("//", "div"),
    "modulo": ("%", "mod"),
    "power": ("**", "pow"),
    "equal": ("==", "eq"),
    "not_equal": ("!=", "ne"),
    "lt": ("<", "lt"),
    "lte": ("<=", "le"),
    "gt": (">", "gt"),
    "gte": (">=", "ge"),
    "and": ("&", "and"),
    "or": ("|", "or"),
    "xor": ("^", "xor"),
}
_PREFIXES = {"not": ("~", "not"), "negate": ("-", "minus")}


def shown(node: Deferred) -> str:
    """Return an expression as Python text, close to how it was written.

    Examples:
        >>> shown(Invoke("gt", (ColumnRef("delay"), Constant(15))))
        "(col('delay') > 15)"
    """
    match node:
        case ColumnRef(name=name):
            return f"col({name!r})"
        case Constant(value=value, dtype=dtype):
            return repr(value) if dtype is None else f"lit({value!r}, '{dtype}')"
        case Convert(arg=arg, to=to, on_failure=on_failure):
            extra = ", on_failure='null'" if on_failure == "null" else ""
            return f"{shown(arg)}.cast('{to}'{extra})"
        case Choice(branches=branches, otherwise=otherwise):
            text = ".".join(f"when({shown(when)}).then({shown(then)})" for when, then in branches)
            return text if otherwise is None else f"{text}.otherwise({shown(otherwise)})"
    if node.function in _OPERATORS and len(node.args) == 2 and not node.options:
        return f"({shown(node.args[0])} {_OPERATORS[node.function][0]} {shown(node.args[1])})"
    if node.function in _PREFIXES and len(node.args) == 1:
        return f"{_PREFIXES[node.function][0]}{shown(node.args[0])}"
    written = [shown(arg) for arg in node.args] + [f"{name}={value!r}" for name, value in node.options.items()]
    return f"{node.function}({', '.join(written)})"


def label(node: Deferred) -> str:
    """Return a name for an expression, made of lower-case words: what default feature names are built from.

    Examples:
        >>> label(Invoke("not", (ColumnRef("late"),)))
        'not_late'
        >>> label(Invoke("gt", (ColumnRef("delay"), Constant(15))))
        'delay_gt_15'
    """
    match node:
        case ColumnRef(name=name):
            return name
        case Constant(value=value):
            return re.sub(r"[^A-Za-z0-9]+", "_", str(value)).strip("_").lower() or "empty"
        case Convert(arg=arg):
            return label(arg)
        case Choice(branches=branches, otherwise=otherwise):
            text = "_".join(f"when_{label(when)}_then_{label(then)}" for when, then in branches)
            return text if otherwise is None else f"{text}_else_{label(otherwise)}"
    if node.function in _OPERATORS and len(node.args) == 2:
        return f"{label(node.args[0])}_{_OPERATORS[node.function][1]}_{label(node.args[1])}"
    if node.function in _PREFIXES and len(node.args) == 1:
        return f"{_PREFIXES[node.function][1]}_{label(node.args[0])}"
    return "_".join([*(label(arg) for arg in node.args), node.function])
