"""Rules of text: sides of TRIM, bytes, and text that is written or read in a format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported
from onefold_snowflake_emulator.session import Session

_SIDES: Final = {"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "trim"}

_ELEMENTS: Final = {
    "YYYY": "%Y", "MM": "%m", "DD": "%d", "HH24": "%H", "MI": "%M", "SS": "%S", "FF3": "%g", "FF6": "%f", "FF9": "%n",
}  # fmt: skip
"""The elements of formats that are known here, and DuckDB's for them."""

_PIECES: Final = re.compile(rf'({"|".join(_ELEMENTS)})|"([^"]*)"|([^A-Za-z"])')


def _trim(node: exp.Expr, session: Session) -> exp.Expr:
    # Without characters only blanks go, where DuckDB's goes for all of Unicode's.
    name = _SIDES[str(node.args.get("position") or "BOTH").upper()]
    return exp.Anonymous(this=name, expressions=[node.this, node.expression or exp.Literal.string(" ")])


def _octets(node: exp.Expr, session: Session) -> exp.Expr:
    return exp.Anonymous(this="_sf_octets", expressions=[node.this])


def _to_number(node: exp.Expr, session: Session) -> exp.Expr:
    form = node.args.get("format")
    if not isinstance(form, exp.Literal) or not re.fullmatch("X+", form.name):
        return node
    return exp.Anonymous(this="_sf_hexadecimal", expressions=[node.this])


def _to_char(node: exp.Expr, session: Session) -> exp.Expr:
    form = node.args.get("format")
    if not isinstance(form, exp.Literal):
        return node
    if form.name.upper() == "HEX":
        return exp.Anonymous(this="hex", expressions=[exp.cast(node.this, "BLOB")])
    if form.name == "TME":
        return exp.Anonymous(this="_sf_scientific", expressions=[node.this])
    pieces = list(_PIECES.finditer(form.name))
    if "".join(piece.group() for piece in pieces) != form.name:
        raise unsupported(f"the format {form.name!r}")
    text = "".join(_ELEMENTS.get(piece.group(1) or "") or (piece.group(2) or piece.group(3) or "") for piece in pieces)
    return exp.Anonymous(this="strftime", expressions=[node.this, exp.Literal.string(text)])


def _replace(node: exp.Expr, session: Session) -> exp.Expr:
    if any(node.args.get(name) is not None for name in ("position", "occurrence", "modifiers")):
        raise unsupported("REGEXP_REPLACE with a position, an occurrence or parameters")
    replacement = node.args.get("replacement") or exp.Literal.string("")
    arguments = [node.this, node.expression, replacement, exp.Literal.string("g")]
    return exp.Anonymous(this="regexp_replace", expressions=arguments)


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Trim: _trim,
    exp.ByteLength: _octets,
    exp.ToNumber: _to_number,
    exp.ToChar: _to_char,
    exp.RegexpReplace: _replace,
}

MACROS: Final = """
CREATE OR REPLACE MACRO _sf_octets (x VARCHAR) AS strlen(x), (x BLOB) AS octet_length(x);
CREATE OR REPLACE MACRO _sf_scientific(x) AS
    regexp_replace(
        regexp_replace(printf('%.16E', CAST(x AS DOUBLE)), '[.]?0*E', 'E'), 'E[+]?(-?)0*([0-9])', 'E\\1\\2'
    );
CREATE OR REPLACE MACRO _sf_hexadecimal(x) AS CAST(CAST('0x' || x AS UBIGINT) AS DECIMAL(38, 0))
"""
