"""The columns of a result, as Snowflake describes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported

_SIMPLE: Final = {
    "BOOLEAN": "boolean",
    "DOUBLE": "real",
    "FLOAT": "real",
    "VARCHAR": "text",
    "UUID": "text",
    '"NULL"': "text",
    "STRING_LITERAL": "text",
    "BLOB": "binary",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP_S": "timestamp_ntz",
    "TIMESTAMP_MS": "timestamp_ntz",
    "TIMESTAMP_NS": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp_ltz",
    "JSON": "variant",
}
_INTEGERS: Final = {
    "TINYINT": 3,
    "UTINYINT": 3,
    "SMALLINT": 5,
    "USMALLINT": 5,
    "INTEGER": 10,
    "UINTEGER": 10,
    "INTEGER_LITERAL": 10,
    "BIGINT": 18,
    "UBIGINT": 20,
    "HUGEINT": 38,
    "UHUGEINT": 38,
}
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_TIMES: Final = frozenset(("time", "timestamp_ntz", "timestamp_ltz", "timestamp_tz"))
_DEFAULT_TIME_SCALE: Final = 9
_TEXT_LENGTH: Final = 16777216
_BINARY_LENGTH: Final = 8388608


@dataclass(frozen=True)
class Column:
    """A column of a result.

    Attributes:
        name: Its name.
        kind: Snowflake's name of its type on the wire, in lower case.
        precision: Digits of a number.
        scale: Digits after the point, of a number or of a second.
    """

    name: str
    kind: str
    precision: int | None = None
    scale: int | None = None

    def describe(self) -> dict[str, Any]:
        """Return the column as an answer describes it."""
        length = {"text": _TEXT_LENGTH, "binary": _BINARY_LENGTH}.get(self.kind)
        return {
            "name": self.name,
            "database": "",
            "schema": "",
            "table": "",
            "nullable": True,
            "type": self.kind,
            "byteLength": length,
            "length": length,
            "scale": self.scale,
            "precision": self.precision,
            "collation": None,
        }

    def metadata(self) -> dict[str, str]:
        """Return what the column's field in Arrow says about it."""
        return {
            "logicalType": self.kind.upper(),
            "precision": str(self.precision or 38),
            "scale": str(self.scale or 0),
            "charLength": str(_TEXT_LENGTH if self.kind == "text" else 0),
            "byteLength": "16" if self.kind == "timestamp_tz" else "8",
        }


def column(name: str, duck_type: str, scale: int | None = None, kind: str | None = None) -> Column:
    """Return the column that a column of DuckDB is.

    Args:
        name: Its name.
        duck_type: The name of its type in DuckDB.
        scale: The digits of a second, where the statement says how many.
        kind: The kind of timestamp, where the statement says which.

    Raises:
        SnowflakeError: Snowflake has no such type.
    """
    if match := _DECIMAL.fullmatch(duck_type):
        return Column(name, "fixed", int(match[1]), int(match[2]))
    if duck_type in _INTEGERS:
        return Column(name, "fixed", _INTEGERS[duck_type], 0)
    if duck_type.endswith("]"):
        return Column(name, "array")
    if duck_type.startswith(("STRUCT", "MAP")):
        return Column(name, "object")
    if duck_type.startswith("ENUM"):
        return Column(name, "text")
    if duck_type not in _SIMPLE:
        raise unsupported(f"a result of DuckDB's type {duck_type}")
    simple = _SIMPLE[duck_type]
    if simple in _TIMES:
        return Column(name, kind or simple, 0, _DEFAULT_TIME_SCALE if scale is None else scale)
    return Column(name, simple)


def outermost(tree: exp.Expr) -> exp.Select | None:
    """Return the SELECT whose projections are the columns of a query, None if there is none.

    Args:
        tree: The tree of the query.
    """
    select = tree
    while isinstance(select, exp.Subquery | exp.SetOperation):
        select = select.this
    return select if isinstance(select, exp.Select) else None


def time_hints(tree: exp.Expr) -> Sequence[tuple[int | None, str | None]]:
    """Return what the outermost projection of a query says about its times: the scale and the kind of timestamp.

    DuckDB has one precision and one kind with a zone, so that only the statement can tell. A column that is not cast
    there has the default scale, 9.

    Args:
        tree: The tree of the query, before it is rewritten.

    Returns:
        A pair per projection, or nothing where the projections cannot be counted.
    """
    select = outermost(tree)
    if select is None or any(each.is_star for each in select.expressions):
        return ()
    return [_hint(each.unalias()) for each in select.expressions]


_KINDS: Final = {exp.DataType.Type.TIMESTAMPTZ: "timestamp_tz", exp.DataType.Type.TIMESTAMPLTZ: "timestamp_ltz"}


def _hint(projected: exp.Expr) -> tuple[int | None, str | None]:
    if not isinstance(projected, exp.Cast):
        return None, None
    to = projected.to
    scale = int(to.expressions[0].name) if to.expressions and to.this != exp.DataType.Type.DECIMAL else None
    return scale, _KINDS.get(to.this)


def from_description(
    description: Sequence[tuple[str, object]], hints: Sequence[tuple[int | None, str | None]]
) -> list[Column]:
    """Return the columns of a result that DuckDB has described.

    Args:
        description: Names and types.
        hints: What the statement says about times.
    """
    known = hints if len(hints) == len(description) else [(None, None)] * len(description)
    return [column(name, str(kind), *hint) for (name, kind), hint in zip(description, known, strict=True)]
