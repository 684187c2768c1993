"""DuckDB, the fast way: running totals per entity, looked up by an ASOF join at both ends of each window.

The fastest SQL known for counts, sums and what follows from them. It can not do minima, maxima or medians, and it is
not exact: a window's sum is the difference of two running totals, so what is small beside them is lost (the deviation
is in the report; it is an alternative only to those who accept that).
"""

from __future__ import annotations

from typing import Final

import duckdb

from benchmarks.training_set.workload import Case, Window

__all__ = ["run"]

_STEPS: Final = """
CREATE TEMP TABLE running AS
SELECT entity_id, epoch_us(ts) AS ts,
       count(*) OVER w AS events, count(amount) OVER w AS amounts,
       sum(amount) OVER w AS total, sum(amount * amount) OVER w AS squares
FROM '{events}'
WINDOW w AS (PARTITION BY entity_id ORDER BY ts ROWS UNBOUNDED PRECEDING);

CREATE TEMP TABLE at_end AS
SELECT s.row, s.entity_id, epoch_us(s.ts) AS ts, r.events, r.amounts, r.total, r.squares
FROM '{spine}' s ASOF LEFT JOIN running r ON s.entity_id = r.entity_id AND epoch_us(s.ts) > r.ts;
"""


def _values(case: Case, name: str) -> str:
    """Return the measures of a window from its ``c``, ``n``, ``s`` and ``q``: events, amounts, their sum and squares."""
    formulas = {
        "count": "c",
        "sum": "CASE WHEN n > 0 THEN s END",
        "mean": "CASE WHEN n > 0 THEN s / n END",
        "stddev": "CASE WHEN n > 1 THEN sqrt(greatest(0, q - s * s / n) / (n - 1)) END",
    }
    return ", ".join(f"{formulas[measure]} AS {measure}_{name}" for measure in case.measures)


def _window(case: Case, window: Window) -> str:
    if window.micros is None:
        counted = """SELECT row, coalesce(events, 0) AS c, coalesce(amounts, 0) AS n, total AS s, squares AS q
                     FROM at_end"""
    else:
        # One ASOF join after another: several in one query multiply the memory that each takes.
        counted = f"""SELECT e.row, coalesce(e.events, 0) - coalesce(b.events, 0) AS c,
                             coalesce(e.amounts, 0) - coalesce(b.amounts, 0) AS n,
                             e.total - coalesce(b.total, 0) AS s, e.squares - coalesce(b.squares, 0) AS q
                      FROM at_end e ASOF LEFT JOIN running b
                        ON e.entity_id = b.entity_id AND e.ts - {window.micros} > b.ts"""
    return f"CREATE TEMP TABLE w_{window.name} AS SELECT row, {_values(case, window.name)} FROM ({counted})"


def run(case: Case) -> None:
    """Compute the case into its output file."""
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(_STEPS.format(events=case.events, spine=case.spine))
        for window in case.windows:
            connection.execute(_window(case, window))
        joined = " ".join(f"JOIN w_{window.name} USING (row)" for window in case.windows[1:])
        first = case.windows[0].name
        connection.execute(f"COPY (SELECT * FROM w_{first} {joined}) TO '{case.output}' (FORMAT parquet)")
