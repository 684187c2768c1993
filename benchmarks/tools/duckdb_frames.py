"""DuckDB, the plain way: events and spine in one timeline, and window functions with range frames over it.

One statement computes all windows of a source; a frame ends one microsecond before the row, since as of T means
strictly before T. DuckDB builds a segment tree for each aggregate and window, also for the rows that are events.

Formulations of the same, timed with 1 million events and 100,000 spine rows (count, sum, mean and stddev over the six
windows, on 2 busy cores): ``RANGE BETWEEN INTERVAL`` frames over instants took 62 s, over timestamps without a zone
30 s, and over whole microseconds, as here, 23 s. Making the frames of event rows empty did not help: bounds that
differ from row to row cost more (50 s). For medians it does help, see ``duckdb_best``: 1.7 processor seconds instead of
5.4 with 300,000 events and 30,000 spine rows. An inequality join and GROUP BY did not finish within 300 s.
"""

from __future__ import annotations

from typing import Final

from benchmarks.cases import Case, View, Window
from benchmarks.tools.duckdb_connection import connect, events_of, write

__all__ = ["query", "run"]

_AGGREGATES: Final = {
    "count": "count(event)",
    "sum": "sum({0})",
    "mean": "avg({0})",
    "stddev": "stddev_samp({0})",
    "min": "min({0})",
    "max": "max({0})",
    "last": "last_value({0} IGNORE NULLS)",
    "distinct": "count(DISTINCT {0})",
    "median": "median({0})",
}


# Longer than any history.
_AGES: Final = 10**17


def _frame(window: Window, *, gated: bool) -> str:
    if gated:
        return f"RANGE BETWEEN coalesce(back, {window.micros or _AGES}) PRECEDING AND 1 PRECEDING"
    start = "UNBOUNDED" if window.micros is None else str(window.micros)
    return f"RANGE BETWEEN {start} PRECEDING AND 1 PRECEDING"


def query(view: View, events: str, spine: str, *, gated: bool = False) -> str:
    """Return the statement that computes a view.

    Args:
        view: What is computed.
        events: A FROM item.
        spine: The path of the spine.
        gated: Whether the frames of rows that are events are made empty.
    """
    values = ",\n    ".join(
        f"{_AGGREGATES[feature.measure].format(feature.column)} OVER w_{window.name} AS {name}"
        for feature in view.features
        for name, window in feature.outputs.items()
        if window is not None
    )
    frames = ",\n    ".join(
        f"w_{window.name} AS (PARTITION BY {view.key} ORDER BY ts {_frame(window, gated=gated)})"
        for window in view.windows
    )
    columns = "".join(f", {column}" for column in view.columns)
    nothing = "".join(", NULL" for _ in view.columns)
    return f"""
WITH timeline AS (
  SELECT {view.key}, epoch_us(ts) AS ts{columns}, 1 AS event, 0 AS back, NULL AS row FROM {events}
  UNION ALL
  SELECT {view.key}, epoch_us(ts) AS ts{nothing}, NULL, NULL, row FROM read_parquet('{spine}')
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
    """Compute the case into its output file."""
    with connect(case) as connection:
        tables = []
        for number, view in enumerate(case.sources):
            statement = query(view, events_of(connection, case, view), case.spine)
            kind = "VIEW" if len(case.sources) == 1 else "TABLE"
            connection.execute(f"CREATE TEMP {kind} view_{number} AS {statement}")
            tables.append(f"view_{number}")
        write(connection, case, tables)
