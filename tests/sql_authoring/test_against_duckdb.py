"""Generated queries give what DuckDB gives for the same text: joins, groups, windows and names, which it shares with the standard."""

from __future__ import annotations

import decimal
from collections import Counter
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

import onefold as of

TABLES = {
    "a": pa.table({"id": [1, 2, 3, 4, 5], "k": ["x", "y", None, "x", "z"], "n": [1, None, 3, 4, 4]}),
    "b": pa.table({"id": [2, 3, 3, 6, 7], "k": ["x", "y", "y", None, "w"], "m": [10, 20, None, 40, 20]}),
    "c": pa.table({"k": ["x", "y", None], "n": [4, None, 3]}),
}
COLUMNS = {"a": ("id", "k", "n"), "b": ("id", "k", "m"), "c": ("k", "n")}
PAIRS = {
    ("a", "b"): ("id", "k"),
    ("a", "c"): ("k", "n"),
    ("b", "a"): ("id", "k"),
    ("b", "c"): ("k",),
    ("c", "a"): ("k", "n"),
    ("c", "b"): ("k",),
}
NUMBERS = {"a": ("id", "n"), "b": ("id", "m"), "c": ("n",)}


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Return a query over one to three tables, every name with its table."""
    names = draw(st.permutations(["a", "b", "c"]))[: draw(st.integers(1, 3))]
    source = names[0]
    for place, name in enumerate(names[1:], start=1):
        kind = draw(st.sampled_from(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"]))
        left = draw(st.sampled_from(names[:place]))
        key = draw(st.sampled_from(PAIRS[left, name]))
        condition = "" if kind == "CROSS JOIN" else f" ON {left}.{key} = {name}.{key}"
        if condition and place == 1 and draw(st.booleans()):
            condition = f" USING ({key})"
        more = draw(st.booleans()) and kind == "JOIN" and "ON" in condition
        source += f" {kind} {name}{condition}{f' AND {name}.k IS NOT NULL' if more else ''}"
    columns = [f"{name}.{column}" for name in names for column in COLUMNS[name]]
    numbers = [f"{name}.{column}" for name in names for column in NUMBERS[name]]
    where = draw(
        st.sampled_from(
            ["", *(f" WHERE {number} > 2" for number in numbers), *(f" WHERE {one} IS NULL" for one in columns)]
        )
    )
    shape = draw(st.sampled_from(["plain", "grouped", "window"]))
    if shape == "grouped":
        keys = draw(st.lists(st.sampled_from(columns), max_size=2, unique=True))
        number = draw(st.sampled_from(numbers))
        items = [
            *keys,
            "count(*)",
            f"sum({number})",
            f"count({draw(st.sampled_from(columns))})",
            f"max({number}) - min({number})",
        ]
        group = f" GROUP BY {', '.join(keys)}" if keys else ""
        having = draw(st.sampled_from(["", f" HAVING sum({number}) > 3", " HAVING count(*) > 1"]))
        return f"SELECT {_named(items)} FROM {source}{where}{group}{having}"
    if shape == "window":
        partition = draw(st.sampled_from(columns))
        order = f"{draw(st.sampled_from(numbers))} {draw(st.sampled_from(['ASC', 'DESC']))} NULLS {draw(st.sampled_from(['FIRST', 'LAST']))}"
        over = f"OVER (PARTITION BY {partition} ORDER BY {order})"
        items = [*columns, f"rank() {over}", f"count(*) {over}", f"sum({draw(st.sampled_from(numbers))}) {over}"]
        qualify = draw(st.sampled_from(["", f" QUALIFY dense_rank() {over} <= 2"]))
        return f"SELECT {_named(items)} FROM {source}{where}{qualify}"
    items = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=4))
    distinct = draw(st.sampled_from(["", "DISTINCT "]))
    return f"SELECT {distinct}{_named(items)} FROM {source}{where}"


def _named(items: list[str]) -> str:
    return ", ".join(f"{item} AS c{place}" for place, item in enumerate(items))


def _rows(table: pa.Table) -> Counter[tuple[Any, ...]]:
    plain = [
        {name: int(value) if isinstance(value, decimal.Decimal) else value for name, value in row.items()}
        for row in table.to_pylist()
    ]
    return Counter(tuple(row.values()) for row in plain)


@given(query=queries())
@settings(max_examples=60)
def test_the_rows_are_the_same(query: str) -> None:
    with duckdb.connect() as connection:
        for name, table in TABLES.items():
            connection.register(name, table)
        expected = connection.sql(query).to_arrow_table()
    made = of.sql(query, TABLES)
    assert made.columns == tuple(expected.column_names)
    assert _rows(made.collect()) == _rows(expected), query
