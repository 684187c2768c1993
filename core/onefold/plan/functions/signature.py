"""Signatures of functions and aggregations: which argument types they take, and what comes out.

A signature is written as ``(int64, T, T...) -> list<T>``:

* a portable type stands for exactly that type;
* ``T``, ``U`` stand for any type, ``O``, ``P`` for any type with an order (not a list or struct), the same letter
  for the same type everywhere in the signature;
* ``decimal`` stands for any decimal and ``struct`` for any struct (each place on its own);
* ``list<...>`` holds one of those; the last argument may end in ``...``, for one or more of it.

The result is a type made of the same parts, or a rule (a function of the argument types and options).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onefold.errors import PlanError
from onefold.types import FLOAT64, INT64, DataType, Decimal, List, Struct, parse_type

__all__ = ["Signature", "common_type", "implicit_types", "resolve_signature", "sig"]

ResultRule = Callable[[tuple[DataType, ...], Mapping[str, Any]], DataType]
"""Computes a result type from argument types and options; may raise PlanError."""

_VARIABLE = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One combination of argument types and its result; see the module for how it is written."""

    args: tuple[str, ...]
    result: str | ResultRule
    variadic: bool = False
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.shown

    def bind(self, args: Sequence[DataType]) -> dict[str, DataType] | None:
        """Return what each type variable stands for, or None when the arguments do not match."""
        if len(args) != len(self.args) and not (self.variadic and len(args) >= len(self.args)):
            return None
        bound: dict[str, DataType] = {}
        return bound if all(map(lambda p, a: _matches(p, a, bound), self.patterns(len(args)), args)) else None

    def patterns(self, count: int) -> tuple[str, ...]:
        """Return one pattern per argument, the variadic last one repeated."""
        return self.args + self.args[-1:] * (count - len(self.args))


def sig(text: str, rule: ResultRule | None = None) -> Signature:
    """Return the signature that a text describes.

    Args:
        text: Such as ``"(string, string...) -> string"``.
        rule: Computes the result type when it is not a plain pattern; the text's result is then only shown.
    """
    left, _, result = text.partition("->")
    inner = left.strip()[1:-1].strip()
    args = tuple(_split(inner)) if inner else ()
    variadic = bool(args) and args[-1].endswith("...")
    if variadic:
        args = (*args[:-1], args[-1].removesuffix("..."))
    return Signature(args, rule or result.strip(), variadic, text)


def resolve_signature(
    name: str, signatures: Iterable[Signature], args: tuple[DataType, ...], options: Mapping[str, Any]
) -> DataType:
    """Return the result type of the first signature that takes exactly these argument types.

    Raises:
        PlanError: If none does; the message lists the signatures.
    """
    signatures = tuple(signatures)
    for signature in signatures:
        bound = signature.bind(args)
        if bound is not None:
            if callable(signature.result):
                return signature.result(args, options)
            return _substitute(signature.result, bound)
    given = ", ".join(map(str, args))
    raise PlanError(
        f"{name!r} does not take ({given}). It takes: {'; '.join(str(s) for s in signatures)}. "
        "Cast the arguments to one of these."
    )


def implicit_types(signatures: Iterable[Signature], args: tuple[DataType, ...]) -> tuple[DataType, ...] | None:
    """Return the argument types after the conversions that lose nothing a user would miss, or None.

    Only int64 to float64 or a decimal, a decimal to a wider decimal or float64, and a date to nothing else: the
    builder of expressions writes them into the plan as casts, so that every engine sees the same types.
    """
    for signature in signatures:
        if signature.bind(args) is not None:
            return args
    for signature in signatures:
        if len(args) != len(signature.args) and not (signature.variadic and len(args) >= len(signature.args)):
            continue
        patterns = signature.patterns(len(args))
        shared: dict[str, DataType] = {}
        possible = True
        for pattern, arg in zip(patterns, args, strict=True):
            if _VARIABLE.fullmatch(pattern):
                merged = common_type(shared[pattern], arg) if pattern in shared else arg
                possible = possible and merged is not None
                if merged is not None:
                    shared[pattern] = merged
        if not possible:
            continue
        wanted = tuple(_widened(pattern, arg, shared) for pattern, arg in zip(patterns, args, strict=True))
        if None not in wanted and signature.bind(wanted) is not None:  # type: ignore[arg-type]
            return wanted  # type: ignore[return-value]
    return None


def common_type(left: DataType, right: DataType) -> DataType | None:
    """Return the type to which both can be widened implicitly, or None."""
    if left == right:
        return left
    if not (left.is_numeric and right.is_numeric):
        return None
    if FLOAT64 in (left, right):
        return FLOAT64
    left = Decimal(19, 0) if left == INT64 else left
    right = Decimal(19, 0) if right == INT64 else right
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        scale = max(left.scale, right.scale)
        whole = max(left.precision - left.scale, right.precision - right.scale)
        return Decimal(min(38, whole + scale), scale) if whole + scale <= 38 else FLOAT64
    return None


def _widened(pattern: str, arg: DataType, shared: Mapping[str, DataType]) -> DataType | None:
    if _VARIABLE.fullmatch(pattern):
        return shared[pattern]
    if pattern == "decimal":
        return Decimal(19, 0) if arg == INT64 else arg
    if _matches(pattern, arg, {}):
        return arg
    if pattern == "float64" and arg.is_numeric:
        return FLOAT64
    return None


def _split(text: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "<([") - (char in ">)]")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [*parts, current.strip()]


def _matches(pattern: str, arg: DataType, bound: dict[str, DataType]) -> bool:
    if _VARIABLE.fullmatch(pattern):
        if pattern in "OP" and not arg.is_ordered:
            return False
        return bound.setdefault(pattern, arg) == arg
    if pattern == "decimal":
        return isinstance(arg, Decimal)
    if pattern == "struct":
        return isinstance(arg, Struct)
    if pattern.startswith("list<"):
        return isinstance(arg, List) and _matches(pattern[5:-1], arg.element, bound)
    return arg == parse_type(pattern)


def _substitute(pattern: str, bound: Mapping[str, DataType]) -> DataType:
    if pattern in bound:
        return bound[pattern]
    if pattern.startswith("list<"):
        return List(_substitute(pattern[5:-1], bound))
    if pattern.startswith("struct<"):
        fields = [part.partition(":") for part in _split(pattern[7:-1])]
        return Struct(tuple((name.strip(), _substitute(text.strip(), bound)) for name, _, text in fields))
    return parse_type(pattern)
