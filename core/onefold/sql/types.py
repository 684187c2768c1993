"""How SQL dialects write the portable types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlglot import expressions as exp

from onefold.errors import ConfigurationError, listed
from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Struct,
)

__all__ = ["TYPES", "SqlTypes", "sql_types"]


@dataclass(frozen=True, slots=True)
class SqlTypes:
    """The types of one dialect.

    Args:
        dialect: Its name in sqlglot, in which the texts below are read.
        names: The text of each type without parameters.
        decimal: The text of a decimal, with places for ``{precision}`` and ``{scale}``; None when it has none.
        nested: Whether it has lists and structs.
        untyped: The texts of the types of all lists and of all structs, where they do not name the types of what is in
            them; None where they do.
        literals: How the constants of some types are written, from their document form (see
            :class:`onefold.plan.Literal`); the others, and those for which it is None, are written in the way that
            most engines read.
        list_literal: How constants that are lists are written, from their document form and their type; None where they
            are written with brackets.
        casts: Whether results are cast to their types. Not where a value is of no type but its own.
    """

    dialect: str
    names: Mapping[DataType, str]
    decimal: str | None = "DECIMAL({precision}, {scale})"
    nested: bool = True
    untyped: tuple[str, str] | None = None
    literals: Mapping[DataType, Callable[[Any], str | None]] = field(default_factory=dict)
    list_literal: Callable[[Any, List], str] | None = None
    casts: bool = True

    def offers(self, dtype: DataType) -> bool:
        """Return whether the dialect has a type."""
        if isinstance(dtype, Decimal):
            return self.decimal is not None
        return self.nested if dtype.is_nested else dtype in self.names

    def __call__(self, dtype: DataType) -> exp.DataType:
        """Return a portable type as the dialect writes it.

        Examples:
            >>> from onefold.types import parse_type
            >>> duckdb = sql_types("duckdb")
            >>> duckdb(parse_type("list<decimal128(10, 2)>")).sql("duckdb")
            'DECIMAL(10, 2)[]'
            >>> duckdb(parse_type("timestamp[us, UTC]")).sql("duckdb")
            'TIMESTAMPTZ'
        """
        if self.untyped is not None and dtype.is_nested:
            return _built(self.untyped[isinstance(dtype, Struct)], self.dialect).copy()
        if isinstance(dtype, List):
            return exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[self(dtype.element)], nested=True)
        if isinstance(dtype, Struct):
            fields = [
                exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=self(field))
                for name, field in dtype.fields
            ]
            return exp.DataType(this=exp.DataType.Type.STRUCT, expressions=fields, nested=True)
        if isinstance(dtype, Decimal):
            assert self.decimal is not None
            text = self.decimal.format(precision=dtype.precision, scale=dtype.scale)
        else:
            text = self.names[dtype]
        return _built(text, self.dialect).copy()


@lru_cache(maxsize=1024)
def _built(text: str, dialect: str) -> exp.DataType:
    return exp.DataType.build(text, dialect=dialect)


_STANDARD: dict[DataType, str] = {
    INT64: "BIGINT",
    FLOAT64: "DOUBLE",
    BOOL: "BOOLEAN",
    STRING: "VARCHAR",
    BINARY: "BLOB",
    DATE: "DATE",
    TIMESTAMP: "TIMESTAMP",
    TIMESTAMP_UTC: "TIMESTAMPTZ",
}

TYPES: Mapping[str, SqlTypes] = MappingProxyType({"duckdb": SqlTypes("duckdb", MappingProxyType(_STANDARD))})
"""The types of every dialect that is known here; others are given to the compiler by their backend."""


def sql_types(dialect: str) -> SqlTypes:
    """Return the types of a dialect.

    Raises:
        ConfigurationError: If they are not known here.
    """
    try:
        return TYPES[dialect]
    except KeyError:
        raise ConfigurationError(
            f"There are no SQL types for the dialect {dialect!r}. {listed(dialect, TYPES, what='dialects')} "
            "A backend for another dialect gives its own SqlTypes to the compiler."
        ) from None
