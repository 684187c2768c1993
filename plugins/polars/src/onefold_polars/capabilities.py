"""What the backend states about itself."""

from __future__ import annotations

from onefold.contract import Capabilities, Capability, Emulated, Full, Unsupported, cast_capability, type_capability
from onefold.plan import (
    AGGREGATIONS,
    CASTS,
    RANKINGS,
    AsOfJoin,
    TimeBuckets,
    TrailingAggregate,
    Window,
)
from onefold.types import DataType, Decimal, List, Struct, parse_type
from onefold_polars.engine import ENGINE
from onefold_polars.expressions import CASTS as OFFERED_CASTS
from onefold_polars.expressions import FUNCTIONS
from onefold_polars.relations import AGGREGATIONS as NATIVE
from onefold_polars.relations import STEPS

__all__ = ["CAPABILITIES"]

_KERNEL = Emulated(how="computed by the shared kernel over rows that Polars filters and sorts")

_NO_SQL = (
    "a query can read files by itself, which it was not given, and nothing that checks queries before they run knows "
    "Polars' SQL; write the query in the dialect of another engine"
)

_NO_DELTA = "it has nothing that keeps the log of a Delta table; Spark with Delta's packages does"


def _statements() -> dict[str, Capability]:
    statements: dict[str, Capability] = {f"relation.{relation.kind}": Full() for relation in STEPS}
    statements |= {
        f"relation.{relation.kind}": _KERNEL for relation in (Window, TimeBuckets, TrailingAggregate, AsOfJoin)
    }
    statements |= {"relation.input": Full(), "relation.scan": Full()}
    statements["relation.map_batches"] = Unsupported(reason="Python functions run between the stages of engines")
    statements |= {f"join.{how}": Full() for how in ("inner", "left", "full", "semi", "anti", "cross")}
    statements |= {f"frame.{unit}": Full() for unit in ("rows", "range")}
    statements |= {f"expression.{kind}": Full() for kind in ("column", "literal", "cast", "case", "when_then")}
    statements |= {f"function.{name}": Full() for name in FUNCTIONS}
    for group in ("aggregation", "window", "trailing"):
        statements |= {f"{group}.{name}": _KERNEL for name in (*AGGREGATIONS, "by")}
    statements |= {f"aggregation.{name}": Full() for name in NATIVE}
    statements |= {f"window.{name}": _KERNEL for name in RANKINGS}
    statements["schema.case_sensitive_names"] = Full()
    statements |= {f"source.{format}": Full() for format in ("parquet", "csv", "json")}
    statements |= {"relation.write": Full(), "sink.parquet": Full(), "sink.overwrite_partitions": Full()}
    statements |= dict.fromkeys(("source.delta", "sink.delta"), Unsupported(reason=_NO_DELTA))
    statements |= dict.fromkeys(("source.table", "sink.table"), Unsupported(reason="it keeps no tables of its own"))
    statements["sink.remote"] = Unsupported(
        reason="files are moved into place when all are written, which only a local directory can do"
    )
    statements["relation.native_sql"] = Unsupported(reason=_NO_SQL)
    statements["sql.polars"] = Unsupported(reason=_NO_SQL)
    return statements | _types_and_casts()


def _types_and_casts() -> dict[str, Capability]:
    known: dict[str, DataType] = {name: Decimal(1, 0) if name == "decimal" else parse_type(name) for name in CASTS}
    statements: dict[str, Capability] = {}
    for dtype in (*known.values(), List(known["int64"]), Struct((("f", known["int64"]),))):
        statements[type_capability(dtype)] = Full()
        statements[cast_capability(dtype, dtype)] = Full()
    for source, target in OFFERED_CASTS:
        statements[cast_capability(known[source], known[target])] = Full()
    return statements


CAPABILITIES = Capabilities(ENGINE, _statements())
"""What Polars offers."""
