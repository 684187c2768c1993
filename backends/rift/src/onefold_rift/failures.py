"""DuckDB's errors as onefold's: what went wrong, where, with which query, and without secrets."""

from __future__ import annotations

import re

import duckdb

from onefold.errors import Cancelled, EngineError, OnefoldError, SourceError
from onefold.session.redaction import redacted
from onefold_rift.dialect import ENGINE

__all__ = ["SOURCE_MARK", "translated"]

SOURCE_MARK = "onefold source: "
"""What the messages of errors begin with that queries themselves raise about a source's values."""

_READING = (
    "csv error", "json transform error", "malformed json", "no magic bytes", "no files found", "parquet",
    "could not open file", "failed to open", "cannot open file", "http", "invalid unicode", "when sniffing",
)  # fmt: skip


def translated(error: BaseException, query: str) -> OnefoldError:
    """Return the error that callers see for one of DuckDB's.

    Args:
        error: What DuckDB (or Arrow, while reading from it) raised.
        query: The query that was running.
    """
    if isinstance(error, OnefoldError):
        return error
    if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in str(error):
        return Cancelled("The query was stopped.")
    text = redacted(str(error)).strip()
    if SOURCE_MARK in text:
        message = text.partition(SOURCE_MARK)[2].partition("\n")[0].strip()
        return SourceError(message[:1].upper() + message[1:])
    short = _shortened(text)
    if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory Error" in text:
        short += " Raise the option memory_limit, or let spill_directory name a place with more room."
    lowered = text.lower()
    if isinstance(error, duckdb.IOException | duckdb.HTTPException) or any(sign in lowered for sign in _READING):
        return SourceError(short)
    return EngineError(short, engine=ENGINE, query=redacted(query))


def _shortened(text: str) -> str:
    """Return the lines of a message that say what is wrong: no echo of the query, no list of settings."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.startswith("LINE ") or line.strip().startswith(("Possible solution", "* ", "Column ")):
            break
        if line.strip():
            kept.append(line.strip())
    file = re.search(r"^\s*file = (.+)$", text, re.MULTILINE)
    where = f" (file {file.group(1).strip()!r})" if file else ""
    return " ".join(kept) + where
