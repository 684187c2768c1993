"""What runs in the warehouse, without one: rows go in and come out as carriers, and are those of a run in this process."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from backends.snowflake.tests.transforms.rows import (
    ALL,
    EXTREMES,
    NUMBERS,
    TABLE,
    frame_of,
    here,
    known,
    task,
    values_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.plan import Input, MapBatches
from onefold.transforms import reference
from onefold.types import Schema, schema_to_arrow
from onefold_snowflake.transforms import runtime
from onefold_snowflake.transforms.functions import table_function


def same(batch: Any) -> Any:
    return batch


def backwards(batch: Any) -> Any:
    return batch[list(batch.columns)[::-1]] if isinstance(batch, pd.DataFrame) else batch.select(batch.columns[::-1])


def columns_backwards(batch: pa.Table) -> pa.Table:
    return batch.select(batch.column_names[::-1])


def doubled(batch: pa.Table) -> pa.Table:
    return pa.concat_tables([batch, batch])


def first(batch: pa.Table) -> pa.Table:
    return batch.slice(0, 1)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "b": st.booleans(),
    "i": st.integers(-(2**63), 2**63 - 1),
    "x": st.floats(),
    "s": st.text(st.characters(exclude_categories=["Cs"])),
    "d": st.dates(),
    "w": st.datetimes(),
    "t": st.datetimes().map(lambda value: value.replace(tzinfo=dt.UTC)),
    "small": st.integers(-(10**9) + 1, 10**9 - 1).map(lambda value: Decimal(value).scaleb(-8)),
    "large": st.integers(-(10**37), 10**37).map(Decimal),
}


def tables() -> st.SearchStrategy[pa.Table]:
    rows = st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()})
    return st.lists(rows, min_size=1, max_size=8).map(
        lambda made: pa.Table.from_pylist(made, schema=schema_to_arrow(ALL))
    )


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from(["int8", "int64", "float64", "object", "Int16"]))
def test_values_pass_unchanged(table: pa.Table, flags: str) -> None:
    made = task(same, ALL, ALL).run(frame_of(table, ALL, flags))
    expected = [
        {name: value + 0.0 if isinstance(value, float) else value for name, value in row.items()}
        for row in table.to_pylist()
    ]
    assert known(values_of(made, ALL)) == known(expected)


@settings(max_examples=60, deadline=None)
@given(
    tables(),
    st.sampled_from(
        [
            (same, "arrow"), (columns_backwards, "arrow"), (doubled, "arrow"), (first, "arrow"),
            (same, "pandas"), (backwards, "pandas"), (same, "polars"), (backwards, "polars"),
        ]
    ),
)  # fmt: skip
def test_rows_are_those_of_a_run_here(table: pa.Table, case: tuple[Callable[[Any], Any], str]) -> None:
    function, format = case
    made = task(function, ALL, ALL, format).run(frame_of(table, ALL))
    assert known(values_of(made, ALL)) == known(here(function, table, ALL, ALL, format))


def test_extremes() -> None:
    table = pa.table(EXTREMES, schema=schema_to_arrow(ALL))
    made = task(same, ALL, ALL).run(frame_of(table, ALL))
    rows = values_of(made, ALL)
    assert [row["i"] for row in rows] == EXTREMES["i"]
    assert known([{"x": row["x"]} for row in rows]) == [
        {"x": "float nan"},
        {"x": "float -inf"},
        {"x": "float 0.0"},
    ]
    for name in ("b", "s", "d", "w", "t", "small", "large"):
        assert [row[name] for row in rows] == EXTREMES[name]


def test_the_function_gets_what_it_gets_here() -> None:
    seen: list[Any] = []

    def noted(batch: Any) -> Any:
        seen.append(batch)
        return batch

    table = pa.table(EXTREMES, schema=schema_to_arrow(ALL))
    for format, kind in (("arrow", pa.Table), ("pandas", pd.DataFrame), ("polars", pl.DataFrame)):
        seen.clear()
        there = task(noted, ALL, ALL, format)
        there.function = noted  # what is pickled would note things in a copy
        there.run(frame_of(table, ALL))
        here(noted, table.set_column(2, "x", pa.array([math.nan, -math.inf, 0.0])), ALL, ALL, format)
        in_warehouse, in_process = seen
        assert {type(one) for one in seen} == {kind}
        if format == "pandas":
            pd.testing.assert_frame_equal(in_warehouse, in_process)
        elif format == "polars":
            assert in_warehouse.schema == in_process.schema
            assert in_warehouse.equals(in_process, null_equal=True)
        else:
            assert in_warehouse.schema == in_process.schema
            assert known(in_warehouse.to_pylist()) == known(in_process.to_pylist())


def test_partitions_are_cut_as_batches_are() -> None:
    sizes: list[int] = []

    def counted(batch: pa.Table) -> pa.Table:
        sizes.append(batch.num_rows)
        return batch

    there = task(counted, Schema.of(i="int64"), Schema.of(i="int64"))
    there.function = counted
    count = 2 * runtime.BATCH_ROWS + 1
    frame = pd.DataFrame({"C0": np.arange(count).astype(str).astype(object), "M0": 0})
    assert list(there.run(frame)["C0"]) == [str(number) for number in range(count)]
    assert sizes == [65_536, 65_536, 1]


def test_no_rows_come_in_columns_of_their_types() -> None:
    def nothing(batch: pa.Table) -> pa.Table:
        return batch.slice(0, 0)

    table = pa.table(EXTREMES, schema=schema_to_arrow(ALL))
    made = task(nothing, ALL, ALL).run(frame_of(table, ALL))
    assert made.shape == (0, 2 * len(ALL))
    assert str(made["C2"].dtype) == "float64"
    assert str(made["M0"].dtype) == "int64"


def small_types(batch: pa.Table) -> pa.Table:
    return pa.table({"v": batch["v"].cast(pa.int8()), "k": batch["k"].cast(pa.string_view()).dictionary_encode()})


def whole_floats(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", batch["v"].cast(pa.float64()))


def only_nulls(batch: pa.Table) -> pa.Table:
    return pa.table({"k": pa.nulls(batch.num_rows), "v": pa.nulls(batch.num_rows)})


def one_batch(batch: pa.Table) -> pa.RecordBatch:
    return batch.to_batches()[0]


def a_frame(batch: pa.Table) -> Any:
    return pl.from_arrow(batch)


def views(batch: pa.Table) -> pa.Table:
    return batch.set_column(0, "k", batch["k"].cast(pa.string_view()))


@pytest.mark.parametrize("function", [small_types, whole_floats, only_nulls, one_batch, a_frame, views])
def test_what_becomes_the_declared_types_without_loss(function: Callable[[Any], Any]) -> None:
    made = task(function, NUMBERS, NUMBERS).run(frame_of(TABLE, NUMBERS))
    assert values_of(made, NUMBERS) == here(function, TABLE, NUMBERS, NUMBERS)


def nothing_at_all(batch: pa.Table) -> pa.Table:
    return pa.table({})


def no_rows_of_other_columns(batch: pa.Table) -> pa.Table:
    return batch.select(["k"]).slice(0, 0)


@pytest.mark.parametrize("function", [nothing_at_all, no_rows_of_other_columns])
def test_of_what_has_no_rows_nothing_is_asked_that_is_not_asked_here(function: Callable[[Any], Any]) -> None:
    made = task(function, NUMBERS, NUMBERS).run(frame_of(TABLE, NUMBERS))
    assert values_of(made, NUMBERS) == here(function, TABLE, NUMBERS, NUMBERS) == []


FACTOR = 3


def times_factor(value: Any) -> Any:
    return pc.multiply(value, FACTOR)


def test_the_body_of_a_function_stands_alone() -> None:
    def with_all(batch: pa.Table, add: int = 4) -> pa.Table:
        return batch.set_column(1, "v", pc.add(times_factor(batch["v"]), add + captured))

    captured = 10
    node = MapBatches(input=Input(name="rows", columns=NUMBERS), function=reference(with_all), columns=NUMBERS)
    body = table_function(node, ()).body
    assert "onefold" not in [
        line.split()[1].partition(".")[0] for line in body.splitlines() if line.startswith(("import ", "from "))
    ]
    module: dict[str, Any] = {"__name__": "_udf_code"}
    exec(compile(body, "_udf_code.py", "exec"), module)
    handler = module["Transform"]
    assert handler.end_partition._sf_vectorized_input is pd.DataFrame
    made = handler().end_partition(frame_of(TABLE, NUMBERS))
    assert values_of(made, NUMBERS) == [{"k": "a", "v": 17}, {"k": None, "v": None}]
