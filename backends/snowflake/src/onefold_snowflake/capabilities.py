"""What the backend states about itself: what follows from its dialect, and what it reads and writes."""

from __future__ import annotations

from onefold.contract import Capabilities, Emulated, Full, Unsupported
from onefold.sql.capabilities import sql_statements
from onefold_snowflake.dialect import DIALECT, ENGINE

__all__ = ["CAPABILITIES", "WITH_TRANSFORMS"]

_OUTSIDE = "files of other places can not be read from inside of the warehouse; load them into a table"

CAPABILITIES = Capabilities(
    ENGINE,
    {
        **sql_statements(DIALECT),
        "relation.map_batches": Unsupported(
            reason='Python functions run here, unless the option transforms is "warehouse"'
        ),
        "relation.write": Full(),
        **{f"source.{format}": Unsupported(reason=_OUTSIDE) for format in ("parquet", "csv", "json", "delta")},
        "source.table": Full(),
        "sink.table": Full(),
        "sink.overwrite_partitions": Full(),
        "sink.merge": Full(),
        "sink.delta": Unsupported(reason="it writes tables of its own"),
        "sink.parquet": Unsupported(reason="it writes tables; the rows of a result can be written as Parquet here"),
        "sink.remote": Unsupported(reason="it writes tables; unload them with Snowflake's own COPY INTO a stage"),
    },
)
"""What snowflake offers, whatever the options of a session are."""

WITH_TRANSFORMS = Capabilities(
    ENGINE,
    {
        **CAPABILITIES.statements,
        **dict.fromkeys(
            ("relation.map_batches", *(f"transform.{format}" for format in ("arrow", "pandas", "polars"))),
            Emulated(how="by a table function in Python, where the function is safe in the warehouse"),
        ),
    },
)
"""What a session offers whose option transforms is "warehouse"."""
