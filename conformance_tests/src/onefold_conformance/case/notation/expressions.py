"""Expressions as text, and back.

``add(a, 1)`` is a call, ``a`` a column (```strange name``` one that is no identifier), ``1`` an int64, ``1.0`` and ``inf`` are
float64, ``'x'`` is a string, ``true`` a bool; ``'2024-02-29':date32``, ``null:int64`` and ``[1, 2]:list<int64>`` state their
type. Options are named: ``round(x, digits=2)``. Beside the catalogue there are ``cast(x, int64)``, ``try_cast(x, int64)`` (null
where it fails) and ``case(when, then, when, then, otherwise)``.
"""

from __future__ import annotations

import math
import re
from typing import Any

from onefold.plan import Call, Case, Cast, Column, Expression, Literal, WhenThen, get_function
from onefold.types import BOOL, FLOAT64, INT64, STRING, TIMESTAMP_UTC, DataType, List
from onefold_conformance.case.notation.tokens import Reader, quoted, unquoted

__all__ = ["expression_text", "option_text", "parse_expression", "read_expression", "read_option"]

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = {"true", "false", "null", "nan", "inf"}


def parse_expression(text: str) -> Expression:
    """Return the expression that a text stands for.

    Raises:
        ConfigurationError: If the text can not be read.
        PlanError: If a function or option does not exist.

    Examples:
        >>> parse_expression("add(a, 1)") == Call(function="add", args=(Column(name="a"), Literal.of(1)))
        True
    """
    reader = Reader(text)
    expression = read_expression(reader)
    reader.end()
    return expression


def read_expression(reader: Reader) -> Expression:
    """Take an expression from a reader."""
    token = reader.peek()
    if token.kind == "column":
        reader.take()
        return Column(name=token.text[1:-1].replace("``", "`"))
    if token.kind == "name" and token.text not in _WORDS:
        reader.take()
        return _call(reader, token.text) if reader.takes("(") else Column(name=token.text)
    value, dtype = _constant(reader)
    if reader.takes(":"):
        dtype = reader.take_type()
    if dtype is None:
        raise reader.error("expected a type behind the constant, such as null:int64,")
    return Literal(dtype=dtype, value=_fitting(value, dtype))


def _call(reader: Reader, function: str) -> Expression:
    if function in ("cast", "try_cast"):
        arg = read_expression(reader)
        reader.take(",")
        to = reader.take_type()
        reader.take(")")
        return Cast(arg=arg, to=to, on_failure="error" if function == "cast" else "null")
    args: list[Expression] = []
    options: dict[str, Any] = {}
    while not reader.takes(")"):
        if args or options:
            reader.take(",")
        place = reader.place
        token = reader.take() if reader.peek().kind == "name" else None
        if token is not None and reader.takes("="):
            options[token.text] = read_option(reader)
        else:
            reader.place = place
            args.append(read_expression(reader))
    if function == "case":
        pairs = [WhenThen(when=when, then=then) for when, then in zip(args[::2], args[1::2], strict=False)]
        return Case(branches=tuple(pairs), otherwise=args[-1] if len(args) % 2 else None)
    return Call(function=function, args=tuple(args), options=options)


def read_option(reader: Reader) -> Any:
    """Take the constant value of an option from a reader."""
    value, _ = _constant(reader)
    return value


def _constant(reader: Reader) -> tuple[Any, DataType | None]:
    token = reader.take()
    if token.kind == "text":
        return unquoted(token.text), STRING
    if token.kind == "number":
        whole = re.fullmatch(r"[+-]?[0-9]+", token.text)
        return (int(token.text), INT64) if whole else (float(token.text), FLOAT64)
    if token.text in ("true", "false"):
        return token.text == "true", BOOL
    if token.text == "null":
        return None, None
    if token.text in ("nan", "inf"):
        return float(token.text), FLOAT64
    if token.text == "[":
        items: list[Any] = []
        while not reader.takes("]"):
            if items:
                reader.take(",")
            items.append(_constant(reader)[0])
        return tuple(items), None
    raise reader.error(f"{token.text!r} is no constant, just before what stands")


def _fitting(value: Any, dtype: DataType) -> Any:
    """Return a constant in the form that a literal of a type holds."""
    if isinstance(dtype, List) and isinstance(value, tuple):
        return tuple(_fitting(item, dtype.element) for item in value)
    if dtype == FLOAT64 and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if dtype == TIMESTAMP_UTC and isinstance(value, str):  # as in tables, an instant may end in Z
        return value.removesuffix("Z")
    return value


def expression_text(expression: Expression) -> str:
    """Return an expression as text that :func:`parse_expression` reads back.

    Examples:
        >>> expression_text(Call(function="round", args=(Column(name="my x"),), options={"digits": 2}))
        'round(`my x`, digits=2)'
    """
    match expression:
        case Column(name=name):
            plain = _IDENTIFIER.fullmatch(name) and name not in _WORDS
            return name if plain else f"`{name.replace('`', '``')}`"
        case Literal(dtype=dtype, value=value):
            text = _constant_text(value, dtype)
            plain = value is not None and dtype in (BOOL, INT64, FLOAT64, STRING)
            return text if plain else f"{text}:{dtype}"
        case Call(function=function, args=args, options=options):
            defaults = get_function(function).options
            given = [
                f"{name}={option_text(value)}" for name, value in options.items() if value != defaults[name].default
            ]
            return f"{function}({', '.join([*map(expression_text, args), *given])})"
        case Cast(arg=arg, to=to, on_failure=on_failure):
            return f"{'cast' if on_failure == 'error' else 'try_cast'}({expression_text(arg)}, {to})"
        case Case(branches=branches, otherwise=otherwise):
            parts = [expression_text(part) for branch in branches for part in (branch.when, branch.then)]
            parts += [] if otherwise is None else [expression_text(otherwise)]
            return f"case({', '.join(parts)})"
    raise AssertionError(f"{type(expression).__name__} has no text")


def option_text(value: Any) -> str:
    """Return the constant value of an option as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    return _float_text(value) if isinstance(value, float) else str(value)


def _constant_text(value: Any, dtype: DataType) -> str:
    if value is None:
        return "null"
    if isinstance(dtype, List):
        return f"[{', '.join(_constant_text(item, dtype.element) for item in value)}]"
    if isinstance(value, str):
        return quoted(value.removesuffix(".000000") if dtype.is_time else value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float_text(value) if isinstance(value, float) else str(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "nan"
    return repr(value)
