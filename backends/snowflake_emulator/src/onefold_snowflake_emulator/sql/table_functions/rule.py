"""The rule of SELECT: a call of a table function and the table beside it become one derived table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unsupported
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.table_functions.calls import Sources, find_call
from onefold_snowflake_emulator.sql.table_functions.names import resolve
from onefold_snowflake_emulator.sql.table_functions.rows import joined

_UNNAMED: Final = "_SF_LEFT"


def _select(node: exp.Expr, session: Session) -> exp.Expr:
    sources = _sources(node, session) if session.functions and node.args.get("from_") is not None else None
    if sources is None:
        return node
    resolve(node, sources, session)
    alias = exp.TableAlias(this=exp.to_identifier(sources.name, quoted=True))
    node.set("from_", exp.From(this=exp.Subquery(this=joined(sources), alias=alias)))
    node.set("joins", sources.later)
    return node


def _sources(node: exp.Expr, session: Session) -> Sources | None:
    joins = node.args.get("joins") or []
    found = [find_call(each.this, session) for each in (node.args["from_"], *joins)]
    calls = [(number, call) for number, call in enumerate(found) if call is not None]
    if not calls:
        return None
    if len(calls) > 1:
        raise unsupported("more than one table function in a FROM: put one of them into a subquery")
    number, call = calls[0]
    if number > 1:
        raise unsupported("a table function after more than one table: put these into a subquery")
    if number and not _is_cross(joins[0]):
        raise unsupported("a table function that is joined otherwise than by a comma or CROSS JOIN")
    if node.args.get("laterals"):
        raise unsupported("a table function beside LATERAL")
    left = node.args["from_"].this if number else None
    if left is not None and not left.alias_or_name:
        left.set("alias", exp.TableAlias(this=exp.to_identifier(_UNNAMED, quoted=True)))
    return Sources(left, left.alias_or_name if left is not None else _UNNAMED, call, joins[number:])


def _is_cross(join: exp.Expr) -> bool:
    kind = str(join.args.get("kind") or "CROSS").upper()
    return kind == "CROSS" and not any(join.args.get(name) for name in ("on", "using", "side", "method"))


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {exp.Select: _select}
