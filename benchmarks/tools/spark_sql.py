"""Spark as one would write it: events and spine in one timeline, and window functions with range frames over it.

Spark computes the frame of every row anew, so that its time grows with the number of events in a window.
"""

from __future__ import annotations

from typing import Final

from benchmarks.cases import Case, View, Window
from benchmarks.tools.spark_session import SPARK

__all__ = ["query", "run"]

_AGGREGATES: Final = {
    "count": "count(event) OVER {1}",
    "sum": "sum({0}) OVER {1}",
    "mean": "avg({0}) OVER {1}",
    "stddev": "stddev_samp({0}) OVER {1}",
    "min": "min({0}) OVER {1}",
    "max": "max({0}) OVER {1}",
    "last": "last_value({0}) IGNORE NULLS OVER {1}",
    # DISTINCT is not offered in windows.
    "distinct": "CAST(size(collect_set({0}) OVER {1}) AS BIGINT)",
    "median": "percentile({0}, 0.5) OVER {1}",
    "last_10": """CASE WHEN count({0}) OVER {1} > 0
        THEN slice(collect_list({0}) OVER {1}, -CAST(least(10, count({0}) OVER {1}) AS INT), 10) END""",
}


def _frame(window: Window) -> str:
    start = "UNBOUNDED" if window.micros is None else _interval(window.micros)
    return f"RANGE BETWEEN {start} PRECEDING AND {_interval(1)} PRECEDING"


def _interval(micros: int) -> str:
    """Return a length as an interval of one type: both ends of a frame have to be of the same."""
    seconds, rest = divmod(micros, 1_000_000)
    return f"INTERVAL '{seconds}.{rest:06}' SECOND"


def _values(view: View) -> tuple[list[str], list[str]]:
    """Return the computed columns and the windows that they are over."""
    if view.latest:
        latest = f"struct({', '.join(view.columns)})"
        frames = [
            f"w AS (PARTITION BY {view.key} ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND {_interval(1)} PRECEDING)"
        ]
        found = f"last_value(CASE WHEN event = 1 THEN {latest} END) IGNORE NULLS OVER w"
        return [f"{found}.{feature.column} AS {feature.name}" for feature in view.features], frames
    values = [
        f"{_AGGREGATES[feature.measure].format(feature.column, f'w_{window.name}')} AS {name}"
        for feature in view.features
        for name, window in feature.outputs.items()
        if window is not None
    ]
    frames = [f"w_{window.name} AS (PARTITION BY {view.key} ORDER BY ts {_frame(window)})" for window in view.windows]
    return values, frames


def query(view: View, spine: str) -> str:
    """Return the query whose rows are a view's result."""
    values, frames = _values(view)
    columns = "".join(f", {column}" for column in view.columns)
    nothing = "".join(", NULL" for _ in view.columns)
    comma = ",\n    "
    return f"""
WITH timeline AS (
  SELECT {view.key}, ts{columns}, 1 AS event, CAST(NULL AS BIGINT) AS row FROM parquet.`{view.events}`
  UNION ALL
  SELECT {view.key}, ts{nothing}, NULL, row FROM parquet.`{spine}`
),
windowed AS (
  SELECT row,
    {comma.join(values)}
  FROM timeline
  WINDOW
    {comma.join(frames)}
)
SELECT * FROM windowed WHERE row IS NOT NULL
"""


def run(case: Case) -> None:
    """Compute the case into its output folder."""
    first, *others = [SPARK.sql(query(view, case.spine)) for view in case.sources]
    for other in others:
        first = first.join(other, on="row")
    first.write.parquet(case.output)
