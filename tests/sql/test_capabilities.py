"""What an SQL engine offers follows from its dialect."""

from __future__ import annotations

from dataclasses import replace

from onefold.contract import Emulated, Full, Unsupported, known_capabilities
from onefold.plan import AGGREGATIONS, FUNCTIONS
from onefold.sql.aggregations import AGGREGATIONS as AGGREGATION_LOWERINGS
from onefold.sql.capabilities import sql_statements
from onefold.sql.dialect import SqlDialect
from onefold.sql.functions import FUNCTIONS as FUNCTION_LOWERINGS
from onefold.sql.types import sql_types

WHOLE = SqlDialect(name="duckdb", engine="whole", types=sql_types("duckdb"))
BARE = SqlDialect(
    name="duckdb",
    engine="bare",
    types=replace(sql_types("duckdb"), decimal=None, nested=False),
    functions={"add": FUNCTION_LOWERINGS["add"]},
    aggregations={name: AGGREGATION_LOWERINGS[name] for name in ("count", "median")},
    casts={},
    without_types={f"type.{kind}": f"no {kind}" for kind in ("decimal128", "list", "struct")},
    folds_case=True,
)


def test_every_known_capability_has_a_statement_when_a_dialect_has_everything() -> None:
    statements = sql_statements(WHOLE)
    assert set(known_capabilities()) - set(statements) == {"relation.write"}, "writing is the backend's own"
    assert {name for name, said in statements.items() if isinstance(said, Unsupported)} == {"relation.map_batches"}
    assert {f"function.{name}" for name in FUNCTIONS} <= set(statements)


def test_the_kernel_computes_the_aggregations_that_a_dialect_lacks() -> None:
    statements = sql_statements(BARE)
    for group in ("aggregation", "window", "trailing"):
        assert {f"{group}.{name}" for name in (*AGGREGATIONS, "by")} <= set(statements)
    own = {name for name, said in statements.items() if name.startswith("aggregation.") and isinstance(said, Full)}
    assert own == {"aggregation.count", "aggregation.median"}
    assert isinstance(statements["window.count"], Full)
    assert isinstance(statements["window.median"], Emulated), "SQL would collect the rows of every frame"
    assert isinstance(statements["trailing.count"], Emulated)


def test_what_a_dialect_lacks_otherwise_is_not_offered() -> None:
    statements = sql_statements(BARE)
    assert statements["type.list"] == Unsupported(reason="no list")
    assert isinstance(statements["relation.unnest"], Unsupported)
    assert isinstance(statements["schema.case_sensitive_names"], Unsupported)
    assert "function.subtract" not in statements
    assert isinstance(statements["cast.int64_to_int64"], Full), "nothing is converted"
    assert not {name for name in statements if name.startswith("cast.")} & {"cast.int64_to_string", "cast.list_to_list"}
    assert "relation.time_buckets" not in statements, "buckets are computed with functions that it lacks"
