"""Transforms in an emulated warehouse: their values, what is sent, and what is there afterwards."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import snowflake.connector
from backends.snowflake.tests.conftest import Open
from backends.snowflake.tests.transforms.rows import ALL, EXTREMES, NUMBERS, TABLE, known
from snowflake.snowpark import Session as Snowpark

from onefold.errors import Cancelled, EngineError, ExchangeError, TransformError, UnsupportedOperation
from onefold.execution.runner import run
from onefold.plan import Filter, Input, Literal, MapBatches, Relation
from onefold.transforms import reference
from onefold.types import Schema, schema_to_arrow
from onefold_snowflake.session import SnowflakeSession
from onefold_snowflake_emulator import Emulator

FACTOR = 3
CREATE, DROP = "CREATE OR REPLACE TEMPORARY FUNCTION", "DROP FUNCTION"


def mapped(
    function: Callable[[Any], Any], reads: Schema = NUMBERS, gives: Schema | None = None, **rest: Any
) -> MapBatches:
    return MapBatches(
        input=rest.pop("input", Input(name="rows", columns=reads)),
        function=reference(function),
        columns=gives or reads,
        **rest,
    )


def there(session: SnowflakeSession, plan: Relation, table: pa.Table = TABLE) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = session.execute(plan, {"rows": table}).read_all().to_pylist()
    return rows


def in_process(plan: Relation, table: pa.Table = TABLE) -> list[dict[str, Any]]:
    """Return the rows of a run in which rift computes, and functions run in this process."""
    rows: list[dict[str, Any]] = run(plan, inputs={"rows": table}).read_all().to_pylist()
    return rows


def sorted_rows(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(str, known(rows)))


def sent(server: Emulator, start: str) -> int:
    return sum(one.text.startswith(start) for one in server.statements)


@pytest.fixture
def session(opened: Open) -> SnowflakeSession:
    return opened(transforms="warehouse")


def same(batch: Any) -> Any:
    return batch


@pytest.mark.parametrize("format", ["arrow", "pandas", "polars"])
@pytest.mark.parametrize("inline_limit", [2**16, 0], ids=["within the query", "through a stage"])
def test_values_of_all_types(opened: Open, format: str, inline_limit: int) -> None:
    table = pa.table(EXTREMES, schema=schema_to_arrow(ALL))
    plan = mapped(same, ALL, format=format)
    with opened(transforms="warehouse", inline_limit=inline_limit) as session:
        found = there(session, plan, table)
    assert sorted_rows(found) == sorted_rows(in_process(plan, table))
    assert [row["i"] for row in found] == EXTREMES["i"]
    assert [str(row["x"]) for row in found] == ["nan", "-inf", "0.0"]
    assert found[0]["s"] == ""


def scaled(values: Any) -> Any:
    return pc.multiply(values, FACTOR)


def with_default(batch: pa.Table, plus: int = 5) -> pa.Table:
    return batch.set_column(1, "v", pc.add(scaled(batch["v"]), plus))


def closing_over(plus: int) -> Callable[[pa.Table], pa.Table]:
    def function(batch: pa.Table) -> pa.Table:
        return batch.set_column(1, "v", pc.add(scaled(batch["v"]), plus))

    return function


def in_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"v": frame["v"] * FACTOR, "k": frame["k"].str.upper()})


def in_polars(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col("v") * FACTOR, pl.col("k").str.to_uppercase())


@pytest.mark.parametrize(
    ("function", "format", "value"),
    [
        (with_default, "arrow", 8),
        (closing_over(7), "arrow", 10),
        (lambda batch: with_default(batch, 1), "arrow", 4),
        (in_pandas, "pandas", 3),
        (in_polars, "polars", 3),
    ],
)
def test_what_a_function_brings_along(
    session: SnowflakeSession, function: Callable[[Any], Any], format: str, value: int
) -> None:
    plan = mapped(function, format=format)
    found = there(session, plan)
    assert sorted(row["v"] or 0 for row in found) == [0, value]
    assert sorted_rows(found) == sorted_rows(in_process(plan))


def fewer(batch: pa.Table) -> pa.Table:
    return batch.filter(pc.greater(batch["v"], 0))


def none(batch: pa.Table) -> pa.Table:
    return batch.slice(0, 0)


def more(batch: pa.Table) -> pa.Table:
    return pa.concat_tables([batch, batch])


def backwards(batch: pa.Table) -> pa.Table:
    return batch.select(batch.column_names[::-1])


@pytest.mark.parametrize(("function", "count"), [(fewer, 1), (none, 0), (more, 4), (backwards, 2)])
def test_rows_and_columns_that_a_function_gives(
    session: SnowflakeSession, function: Callable[[Any], Any], count: int
) -> None:
    found = there(session, mapped(function))
    assert len(found) == count
    assert sorted_rows(found) == sorted_rows(in_process(mapped(function)))


def other_columns(batch: pa.Table) -> pa.Table:
    return pa.table({"rows": pa.array([batch.num_rows]), "mean": [pc.mean(batch["v"]).as_py()]})


def test_other_columns_than_came_in(session: SnowflakeSession) -> None:
    plan = mapped(other_columns, NUMBERS, Schema.of(mean="float64", rows="int64"))
    assert there(session, plan) == [{"mean": 1.0, "rows": 2}]


def test_a_function_gets_so_many_rows_at_once(session: SnowflakeSession) -> None:
    table = pa.table({"k": pa.nulls(150_000, pa.string()), "v": pa.array(range(150_000), pa.int64())})
    found = there(session, mapped(other_columns, NUMBERS, Schema.of(mean="float64", rows="int64")), table)
    assert sum(row["rows"] for row in found) == 150_000
    assert max(row["rows"] for row in found) <= 65_536
    assert math.isclose(sum(row["mean"] * row["rows"] for row in found), sum(range(150_000)))


def fails(batch: pa.Table) -> pa.Table:
    raise ValueError("no such luck")


def test_of_no_rows_a_function_is_not_called(session: SnowflakeSession) -> None:
    nothing = Filter(input=Input(name="rows", columns=NUMBERS), predicate=Literal.of(False))
    assert there(session, mapped(fails, input=nothing)) == []
    assert there(session, mapped(fails), TABLE.slice(0, 0)) == []


def wrong_columns(batch: pa.Table) -> pa.Table:
    return batch.rename_columns(["k", "w"])


def text(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", batch["v"].cast(pa.string()))


@pytest.mark.parametrize(
    ("function", "error"), [(fails, TransformError), (wrong_columns, ExchangeError), (text, ExchangeError)]
)
def test_errors_are_those_of_a_run_here(
    session: SnowflakeSession, function: Callable[[Any], Any], error: type[Exception]
) -> None:
    with pytest.raises(error) as expected:
        in_process(mapped(function))
    with pytest.raises(error) as found:
        there(session, mapped(function))
    assert str(found.value) == str(expected.value)
    if function is fails:
        assert str(found.value).splitlines()[-1].strip() == 'raise ValueError("no such luck")'
    assert there(session, mapped(same)) == TABLE.to_pylist()


def test_a_function_is_made_once(session: SnowflakeSession, server: Emulator) -> None:
    for _ in range(3):
        there(session, mapped(same))
    there(session, mapped(same, input=mapped(same)))
    assert sent(server, CREATE) == 1
    there(session, mapped(closing_over(1)))
    there(session, mapped(closing_over(2)))
    assert sent(server, CREATE) == 3


def test_each_function_is_made_where_it_is_called(session: SnowflakeSession, server: Emulator) -> None:
    """A run that another one waits for has a connection of its own, and so a session in Snowflake of its own."""
    first = session.execute(mapped(same), {"rows": TABLE})
    second = session.execute(mapped(same), {"rows": TABLE})
    assert first.read_all() == second.read_all()
    assert sent(server, CREATE) == 2


def test_after_a_session_is_over_the_function_is_made_again(session: SnowflakeSession, server: Emulator) -> None:
    there(session, mapped(same))
    server.expire_sessions(master=True)
    assert there(session, mapped(same)) == TABLE.to_pylist()
    assert sent(server, CREATE) == 2


def test_a_session_that_was_handed_over_is_left_without_functions(server: Emulator, opened: Open) -> None:
    with Snowpark.builder.configs(server.connection).create() as snowpark:
        session = opened(session=snowpark, transforms="warehouse", **dict.fromkeys(server.connection))
        there(session, mapped(same))
        there(session, mapped(same))
        assert (sent(server, CREATE), sent(server, DROP)) == (2, 2)
        ((name,),) = {(one.text.split('"')[1],) for one in server.statements if one.text.startswith(CREATE)}
        with pytest.raises(snowflake.connector.errors.ProgrammingError, match=r"(?i)unknown"):
            snowpark.connection.cursor().execute(
                f"SELECT t.* FROM (SELECT '' AS a, 0 AS b) AS s, TABLE(\"{name}\"(s.a, s.b, s.a, s.b) OVER (PARTITION BY s.b)) AS t"
            )


def slow(batch: pa.Table) -> pa.Table:
    time.sleep(1)
    return batch


def test_cancelling_ends_the_statement(session: SnowflakeSession, server: Emulator) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: there(session, mapped(slow)))
        while not sent(server, "WITH"):
            time.sleep(0.01)
        session.cancel()
        with pytest.raises(Cancelled):
            running.result(timeout=20)
    assert there(session, mapped(same)) == TABLE.to_pylist()


def test_without_the_option_nothing_runs_there(opened: Open, server: Emulator) -> None:
    with opened() as session, pytest.raises(UnsupportedOperation, match='unless the option transforms is "warehouse"'):
        there(session, mapped(same))
    assert sent(server, CREATE) == 0


def test_what_is_not_safe_is_refused_before_anything_runs(opened: Open, server: Emulator) -> None:
    captured = bytes(2**20)
    session = opened(transforms="warehouse", inline_limit=0)
    server.statements.clear()
    with pytest.raises(
        UnsupportedOperation, match=r"it has 1\.0 MiB, and at most 64 KiB travel\. Run the plan with onefold"
    ):
        there(session, mapped(lambda batch: batch if captured else None))
    assert not server.statements


def test_packages_that_snowflake_does_not_have(opened: Open) -> None:
    session = opened(transforms="warehouse", packages=["nowhere-at-all==1.0"])
    with pytest.raises(
        EngineError, match=r"specified packages.*nowhere-at-all.*State versions .* with the option packages"
    ):
        there(session, mapped(same))


def test_explanations_show_the_function_but_not_its_body(session: SnowflakeSession, server: Emulator) -> None:
    shown = session.explain(mapped(same))
    first, second = shown.split("\n\n", 1)
    assert first.startswith(f"-- the Python function 'same'\n{CREATE}")
    assert first.endswith("HANDLER = 'Transform' AS $$…$$")
    assert second.startswith("-- the result\nWITH")
    assert first.split('"')[1] in second
    assert not server.statements
