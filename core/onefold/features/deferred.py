"""Expressions as they are written, before a schema gives them types.

The classes here are what an :class:`~onefold.features.expressions.Expr` holds: a small tree that knows how to print
itself and how to name a column or feature after itself. :mod:`onefold.features.binding` turns it into plan nodes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def first_column(node: Deferred) -> str | None:
    """Return the name that an unnamed expression gives its column: the first column that it reads, as in Polars.

    For a ``when``, the first column of its first value counts, not of its condition.
    """
    stack = [node.branches[0][1] if isinstance(node, Choice) else node]
    seen: set[int] = set()
    while stack:
        current = stack.pop()
        if isinstance(current, ColumnRef):
            return current.name
        if id(current) not in seen:
            seen.add(id(current))
            stack.extend(reversed(parts_of(current)))
    return None


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


_MOST_PARTS = 120
"""How many parts of an expression are written out: shared parts could make its text grow without end."""


def shown(node: Deferred) -> str:
    """Return an expression as Python text, close to how it was written; very large ones are shortened.

    Examples:
        >>> shown(Invoke("gt", (ColumnRef("delay"), Constant(15))))
        "(col('delay') > 15)"
    """
    return _Writer().shown(node)


def label(node: Deferred) -> str:
    """Return a name for an expression, made of words: what default feature names are built from.

    Examples:
        >>> label(Invoke("not", (ColumnRef("late"),)))
        'not_late'
        >>> label(Invoke("gt", (ColumnRef("delay"), Constant(15))))
        'delay_gt_15'
    """
    return _Writer().label(node)


class _Writer:
    """Writes expressions, up to a number of parts."""

    def __init__(self) -> None:
        self.left = _MOST_PARTS

    def shown(self, node: Deferred) -> str:
        self.left -= 1
        if self.left < 0:
            return "..."
        match node:
            case ColumnRef(name=name):
                return f"col({name!r})"
            case Constant(value=value, dtype=dtype):
                text = repr(value) if len(repr(value)) <= 80 else f"{repr(value)[:77]}..."
                return text if dtype is None else f"lit({text}, '{dtype}')"
            case Convert(arg=arg, to=to, on_failure=on_failure):
                extra = ", on_failure='null'" if on_failure == "null" else ""
                return f"{self.shown(arg)}.cast('{to}'{extra})"
            case Choice(branches=branches, otherwise=otherwise):
                text = ".".join(f"when({self.shown(when)}).then({self.shown(then)})" for when, then in branches[:8])
                text += "..." * (len(branches) > 8)
                return text if otherwise is None else f"{text}.otherwise({self.shown(otherwise)})"
            case Invoke():
                return self._call(node)
        raise AssertionError(f"{node!r} is no expression")

    def _call(self, node: Invoke) -> str:
        if node.function in _OPERATORS and len(node.args) == 2 and not node.options:
            return f"({self.shown(node.args[0])} {_OPERATORS[node.function][0]} {self.shown(node.args[1])})"
        if node.function in _PREFIXES and len(node.args) == 1:
            return f"{_PREFIXES[node.function][0]}{self.shown(node.args[0])}"
        written = [self.shown(arg) for arg in node.args[:12]] + ["..."] * (len(node.args) > 12)
        written += [f"{name}={value!r}" for name, value in node.options.items()]
        return f"{node.function}({', '.join(written)})"

    def label(self, node: Deferred) -> str:
        self.left -= 1
        if self.left < 0:
            return "and_more"
        match node:
            case ColumnRef(name=name):
                return name
            case Constant(value=value):
                text = re.sub(r"[^A-Za-z0-9]+", "_", str(value)).strip("_").lower() or "empty"
                return f"minus_{text}" if isinstance(value, int | float) and value < 0 else text
            case Convert(arg=arg):
                return self.label(arg)
            case Choice(branches=branches, otherwise=otherwise):
                text = "_".join(f"when_{self.label(when)}_then_{self.label(then)}" for when, then in branches)
                return text if otherwise is None else f"{text}_else_{self.label(otherwise)}"
            case Invoke(function=function, args=args):
                if function in _OPERATORS and len(args) == 2:
                    return f"{self.label(args[0])}_{_OPERATORS[function][1]}_{self.label(args[1])}"
                if function in _PREFIXES and len(args) == 1:
                    return f"{_PREFIXES[function][1]}_{self.label(args[0])}"
                return "_".join([*(self.label(arg) for arg in args), function])
        raise AssertionError(f"{node!r} is no expression")
