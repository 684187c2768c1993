"""Which columns a statement means: those of a table function are fields of a struct, whatever it calls them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb
from sqlglot import exp

from onefold_snowflake_emulator.errors import compilation_error, unsupported
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.table_functions.calls import Sources

ROW: Final = "_SF_ROW"
"""The column that has the row of the function, a struct."""


def resolve(select: exp.Expr, sources: Sources, session: Session) -> None:
    """Replace the columns of a table function, and the stars, by what they are in the derived table.

    Args:
        select: The SELECT. It is changed.
        sources: What its FROM has.
        session: Who runs the statement.

    Raises:
        SnowflakeError: A name means no column, or more than one.
    """
    projections: list[exp.Expr] = []
    for each in select.expressions:
        if isinstance(each, exp.Star | exp.Column) and each.is_star:
            projections.extend(_star(each, sources))
        elif isinstance(each, exp.Column) and _is_field(each, sources):
            projections.append(exp.Alias(this=each, alias=each.this.copy()))
        else:
            projections.append(each)
    select.set("expressions", projections)
    aliases = {each.alias for each in projections if isinstance(each, exp.Alias)}
    others: frozenset[str] | None = None
    for column in list(_columns(select, sources)):
        if not column.table:
            if column.find_ancestor(exp.Select) is not select or _is_alias(column, select, aliases):
                continue
            others = _others(sources, session) if others is None else others
            if column.name in others and column.name in sources.call.columns:
                raise compilation_error("002028", f"ambiguous column name '{column.name}'", "42601")
        elif _is_hidden(column, select, sources):
            continue
        if _is_field(column, sources):
            column.replace(_field(column.name, sources))


def _columns(select: exp.Expr, sources: Sources) -> Iterator[exp.Column]:
    """Yield the columns that may be the function's: all but those within the sources themselves."""
    for key, value in select.args.items():
        if key in ("from_", "with_"):
            continue
        for part in sources.later if key == "joins" else value if isinstance(value, list) else [value]:
            if isinstance(part, exp.Expr):
                yield from part.find_all(exp.Column)


def _is_field(column: exp.Column, sources: Sources) -> bool:
    if column.table not in ("", sources.call.alias) or isinstance(column.this, exp.Star):
        return False
    if column.name in sources.call.columns:
        return True
    if column.table:
        raise compilation_error("000904", f"error invalid identifier '{column.table}.{column.name}'")
    return False


def _field(name: str, sources: Sources) -> exp.Expr:
    row = exp.column(ROW, table=sources.name, quoted=True)
    return exp.Anonymous(this="struct_extract", expressions=[row, exp.Literal.string(sources.call.columns[name])])


def _star(star: exp.Star | exp.Column, sources: Sources) -> list[exp.Expr]:
    inner = star.this if isinstance(star, exp.Column) else star
    table = star.table if isinstance(star, exp.Column) else ""
    if table not in ("", sources.name, sources.call.alias):
        return [star]
    if any(inner.args.values()):
        raise unsupported("EXCLUDE, RENAME, REPLACE or ILIKE of a star beside a table function")
    found: list[exp.Expr] = []
    if sources.left is not None and table in ("", sources.name):
        others = exp.Star(except_=[exp.to_identifier(ROW, quoted=True)])
        found.append(exp.Column(this=others, table=exp.to_identifier(sources.name, quoted=True)))
    if table in ("", sources.call.alias):
        named = {name: exp.to_identifier(name, quoted=True) for name in sources.call.columns}
        found.extend(exp.Alias(this=_field(name, sources), alias=alias) for name, alias in named.items())
    if not table:
        names = [exp.to_identifier(join.this.alias_or_name, quoted=True) for join in sources.later]
        found.extend(exp.Column(this=exp.Star(), table=name) for name in names)
    return found


def _is_alias(column: exp.Column, select: exp.Expr, aliases: set[str]) -> bool:
    """Return whether a name in ORDER BY is that of what is selected."""
    order = column.find_ancestor(exp.Order, exp.Select)
    return isinstance(order, exp.Order) and order.parent is select and column.name in aliases


def _is_hidden(column: exp.Column, select: exp.Expr, sources: Sources) -> bool:
    """Return whether a query within the SELECT calls something else as the SELECT calls the function."""
    scope = column.find_ancestor(exp.Select)
    while scope is not None and scope is not select:
        joins = [scope.args.get("from_"), *(scope.args.get("joins") or [])]
        if any(each is not None and each.this.alias_or_name == sources.call.alias for each in joins):
            return True
        scope = scope.find_ancestor(exp.Select)
    return False


def _others(sources: Sources, session: Session) -> frozenset[str]:
    """Return the columns of the table beside the function, none where only a run of the statement would tell."""
    left = sources.left
    alias = left.args.get("alias") if left is not None else None
    if alias is not None and alias.columns:
        return frozenset(each.name for each in alias.columns)
    if isinstance(left, exp.Subquery) and isinstance(left.this, exp.Select) and not left.this.is_star:
        return frozenset(left.this.named_selects)
    if isinstance(left, exp.Table):
        try:
            described = session.duck.execute(f"DESCRIBE SELECT * FROM {left.sql('duckdb')}").fetchall()
        except duckdb.CatalogException:  # a common table expression
            return frozenset()
        return frozenset(row[0] for row in described)
    return frozenset()
