"""Lazy tables and sources on the default engine: the values that come out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.features.data import NOON

from onefold import features as of
from onefold.errors import EngineError, SourceError, TransformError
from onefold.features import Table, asc, col, desc, lit, when

HOUR = dt.timedelta(hours=1)

ROWS = {
    "k": ["a", "a", "b", "a"],
    "at": [NOON, NOON + HOUR, NOON + HOUR, NOON + 2 * HOUR],
    "n": [1, 2, None, 4],
    "ok": [True, False, True, None],
    "s": ["p", "q", "p", "r"],
}
T = of.table(of.ArrowSource("rows", ROWS, time="at"))


def columns(table: Table, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table's rows, sorted by key and time where it has them."""
    order = [name for name in ("k", "at") if name in table.columns]
    collected = (table.sort(*order) if order else table).select(*names).collect()
    return list(zip(*(collected[name].to_pylist() for name in names), strict=True))


def test_expressions() -> None:
    table = T.filter(col("n") > 1).with_columns(
        half=col("n") * 0.5,
        size=when(col("n") > 2).then(lit("big")).otherwise(lit("small")),
        text=col("s") + "!",
        later=col("at") + HOUR,
        known=of.coalesce("ok", False),
    )
    assert columns(table, "half", "size", "text", "later", "known") == [
        (1.0, "small", "q!", NOON + 2 * HOUR, False),
        (2.0, "big", "r!", NOON + 3 * HOUR, False),
    ]


def test_membership_and_nulls() -> None:
    table = T.with_columns(
        some=col("n").is_in([1, 4]),
        none=col("n").is_in([]),
        null=col("n").is_in([1, None]),
        same=col("n").eq_missing(2),
    )
    assert columns(table, "some", "none", "null", "same") == [
        (True, False, True, False),
        (False, False, None, True),
        (True, False, None, False),
        (None, False, None, False),
    ]


def test_positions() -> None:
    table = of.table({"s": ["abc"], "l": [[7, 8]]}).select(
        a=col("s").str.slice(0, 1),
        b=col("s").str.slice(1),
        c=col("s").str.slice(-1),
        d=col("l").list.get(0),
        e=col("l").list.get(-1),
        f=col("l").list.get(2),
    )
    assert table.collect().to_pylist() == [{"a": "a", "b": "bc", "c": "c", "d": 7, "e": 8, "f": None}]


def test_groups() -> None:
    table = T.group_by("k").agg(
        of.mean("n"), of.last("s", order_by="at"), late=of.count(where="ok"), top=of.top_k("s", 1)
    )
    assert columns(table, "k", "n_mean", "s_last", "late", "top") == [
        ("a", 7 / 3, "r", 1, [{"key": "p", "value": 1}]),
        ("b", None, "p", 1, [{"key": "p", "value": 1}]),
    ]


def test_joins() -> None:
    names = of.table({"k": ["a", "c"], "name": ["A", "C"]}, name="names")
    assert columns(T.join(names, on="k", how="left").filter(col("s") == "p"), "k", "name") == [("a", "A"), ("b", None)]
    assert columns(T.join(names, on="k", how="anti"), "k") == [("b",)]


def test_as_of_joins_look_strictly_before() -> None:
    spine = T.select("k", "at")
    found = spine.join_asof(T.select("k", "at", "n"), on="at", by="k", columns=["n"])
    assert columns(found, "k", "n") == [("a", None), ("a", 1), ("a", 2), ("b", None)]
    exact = spine.join_asof(T.select("k", "at", "n"), on="at", by="k", columns=["n"], include_exact=True)
    assert columns(exact, "k", "n") == [("a", 1), ("a", 2), ("a", 4), ("b", None)]


def test_windows() -> None:
    table = T.with_window(
        of.row_number(), of.sum("n"), before=of.lag("n"), partition_by="k", order_by="at", rows=(-1, 0)
    )
    assert columns(table, "row_number", "n_sum", "before") == [(1, 1, None), (2, 3, 1), (3, 6, 2), (1, None, None)]
    hour = T.with_window(of.count(), partition_by="k", order_by="at", preceding="1h")
    assert columns(hour, "count") == [(1,), (2,), (2,), (1,)]


def test_rows_verbs() -> None:
    assert columns(T.deduplicate("k", order_by="at"), "k", "s") == [("a", "r"), ("b", "p")]
    assert T.sort(desc("n", nulls="last"), asc("k")).head(2).collect()["n"].to_pylist() == [4, 2]
    assert T.select("k").distinct().collect().num_rows == 2
    assert T.union(T).collect().num_rows == 8
    assert of.table({"c": [[1, 2], [], None]}).explode("c").collect().to_pylist() == [{"c": 1}, {"c": 2}]


@pytest.mark.parametrize("format", ["arrow", "polars", "pandas"])
def test_python_transforms_get_the_format_that_they_ask_for(format: Any) -> None:
    def doubled(batch: Any) -> Any:
        if format == "arrow":
            return batch.append_column("m", pa.compute.multiply(batch["n"], 2))
        if format == "polars":
            return batch.with_columns(m=batch["n"] * 2)
        return batch.assign(m=batch["n"] * 2)

    table = T.select("k", "at", "n").map_batches(
        doubled, schema={"k": "string", "at": "timestamp[us, UTC]", "n": "int64", "m": "int64"}, format=format
    )
    assert columns(table.filter(col("m") > 2), "k", "n", "m") == [("a", 2, 4), ("a", 4, 8)]


