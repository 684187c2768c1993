"""The query whose rows are those of a table with those that a table function makes of them.

* Every row of the table gets the number of its partition, its place in it and the number of rows that it has. So the
  function knows, in whatever order rows come, when all of a partition have come, and returns its rows with the last of them.
* What belongs to a row of the table (what `process` returns) is joined to it by the number of the row. What belongs to the
  end of a partition has NULL for all columns of the table but those that it is partitioned by.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp, parse_one

from onefold_snowflake_emulator.sql.table_functions.calls import Sources
from onefold_snowflake_emulator.sql.table_functions.names import ROW

_IMPLICIT_ROWS: Final = 4096
"""How many rows a partition has where a call says nothing about them. Snowflake's own choice has no meaning either."""


def joined(sources: Sources) -> exp.Expr:
    """Return the query that joins the rows of a table with those that a function makes of them.

    Args:
        sources: The table and the call. They become part of the query.

    Returns:
        A query with the columns of the table and one more, for the rows of the function.
    """
    left, call = sources.left, sources.call
    keys, orders = call.partition_by, call.order_by
    marks = ["_sf_run", "_sf_row", *(f"_sf_o{number}" for number in range(len(orders)))]
    partitioned = [f"_sf_p{number}" for number in range(len(keys))]
    given = [f"_sf_a{number}" for number in range(len(call.arguments))]
    over = ", ".join(partitioned)
    if not call.is_windowed:
        over = f"(_sf_row - 1) // {_IMPLICIT_ROWS}"
    directions = [
        f"_sf_o{number} {'DESC' if each.args.get('desc') else 'ASC'} "
        f"NULLS {'FIRST' if each.args.get('nulls_first') else 'LAST'}, "
        for number, each in enumerate(orders)
    ]
    hidden = [
        *marks,
        *partitioned,
        *given,
        "_sf_position",
        "_sf_partition",
        "_sf_size",
        *(["_sf_one"] if left is None else []),
    ]
    named = [(each, mark) for each, mark in zip(keys, partitioned, strict=True) if isinstance(each, exp.Column)]
    values = ["_sf_run", "_sf_partition", "_sf_position", "_sf_size", "_sf_row", *given]
    star = f"i.* EXCLUDE ({', '.join(hidden)})"
    if named:
        kept = {exp.to_identifier(each.name, quoted=True).sql("duckdb"): mark for each, mark in named}
        star += f" REPLACE ({', '.join(f'o.{mark} AS {column}' for column, mark in kept.items())})"
    by_partition = call.function.by_partition
    text = f"""
    WITH _sf_in AS {"NOT MATERIALIZED" if by_partition else "MATERIALIZED"} (
        SELECT *,
            ROW_NUMBER() OVER w AS _sf_position,
            FIRST_VALUE(_sf_row) OVER w AS _sf_partition,
            COUNT(*) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS _sf_size
        FROM _sf_numbered
        WINDOW w AS ({f"PARTITION BY {over}" if over else ""} ORDER BY {"".join(directions)}_sf_row)
    ), _sf_out AS NOT MATERIALIZED (
        SELECT {"".join(f"{each}, " for each in partitioned)}
            UNNEST({call.function.physical}({", ".join(values)})) AS _sf_made
        FROM _sf_in
    )
    SELECT {f"{star}, " if left is not None else ""}o._sf_made AS "{ROW}"
    FROM _sf_out AS o LEFT JOIN _sf_in AS i ON {"FALSE" if by_partition else "i._sf_row = o._sf_made.row"}
    """
    tree = parse_one(text, dialect="duckdb")
    numbered = next(each for each in tree.find_all(exp.Table) if each.name == "_sf_numbered")
    numbered.replace(_numbered(sources))
    return tree


def _numbered(sources: Sources) -> exp.Subquery:
    """Return the rows of a table with their numbers, what they are partitioned and ordered by, and the arguments."""
    left, name, call = sources.left, sources.name, sources.call
    # Where a query has the call twice, through a name for it, each has a number of its own.
    run = parse_one("SELECT CAST(UUID() AS VARCHAR) AS _sf_run", dialect="duckdb")
    source = left if left is not None else exp.select("1 AS _sf_one").subquery(name)
    named = {
        **{f"_sf_p{number}": each for number, each in enumerate(call.partition_by)},
        **{f"_sf_o{number}": each.this for number, each in enumerate(call.order_by)},
        **{
            f"_sf_a{number}": _converted(argument, kind)
            for number, (argument, kind) in enumerate(zip(call.arguments, call.function.arguments, strict=True))
        },
    }
    star = exp.Column(this=exp.Star(), table=exp.to_identifier(name, quoted=True))
    select = exp.Select(
        expressions=[
            star,
            exp.column("_sf_run", table="_sf_run"),
            exp.alias_(parse_one("ROW_NUMBER() OVER ()", dialect="duckdb"), "_sf_row"),
            *(exp.alias_(each, mark) for mark, each in named.items()),
        ]
    )
    select.set("from_", exp.From(this=source))
    select.set("joins", [exp.Join(this=exp.alias_(exp.Subquery(this=run), "_sf_run", table=True), kind="CROSS")])
    return exp.Subquery(this=select, alias=exp.TableAlias(this=exp.to_identifier("_sf_numbered")))


def _converted(argument: exp.Expr, kind: str) -> exp.Expr:
    if kind == "VARCHAR":
        return exp.Anonymous(this="_sf_text", expressions=[argument])
    return exp.Cast(this=argument, to=exp.DataType.build(kind, dialect="duckdb"))
