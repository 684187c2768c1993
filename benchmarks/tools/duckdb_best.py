"""DuckDB, the fast way: for each measure the fastest formulation known, most of them built on ASOF joins.

Counts, sums and what follows from them
    Running totals per key, looked up at both ends of each window. Not exact: a window's sum is the difference of two
    running totals, so what is small beside them is lost (``deviation`` in the report says how much).
Last values
    The latest values so far, each with its time; one lookup at the end of the windows serves all of them.
Different values
    An event counts from its time until the next one of the same value, or until it leaves the window. The number of
    different values is the number of events so far less the number of those ends so far: two lookups.
Minima, maxima
    A sparse table, see ``duckdb_extremes``.
Medians
    Range frames, see ``duckdb_frames``, which are empty for the rows that are events.
Columns of the latest event
    An ASOF join.

One ASOF join is done after another, since several in one query multiply the memory that each takes.
"""

from __future__ import annotations

from typing import Final

import duckdb

from benchmarks.cases import Case, Feature, View
from benchmarks.tools import duckdb_frames
from benchmarks.tools.duckdb_connection import connect, events_of, write
from benchmarks.tools.duckdb_extremes import extremes

__all__ = ["run"]

_FRAMES: Final = ("median",)
_TOTALS: Final = ("count", "sum", "mean", "stddev")

# Of a window, from what has been looked up: c events, and of a column n values, their sum s and squares q.
_FORMULAS: Final = {
    "count": "c",
    "sum": "CASE WHEN n_{0} > 0 THEN s_{0} END",
    "mean": "CASE WHEN n_{0} > 0 THEN s_{0} / n_{0} END",
    "stddev": "CASE WHEN n_{0} > 1 THEN sqrt(greatest(0, q_{0} - s_{0} * s_{0} / n_{0}) / (n_{0} - 1)) END",
}


