"""How Spark writes the portable types, and constants of them."""

from __future__ import annotations

from onefold.sql.types import SqlTypes
from onefold.types import BINARY, BOOL, DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC
from onefold_spark.literals import quoted

__all__ = ["TYPES"]

TYPES = SqlTypes(
    "spark",
    {
        INT64: "BIGINT",
        FLOAT64: "DOUBLE",
        BOOL: "BOOLEAN",
        STRING: "STRING",
        BINARY: "BINARY",
        DATE: "DATE",
        # Never TIMESTAMP alone: a setting decides which of the two that is.
        TIMESTAMP: "TIMESTAMP_NTZ",
        TIMESTAMP_UTC: "TIMESTAMP_LTZ",
    },
    literals={STRING: quoted},
)
"""Spark's types."""
