"""The table functions with which DuckDB reads files, and the columns that it finds in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from onefold.errors import ConfigurationError, SourceError, listed
from onefold.plan import Table
from onefold.session.redaction import redacted
from onefold.types import DataType, Field, Schema
from onefold_rift.locations import partition_keys, patterns
from onefold_rift.types import portable, text_type

__all__ = ["Describe", "identifier", "literal", "reader_call", "schema_in_files"]

_CSV_OPTIONS: Mapping[str, str] = {
    "delimiter": "delim", "delim": "delim", "sep": "delim", "quote": "quote", "escape": "escape", "header": "header",
    "nullstr": "nullstr", "null": "nullstr", "skip": "skip", "comment": "comment", "encoding": "encoding",
    "decimal_separator": "decimal_separator", "dateformat": "dateformat", "timestampformat": "timestampformat",
    "compression": "compression",
}  # fmt: skip
_JSON_OPTIONS: Mapping[str, str] = {
    "dateformat": "dateformat", "timestampformat": "timestampformat", "compression": "compression",
    "maximum_object_size": "maximum_object_size",
}  # fmt: skip
_OPTIONS: Mapping[str, Mapping[str, str]] = {"parquet": {}, "csv": _CSV_OPTIONS, "json": _JSON_OPTIONS}
_CSV_DEFAULTS: Mapping[str, Any] = {"delim": ",", "quote": '"', "escape": '"', "header": True, "skip": 0}


class Describe(Protocol):
    """Returns the columns of a query, as pairs of name and DuckDB type, without running it."""

    def __call__(self, query: str) -> list[tuple[str, Any]]:
        """Return the columns of a query."""
        ...


def literal(value: object) -> str:
    """Return a constant in DuckDB's dialect."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a quoted name."""
    return '"' + name.replace('"', '""') + '"'


def reader_call(
    table: Table, describe: Describe, target: Callable[[DataType], str], declared: Schema | None = None
) -> str:
    """Return the call of the table function that reads a source.

    Args:
        table: The source.
        describe: Asks DuckDB for the columns of a query.
        target: Writes a portable type in DuckDB's dialect.
        declared: The columns to read, with their types; None while they are not known.

    Raises:
        SourceError: If there are no files, or a declared column is not in them.
        ConfigurationError: If the source has an option that its reader does not have.
    """
    found = patterns(table.paths, table.format, table.name)
    arguments: dict[str, str] = {}
    known = _OPTIONS[table.format]
    for name, value in table.options.items():
        if name not in known:
            raise ConfigurationError(
                f"The source {table.name!r} has the option {name!r}, which its reader does not know. "
                f"{listed(name, known, what='options')}"
            )
        arguments[known[name]] = literal(value)
    keys = partition_keys(found)
    arguments["hive_partitioning"] = literal(bool(keys))
    if keys:
        arguments["hive_types_autocast"] = literal(declared is None)
    if declared is not None and (typed := [key for key in keys if key in declared]):
        types = (f"{literal(key)}: {literal(target(declared[key].dtype))}" for key in typed)
        arguments["hive_types"] = "{" + ", ".join(types) + "}"
    if table.format == "csv":
        arguments = {**{name: literal(value) for name, value in _CSV_DEFAULTS.items()}, **arguments}
        arguments["union_by_name"] = literal(True)
        if declared is not None:
            # Nothing is guessed then: errors are found when the rows are read, which says in which line they are.
            arguments["sample_size"] = literal(1)
    elif table.format == "json":
        arguments["format"] = literal("newline_delimited")
    call = _call(table.format, found, arguments)
    if declared is None or table.format == "parquet":
        return call
    if table.format == "csv":
        arguments["types"] = _types(table, describe(f"SELECT * FROM {call}"), declared, target, keys)
    else:
        # What lies in the names of directories is not in the lines.
        typed_times = "timestampformat" in table.options
        fields = {f.name: text_type(f.dtype, target, typed_times=typed_times) for f in declared if f.name not in keys}
        arguments["columns"] = "{" + ", ".join(f"{literal(n)}: {literal(t)}" for n, t in fields.items()) + "}"
    return _call(table.format, found, arguments)


def _types(
    table: Table,
    found: list[tuple[str, Any]],
    declared: Schema,
    target: Callable[[DataType], str],
    keys: tuple[str, ...],
) -> str:
    names = [name for name, _ in found]
    for field in declared:
        if field.name not in names:
            raise _no_column(table, field.name, names)
    types = {
        name: text_type(declared[name].dtype, target, typed_times="timestampformat" in table.options)
        if name in declared
        else "VARCHAR"
        for name in names
        if name not in keys  # what lies in the names of directories is not in the lines
    }
    return "{" + ", ".join(f"{literal(name)}: {literal(dtype)}" for name, dtype in types.items()) + "}"


def _call(format: str, found: list[str], arguments: Mapping[str, str]) -> str:
    files = "[" + ", ".join(literal(pattern) for pattern in found) + "]" if len(found) > 1 else literal(found[0])
    return f"read_{format}({', '.join([files, *(f'{name} = {value}' for name, value in arguments.items())])})"


def _no_column(table: Table, name: str, names: list[str]) -> SourceError:
    return SourceError(
        f"The source {table.name!r} ({redacted(table.paths[0])}) has no column {name!r}. "
        f"{listed(name, names, what='columns')}"
    )


def schema_in_files(table: Table, describe: Describe, target: Callable[[DataType], str]) -> Schema:
    """Return the portable schema that the files of a source have.

    Raises:
        SourceError: If they can not be read, or a column has no portable type.
    """
    fields = []
    for name, found in describe(f"SELECT * FROM {reader_call(table, describe, target)}"):
        dtype: DataType | None = portable(found)
        if dtype is None:
            raise SourceError(
                f"The source {table.name!r}: the column {name!r} has the type {found}, which no portable type can hold. "
                "Declare a schema with another type, or leave the column out."
            )
        fields.append(Field(name, dtype))
    return Schema(fields)
