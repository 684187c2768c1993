"""What lies in CSV files: their headers, which say where the columns are, and the options of Spark's reader."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onefold.errors import ConfigurationError, SourceError, listed
from onefold.plan import Table
from onefold_spark.texts import TextForms, pattern_of

__all__ = ["CsvForm", "csv_form", "json_forms"]

_NAMES: Mapping[str, str] = {
    "delimiter": "delimiter", "delim": "delimiter", "sep": "delimiter", "quote": "quote", "escape": "escape",
    "header": "header", "nullstr": "nullstr", "null": "nullstr", "skip": "skip", "comment": "comment",
    "encoding": "encoding", "decimal_separator": "decimal_separator", "dateformat": "dateformat",
    "timestampformat": "timestampformat", "compression": "compression",
}  # fmt: skip
_JSON_NAMES = ("dateformat", "timestampformat", "compression")


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How CSV files are written.

    Args:
        options: The options of the source, under one name each.
        forms: How values are written.
    """

    options: Mapping[str, Any]
    forms: TextForms = field(default_factory=TextForms)

    @property
    def header(self) -> bool:
        """Whether a line names the columns."""
        return bool(self.options.get("header", True))

    @property
    def skip(self) -> int:
        """How many lines stand before the header."""
        return int(self.options.get("skip", 0))

    @property
    def null(self) -> str | None:
        """What stands for null; None for nothing at all."""
        return self.options.get("nullstr")

    @property
    def reader(self) -> dict[str, str]:
        """The options of Spark's reader."""
        given = self.options
        options = {
            "sep": given.get("delimiter", ","),
            "quote": given.get("quote", '"'),
            "escape": given.get("escape", '"'),
            "header": str(self.header and not self.skip).lower(),
            # A quoted value may hold the end of a line: without this it would end the row.
            "multiLine": "true",
            # All columns are parsed: a row with too many or few values would not be noticed otherwise.
            "columnPruning": "false",
            "maxCharsPerColumn": "-1",
            "enforceSchema": "true",
            "mode": "FAILFAST",
        }
        for name in ("comment", "encoding", "compression"):
            if name in given:
                options[name] = str(given[name])
        return options

    def columns_of(self, file: Path, source: str) -> tuple[tuple[str, ...], int]:
        """Return the columns of a file, and how many records come before its first row when lines are skipped.

        Raises:
            SourceError: If the file has no header.
        """
        with _opened(file, str(self.options.get("encoding", "utf-8"))) as lines:
            skipped = [line for _, line in zip(range(self.skip), lines, strict=False)]
            comment = self.options.get("comment")
            kept = (line for line in lines if line.strip() and not (comment and line.startswith(comment)))
            quote = str(self.options.get("quote", '"'))
            escape = str(self.options.get("escape", '"'))
            reader = csv.reader(
                kept,
                delimiter=str(self.options.get("delimiter", ",")),
                quotechar=quote or None,
                quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
                doublequote=escape == quote,
                escapechar=None if escape in (quote, "") else escape,
            )
            try:
                first = next(reader, None)
            except csv.Error as error:
                raise SourceError(
                    f"The source {source!r}: the first line of {str(file)!r} can not be read: {error}"
                ) from error
        if first is None:
            raise SourceError(f"The source {source!r}: the file {str(file)!r} has no line with columns.")
        before = sum(bool(line.strip()) and not (comment and line.startswith(comment)) for line in skipped)
        if not self.header:
            width = len(str(len(first) - 1))
            return tuple(f"column{number:0{width}}" for number in range(len(first))), before
        return (first[0].removeprefix("\ufeff"), *first[1:]), before + 1


def csv_form(table: Table) -> CsvForm:
    """Return how the files of a source are written.

    Raises:
        ConfigurationError: If the source has an option that the reader does not have.
    """
    options = {}
    for name, value in table.options.items():
        if name not in _NAMES:
            raise _unknown(table, name, _NAMES)
        options[_NAMES[name]] = value
    return CsvForm(options, _forms(options))


def json_forms(table: Table) -> tuple[dict[str, str], TextForms]:
    """Return the options of Spark's reader of JSON lines, and how values are written.

    Raises:
        ConfigurationError: If the source has an option that the reader does not have.
    """
    for name in table.options:
        if name not in _JSON_NAMES:
            raise _unknown(table, name, _JSON_NAMES)
    reader = {"mode": "FAILFAST"}
    if "compression" in table.options:
        reader["compression"] = str(table.options["compression"])
    return reader, _forms(table.options)


def _forms(options: Mapping[str, Any]) -> TextForms:
    date, timestamp = options.get("dateformat"), options.get("timestampformat")
    return TextForms(
        None if date is None else pattern_of(str(date), "dateformat"),
        None if timestamp is None else pattern_of(str(timestamp), "timestampformat"),
        str(options.get("decimal_separator", ".")),
    )


def _unknown(table: Table, name: str, known: Any) -> ConfigurationError:
    return ConfigurationError(
        f"The source {table.name!r} has the option {name!r}, which its reader does not know. "
        f"{listed(name, known, what='options')}"
    )


@contextmanager
def _opened(file: Path, encoding: str) -> Iterator[Iterator[str]]:
    with (
        gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as lines,
    ):
        yield iter(lines)
