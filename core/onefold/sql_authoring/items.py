"""The list of SELECT: the columns that come out, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import expressions as exp

from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.scopes import Scope, output_name
from onefold.sql_authoring.text import START, SqlText

__all__ = ["Item", "items_of"]


@dataclass(frozen=True, slots=True)
class Item:
    """One column that comes out.

    Args:
        name: Its name.
        node: What it is computed from.
        starred: Whether it is one of those that ``*`` stands for.
    """

    name: str
    node: exp.Expr
    starred: bool = False


def items_of(query: SqlText, scope: Scope, written: Sequence[exp.Expr]) -> list[Item]:
    """Return the columns that a list of SELECT makes.

    Raises:
        SqlError: If one has no name, or two have the same.
    """
    found: list[Item] = []
    for node in written:
        if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            found += _starred(query, scope, node)
        elif isinstance(node, exp.Alias):
            parts = Parts(query, node)
            value, alias = parts.take("this"), parts.take("alias")
            parts.finish()
            found.append(Item(output_name(alias), _inner(value)))
        elif isinstance(value := _inner(node), exp.Column):
            matches = scope.find(value)
            found.append(Item(matches[0].name if len(matches) == 1 else value.name, value))
        else:
            raise query.error("This column has no name. Write AS and a name behind it.", node)
    for place, item in enumerate(found):
        if any(other.name == item.name for other in found[:place]):
            hint = "List the columns instead of *, and" if item.starred else "Two columns have it:"
            raise query.error(
                f"The name {item.name!r} occurs twice. {hint} give one of them another name with AS.", item.node
            )
    return found


def _inner(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _starred(query: SqlText, scope: Scope, node: exp.Expr) -> list[Item]:
    star, table = node, None
    if isinstance(node, exp.Column):
        star, table = node.this, node.args.get("table")
    parts = Parts(query, star)
    left_out = parts.take("except_") or []
    parts.finish()
    found = scope.star(node, table)
    for one in left_out:
        gone = scope.find(one) if isinstance(one, exp.Column) and isinstance(one.this, exp.Identifier) else []
        if len(gone) != 1 or gone[0] not in found:
            raise query.error(f"* has no column {one.sql()} that could be left out.", one)
        found.remove(gone[0])
    return [Item(one.name, _named(one.column, one.name, one.table, node), starred=True) for one in found]


def _named(column: str, name: str, table: str | None, place: exp.Expr) -> exp.Column:
    """Return a column of ``*`` as if it had been written."""
    made = exp.Column(this=exp.to_identifier(name, quoted=True))
    if table is not None:
        made.set("table", exp.to_identifier(table, quoted=True))
    made.meta[START] = min((part.meta[START] for part in place.walk() if START in part.meta), default=0)
    return made
