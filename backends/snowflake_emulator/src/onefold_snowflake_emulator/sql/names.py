"""Rules of names: what is not quoted is upper case, and `$1` is the first column of VALUES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import syntax_error
from onefold_snowflake_emulator.session import Session


def _upper(node: exp.Expr, session: Session) -> exp.Expr:
    if not node.args.get("quoted") and isinstance(node.this, str) and node.this != node.this.upper():
        node.set("this", node.this.upper())
    return node


def _position(node: exp.Expr, session: Session) -> exp.Expr:
    if isinstance(node.this, exp.Literal) and not node.this.is_string:
        return exp.column(f"COLUMN{node.this.name}")
    return node


def _values(node: exp.Expr, session: Session) -> exp.Expr:
    """Name the columns of VALUES as Snowflake does, unless the statement names them."""
    alias = node.args.get("alias")
    if not isinstance(node.parent, exp.From | exp.Join) or (alias is not None and alias.columns):
        return node
    first = node.expressions[0] if node.expressions else None
    width = len(first.expressions) if isinstance(first, exp.Tuple) else 1
    columns = [exp.to_identifier(f"COLUMN{number + 1}") for number in range(width)]
    name = alias.this if alias is not None and alias.this is not None else exp.to_identifier("_VALUES")
    node.set("alias", exp.TableAlias(this=name, columns=columns))
    return node


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Identifier: _upper,
    exp.Parameter: _position,
    exp.Values: _values,
}


def upper_names(tree: exp.Expr) -> exp.Table:
    """Return the first table of a tree, its names in the case in which they count.

    Args:
        tree: The table as the statement writes it, or a statement that begins with one.

    Raises:
        SnowflakeError: There is none.
    """
    table = tree if isinstance(tree, exp.Table) else tree.find(exp.Table)
    if table is None:
        raise syntax_error("a name is missing.")
    parts = {part: table.args.get(part) for part in ("this", "db", "catalog")}
    return exp.Table(**{part: _counting(name) for part, name in parts.items() if name is not None})


def _counting(identifier: exp.Expr) -> exp.Identifier:
    name = identifier.name if identifier.args.get("quoted") else identifier.name.upper()
    return exp.to_identifier(name, quoted=True)
