"""Rules of dates: what is cut or moved by whole days stays a date, and weeks begin where the session says.

DuckDB answers a timestamp for most of this. The macros have a version per type, which DuckDB chooses from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.session import Session

_DAYS: Final = {"DAY": "days", "WEEK": "weeks", "MONTH": "months", "QUARTER": "quarters", "YEAR": "years"}
"""The parts of a date that are whole days, and the macro that moves by so many of them."""


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    name = unit.name.upper() if isinstance(unit, exp.Expr) else ""
    return name[:-1] if name.endswith("S") and name[:-1] in _DAYS else name


def _truncate(node: exp.Expr, session: Session) -> exp.Expr:
    unit, start = _unit(node), int(session.parameters["WEEK_START"])
    if unit == "WEEK" and start > 1:
        return exp.Anonymous(this="_sf_trunc_week", expressions=[exp.Literal.number(start - 1), node.this])
    return exp.Anonymous(this="_sf_trunc", expressions=[exp.Literal.string(unit.lower()), node.this])


def _day_of_week(node: exp.Expr, session: Session) -> exp.Expr:
    start = int(session.parameters["WEEK_START"])
    if start == 0:  # Sunday is 0
        return exp.Anonymous(this="dayofweek", expressions=[node.this])
    return exp.Anonymous(this="_sf_dayofweek", expressions=[exp.Literal.number(start), node.this])


def _add(node: exp.Expr, session: Session) -> exp.Expr:
    unit = _unit(node)
    if unit not in _DAYS or isinstance(node.expression, exp.Interval):
        return node
    date = node.this
    if isinstance(date, exp.Literal):
        date = exp.Cast(this=date.copy(), to=exp.DataType.build("TIMESTAMP"))
    count = exp.Cast(this=node.expression.copy(), to=exp.DataType.build("BIGINT"))
    return exp.Anonymous(this=f"_sf_add_{_DAYS[unit]}", expressions=[count, date])


def _shift(node: exp.Expr, session: Session) -> exp.Expr:
    if not isinstance(node.expression, exp.Interval) or _unit(node.expression) not in _DAYS:
        return node
    name = "_sf_later" if isinstance(node, exp.Add) else "_sf_earlier"
    return exp.Anonymous(this=name, expressions=[node.this, node.expression])


def _part(node: exp.Expr, session: Session) -> exp.Expr:
    if node.this.name.upper() not in ("NANOSECOND", "NANOSECONDS", "NS"):
        return node
    # DuckDB would convert to a type of fewer years, and count from the beginning of the minute.
    return exp.Anonymous(this="_sf_nanosecond", expressions=[node.expression])


def _compound(node: exp.Expr, session: Session) -> exp.Expr:
    # The parts of an interval are separated by commas; DuckDB wants blanks.
    if isinstance(node.this, exp.Literal) and "," in node.this.name:
        node.set("this", exp.Literal.string(node.this.name.replace(",", " ")))
    return node


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.DateTrunc: _truncate,
    exp.TimestampTrunc: _truncate,
    exp.DayOfWeek: _day_of_week,
    exp.DateAdd: _add,
    exp.TimeAdd: _add,
    exp.TimestampAdd: _add,
    exp.Add: _shift,
    exp.Sub: _shift,
    exp.Extract: _part,
    exp.Interval: _compound,
}

_KINDS: Final = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")


def _versions(name: str, parameters: str, body: str) -> str:
    """Return a macro whose last parameter is a date or a timestamp, and whose result has the type of it."""
    each = [f"({parameters}, x {kind}) AS CAST({body} AS {kind})" for kind in _KINDS]
    return f"CREATE OR REPLACE MACRO {name} {', '.join(each)}"


MACROS: Final = ";\n".join(
    (
        _versions("_sf_trunc", "unit", "date_trunc(unit, x)"),
        _versions("_sf_trunc_week", "shift", "date_trunc('week', x - to_days(shift)) + to_days(shift)"),
        "CREATE OR REPLACE MACRO _sf_nanosecond(x) AS microsecond(x) % 1000000 * 1000",
        "CREATE OR REPLACE MACRO _sf_dayofweek(start, x) AS (isodow(x) - start + 7) % 7 + 1",
        _versions("_sf_add_days", "n", "x + to_days(CAST(n AS INTEGER))"),
        _versions("_sf_add_weeks", "n", "x + to_days(CAST(7 * n AS INTEGER))"),
        _versions("_sf_add_months", "n", "x + to_months(CAST(n AS INTEGER))"),
        _versions("_sf_add_quarters", "n", "x + to_months(CAST(3 * n AS INTEGER))"),
        _versions("_sf_add_years", "n", "x + to_years(CAST(n AS INTEGER))"),
        *(
            f"CREATE OR REPLACE MACRO {name} "
            + ", ".join(f"(x {kind}, i) AS CAST(x {sign} i AS {kind})" for kind in (*_KINDS, "TIME"))
            for name, sign in (("_sf_later", "+"), ("_sf_earlier", "-"))
        ),
    )
)
