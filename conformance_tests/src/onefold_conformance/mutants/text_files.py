"""Mutants of CSV and JSON lines: how text is cut, and what it is taken for."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from decimal import DecimalException
from pathlib import Path
from typing import Any

from onefold.errors import SourceError
from onefold.plan import Scan, Table
from onefold.types import FLOAT64, INT64, STRING, DataType, Field, Schema
from onefold_conformance.mutants.habits import saturated, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.pipeline import PARTITION, each_file, partition_value, scanning
from onefold_conformance.oracle.files.reading import read_rows
from onefold_conformance.oracle.files.text import value_of
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]


def _csv(
    *,
    value: Callable[[str, DataType], Value] = value_of,
    failing: str = "error",
    strict: bool = True,
    lines: Callable[[str, Mapping[str, Any]], list[list[str]]] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Callable[[Table], list[Row]]:
    """Return a reader of CSV files of which one part is another.

    Args:
        value: Reads a field that is not null.
        failing: What becomes of a field that can not be read: an ``"error"``, ``"null"``, or its line is ``"left out"``.
        strict: Whether every line has to have as many fields as the header.
        lines: Cuts the text of a file into fields.
        options: Options that take the place of those that are given.
    """

    def read(table: Table, path: str) -> list[Row]:
        if table.format != "csv":
            return read_rows(table)
        given = {"delimiter": ",", "quote": '"', "nullstr": "", "skip": 0, **table.options, **(options or {})}
        if strict:
            text_columns = Schema(Field(name, STRING) for name in table.columns.names)
            read_rows(table.model_copy(update={"columns": text_columns}))  # fails where the lines are wrong
        fields = (lines or _fields)(Path(path).read_bytes().decode(), given)[given["skip"] :]
        names, rows = fields[0], []
        outside = {key: partition_value(text, table.columns[key].dtype) for key, text in PARTITION.findall(path)}
        for line in fields[1:]:
            row, bad = dict(outside), False
            found = dict(zip(names, line, strict=False))
            for field in table.columns:
                if field.name in outside:
                    continue
                text = found.get(field.name, "")
                try:
                    row[field.name] = None if text == given["nullstr"] else value(text, field.dtype)
                except (ValueError, KeyError, DecimalException) as error:
                    if failing == "error":
                        raise SourceError(f"The source {table.name!r} holds {text!r}.") from error
                    row[field.name], bad = None, True
            if not bad or failing == "null":
                rows.append({name: row[name] for name in table.columns.names})
        return rows

    return each_file(read)


def _fields(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=options["delimiter"], quotechar=options["quote"])
    return [line for line in reader if line]


def _with_header(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    lines, header = _fields(text, options), options["skip"]
    return [*lines[: header + 1], *lines[header:]]


def _without_quotes(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    return [line.split(options["delimiter"]) for line in text.splitlines() if line]


def _guessed(text: str, dtype: DataType) -> Value:
    """Text that looks like a number or a bool is taken for one, and written as text again."""
    if dtype != STRING:
        return value_of(text, dtype)
    for guess in (INT64, FLOAT64):
        try:
            return str(value_of(text, guess))
        except ValueError:
            continue
    return text


def _blanks_cut(text: str, dtype: DataType) -> Value:
    return value_of(text.strip(), dtype)


def _number_in_float(text: str, dtype: DataType) -> Value:
    return value_of(str(int(float(text))) if dtype == INT64 and text.lstrip("-").isdecimal() else text, dtype)


def _cut_to_int(text: str, dtype: DataType) -> Value:
    return int(float(text)) if dtype == INT64 and "." in text else value_of(text, dtype)


def _wrapped_to_int(text: str, dtype: DataType) -> Value:
    return wrapped(int(text)) if dtype == INT64 and text.lstrip("-").isdecimal() else value_of(text, dtype)


def _digits_rounded(text: str, dtype: DataType) -> Value:
    scale = getattr(dtype, "scale", None)
    return value_of(text if scale is None else f"{float(text):.{scale}f}", dtype)


def _zone_ignored(text: str, dtype: DataType) -> Value:
    return value_of(
        re.sub(r"(?<=\d\d:\d\d)(.*?)([Zz]|[+-]\d\d(:?\d\d)?)$", r"\1", text) if dtype.is_time else text, dtype
    )


def _cut_to_micros(text: str, dtype: DataType) -> Value:
    return value_of(re.sub(r"([.]\d{6})\d+", r"\1", text) if dtype.is_time else text, dtype)


def _days_carried(text: str, dtype: DataType) -> Value:
    return value_of(text.replace("-02-29", "-03-01") if not text.startswith("2024") else text, dtype)


def _any_bool(text: str, dtype: DataType) -> Value:
    return text.lower() in ("true", "t", "1") if str(dtype) == "bool" else value_of(text, dtype)


def _csv_mutant(name: str, what: str, **parts: Any) -> Mutant:
    return Mutant(f"csv-{name}", what, relations={Scan: scanning(read=_csv(**parts))})


def _json_mutant(name: str, what: str, value: Callable[[Any, DataType], Value], broken: bool = False) -> Mutant:
    """Return a mutant that reads values of JSON lines in another way, and perhaps leaves out lines that are broken."""

    def read(table: Table, path: str) -> list[Row]:
        if table.format != "json":
            return read_rows(table)
        rows: list[Row] = []
        for line in Path(path).read_text("utf-8").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                if not broken:
                    return read_rows(table)
                continue
            try:
                rows.append({field.name: value(found.get(field.name), field.dtype) for field in table.columns})
            except (ValueError, KeyError, TypeError, AttributeError, DecimalException):
                return read_rows(table)
        return rows

    return Mutant(f"json-{name}", what, relations={Scan: scanning(read=each_file(read))})


def _json_value(found: Any, dtype: DataType) -> Value:
    if isinstance(found, int | float) and not isinstance(found, bool):
        return value_of(str(found), dtype)
    if isinstance(found, list):
        return [_json_value(item, dtype.element) for item in found]  # type: ignore[attr-defined]
    if isinstance(found, dict):
        return {name: _json_value(found.get(name), field) for name, field in dtype.fields}  # type: ignore[attr-defined]
    return value_of(found, dtype)


def _or_null(found: Any, dtype: DataType) -> Value:
    try:
        return _json_value(found, dtype)
    except (ValueError, KeyError, TypeError, AttributeError, DecimalException):
        return None


def _through_doubles(found: Any, dtype: DataType) -> Value:
    return saturated(int(float(found))) if dtype == INT64 and found is not None else _json_value(found, dtype)


def _fractions_cut(found: Any, dtype: DataType) -> Value:
    return int(found) if dtype == INT64 and isinstance(found, float) else _json_value(found, dtype)


def _empty_for_null(found: Any, dtype: DataType) -> Value:
    if found is None and str(dtype).startswith(("list", "string")):
        return [] if str(dtype).startswith("list") else ""
    return _json_value(found, dtype)


def _null_object(found: Any, dtype: DataType) -> Value:
    """An object that lacks a member is null."""
    if isinstance(found, dict) and len(found) < len(dtype.fields):  # type: ignore[attr-defined]
        return None
    return _json_value(found, dtype)


def _text(value: Value, change: Callable[[str], str]) -> Value:
    return change(value) if isinstance(value, str) else value


MUTANTS: tuple[Mutant, ...] = (
    # -- CSV
    _csv_mutant("bad-values-are-null", "Returns null for what can not be read.", failing="null"),
    _csv_mutant("bad-lines-are-left-out", "Leaves out lines that can not be read.", failing="left out"),
    _csv_mutant("long-lines-are-cut", "Cuts off lines that are too long, and fills those that are too short.", strict=False),
    _csv_mutant("quotes-ignored", "Takes quotes for letters.", lines=_without_quotes, strict=False, failing="null"),
    _csv_mutant("options-ignored", "Ignores the options of the reader.", options={"delimiter": ",", "quote": '"', "nullstr": "", "skip": 0}, strict=False, failing="null"),
    _csv_mutant("null-is-text", "Takes the empty text of a text column for text.", value=value_of, options={"nullstr": "\0"}, failing="null"),
    _csv_mutant("types-are-guessed", "Reads text that looks like a number as one.", value=_guessed),
    _csv_mutant("blanks-cut", "Cuts blanks off the ends of fields.", value=_blanks_cut),
    _csv_mutant("integers-through-floats", "Reads integers through floats.", value=_number_in_float, failing="null"),
    _csv_mutant("fractions-cut", "Cuts off the fraction of an integer.", value=_cut_to_int),
    _csv_mutant("integers-wrap", "Lets integers that are too large wrap around.", value=_wrapped_to_int),
    _csv_mutant("decimals-rounded", "Rounds decimals that have too many digits.", value=_digits_rounded),
    _csv_mutant("zones-ignored", "Ignores the zones of times.", value=_zone_ignored),
    _csv_mutant("nanoseconds-cut", "Cuts times to microseconds.", value=_cut_to_micros),
    _csv_mutant("days-carried-over", "Takes 29 February of a common year for 1 March.", value=_days_carried),
    _csv_mutant("bools-are-false", "Takes every text but true for false.", value=_any_bool),
    _csv_mutant("last-line-lost", "Loses the last line when it does not end.", lines=lambda text, options: _fields(text if text.endswith("\n") else text[: text.rfind("\n") + 1], options)),
    _csv_mutant("letters-of-one-byte", "Takes every byte for a letter.", lines=lambda text, options: [[field.encode().decode("latin-1") for field in line] for line in _fields(text, options)]),
    _csv_mutant("carriage-returns-kept", "Keeps the carriage return at the end of a line.", lines=lambda text, options: _fields(text.replace("\r\n", " \n"), options), failing="null", strict=False),
    _csv_mutant("header-is-a-row", "Takes the header for a row as well.", lines=_with_header, failing="null"),
    _csv_mutant("first-line-lost", "Takes the first row for part of the header.", lines=lambda text, options: [line for number, line in enumerate(_fields(text, options)) if number != 1 + options["skip"]]),
    # -- JSON lines
    _json_mutant("bad-values-are-null", "Returns null for what can not be read.", _or_null),
    _json_mutant("broken-lines-are-left-out", "Leaves out lines that are no JSON.", _json_value, broken=True),
    _json_mutant("integers-through-floats", "Reads integers through floats.", _through_doubles),
    _json_mutant("fractions-cut", "Cuts off the fraction of an integer.", _fractions_cut),
    _json_mutant("null-is-empty", "Takes a null for an empty text or list.", _empty_for_null),
    _json_mutant("incomplete-objects-are-null", "Returns null for an object that lacks a member.", _null_object),
    _json_mutant("letters-lost", "Drops letters beyond ASCII.", lambda found, dtype: _text(_json_value(found, dtype), lambda text: text.encode("ascii", "ignore").decode())),
)  # fmt: skip
"""Wrong readers of text."""
