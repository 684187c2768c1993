"""Rules of division: by zero it is an error, and between two NUMBERs it has few digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session


def _divide(node: exp.Expr, session: Session) -> exp.Expr:
    # DuckDB does not know the type of an aggregate soon enough to choose between versions of a macro.
    name = "_sf_divide_aggregates" if node.find(exp.AggFunc, exp.Window, exp.Anonymous) else "_sf_divide"
    return exp.Anonymous(this=name, expressions=[node.this, node.expression])


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Div: _divide,
}

MACROS: Final = """
CREATE OR REPLACE MACRO _sf_scale(t) AS (
    CASE WHEN t LIKE 'DECIMAL%' THEN CAST(regexp_extract(t, ',(\\d+)\\)', 1) AS INTEGER) ELSE 0 END
);
CREATE OR REPLACE MACRO _sf_number(t) AS (t LIKE 'DECIMAL%' OR t LIKE '%INT%');
CREATE OR REPLACE MACRO _sf_divisor(b) AS (CASE WHEN b = 0 THEN error('Division by zero') ELSE b END);
CREATE OR REPLACE MACRO _sf_units(x) AS
    CAST(trunc(x) AS HUGEINT) * 1000000000000 + CAST((x - trunc(x)) * 1000000000000 AS HUGEINT);
CREATE OR REPLACE MACRO _sf_exact(a, b, digits) AS
    CAST(_sf_units(a) // _sf_units(b) AS DECIMAL(38, 12))
    + CAST(round(CAST(_sf_units(a) % _sf_units(b) AS DOUBLE) / CAST(_sf_units(b) AS DOUBLE), digits) AS DECIMAL(38, 12));
CREATE OR REPLACE MACRO _sf_rounded(x, digits) AS CASE WHEN digits IS NULL THEN x ELSE round(x, digits) END;
CREATE OR REPLACE MACRO _sf_quotient
    (a DECIMAL(38, 12), b DECIMAL(38, 12), digits) AS _sf_exact(a, b, digits),
    (a DECIMAL(38, 12), b BIGINT, digits) AS _sf_exact(a, CAST(b AS DECIMAL(38, 12)), digits),
    (a DECIMAL(38, 12), b HUGEINT, digits) AS _sf_exact(a, CAST(b AS DECIMAL(38, 12)), digits),
    (a DECIMAL(38, 12), b DOUBLE, digits) AS CAST(a AS DOUBLE) / b,
    (a DOUBLE, b DECIMAL(38, 12), digits) AS a / CAST(b AS DOUBLE),
    (a DOUBLE, b BIGINT, digits) AS _sf_rounded(a / b, digits),  -- also of two integers
    (a DOUBLE, b HUGEINT, digits) AS _sf_rounded(a / b, digits),
    (a DOUBLE, b DOUBLE, digits) AS _sf_rounded(a / b, digits);
CREATE OR REPLACE MACRO _sf_digits(a, b) AS
    CASE WHEN _sf_number(typeof(a)) AND _sf_number(typeof(b))
         THEN greatest(_sf_scale(typeof(a)), least(_sf_scale(typeof(a)) + 6, 12)) END;
CREATE OR REPLACE MACRO _sf_divide(a, b) AS _sf_quotient(a, _sf_divisor(b), _sf_digits(a, b));
CREATE OR REPLACE MACRO _sf_divide_aggregates(a, b) AS
    CASE WHEN _sf_digits(a, b) IS NULL THEN a / _sf_divisor(b) ELSE round(a / _sf_divisor(b), _sf_digits(a, b)) END
"""
"""NUMBER / NUMBER has the scale max(S1, min(S1 + 6, 12)), S1 being the dividend's; DuckDB would answer a DOUBLE. The whole part
is exact, with 26 digits."""
