"""Values that are written as text, in CSV, JSON lines and names of directories: read strictly, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from onefold.errors import ConfigurationError
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP_UTC, DataType, Decimal, List, Struct
from onefold_spark.conversions import refused
from onefold_spark.names import quoted, text
from onefold_spark.schemas import type_text

__all__ = ["TextForms", "pattern_of", "text_type", "text_value"]

_NUMERAL = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_FLOAT = rf"(?i)({_NUMERAL}|[+-]?(inf|infinity|nan))"
_WHOLE = r"[+-]?[0-9]+([.]0*)?"
_ZONE = r" *([Zz]|UTC|[+-][0-9]{2}(:?[0-9]{2})?)"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
_TRUE, _FALSE = ("true", "t", "1", "yes", "y"), ("false", "f", "0", "no", "n")

_TOO_FINE = (
    ", which is finer than microseconds. Round it where the data is made, or read the nanoseconds as another column."
)
_ZONED = ", an instant with a time zone. Declare the column as timestamp[us, UTC]."


@dataclass(frozen=True, slots=True)
class TextForms:
    """How values are written in a source.

    Args:
        date: The pattern of dates, as Spark writes it; None for ISO dates.
        timestamp: The pattern of timestamps; None for ISO timestamps.
        separator: The decimal separator.
    """

    date: str | None = None
    timestamp: str | None = None
    separator: str = "."


def text_type(dtype: DataType) -> str:
    """Return the Spark type as which a declared type is read from text: strings, in lists and structs too."""
    if isinstance(dtype, List):
        return f"ARRAY<{text_type(dtype.element)}>"
    if isinstance(dtype, Struct):
        return f"STRUCT<{', '.join(f'{quoted(name)}: {text_type(field)}' for name, field in dtype.fields)}>"
    return "STRING"


def text_value(sql: str, declared: DataType, column: str, forms: TextForms) -> str | None:
    """Return SQL that gives the value of a text; None when text has no such values.

    Args:
        sql: The text, or a list or struct of texts.
        declared: The declared type.
        column: The column, for messages.
        forms: How values are written.
    """
    if declared == STRING:
        return sql
    if isinstance(declared, List):
        inner = text_value("v", declared.element, column, forms)
        return sql if inner == "v" else None if inner is None else f"transform({sql}, v -> {inner})"
    if isinstance(declared, Struct):
        parts = []
        for name, dtype in declared.fields:
            inner = text_value(f"{sql}.{quoted(name)}", dtype, f"{column}.{name}", forms)
            if inner is None:
                return None
            parts.append(f"{text(name)}, {inner}")
        return f"CASE WHEN {sql} IS NOT NULL THEN named_struct({', '.join(parts)}) END"
    if declared == BINARY:
        return None
    return _plain(sql, declared, column, forms)


def _plain(sql: str, declared: DataType, column: str, forms: TextForms) -> str:
    trimmed = f"trim({sql})"
    number = trimmed if forms.separator == "." else f"replace({trimmed}, {text(forms.separator)}, '.')"
    no = refused(sql, column, f", which is no {declared}.")
    if declared == BOOL:
        return (
            f"CASE WHEN {sql} IS NULL THEN NULL WHEN lower({trimmed}) IN {_TRUE} THEN TRUE "
            f"WHEN lower({trimmed}) IN {_FALSE} THEN FALSE ELSE {no} END"
        )
    if declared == INT64:
        no = refused(sql, column, ", which is no int64. Declare the column as float64 or a decimal.")
        value = f"try_cast(regexp_replace({number}, '[.]0*$', '') AS BIGINT)"
        return _guarded(sql, f"{number} RLIKE {_whole(_WHOLE)}", value, no)
    if declared == FLOAT64:
        value = f"try_cast(regexp_replace({number}, '(?i)inf$', 'Infinity') AS DOUBLE)"
        return _guarded(sql, f"{number} RLIKE {_whole(_FLOAT)}", value, no)
    if isinstance(declared, Decimal):
        no = refused(sql, column, f", which is no {declared}. Declare more digits.")
        scale = declared.scale
        digits = rf"[+-]?([0-9]+([.][0-9]{{0,{scale}}}0*)?|[.][0-9]{{1,{max(scale, 1)}}}0*)"
        value = f"try_cast({number} AS {type_text(declared)})"
        return _guarded(sql, f"{number} RLIKE {_whole(digits)}", value, no)
    if declared == DATE:
        if forms.date is not None:
            value = f"CAST(try_to_timestamp({trimmed}, {text(forms.date)}) AS DATE)"
            return f"CASE WHEN {sql} IS NULL THEN NULL ELSE coalesce({value}, {no}) END"
        return _guarded(
            sql, f"{trimmed} RLIKE {_whole('[0-9]{4}-[0-9]{2}-[0-9]{2}')}", f"try_cast({trimmed} AS DATE)", no
        )
    return _moment(sql, trimmed, declared, column, forms)


def _moment(sql: str, trimmed: str, declared: DataType, column: str, forms: TextForms) -> str:
    zoned = declared == TIMESTAMP_UTC
    target = type_text(declared)
    no = refused(sql, column, ", which is no timestamp.")
    if forms.timestamp is not None:
        value = f"CAST(try_to_timestamp({trimmed}, {text(forms.timestamp)}) AS {target})"
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE coalesce({value}, {no}) END"
    fine = f"WHEN {trimmed} RLIKE '[.][0-9]{{6}}0*[1-9]' THEN {refused(sql, column, _TOO_FINE)} "
    # A pattern in two: what Spark makes of a text without a zone depends on its session, and that is in UTC.
    exact = rf"regexp_replace({trimmed}, '([.][0-9]{{6}})0+', '$1')"
    if not zoned:
        refusal = f"WHEN {trimmed} RLIKE {text(':[0-9.]+' + _ZONE + '$')} THEN {refused(sql, column, _ZONED)} "
        shape = f"{trimmed} RLIKE {_whole(_MOMENT)}"
        value = f"try_cast({exact} AS TIMESTAMP_NTZ)"
    else:
        refusal = ""
        shape = f"{trimmed} RLIKE {_whole(f'{_MOMENT}({_ZONE})?')}"
        zone = rf"regexp_replace({exact}, {text('(:[0-9.]+) *([+-][0-9]{2}):?([0-9]{2})?$')}, '$1$2:$3')"
        zone = rf"regexp_replace(regexp_replace({zone}, {text('([+-][0-9]{2}):$')}, '$1:00'), {text(' *([Zz]|UTC)$')}, 'Z')"
        value = f"try_cast({zone} AS {target})"
    return f"CASE WHEN {sql} IS NULL THEN NULL {fine}{refusal}WHEN {shape} THEN coalesce({value}, {no}) ELSE {no} END"


def _guarded(sql: str, condition: str, value: str, no: str) -> str:
    return f"CASE WHEN {sql} IS NULL THEN NULL WHEN {condition} THEN coalesce({value}, {no}) ELSE {no} END"


def _whole(pattern: str) -> str:
    return text(f"^{pattern}$" if not pattern.startswith("(?i)") else f"(?i)^{pattern.removeprefix('(?i)')}$")


_DIRECTIVES: Mapping[str, str] = {
    "Y": "yyyy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "f": "SSSSSS", "y": "yy", "b": "MMM",
    "B": "MMMM", "I": "hh", "p": "a", "j": "DDD", "z": "xx", "-m": "M", "-d": "d", "-H": "H", "-I": "h", "%": "%",
}  # fmt: skip


def pattern_of(strftime: str, option: str) -> str:
    """Return a pattern such as ``%d.%m.%Y`` as Spark writes it.

    Raises:
        ConfigurationError: If Spark has no such pattern.

    Examples:
        >>> pattern_of("%d.%m.%Y %H Uhr", "timestampformat")
        "dd'.'MM'.'yyyy' 'HH' Uhr'"
    """
    parts = []
    for directive, plain in re.findall(r"%(-?.)|([^%]+)", strftime):
        if plain:
            parts.append("'" + plain.replace("'", "''") + "'")
        elif directive in _DIRECTIVES:
            parts.append(_DIRECTIVES[directive])
        else:
            known = ", ".join(f"%{name}" for name in _DIRECTIVES)
            raise ConfigurationError(
                f"The option {option} has %{directive}, which Spark can not read. It reads {known}."
            )
    return "".join(parts)
