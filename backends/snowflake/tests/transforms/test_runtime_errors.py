"""Errors of functions in the warehouse: their kinds and texts are those of a run in this process."""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from backends.snowflake.tests.transforms.rows import (
    NUMBERS,
    TABLE,
    frame_of,
    here,
    task,
)

from onefold.errors import ExchangeError, OnefoldError, TransformError
from onefold.types import Schema, schema_to_arrow
from onefold_snowflake.transforms import runtime
from onefold_snowflake.transforms.failures import MARK, transform_failure


def fails(batch: pa.Table) -> pa.Table:
    return batch.select(["nowhere"])  # the user's own line


def fails_elsewhere(batch: pa.Table) -> pa.Table:
    return pc.add(batch["k"], 1)


def wrong_columns(batch: pa.Table) -> pa.Table:
    return batch.rename_columns(["k", "w"])


def a_column_twice(batch: pa.Table) -> pa.Table:
    return pa.Table.from_arrays([batch["k"], batch["v"], batch["v"]], names=["k", "v", "v"])


def text_for_numbers(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", batch["v"].cast(pa.string()))


def truths_for_numbers(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", batch["v"].cast(pa.bool_()))


def too_large(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", pa.array([2**63] * batch.num_rows, pa.uint64()))


def halves(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", pa.array([0.5] * batch.num_rows))


def lists(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", pa.array([[1]] * batch.num_rows))


def numbers_for_text(batch: pa.Table) -> pa.Table:
    return batch.set_column(0, "k", batch["v"])


def no_table(batch: pa.Table) -> int:
    return int(batch.num_rows)


def mixed_objects(batch: pa.Table) -> pd.DataFrame:
    return pd.DataFrame({"k": [1, "a"], "v": [1, 2]}, dtype=object)


@pytest.mark.parametrize(
    "function",
    [
        fails, fails_elsewhere, wrong_columns, a_column_twice, text_for_numbers, truths_for_numbers, too_large, halves,
        lists, numbers_for_text, no_table, mixed_objects,
    ],
)  # fmt: skip
def test_errors_are_those_of_a_run_here(function: Callable[[Any], Any]) -> None:
    with pytest.raises(OnefoldError) as expected:
        here(function, TABLE, NUMBERS, NUMBERS)
    with pytest.raises(runtime.Failed) as failed:
        task(function, NUMBERS, NUMBERS).run(frame_of(TABLE, NUMBERS))
    failure = transform_failure(
        f"Python Interpreter Error:\n{failed.value}\n in function ONEFOLD with handler Transform"
    )
    assert failure is not None
    kind, message = failure
    assert kind is type(expected.value)
    assert message == str(expected.value)


def instants_for_walls(batch: pa.Table) -> pa.Table:
    return batch.set_column(0, "w", batch["w"].cast(pa.timestamp("us", "UTC")))


def test_instants_are_no_wall_clocks() -> None:
    schema = Schema.of(w="timestamp[us]")
    table = pa.table({"w": [dt.datetime(2025, 1, 1)]}, schema=schema_to_arrow(schema))  # noqa: DTZ001
    with pytest.raises(ExchangeError) as expected:
        here(instants_for_walls, table, schema, schema)
    with pytest.raises(runtime.Failed) as failed:
        task(instants_for_walls, schema, schema).run(frame_of(table, schema))
    assert transform_failure(str(failed.value)) == (ExchangeError, str(expected.value))


@pytest.mark.parametrize("missing", [{"C0": [None, ""]}, {"C0": ["a", math.nan]}, {"M0": [0.0, math.nan]}])
def test_what_comes_as_null_and_was_none_is_no_value(missing: dict[str, Any]) -> None:
    frame = frame_of(TABLE, NUMBERS).assign(**missing)
    with pytest.raises(runtime.Failed, match="got a null in the place of a value"):
        task(no_table, NUMBERS, NUMBERS).run(frame)


def test_a_function_that_can_not_be_loaded() -> None:
    there = task(no_table, NUMBERS, NUMBERS)
    there.pickled = base64.b64encode(b"\x80\x05cnowhere_at_all\nf\n.").decode()
    with pytest.raises(runtime.Failed) as failed:
        there.run(frame_of(TABLE, NUMBERS))
    failure = transform_failure(str(failed.value))
    assert failure is not None
    assert failure[0] is TransformError
    assert failure[1].startswith("The transform 'no_table' can not be loaded: ModuleNotFoundError: No module named")
    assert "packages" in failure[1]


def test_what_is_cut_off_is_no_failure_of_a_function() -> None:
    with pytest.raises(runtime.Failed) as failed:
        task(fails, NUMBERS, NUMBERS).run(frame_of(TABLE, NUMBERS))
    text = str(failed.value)
    assert text.startswith(MARK)
    assert MARK == runtime.MARK
    assert "\n" not in text
    assert transform_failure(text[:-1]) is None
    assert transform_failure("division by zero") is None


def test_long_messages_are_cut() -> None:
    def shouts(batch: pa.Table) -> pa.Table:
        raise ValueError("x" * 100_000)

    with pytest.raises(runtime.Failed) as failed:
        task(shouts, NUMBERS, NUMBERS).run(frame_of(TABLE, NUMBERS))
    assert len(str(failed.value)) < 3_000
    assert transform_failure(str(failed.value)) is not None
