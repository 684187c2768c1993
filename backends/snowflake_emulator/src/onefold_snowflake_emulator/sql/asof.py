"""The rule of ASOF JOIN: Snowflake's keeps the rows without a match, and names the comparison MATCH_CONDITION."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session


def _join(node: exp.Expr, session: Session) -> exp.Expr:
    match = node.args.get("match_condition")
    if match is None:
        return node
    conditions = [*_using(node), *([node.args["on"].copy()] if node.args.get("on") is not None else []), match.copy()]
    return exp.Join(this=node.this, method="ASOF", side="LEFT", on=exp.and_(*conditions, copy=False))


def _using(node: exp.Expr) -> list[exp.Expr]:
    parent = node.parent
    source = parent.args.get("from_") if parent is not None else None
    if not node.args.get("using") or source is None:
        return []
    left, right = source.this.alias_or_name, node.this.alias_or_name
    return [
        exp.EQ(
            this=exp.column(name.name, table=left, quoted=True),
            expression=exp.column(name.name, table=right, quoted=True),
        )
        for name in node.args["using"]
    ]


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {exp.Join: _join}
