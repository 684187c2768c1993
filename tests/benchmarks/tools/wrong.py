"""A tool that counts one event too many, in one row."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.cases import Case
from benchmarks.tools import duckdb_best

__all__ = ["run"]


def run(case: Case) -> None:
    duckdb_best.run(case)
    table = pq.read_table(case.output)
    for name in table.column_names:
        if name.startswith("count"):
            more = pc.add(table[name], pc.cast(pc.equal(table["row"], 7), pa.int64()))
            table = table.set_column(table.column_names.index(name), name, more)
    pq.write_table(table, case.output)
