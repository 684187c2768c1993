"""What the backend states about itself: what follows from its dialect, and what it reads, writes and runs."""

from __future__ import annotations

from onefold.contract import Capabilities, Capability, Emulated, Full
from onefold.sql.capabilities import KERNEL, sql_statements
from onefold_spark.dialect import DIALECT, ENGINE

__all__ = ["CAPABILITIES"]

_ON_EXECUTORS = Emulated(how="computed by the shared kernel on the executors, over rows that Spark spreads and sorts")


def _from_dialect() -> dict[str, Capability]:
    """Return what follows from the dialect; the kernel runs where the rows are."""
    stated = sql_statements(DIALECT)
    return {name: _ON_EXECUTORS if statement == KERNEL else statement for name, statement in stated.items()}


CAPABILITIES = Capabilities(
    ENGINE,
    {
        **_from_dialect(),
        "relation.map_batches": Full(),
        **{f"transform.{format}": Full() for format in ("arrow", "polars", "pandas")},
        "relation.write": Full(),
        **{f"source.{format}": Full() for format in ("parquet", "csv", "json", "delta", "table")},
        **{f"sink.{format}": Full() for format in ("parquet", "delta", "table", "remote", "overwrite_partitions")},
        "exchange.parquet": Full(),
        "exchange.row_numbers": Full(),
    },
)
"""What spark offers."""
