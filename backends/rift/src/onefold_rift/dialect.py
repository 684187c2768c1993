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
    folds_case=True,
    hints_materialisation=True,
)
