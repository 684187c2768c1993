"""Rules of functions that have no value for some numbers: Snowflake refuses these, DuckDB answers NaN or infinity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session


def _macro(name: str) -> Callable[[exp.Expr, Session], exp.Expr]:
    def rule(node: exp.Expr, session: Session) -> exp.Expr:
        arguments = [node.this, node.expression] if node.args.get("expression") is not None else [node.this]
        return exp.Anonymous(this=name if len(arguments) == 1 else f"{name}_2", expressions=arguments)

    return rule


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Sqrt: _macro("_sf_sqrt"),
    exp.Ln: _macro("_sf_ln"),
    exp.Log: _macro("_sf_log"),
    exp.Acos: _macro("_sf_acos"),
    exp.Asin: _macro("_sf_asin"),
    exp.Pow: _macro("_sf_pow"),
}

MACROS: Final = """
CREATE OR REPLACE MACRO _sf_refused(name) AS error('Invalid floating point operation: ' || name);
CREATE OR REPLACE MACRO _sf_sqrt(x) AS CASE WHEN x < 0 THEN _sf_refused('sqrt') ELSE sqrt(x) END;
CREATE OR REPLACE MACRO _sf_ln(x) AS CASE WHEN x <= 0 THEN _sf_refused('ln') ELSE ln(x) END;
CREATE OR REPLACE MACRO _sf_log_2(b, x) AS
    CASE WHEN x <= 0 OR b <= 0 OR b = 1 THEN _sf_refused('log') ELSE log(b, x) END;
CREATE OR REPLACE MACRO _sf_acos(x) AS CASE WHEN abs(x) > 1 THEN _sf_refused('acos') ELSE acos(x) END;
CREATE OR REPLACE MACRO _sf_asin(x) AS CASE WHEN abs(x) > 1 THEN _sf_refused('asin') ELSE asin(x) END;
CREATE OR REPLACE MACRO _sf_pow_2(x, y) AS
    CASE WHEN x < 0 AND y <> floor(y) THEN _sf_refused('pow') ELSE pow(x, y) END
"""
