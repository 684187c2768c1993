"""Spark's dialect of SQL, with the settings that the sessions here have: ANSI mode, UTC, names with their case."""

from __future__ import annotations

from onefold.sql.dialect import SqlDialect
from onefold_spark.aggregations import AGGREGATE_NAMES, AGGREGATIONS, FRAMED
from onefold_spark.casts import CASTS
from onefold_spark.functions import FUNCTIONS
from onefold_spark.types import TYPES

__all__ = ["DIALECT", "ENGINE"]

ENGINE = "spark"
"""The name by which views choose this backend."""

DIALECT = SqlDialect(
    name="spark",
    engine=ENGINE,
    types=TYPES,
    functions=FUNCTIONS,
    aggregations=AGGREGATIONS,
    casts=CASTS,
    aggregate_names=AGGREGATE_NAMES,
    framed=FRAMED,
    recomputes_frames=True,
    most_rows=2**31 - 1,
    max_depth=32,  # its parser is recursive, and slow where conditions are nested
    unnest="EXPLODE({0})",
    entries="CASE WHEN COUNT(*) > 0 THEN SORT_ARRAY(COLLECT_LIST(NAMED_STRUCT('key', {0}, 'value', {1}))) END",
)
"""What Spark computes exactly; the rest is left to the kernel."""