class _Source:
    """The steps for one source; each leaves a table with all spine rows.

    Args:
        connection: Where.
        case: The case.
        view: The views of the source, in one.
        number: Which source it is.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, case: Case, view: View, number: int) -> None:
        self._connection = connection
        self._view = view
        self._prefix = f"source_{number}"
        self._events = events_of(connection, case, view)
        self._path = case.spine
        self._alone = len(case.sources) == 1
        self._spine = f"(SELECT row, {view.key} AS key, epoch_us(ts) AS ts FROM read_parquet('{case.spine}'))"
        self.tables: list[str] = []

    def run(self) -> None:
        """Run all steps."""
        if self._view.latest:
            self._latest()
            return
        if framed := self._view.only(*_FRAMES):
            self._result("frames", duckdb_frames.query(framed, self._events, self._path, gated=True))
        if extreme := self._view.only("min", "max"):
            for column in extreme.columns:
                self._extremes([feature for feature in extreme.features if feature.column == column])
        if latest := self._view.only("last", "last_10"):
            for column in latest.columns:
                self._lasts([feature for feature in latest.features if feature.column == column])
        if totals := self._view.only(*_TOTALS):
            self._totals(totals)
        if distinct := self._view.only("distinct"):
            for feature in distinct.features:
                self._distinct(feature)

    def _table(self, name: str, query: str) -> str:
        table = f"{self._prefix}_{name}"
        self._connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        return table

    def _result(self, name: str, query: str) -> None:
        self.tables.append(self._table(name, query))

    def _drop(self, *tables: str) -> None:
        for table in tables:
            self._connection.execute(f"DROP TABLE {table}")

    def _latest(self) -> None:
        columns = ", ".join(f"e.{feature.column} AS {feature.name}" for feature in self._view.features)
        key, table = self._view.key, f"{self._prefix}_latest"
        # Alone, the join goes straight into the file.
        self._connection.execute(
            f"""CREATE TEMP {"VIEW" if self._alone else "TABLE"} {table} AS
                SELECT s.row, {columns} FROM read_parquet('{self._path}') s
                ASOF LEFT JOIN {self._events} e ON s.{key} = e.{key} AND s.ts > e.ts"""
        )
        self.tables.append(table)

    def _extremes(self, features: list[Feature]) -> None:
        prefix = f"{self._prefix}_extremes_{features[0].column}"
        self.tables += extremes(
            self._connection, prefix, features, events=self._events, spine=self._spine, key=self._view.key
        )

    def _lasts(self, features: list[Feature]) -> None:
        """Look up the latest values of a column."""
        column = features[0].column
        backs = range(10 if any(feature.measure == "last_10" for feature in features) else 1)
        lags = ", ".join(
            f"lag({column}, {back}) OVER w AS v{back}, lag(epoch_us(ts), {back}) OVER w AS t{back}" for back in backs
        )
        values = self._table(
            f"values_{column}",
            f"""SELECT {self._view.key} AS key, epoch_us(ts) AS ts, {lags} FROM {self._events}
                WHERE {column} IS NOT NULL WINDOW w AS (PARTITION BY {self._view.key} ORDER BY ts)""",
        )
        earliest_first = ", ".join(f"v{back}" for back in reversed(backs))
        outputs = []
        for feature in features:
            for name, window in feature.outputs.items():
                assert window is not None
                start = "0" if window.micros is None else f"s.ts - {window.micros}"
                found = "v0"
                if feature.measure == "last_10":
                    inside = " + ".join(f"coalesce((t{back} >= {start})::INT, 0)" for back in backs)
                    found = f"list_slice([{earliest_first}], -({inside}), -1)"
                outputs.append(f"CASE WHEN t0 >= {start} THEN {found} END AS {name}")
        self._result(
            f"lasts_{column}",
            f"""SELECT s.row, {", ".join(outputs)} FROM {self._spine} s
                ASOF LEFT JOIN {values} v ON s.key = v.key AND s.ts > v.ts""",
        )
        self._drop(values)

    def _totals(self, view: View) -> None:
        """Look up running totals at both ends of each window."""
        totals = ["count(*) OVER w AS c"]
        for column in view.columns:
            totals += [f"count({column}) OVER w AS n_{column}", f"sum({column}) OVER w AS s_{column}"]
            if any(feature.measure == "stddev" and feature.column == column for feature in view.features):
                totals.append(f"sum({column} * {column}) OVER w AS q_{column}")
        names = [total.rsplit(" ", 1)[1] for total in totals]
        running = self._table(
            "running",
            f"""SELECT {view.key} AS key, epoch_us(ts) AS ts, {", ".join(totals)} FROM {self._events}
                WINDOW w AS (PARTITION BY {view.key} ORDER BY ts ROWS UNBOUNDED PRECEDING)""",
        )
        zero = ", ".join(f"coalesce(r.{name}, 0) AS {name}" for name in names)
        end = self._table(
            "end",
            f"""SELECT s.*, {zero} FROM {self._spine} s
                ASOF LEFT JOIN {running} r ON s.key = r.key AND s.ts > r.ts""",
        )
        for window in view.windows:
            looked_up = end
            if window.micros is not None:
                inside = ", ".join(f"e.{name} - coalesce(b.{name}, 0) AS {name}" for name in names)
                looked_up = f"""(SELECT e.row, {inside} FROM {end} e
                    ASOF LEFT JOIN {running} b ON e.key = b.key AND e.ts - {window.micros} > b.ts)"""
            values = ", ".join(
                f"{_FORMULAS[feature.measure].format(feature.column)} AS {name}"
                for feature in view.features
                for name, at in feature.outputs.items()
                if at == window
            )
            self._result(f"w_{window.name}", f"SELECT row, {values} FROM {looked_up}")
        self._drop(end, running)

    def _distinct(self, feature: Feature) -> None:
        key, column = self._view.key, feature.column
        lives = self._table(
            f"lives_{feature.name}",
            f"""SELECT {key} AS key, epoch_us(ts) AS ts, lead(epoch_us(ts)) OVER w AS again
                FROM {self._events} WHERE {column} IS NOT NULL WINDOW w AS (PARTITION BY {key}, {column} ORDER BY ts)""",
        )
        running = "row_number() OVER (PARTITION BY key ORDER BY ts) AS n"
        starts = self._table(
            f"starts_{feature.name}",
            f"""SELECT s.*, coalesce(r.n, 0) AS n FROM {self._spine} s
                ASOF LEFT JOIN (SELECT key, ts, {running} FROM {lives}) r ON s.key = r.key AND s.ts > r.ts""",
        )
        for name, window in feature.outputs.items():
            assert window is not None
            over = "again" if window.micros is None else f"least(again, ts + {window.micros})"
            # It still counts for a row at the very time at which it ends. The greatest number of one end stands for all
            # that end there.
            ends = f"""SELECT key, ts, max(n) AS n FROM (SELECT key, ts, {running}
                       FROM (SELECT key, {over} AS ts FROM {lives}) WHERE ts IS NOT NULL) GROUP BY ALL"""
            self._result(
                f"distinct_{name}",
                f"""SELECT s.row, s.n - coalesce(e.n, 0) AS {name} FROM {starts} s
                    ASOF LEFT JOIN ({ends}) e ON s.key = e.key AND s.ts > e.ts""",
            )
        self._drop(starts, lives)


def run(case: Case) -> None:
    """Compute the case into its output file."""
    with connect(case) as connection:
        tables = []
        for number, view in enumerate(case.sources):
            source = _Source(connection, case, view, number)
            source.run()
            tables += source.tables
        write(connection, case, tables)
