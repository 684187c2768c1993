"""Spark as one would write it: events and spine in one timeline, and window functions with range frames over it.

Spark computes the frame of every row anew, so that its time grows with the number of events in a window.
"""

from __future__ import annotations

from typing import Final

from benchmarks.training_set.tools.spark_session import SPARK
from benchmarks.training_set.workload import Case, Window

__all__ = ["run"]

_AGGREGATES: Final = {
    "count": "count(event)",
    "sum": "sum(amount)",
    "mean": "avg(amount)",
    "stddev": "stddev_samp(amount)",
    "min": "min(amount)",
    "max": "max(amount)",
    "last": "last_value(amount) IGNORE NULLS",
}


def _frame(window: Window) -> str:
    start = "UNBOUNDED" if window.micros is None else _interval(window.micros)
    return f"RANGE BETWEEN {start} PRECEDING AND {_interval(1)} PRECEDING"


def _interval(micros: int) -> str:
    """Return a length as an interval of one type: both ends of a frame have to be of the same."""
    seconds, rest = divmod(micros, 1_000_000)
    return f"INTERVAL '{seconds}.{rest:06}' SECOND"


def query(case: Case) -> str:
    """Return the query whose rows are the case's result."""
    values = ",\n       ".join(
        f"{_AGGREGATES[measure]} OVER w_{window.name} AS {measure}_{window.name}"
        for window in case.windows
        for measure in case.measures
    )
    frames = ",\n       ".join(
        f"w_{window.name} AS (PARTITION BY entity_id ORDER BY ts {_frame(window)})" for window in case.windows
    )
    return f"""
WITH timeline AS (
  SELECT entity_id, ts, amount, 1 AS event, CAST(NULL AS BIGINT) AS row FROM parquet.`{case.events}`
  UNION ALL
  SELECT entity_id, ts, NULL, NULL, row FROM parquet.`{case.spine}`
),
windowed AS (
  SELECT row,
       {values}
  FROM timeline
  WINDOW
       {frames}
)
SELECT * FROM windowed WHERE row IS NOT NULL
"""


def run(case: Case) -> None:
    """Compute the case into its output folder."""
    SPARK.sql(query(case)).write.parquet(case.output)
