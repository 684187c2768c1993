"""The call of a table function as a part of a query."""

from __future__ import annotations

from dataclasses import replace

import sqlglot
from sqlglot import expressions as exp

from onefold.plan import MapBatches
from onefold.sql.expressions import column
from onefold.sql.relations import Context, Fragment, table_named
from onefold.sql.template import LoweredCall, render
from onefold.types import INT64, Field, Schema
from onefold_snowflake.names import quoted
from onefold_snowflake.transforms.carriers import decoded, encoded
from onefold_snowflake.transforms.functions import TableFunction
from onefold_snowflake.types import TYPES

__all__ = ["lower_transform"]

BATCH_ROWS = 65_536
_BUCKET = "BUCKET"


def lower_transform(context: Context, node: MapBatches, function: TableFunction) -> Fragment:
    """Return the rows that a function makes of those below.

    Each row goes along with the number of its bucket. Buckets are the partitions of the function: they hold as many
    rows as a function gets at once, at most, and the warehouse runs many of them side by side.

    Args:
        context: The state of the compilation.
        node: The transform.
        function: What runs it; it has to be there when the query runs.
    """
    reads = node.input.output
    below = context.foldable(node.input, frozenset(reads.names))
    given: dict[str, exp.Expression] = {}
    for number, field in enumerate(reads):
        given[f"C{number}"], given[f"M{number}"] = encoded(column(field.name), field.dtype)
    # Different numbers, with gaps: a bucket never has more rows than numbers.
    given[_BUCKET] = render(f"FLOOR(SEQ8() / {BATCH_ROWS})", LoweredCall([], [], INT64, TYPES))
    rows = context.named(replace(below, columns=given).select(), node.kind)
    arguments = ", ".join(f"s.{quoted(name)}" for name in given if name != _BUCKET)
    names = [name for number in range(len(node.output)) for name in (f"C{number}", f"M{number}")]
    query = sqlglot.parse_one(
        f"SELECT {', '.join(f't.{quoted(name)}' for name in names)} FROM {quoted(rows)} AS s, "
        f"TABLE({quoted(function.name)}({arguments}) OVER (PARTITION BY s.{quoted(_BUCKET)})) AS t",
        read="snowflake",
    )
    assert isinstance(query, exp.Query)
    values = {
        field.name: decoded(column(f"C{number}"), column(f"M{number}"), field.dtype)
        for number, field in enumerate(node.output)
    }
    carried = Schema([Field(name, INT64, False) for name in names])
    return Fragment(table_named(context.named(query, node.kind)), carried, values, heavy=True)
