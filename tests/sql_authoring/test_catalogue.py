"""Every function and aggregation of the catalogue is reached by its name, but for those that SQL writes in another way."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pytest

import onefold as of
from onefold.plan import AGGREGATIONS, FUNCTIONS
from onefold.sql_authoring import SqlError

AT = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ROWS = of.table(
    {
        "i": [1],
        "f": [1.0],
        "d": [decimal.Decimal("1.1")],
        "s": ["a"],
        "b": [True],
        "day": [AT.date()],
        "clock": [AT.replace(tzinfo=None)],
        "at": [AT],
        "bytes": [b"x"],
        "l": [["a"]],
        "st": [{"x": 1}],
    },
    name="rows",
)
COLUMNS = {
    "int64": "i",
    "float64": "f",
    "decimal": "d",
    "string": "s",
    "bool": "b",
    "date32": "day",
    "timestamp[us]": "clock",
    "timestamp[us, UTC]": "at",
    "binary": "bytes",
    "struct": "st",
    "list<T>": "l",
    "list<O>": "l",
    "O": "s",
    "T": "s",
}
OPTIONS: dict[str, Any] = {
    "digits": 1,
    "base": 2.0,
    "characters": "x",
    "separator": "-",
    "start": 2,
    "length": 3,
    "count": 2,
    "fill": "*",
    "search": "a",
    "replacement": "b",
    "index": 1,
    "pattern": "a",
    "group": 0,
    "buckets": 10,
    "unit": "day",
    "zone": "Europe/Berlin",
    "format": "%Y-%m-%d",
    "every": 60_000_000,
    "descending": True,
    "field": "x",
    "n": 2,
    "nulls": "skip",
    "limit": 5,
    "q": 0.5,
    "k": 2,
    "half_life": 1000,
}
LEADING = {"date_trunc": ("unit",), "time_bucket": ("every",), "log": ("base",), "concat_ws": ("separator",)}

OTHERWISE = {
    "all": "bool_and",
    "and": "AND",
    "any": "bool_or",
    "between": "BETWEEN",
    "concat": "||",
    "greatest": "greatest_ignore_nulls",
    "kurtosis": "kurtosis_pop",
    "least": "least_ignore_nulls",
    "or": "OR",
    "position": "strpos",
    "regexp_replace": "with 'g'",
    "skewness": "skewness_pop",
}
"""How those are written that are not reached by their names."""


def _constant(value: Any) -> str:
    return "TRUE" if value is True else f"'{value}'" if isinstance(value, str) else str(value)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in OTHERWISE])
def test_functions(name: str) -> None:
    entry = FUNCTIONS[name]
    args = [COLUMNS[dtype] for dtype in entry.signatures[0].args]
    options = {option: OPTIONS[option] for option in entry.options}
    if name == "to_timestamp":
        options["format"] = "%Y-%m-%d %H:%M:%S"
    before = [_constant(options[option]) for option in LEADING.get(name, ())]
    behind = [_constant(value) for option, value in options.items() if option not in LEADING.get(name, ())]
    made = of.sql(f"SELECT {name}({', '.join([*before, *args, *behind])}) AS x FROM rows", rows=ROWS)
    assert made.relation == ROWS.select(x=of.call(name, *args, **options)).relation
    if name not in ("trim", "substring"):  # the standard's own forms have words for their parts, and no names
        by_name = [*args, *(f"{option} => {_constant(value)}" for option, value in options.items())]
        assert of.sql(f"SELECT {name}({', '.join(by_name)}) AS x FROM rows", rows=ROWS).relation == made.relation


@pytest.mark.parametrize("name", [name for name in AGGREGATIONS if name not in OTHERWISE])
def test_aggregations(name: str) -> None:
    entry = AGGREGATIONS[name]
    args = [COLUMNS[dtype] for dtype in entry.signatures[-1].args]
    options = {option: OPTIONS[option] for option in entry.options}
    order = " ORDER BY at NULLS FIRST" if entry.order_sensitive else ""
    written = ", ".join([*args, *map(_constant, options.values())])
    made = of.sql(f"SELECT {name}({written or '*'}{order}) AS x FROM rows", rows=ROWS)
    expected = of.aggregate(name, *args, order_by=of.asc("at", nulls="first") if order else None, **options)
    assert made.relation == ROWS.group_by().agg(x=expected).relation


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_others_are_refused(name: str) -> None:
    entry: Any = FUNCTIONS.get(name) or AGGREGATIONS[name]
    args = [COLUMNS[dtype] for dtype in entry.signatures[0].args] + [
        _constant(OPTIONS[option]) for option in entry.options
    ]
    with pytest.raises(SqlError):
        of.sql(f"SELECT {name}({', '.join(args)}) AS x FROM rows", rows=ROWS)
