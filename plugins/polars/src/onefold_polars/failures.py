"""Polars' errors as onefold's: what went wrong, with which query, and without secrets."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from onefold.errors import EngineError, OnefoldError, SourceError
from onefold.session.redaction import redacted
from onefold_polars.engine import ENGINE

__all__ = ["FAILURES", "translated"]

FAILURES: tuple[type[Exception], ...] = (pl.exceptions.PolarsError, pa.ArrowException, OSError)
"""What Polars raises, and what Arrow raises while Polars reads from it."""


_READING = ("parquet", "missing_columns", "data type mismatch", "hive", "no such file")
"""What the messages of errors say that come from reading files."""


def translated(error: Exception, query: str) -> OnefoldError:
    """Return the error that callers see for one of Polars'.

    Args:
        error: What Polars raised.
        query: The query that was running.
    """
    text = redacted(str(error).partition("\n\n")[0]).strip()  # where in the query it happened, stands further down
    lowered = text.lower()
    if isinstance(error, OSError) or any(sign in lowered for sign in _READING):
        return SourceError(f"A source can not be read: {text}")
    return EngineError(text, engine=ENGINE, query=redacted(query))
