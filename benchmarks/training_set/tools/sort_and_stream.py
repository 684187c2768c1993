"""The floor: DuckDB sorts events and spine by key and time and streams them as Arrow, and nothing is computed.

Anything that works on sorted streams takes at least this; the temporal kernel's target is a small factor of it.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from benchmarks.training_set.workload import Case

__all__ = ["run"]


def run(case: Case) -> None:
    """Read both sorted streams to their end."""
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        for query in (
            f"SELECT entity_id, ts, row FROM '{case.spine}' ORDER BY entity_id, ts",
            f"SELECT entity_id, ts, amount FROM '{case.events}' ORDER BY entity_id, ts",
        ):
            rows = 0
            reader: pa.RecordBatchReader = connection.sql(query).to_arrow_reader(122_880)
            for batch in reader:
                rows += batch.num_rows
            if not rows:
                raise RuntimeError(f"no rows came from: {query}")
