"""DuckDB's dialect. The shared lowerings are written in it, so little is left to declare."""

from __future__ import annotations

from onefold.sql.dialect import SqlDialect
from onefold.sql.types import sql_types

__all__ = ["DIALECT", "ENGINE"]

ENGINE = "rift"
"""The name by which views choose this backend."""

DIALECT = SqlDialect(
    name="duckdb",
    engine=ENGINE,
    types=sql_types("duckdb"),
    without_frames=dict.fromkeys(
        ("decayed_sum", "decayed_count", "decayed_mean"), "the rows of a frame have no time from which they age"
    ),
    folds_case=True,
    hints_materialisation=True,
)
