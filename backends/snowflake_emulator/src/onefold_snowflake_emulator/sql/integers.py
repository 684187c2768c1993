"""Rules of whole-number arguments: Snowflake's integers are decimals here, and DuckDB's functions want BIGINT."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session

_ARGUMENTS: Final[Mapping[type[exp.Expr], tuple[str, ...]]] = {
    exp.Substring: ("start", "length"),
    exp.Left: ("expression",),
    exp.Right: ("expression",),
    exp.Pad: ("expression",),
    exp.Repeat: ("times",),
    exp.SplitPart: ("part_index",),
    exp.Space: ("this",),
    exp.DateAdd: ("expression",),
    exp.TimeAdd: ("expression",),
    exp.TimestampAdd: ("expression",),
    exp.DatetimeAdd: ("expression",),
    exp.AddMonths: ("expression",),
    exp.DateFromParts: ("year", "month", "day"),
    exp.TimestampFromParts: ("year", "month", "day", "hour", "min", "sec", "nano"),
    exp.TimeFromParts: ("hour", "min", "sec", "nano"),
    exp.UnixToTime: ("this",),
    exp.BitwiseAnd: ("this", "expression"),
    exp.BitwiseOr: ("this", "expression"),
    exp.BitwiseXor: ("this", "expression"),
    exp.BitwiseLeftShift: ("this", "expression"),
    exp.BitwiseRightShift: ("this", "expression"),
    exp.BitwiseNot: ("this",),
    exp.BitwiseAndAgg: ("this",),
    exp.BitwiseOrAgg: ("this",),
    exp.BitwiseXorAgg: ("this",),
    exp.Factorial: ("this",),
}


def _whole(node: exp.Expr, session: Session) -> exp.Expr:
    for name in _ARGUMENTS[type(node)]:
        argument = node.args.get(name)
        if isinstance(argument, exp.Expr) and not isinstance(argument, exp.Literal | exp.Interval):
            # An interval is already one, and a literal has the type that its place asks for.
            node.set(name, exp.Cast(this=argument.copy(), to=exp.DataType.build("BIGINT")))
    return node


def _characters(node: exp.Expr, session: Session) -> exp.Expr:
    node.set(
        "expressions",
        [
            code if isinstance(code, exp.Literal) else exp.Cast(this=code.copy(), to=exp.DataType.build("INT"))
            for code in node.expressions
        ],
    )
    return node


def _literal(node: exp.Expr, session: Session) -> exp.Expr:
    """Make a long whole number a decimal: a sum with it must not overflow at 64 bits."""
    if node.args.get("is_string") or not node.name.isdigit() or len(node.name) <= _SHORT:
        return node
    return exp.Cast(this=node.copy(), to=exp.DataType.build("DECIMAL(38, 0)"))


_SHORT: Final = 15
"""Whole numbers with up to so many digits are left to DuckDB."""

RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    **dict.fromkeys(_ARGUMENTS, _whole),
    exp.Chr: _characters,
    exp.Literal: _literal,
}
