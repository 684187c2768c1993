"""Rules of SEQ1, SEQ2, SEQ4 and SEQ8: they number rows.

Snowflake promises numbers that grow, perhaps with gaps. Here they are the rows' numbers from 0, without gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp, parse_one

from onefold_snowflake_emulator.session import Session

_NUMBER: Final = "DECIMAL(19, 0)"


def _number(node: exp.Expr, session: Session) -> exp.Expr:
    """Make a number of what DuckDB would make a wide integer, which no division knows."""
    numbered = node.copy()
    if isinstance(node, exp.Seq4 | exp.Seq8) and not _is_generated(node):
        # Without an order DuckDB numbers the rows while they pass; sqlglot's translation would sort them first.
        numbered = exp.paren(parse_one("ROW_NUMBER() OVER () - 1", dialect="duckdb"), copy=False)
    return exp.Cast(this=numbered, to=exp.DataType.build(_NUMBER))


def _is_generated(node: exp.Expr) -> bool:
    select = node.find_ancestor(exp.Select)
    source = select.args.get("from_") if select is not None else None
    return (
        source is not None
        and isinstance(source.this, exp.TableFromRows)
        and isinstance(source.this.this, exp.Generator)
    )


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Seq1: _number,
    exp.Seq2: _number,
    exp.Seq4: _number,
    exp.Seq8: _number,
}
