"""Python transforms are a part of a query where a backend's leaves say how they are called, and nowhere else."""

from __future__ import annotations

import pytest
from sqlglot import expressions as exp

from onefold.errors import UnsupportedOperation
from onefold.plan import FunctionRef, Input, Limit, MapBatches
from onefold.sql.connection import InputLeaves
from onefold.sql.dialect import SqlDialect
from onefold.sql.relations import Context, Fragment, plan_text, table_named
from onefold.sql.types import sql_types
from onefold.types import Schema

COLUMNS = Schema.of(k="string", v="int64")
DIALECT = SqlDialect(name="duckdb", engine="toy", types=sql_types("duckdb"))
PLAN = MapBatches(
    input=Limit(input=Input(name="rows", columns=COLUMNS), count=3),
    function=FunctionRef(module="m", name="f", source_hash="0"),
    columns=Schema.of(v="int64"),
)


class Calling(InputLeaves):
    """Leaves that call a table function over the rows below."""

    def transform(self, node: MapBatches, context: Context) -> Fragment:
        called = exp.Anonymous(this=node.function.name, expressions=[exp.column(context.table(node.input))])
        query = exp.select("v").from_(exp.Table(this=called))
        return Fragment(table_named(context.named(query, node.kind)), node.output)


def test_leaves_say_how_a_function_is_called() -> None:
    assert plan_text(Limit(input=PLAN, count=2), DIALECT, Calling(lambda name: name)) == (
        'WITH "limit_1" AS (SELECT "k", "v" FROM "rows" LIMIT 3), "map_batches_1" AS (SELECT v FROM F(limit_1)) '
        'SELECT "v" FROM "map_batches_1" LIMIT 2'
    )


def test_without_that_it_is_no_part_of_a_query() -> None:
    with pytest.raises(UnsupportedOperation, match=r"'toy' does not offer relation\.map_batches: it can not be a part"):
        plan_text(PLAN, DIALECT, InputLeaves(lambda name: name))
