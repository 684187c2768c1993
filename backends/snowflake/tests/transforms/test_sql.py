"""The statements that call a function and make it, kept as a file that people read.

After a change that is meant, write it anew with ``python -m backends.snowflake.tests.transforms.test_sql``, from the root.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlfluff
from backends.snowflake.tests.transforms.rows import ALL

from onefold.plan import Call, Column, Filter, Input, Limit, MapBatches, Relation, Sort, SortKey, Union
from onefold.sql.relations import plan_text
from onefold.transforms import reference
from onefold.types import INT64, STRING, Field, Schema
from onefold_snowflake.dialect import DIALECT
from onefold_snowflake.gate import check_statement
from onefold_snowflake.leaves import SnowflakeLeaves
from onefold_snowflake.transforms import TableFunction, table_function

FILE = Path(__file__).with_name("golden.sql")
ROWS = Input(name="rows", columns=ALL)
FEW = Schema.of(k="string", v="int64")


def same(batch: pa.Table) -> pa.Table:
    return batch


def mapped(rows: Relation, schema: Schema) -> MapBatches:
    return MapBatches(input=rows, function=reference(same), columns=schema)


def function(node: MapBatches) -> TableFunction:
    return table_function(node, ())


def statement(plan: Relation, *, pretty: bool = False) -> str:
    def described(query: str) -> Any:
        raise AssertionError(f"nothing is asked about {query}")

    return plan_text(plan, DIALECT, SnowflakeLeaves(described, lambda name: name, function), pretty=pretty)


def settled(text: str) -> str:
    """Return a statement without what differs between machines: hashes and versions."""
    text = re.sub(r"ONEFOLD_[0-9A-F]{32}", f"ONEFOLD_{'0' * 32}", text)
    text = re.sub(r"==[^']+'", "==…'", text)
    return text.replace(f"'3.{sys.version_info.minor}'", "'3.…'")


def entries() -> dict[str, str]:
    """Return the statements by their titles."""
    few = Input(name="few", columns=FEW)
    kept = Filter(input=few, predicate=Call(function="is_not_null", args=(Column(name="v"),)))
    shared = mapped(few, FEW)
    by_value = (SortKey(column="v"),)
    return {
        "the function": function(mapped(ROWS, ALL)).shown,
        "its removal": function(mapped(ROWS, ALL)).removal,
        "all types": statement(mapped(ROWS, ALL), pretty=True),
        "one upon another, over a filter": statement(mapped(mapped(kept, FEW), FEW), pretty=True),
        "over the first rows": statement(
            mapped(Limit(input=Sort(input=few, keys=by_value), count=3), FEW), pretty=True
        ),
        "read twice": statement(Union(relations=(shared, shared)), pretty=True),
    }


def text() -> str:
    """Return the whole file."""
    return "\n".join(f"-- {title}\n{settled(sql)};\n" for title, sql in entries().items())


def test_the_statements_are_those_that_were_read() -> None:
    assert FILE.read_text(encoding="utf-8") == text()


def test_the_gate_lets_them_through() -> None:
    made = function(mapped(ROWS, ALL))
    for sql in (*list(entries().values())[1:], made.statement):
        check_statement(sql)


def test_an_independent_grammar_of_snowflake_reads_them() -> None:
    made = function(mapped(ROWS, ALL))
    for sql in (*list(entries().values())[1:], made.statement):
        # It does not know that TIMESTAMPNTZ, another name of the type, may have a precision as well.
        sqlfluff.parse(sql.replace("TIMESTAMPNTZ(6)", "TIMESTAMP_NTZ(6)") + ";\n", dialect="snowflake")


def test_nothing_in_a_function_ends_its_body() -> None:
    awkward = Schema([Field("$$", STRING), Field("it's", INT64)])
    made = function(mapped(Input(name="rows", columns=awkward), awkward))
    assert made.statement.count("$$") == 2
    assert "$$…$$" in made.shown
    assert "base64" not in made.shown


def test_columns_may_have_the_names_of_carriers() -> None:
    names = Schema.of(M0="int64", C0="int64", BUCKET="int64")
    sql = " ".join(statement(mapped(Input(name="rows", columns=names), names)).split())
    assert """COALESCE(CAST("M0" AS VARCHAR), '0') AS "C0", IFF("M0" IS NULL, 1, 0) AS "M0\"""" in sql
    assert 'IFF("M1" = 1, NULL, CAST("C1" AS DECIMAL(19, 0))) AS "C0"' in sql


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
