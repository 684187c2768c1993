"""What the backend states about itself: what follows from its dialect, and what it reads and writes."""

from __future__ import annotations

from onefold.contract import Capabilities, Full, Unsupported
from onefold.sql.capabilities import sql_statements
from onefold_rift.dialect import DIALECT, ENGINE

__all__ = ["CAPABILITIES"]

_NO_DELTA = Unsupported(reason="it has nothing that keeps the log of a Delta table; Spark with Delta's packages does")

CAPABILITIES = Capabilities(
    ENGINE,
    {
        **sql_statements(DIALECT),
        "relation.write": Full(),
        **{f"source.{format}": Full() for format in ("parquet", "csv", "json")},
        "source.table": Unsupported(reason="it keeps no tables of its own"),
        "source.delta": _NO_DELTA,
        "sink.parquet": Full(),
        "sink.overwrite_partitions": Full(),
        "sink.delta": _NO_DELTA,
        "sink.remote": Unsupported(
            reason="files are moved into place when all are written, which only a local directory can do"
        ),
        "sink.table": Unsupported(reason="it keeps no tables of its own; write a Parquet directory instead"),
    },
)
"""What rift offers."""