def test_the_user_s_line_is_in_the_error_of_a_python_transform() -> None:
    def broken(batch: Any) -> Any:
        return batch["nothing"]

    with pytest.raises(TransformError, match=r'batch\["nothing"\]'):
        T.map_batches(broken, schema={"k": "string"}).collect()


def test_frames_of_other_libraries() -> None:
    assert T.select("n").to_polars()["n"].to_list() == [1, 2, None, 4]
    assert str(T.select("n").to_pandas()["n"].dtype) == "Int64"
    assert pa.table(T.select("n"))["n"].to_pylist() == [1, 2, None, 4]
    with T.batches() as reader:
        assert reader.read_all().num_rows == 4


def test_tables_are_written(tmp_path: Path) -> None:
    assert T.write_parquet(tmp_path / "out").rows == 4
    assert of.table(of.ParquetSource("out", tmp_path / "out", time="at")).collect().num_rows == 4


def test_explain_shows_the_plan_and_the_query() -> None:
    text = str(T.filter(col("n") > 1).explain())
    assert "Filter (n > 1)" in text
    assert "SELECT" in text


def test_a_view_explains_itself_without_a_spine() -> None:
    source = of.ArrowSource("rows", ROWS, time="at")
    view = of.FeatureView("v", source=source, entity=of.Entity("k", "k"), features=[of.sum("n").over("1d")])
    text = str(view.explain())
    assert "TrailingAggregate on k = k" in text
    assert "n_sum_1d = sum(n)" in text


def test_an_overflow_is_an_error() -> None:
    with pytest.raises(EngineError):
        of.table({"n": [2**62]}).select(col("n") * 4).collect()


# -- files ---------------------------------------------------------------------------------------------------------------


def test_parquet_in_small_types_and_a_naive_time_stated_to_be_utc(tmp_path: Path) -> None:
    naive = pa.array([NOON.replace(tzinfo=None), None], pa.timestamp("ns"))
    pq.write_table(pa.table({"n": pa.array([1, None], pa.int8()), "at": naive}), tmp_path / "a.parquet")
    source = of.ParquetSource("f", tmp_path / "a.parquet", time="at", time_zone="UTC")
    assert of.table(source).collect().to_pylist() == [{"n": 1, "at": NOON}, {"n": None, "at": None}]


def test_csv_schemas_are_asked_for_or_declared(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("k,at,n\na,2013-01-01 12:00:00,1\nb,,\n")
    asked = of.CsvSource("f", tmp_path / "a.csv", time="at", time_zone="UTC")
    declared = of.CsvSource("f", tmp_path / "a.csv", schema={"k": "string", "at": "timestamp[us, UTC]", "n": "float64"})
    assert str(asked.schema) == "k: string, at: timestamp[us, UTC], n: int64"
    assert of.table(asked).collect().to_pylist() == [{"k": "a", "at": NOON, "n": 1}, {"k": "b", "at": None, "n": None}]
    assert of.table(declared).collect().to_pylist()[0] == {"k": "a", "at": NOON, "n": 1.0}


def test_json_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"k": "a", "l": [1]}\n{"k": null, "l": null}\n')
    source = of.JsonSource("f", tmp_path / "a.jsonl")
    assert str(source.schema) == "k: string, l: list<int64>"
    assert of.table(source).collect().to_pylist() == [{"k": "a", "l": [1]}, {"k": None, "l": None}]


@pytest.mark.parametrize("kind", [of.ParquetSource, of.CsvSource, of.JsonSource])
def test_partition_columns_hold_what_their_directories_say(tmp_path: Path, kind: Any) -> None:
    for month in ("01", "02"):
        folder = tmp_path / "year=2013" / f"month={month}" / f"day=2013-{month}-01"
        folder.mkdir(parents=True)
        if kind is of.ParquetSource:
            pq.write_table(pa.table({"n": [int(month)]}), folder / "a.parquet")
        else:
            text = f"n\n{int(month)}\n" if kind is of.CsvSource else f'{{"n": {int(month)}}}\n'
            (folder / ("a.csv" if kind is of.CsvSource else "a.jsonl")).write_text(text)
    source = kind("f", tmp_path)
    assert set(source.schema.names) == {"n", "year", "month", "day"}
    (row,) = of.table(source).filter(col("month") == "02").collect().to_pylist()
    assert row == {"n": 2, "year": 2013, "month": "02", "day": dt.date(2013, 2, 1)}


def test_static_rows_must_be_one_per_key() -> None:
    planes = of.ArrowSource("planes", {"k": ["a", "a"], "seats": [1, 2]})
    view = of.FeatureView("v", source=planes, entity=of.Entity("k", "k"), static=True, attributes=["seats"])
    spine = of.spine_table({"k": ["a"], "t": [NOON]}, time="t")
    table = Table(view.plan(spine.relation, "t"), {**spine.bindings, **view.bindings})
    with pytest.raises(SourceError, match="k = 'a'"):
        table.collect()
