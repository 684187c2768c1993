"""A Python function of the user's that fails: the error shows the user's own line, wherever the function ran."""

from __future__ import annotations

import inspect
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from tests.faults.data import ENGINES, training_set, view

import onefold as of

HERE = Path(__file__)


def halved(rows: pa.Table) -> pa.Table:
    return _divided(rows, by=2)


def failing(rows: pa.Table) -> pa.Table:
    limits = {"low": 3}
    limits["high"]  # the line that fails
    return rows


def _divided(rows: pa.Table, by: int) -> pa.Table:
    return rows.slice(0, len(rows) * 2 // by)


def failing_below(rows: pa.Table) -> pa.Table:
    return _fails(rows)


def _fails(rows: pa.Table) -> pa.Table:
    raise ValueError(f"{rows.num_rows and 'some'} rows are not as they should be")


def line_of(function: object, text: str) -> int:
    lines, first = inspect.getsourcelines(function)  # type: ignore[arg-type]
    return first + next(number for number, line in enumerate(lines) if text in line)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_error_shows_the_line_that_failed(engine: str, spark: SparkSession) -> None:
    train = training_set(view("good", engine="rift"), view("bad", engine=engine, function=failing))
    with pytest.raises(of.TransformError) as raised:
        train.to_arrow()
    told = str(raised.value)
    first, *rest = told.splitlines()
    assert first == "The transform 'failing' failed: KeyError: 'high'"
    assert f"{HERE}:{line_of(failing, 'fails')}, in failing" in rest[0]
    assert rest[1].strip() == 'limits["high"]  # the line that fails'
    assert "Traceback" not in told
    assert "org.apache.spark" not in told


@pytest.mark.parametrize("engine", ENGINES)
def test_of_functions_that_call_each_other_it_is_the_innermost_of_the_user_s(engine: str, spark: SparkSession) -> None:
    train = training_set(view("bad", engine=engine, function=failing_below))
    with pytest.raises(of.TransformError, match="ValueError: some rows are not as they should be") as raised:
        train.write_parquet(HERE.parent / "never")
    assert f"{HERE}:{line_of(_fails, 'raise')}, in _fails" in str(raised.value)
    assert 'raise ValueError(f"' in str(raised.value)
    assert not (HERE.parent / "never").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_wrong_columns_are_an_error_of_what_was_declared(engine: str, spark: SparkSession) -> None:
    def without_n(rows: pa.Table) -> pa.Table:
        return rows.drop_columns(["n"])

    train = training_set(view("bad", engine=engine, function=without_n))
    with pytest.raises(of.ExchangeError, match=r"without_n' has other columns than declared: missing \['n'\]"):
        train.to_arrow()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_function_that_works_is_used_after_one_that_failed(engine: str, spark: SparkSession) -> None:
    bad, good = view("bad", engine=engine, function=failing), view("good", engine=engine, function=halved)
    with pytest.raises(of.TransformError):
        training_set(good, bad).to_arrow()
    expected = training_set(view("good", engine="rift")).to_arrow()
    assert training_set(good).to_arrow().equals(expected)
    assert threading.current_thread() is threading.main_thread()
