"""What the backend states about itself, generated from the tables that do the work."""

from __future__ import annotations

from onefold.contract import Capabilities, Capability, Emulated, Full, Unsupported
from onefold.plan import AGGREGATIONS, FUNCTIONS, RANKINGS, TimeBuckets
from onefold.sql.relations import STEPS
from onefold_rift.dialect import DIALECT, ENGINE

__all__ = ["CAPABILITIES"]

_KERNEL = "computed by the temporal kernel over rows that DuckDB filters and sorts"


def _statements() -> dict[str, Capability]:
    statements: dict[str, Capability] = {f"relation.{relation.kind}": Full() for relation in STEPS}
    statements[f"relation.{TimeBuckets.kind}"] = Emulated(how="grouped by key and the start of the bucket")
    statements["relation.trailing_aggregate"] = Emulated(how=_KERNEL)
    statements["relation.as_of_join"] = Emulated(how=_KERNEL)
    statements["relation.write"] = Full()
    statements["relation.map_batches"] = Unsupported(reason="Python functions run between the stages of engines")
    statements |= {f"function.{name}": Full() for name in FUNCTIONS if name in DIALECT.functions}
    statements |= {f"aggregation.{name}": Full() for name in AGGREGATIONS if name in DIALECT.aggregations}
    statements |= {f"window.{name}": Full() for name in RANKINGS}
    statements |= {f"expression.{kind}": Full() for kind in ("column", "literal", "cast", "case", "when_then")}
    statements |= {f"source.{format}": Full() for format in ("parquet", "csv", "json")}
    statements["source.table"] = Unsupported(reason="it keeps no tables of its own")
    statements["sink.parquet"] = Full()
    statements["sink.table"] = Unsupported(reason="it keeps no tables of its own; write a Parquet directory instead")
    statements["sql.duckdb"] = Full()
    return statements


CAPABILITIES = Capabilities(ENGINE, _statements())
"""What rift offers."""
