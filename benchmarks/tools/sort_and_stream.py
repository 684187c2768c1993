"""The floor: DuckDB sorts events and spine by key and time and streams them as Arrow, and nothing is computed.

Anything that works on sorted streams takes at least this; the temporal kernel's target is a small factor of it.
"""

from __future__ import annotations

import pyarrow as pa

from benchmarks.cases import Case
from benchmarks.tools.duckdb_connection import connect, events_of

__all__ = ["run"]


def run(case: Case) -> None:
    """Read the sorted streams to their end, the events once for each source."""
    with connect(case) as connection:
        for view in case.sources:
            columns = "".join(f", {column}" for column in view.columns)
            for query in (
                f"SELECT {view.key}, ts, row FROM read_parquet('{case.spine}') ORDER BY {view.key}, ts",
                f"SELECT {view.key}, ts{columns} FROM {events_of(connection, case, view)} ORDER BY {view.key}, ts",
            ):
                reader: pa.RecordBatchReader = connection.sql(query).to_arrow_reader(122_880)
                for _ in reader:
                    pass
