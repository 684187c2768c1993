"""What an SQL engine offers, read off its dialect and off what the kernel computes for every engine."""

from __future__ import annotations

from onefold.contract import Capability, Emulated, Full, Unsupported, cast_capability, type_capability
from onefold.plan import AGGREGATIONS, CASTS, RANKINGS, AsOfJoin, TimeBuckets, TrailingAggregate, Unnest
from onefold.plan.document import KINDS
from onefold.sql.dialect import SqlDialect
from onefold.sql.relations import STEPS
from onefold.sql.temporal.trailing import LOWERED
from onefold.types import DataType, Decimal, List, Struct, parse_type

__all__ = ["sql_statements"]

KERNEL = Emulated(how="computed by the shared kernel over rows that the engine filters and sorts")
"""The statement about what the kernel computes."""

TEMPORAL = Emulated(
    how="by joins and windows of the engine where these are exact, else by the shared kernel over rows that leave the engine"
)
"""The statement about temporal relations of an engine that data should not leave; `explain` says which it is."""

GROWING = Emulated(how="frames that begin with their partition by the engine, all others by the shared kernel")
"""The statement about frames of an engine that computes each one anew."""


def sql_statements(dialect: SqlDialect) -> dict[str, Capability]:
    """Return the statements about all that follows from a dialect.

    What is left to a backend: its sources and sinks, and what it runs outside of queries.

    Args:
        dialect: The dialect.
    """
    # Steps of a lowering are no part of any plan, and nobody asks for them.
    statements: dict[str, Capability] = {f"relation.{step.kind}": Full() for step in STEPS if step.kind in KINDS}
    if dialect.functions.keys() >= {"time_bucket", "add_duration", "is_not_null", "and"}:
        statements[f"relation.{TimeBuckets.kind}"] = Emulated(how="grouped by key and the start of the bucket")
    else:
        del statements[f"relation.{TimeBuckets.kind}"]
    temporal = KERNEL if dialect.temporal is None else TEMPORAL
    statements |= {f"relation.{relation.kind}": temporal for relation in (TrailingAggregate, AsOfJoin)}
    statements["relation.map_batches"] = Unsupported(reason="Python functions run between the stages of engines")
    statements[f"sql.{dialect.name}"] = Full()
    statements |= {f"join.{how}": Full() for how in ("inner", "left", "full", "semi", "anti", "cross")}
    statements |= {f"frame.{unit}": Full() for unit in ("rows", "range")}
    statements |= {f"expression.{kind}": Full() for kind in ("column", "literal", "cast", "case", "when_then")}
    statements |= {f"function.{name}": Full() for name in dialect.functions}
    framed = GROWING if dialect.recomputes_frames else Full()
    for name in AGGREGATIONS:
        statements[f"aggregation.{name}"] = Full() if name in dialect.aggregations else KERNEL
        statements[f"window.{name}"] = framed if name in dialect.slides else KERNEL
        statements[f"trailing.{name}"] = temporal if name in LOWERED else KERNEL
    statements["aggregation.by"] = Full() if dialect.types.nested else KERNEL
    statements |= dict.fromkeys(("window.by", "trailing.by"), KERNEL)
    statements |= {f"window.{name}": Full() for name in RANKINGS}
    if dialect.folds_case:
        reason = "the engine takes names that differ only in case for the same name"
        statements["schema.case_sensitive_names"] = Unsupported(reason=reason)
    else:
        statements["schema.case_sensitive_names"] = Full()
    return statements | _types_and_casts(dialect)


def _types_and_casts(dialect: SqlDialect) -> dict[str, Capability]:
    known: dict[str, DataType] = {name: Decimal(1, 0) if name == "decimal" else parse_type(name) for name in CASTS}
    nested = (List(known["int64"]), Struct((("f", known["int64"]),)))
    statements: dict[str, Capability] = {}
    for dtype in (*known.values(), *nested):
        offered = dialect.types.offers(dtype)
        name = type_capability(dtype)
        statements[name] = Full() if offered else Unsupported(reason=dialect.without_types[name])
        if offered:
            statements[cast_capability(dtype, dtype)] = Full()
    for source, target in dialect.casts:
        statements[cast_capability(known[source], known[target])] = Full()
    if not dialect.types.offers(nested[0]):
        statements[f"relation.{Unnest.kind}"] = Unsupported(reason="it has no lists")
    return statements
