"""Rules of types and casts.

NUMBER(p, s) is DuckDB's DECIMAL(p, s), and every integer type is NUMBER(38, 0), as Snowflake has it: integers beyond
64 bits, exact sums and errors on overflow follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported
from onefold_snowflake_emulator.session import Session

DType = exp.DataType.Type

_INTEGERS: Final = frozenset((DType.INT, DType.BIGINT, DType.SMALLINT, DType.TINYINT, DType.MEDIUMINT, DType.INT128))
_FLOATS: Final = frozenset((DType.FLOAT, DType.DOUBLE, DType.BIGDECIMAL))
_WITHOUT_SCALE: Final = {
    DType.TIMESTAMP: DType.TIMESTAMP,
    DType.TIMESTAMPNTZ: DType.TIMESTAMP,
    DType.DATETIME: DType.TIMESTAMP,
    DType.TIMESTAMPLTZ: DType.TIMESTAMPTZ,
    DType.TIMESTAMPTZ: DType.TIMESTAMPTZ,
    DType.TIME: DType.TIME,
    DType.BINARY: DType.VARBINARY,
    DType.VARBINARY: DType.VARBINARY,
}
_BINARIES: Final = frozenset((DType.BINARY, DType.VARBINARY))
_TEXTS: Final = frozenset((DType.TEXT, DType.VARCHAR, DType.CHAR, DType.NCHAR, DType.NVARCHAR))


def _type(node: exp.Expr, session: Session | None) -> exp.Expr:
    kind = node.this
    if kind in _INTEGERS:
        return exp.DataType.build("DECIMAL(38, 0)")
    if kind == DType.DECIMAL:
        return node if node.expressions else exp.DataType.build("DECIMAL(38, 0)")
    if kind in _FLOATS:
        return exp.DataType.build("DOUBLE")
    if kind in _WITHOUT_SCALE:
        return exp.DataType(this=_WITHOUT_SCALE[kind])
    if kind == DType.VECTOR:
        raise unsupported("VECTOR")
    return node


def _cast(node: exp.Expr, session: Session) -> exp.Expr:
    to = node.args["to"]
    if to.this in _BINARIES:
        return exp.Anonymous(this="_sf_binary", expressions=[node.this])
    if to.this not in _TEXTS:
        return node
    length = to.expressions[0].this if to.expressions else None
    text = exp.Anonymous(this="_sf_text", expressions=[node.this])
    # A cast to a shorter text cuts it off.
    return exp.Left(this=text, expression=length) if length is not None else text


def _to_text(node: exp.Expr, session: Session) -> exp.Expr:
    return node if node.args.get("format") is not None else exp.Anonymous(this="_sf_text", expressions=[node.this])


def _to_binary(node: exp.Expr, session: Session) -> exp.Expr:
    form = node.args.get("format")
    if form is not None and form.name.upper() != "HEX":
        raise unsupported(f"TO_BINARY with the format {form.name}")
    return exp.Anonymous(this="_sf_binary", expressions=[node.this])


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.DataType: _type,
    exp.Cast: _cast,
    exp.ToBinary: _to_binary,
    exp.ToChar: _to_text,
}

MACROS: Final = """
CREATE OR REPLACE MACRO _sf_text(x) AS (
    CASE typeof(x)
        WHEN 'DOUBLE' THEN
            CASE WHEN isnan(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) THEN 'NaN'
                 WHEN isinf(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) THEN CASE WHEN TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE) > 0 THEN 'inf' ELSE '-inf' END
                 ELSE regexp_replace(CAST(x AS VARCHAR), '\\.0($|e)', '\\1') END
        WHEN 'TIMESTAMP' THEN strftime(try_cast(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
        WHEN 'BLOB' THEN hex(CAST(CAST(x AS VARCHAR) AS BLOB))
        ELSE CASE WHEN typeof(x) LIKE 'DECIMAL%' THEN regexp_replace(CAST(x AS VARCHAR), '^(-?)[.]', '\\10.')
                  ELSE CAST(x AS VARCHAR) END
    END
);
CREATE OR REPLACE MACRO _sf_binary(x) AS (
    CASE WHEN typeof(x) = 'BLOB' THEN CAST(CAST(x AS VARCHAR) AS BLOB) ELSE unhex(CAST(x AS VARCHAR)) END
)
"""


def duck_type(kind: exp.Expr) -> str:
    """Return the type of DuckDB that a type of Snowflake is.

    Args:
        kind: The type, as a statement writes it.
    """
    converted = _type(kind, None)
    if converted.this in _TEXTS:
        return "VARCHAR"
    return converted.sql("duckdb")
