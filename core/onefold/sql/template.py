"""Lowerings as data: a catalogue function becomes a piece of SQL text with places for its arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from sqlglot import expressions as exp
from sqlglot.dialects import Dialect

from onefold.sql.literals import lower_value
from onefold.sql.types import SqlTypes
from onefold.types import FLOAT64, STRING, DataType

__all__ = ["LoweredCall", "Lowering", "atom", "render"]


@dataclass(frozen=True, slots=True)
class LoweredCall:
    """A call whose arguments are lowered already.

    Args:
        args: The arguments as SQL.
        arg_types: Their types.
        result_type: The type of the result.
        types: How the dialect writes types.
        options: The options of the call, all filled in.
    """

    args: Sequence[exp.Expression]
    arg_types: Sequence[DataType]
    result_type: DataType
    types: SqlTypes
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dialect(self) -> str:
        """The name of the dialect that texts are written in."""
        return self.types.dialect


Lowering: TypeAlias = str | Callable[[LoweredCall], exp.Expression]
"""SQL text in the dialect, with places in braces, or a function where text is not enough.

``{0}``, ``{1}`` are arguments; ``{*}`` is all of them and ``{1*}`` all from the second on, separated by commas;
``{* AND }`` separates them by the text after the star. ``{name}`` is an option as an SQL literal, ``{type}`` the type
of the result. A brace itself is written twice.
"""

_DELIMITING = (exp.Anonymous, exp.Cast, exp.TryCast, exp.Paren)
"""Where a value stands between parentheses and commas, and needs none of its own."""

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_MANY = re.compile(r"(\d*)\*(.*)", re.DOTALL)


def render(lowering: Lowering, call: LoweredCall) -> exp.Expression:
    """Return the SQL of a call.

    Args:
        lowering: How the function is written in the dialect.
        call: The call with lowered arguments.

    Examples:
        >>> from onefold.sql.types import sql_types
        >>> x = exp.column("x")
        >>> call = LoweredCall([x, x], [FLOAT64, FLOAT64], FLOAT64, sql_types("duckdb"))
        >>> render("{0} / NULLIF({1}, 0)", call).sql("duckdb")
        'x / NULLIF(x, 0)'
    """
    if callable(lowering):
        return lowering(call)
    text = _PLACE.sub(lambda match: _name(match, call), lowering)
    values: dict[str, exp.Expression] = {f"__arg_{index}": arg for index, arg in enumerate(call.args)}
    values |= {f"__option_{name}": _constant(value, call) for name, value in call.options.items()}

    return _filled(_parsed(text, call.dialect), values)


def atom(value: exp.Expression) -> exp.Expression:
    """Return SQL that keeps its own grouping whatever operator it is put beside."""
    if isinstance(
        value, exp.Paren | exp.Column | exp.Literal | exp.Boolean | exp.Null | exp.Case | exp.Cast | exp.Bracket
    ):
        return value
    if isinstance(value, exp.Func) and not isinstance(value, exp.Binary | exp.Unary | exp.Predicate):
        return value
    return exp.Paren(this=value)


def _parsed(text: str, dialect: str) -> exp.Expression:
    """Return a new syntax tree of a text."""
    return (_remembered(text, dialect) if len(text) <= 1000 else _parse(text, dialect)).copy()


def _parse(text: str, dialect: str) -> exp.Expression:
    known = Dialect.get_or_raise(dialect)
    parser = known.parser()
    # Functions stay as they are written. sqlglot would otherwise understand many of them, and print them as others
    # that it takes for the same, or without arguments that it takes for the default.
    parser.FUNCTIONS = {}
    parser.FUNCTION_PARSERS = {name: parser.FUNCTION_PARSERS[name] for name in ("CAST", "TRY_CAST")}
    (tree,) = parser.parse(known.tokenize(text), text)
    assert isinstance(tree, exp.Expression)
    return tree


_remembered = lru_cache(maxsize=1024)(_parse)


def _filled(tree: exp.Expression, values: Mapping[str, exp.Expression]) -> exp.Expression:
    """Return a tree with values in their places; the first use of a value takes it, others copy it."""
    used: set[str] = set()

    def value_for(child: Any, parent: exp.Expr) -> Any:
        if not isinstance(child, exp.Column) or child.table or child.name not in values:
            return child
        value = values[child.name]
        value = value.copy() if child.name in used else value
        used.add(child.name)
        return value if isinstance(parent, _DELIMITING) else atom(value)

    root = exp.Paren(this=tree)
    for node in list(root.walk()):
        for key, child in list(node.args.items()):
            if isinstance(child, list):
                node.set(key, [value_for(item, node) for item in child])
            elif isinstance(child, exp.Column):
                node.set(key, value_for(child, node))
    result = root.this
    result.pop()
    assert isinstance(result, exp.Expression)
    return result


def _name(match: re.Match[str], call: LoweredCall) -> str:
    """Return what stands in the parsed text for a place in a template."""
    if match.group() in {"{{", "}}"}:
        return match.group()[0]
    place = match.group(1)
    if place == "type":
        return call.types(call.result_type).sql(call.dialect)
    if many := _MANY.fullmatch(place):
        start, separator = int(many.group(1) or 0), many.group(2) or ", "
        return separator.join(f"__arg_{index}" for index in range(start, len(call.args)))
    if place.isdigit() and int(place) < len(call.args):
        return f"__arg_{place}"
    if place in call.options:
        return f"__option_{place}"
    raise AssertionError(f"the lowering has a place {{{place}}}, but the call has no such argument or option")


def _constant(value: Any, call: LoweredCall) -> exp.Expression:
    if isinstance(value, float | str):
        return lower_value(value, FLOAT64 if isinstance(value, float) else STRING, call.types)
    tree = exp.convert(value)
    assert isinstance(tree, exp.Expression)
    return tree
