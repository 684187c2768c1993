"""``FeatureView.diff``: what counts as equal, what is counted of the rest, and what is shown of it."""

from __future__ import annotations

import datetime as dt
import math
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integration.views import in_memory, spine

import onefold as of
from onefold import col
from onefold.debugging import comparing

NOON = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
USER = of.Entity("user", keys=["user"])


def view(features: Any, **options: Any) -> of.FeatureView:
    return of.FeatureView("spend", source=in_memory(), entity=USER, features=features, **options)


def test_engines_that_agree() -> None:
    features = [of.sum("amount").over("300s"), of.std("amount").over("300s"), of.last("n").over("1h")]
    found = view(features).diff("rift", "polars", spine(), time="t")
    assert (found.same, found.rows, found.engines, found.examples) == (True, 70, ("rift", "polars"), ())
    assert [(one.feature, one.promise, one.equal + one.close) for one in found.features] == [
        ("amount_sum_300s", "exact", 70),
        ("amount_std_300s", "within 1e-9", 70),
        ("n_last_1h", "exact", 70),
    ]


def test_moments_differ_in_the_last_places_between_the_kernel_and_the_oracle() -> None:
    features = [of.std("amount").over("300s"), of.sum("amount").over("300s")]
    one, other = (
        of.training_set(spine(), [view(features)], time="t", engine=engine).to_arrow() for engine in ("rift", "oracle")
    )
    pairs = list(zip(one["amount_std_300s"].to_pylist(), other["amount_std_300s"].to_pylist(), strict=True))
    unequal = [abs(left - right) for left, right in pairs if left != right]
    assert unequal  # otherwise this test shows nothing
    close = view(features).diff("rift", "oracle", spine(), time="t")
    assert (close.same, close["amount_std_300s"].close, close["amount_std_300s"].different) == (True, len(unequal), 0)
    assert close["amount_std_300s"].largest == max(unequal)
    strict = view(features).diff("rift", "oracle", spine(), time="t", tolerance=0, examples=3)
    assert (strict.same, strict["amount_std_300s"].close) == (False, 0)
    assert strict["amount_std_300s"].different == len(unequal)
    assert [example.row for example in strict.examples] == [
        row for row, (left, right) in enumerate(pairs) if left != right
    ][:3]
    assert [example.values for example in strict.examples] == [pair for pair in pairs if pair[0] != pair[1]][:3]
    only = view(features).diff("rift", "oracle", spine(), time="t", tolerance={"amount_sum_300s": 1e-3})
    assert [feature.promise for feature in only.features] == ["within 1e-9", "within 0.001"]


@pytest.mark.parametrize(
    ("feature", "options", "promise"),
    [
        (of.sum("amount"), {}, "exact"),
        (of.mean("amount"), {}, "exact"),
        (of.median("amount"), {}, "exact"),
        (of.var("amount"), {}, "within 1e-9"),
        (of.decayed_sum("amount", half_life="1m"), {}, "within 1e-9"),
        (of.sum(col("amount").exp()), {}, "within 1e-9"),
        (of.sum(col("amount").sqrt()), {}, "exact"),
        (of.count(where=col("amount").exp() > 1), {}, "exact"),
        (of.approx_quantile("n", 0.5), {}, "approximate"),
        (of.approx_count_distinct("n"), {}, "approximate"),
        (of.max("amount"), {"transform": lambda t: t.with_columns(amount=col("amount").exp())}, "within 1e-9"),
        (of.max("n"), {"transform": lambda t: t.with_columns(amount=col("amount").exp())}, "exact"),
        (
            of.max("total"),
            {"transform": lambda t: t.group_by("user", "at").agg(of.sum("amount").alias("total"))},
            "within 1e-9",
        ),
        (of.max("total"), {"transform": lambda t: t.group_by("user", "at").agg(of.sum("n").alias("total"))}, "exact"),
        (of.collect("amount"), {"transform": lambda t: t.with_columns(amount=col("amount").exp())}, "within 1e-9"),
    ],
)
def test_what_is_demanded_is_what_the_catalogue_says(feature: Any, options: dict[str, Any], promise: str) -> None:
    source = of.ArrowSource("orders", in_memory().bindings["orders"], time="at")
    own = of.FeatureView("v", source=source, entity=USER, features=[feature.over("1h").named("it")], **options)
    assert own.diff("rift", "oracle", spine(), time="t")["it"].promise == promise


class Fake:
    """A job that gives a table in batches of a size."""

    stages = ()

    def __init__(self, rows: pa.Table, size: int) -> None:
        self._rows, self._size = rows, size

    def start(self) -> pa.RecordBatchReader:
        batches = self._rows.to_batches(max_chunksize=self._size)
        empty = pa.RecordBatch.from_pylist([], schema=self._rows.schema)
        return pa.RecordBatchReader.from_batches(self._rows.schema, [empty, *batches, empty])


def pretend(monkeypatch: pytest.MonkeyPatch, one: dict[str, Any], other: dict[str, Any], **options: Any) -> Any:
    """Return the difference of a view with one feature on two engines that give columns as they are told."""
    tables = {}
    for engine, size, columns in (("rift", 2, one), ("oracle", 3, other)):
        rows = len(columns["it"])
        keys = {"user": [f"u{row}" for row in range(rows)], "t": [NOON] * rows}
        tables[engine] = Fake(pa.table({**keys, **columns}), size)
    monkeypatch.setattr(comparing, "prepare", lambda node, default, **others: tables[default.engine])
    own = view([of.sum("amount").over("300s").named("it")])
    return own.diff("rift", "oracle", {"user": ["a"], "t": [NOON]}, time="t", **options)


def test_floats_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    nan, inf = math.nan, math.inf
    left = [1.0, None, nan, 0.0, 2.0, None, nan, 1.0, inf, inf, 1e308]
    right = [1.0, None, nan, -0.0, 2.5, 1.0, 1.0, nan, inf, -inf, -1e308]
    found = pretend(monkeypatch, {"it": left}, {"it": right}, tolerance=0.1)
    one = found["it"]
    assert (found.rows, one.equal, one.close, one.different, one.nulls) == (11, 5, 0, 6, 1)
    assert [example.row for example in found.examples] == [4, 5, 6, 7, 9, 10]
    assert found.examples[0].values == (2.0, 2.5)
    assert found.examples[0].keys == {"user": "u4", "t": NOON}
    assert one.largest == inf  # of 1e308 and -1e308
    assert one.relative == 2.0
    wide = pretend(monkeypatch, {"it": left}, {"it": right}, tolerance=0.2)["it"]
    assert (wide.close, wide.different) == (1, 5)  # 0.5 of 2.5


@pytest.mark.parametrize(
    ("left", "right", "kind", "largest"),
    [
        ([2**62, 5, 7], [2**62 + 1, 5, None], pa.int64(), 1.0),
        (
            [Decimal("1.10"), Decimal("2.00"), None],
            [Decimal("1.35"), Decimal("2.00"), Decimal(1)],
            pa.decimal128(5, 2),
            0.25,
        ),
        (["a", "b", None], ["A", "b", "c"], pa.string(), None),
        ([True, False, None], [False, False, True], pa.bool_(), None),
        ([NOON, NOON, None], [NOON + dt.timedelta(1), NOON, NOON], pa.timestamp("us", "UTC"), None),
        ([[1.0, 2.0], [math.nan], None], [[1.0, 2.5], [math.nan], []], pa.list_(pa.float64()), 0.5),
        ([[1.0], [0.0], [None]], [[1.0, 1.0], [-0.0], [1.0]], pa.list_(pa.float64()), None),
    ],
    ids=["int", "decimal", "text", "bool", "time", "list", "lengths"],
)
def test_values_of_every_kind(
    monkeypatch: pytest.MonkeyPatch, left: list[Any], right: list[Any], kind: pa.DataType, largest: float | None
) -> None:
    found = pretend(monkeypatch, {"it": pa.array(left, kind)}, {"it": pa.array(right, kind)})["it"]
    assert (found.equal, found.close, found.different) == (1, 0, 2)
    assert found.largest == largest


def test_whole_numbers_and_lists_within_a_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pretend(monkeypatch, {"it": [100, 200]}, {"it": [101, 300]}, tolerance=0.01)["it"]
    assert (found.close, found.different, found.largest, found.relative) == (1, 1, 100.0, 1 / 3)
    lists = pretend(monkeypatch, {"it": [[1.0, None], [2.0, 1.0]]}, {"it": [[1.05, None], [2.0, None]]}, tolerance=0.1)
    assert (lists["it"].close, lists["it"].different) == (1, 1)


def test_rows_in_different_orders_are_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"it": [1.0] * 5}
    moved = {**rows, "user": ["u0", "u1", "u3", "u2", "u4"]}
    with pytest.raises(of.DefinitionError, match="in different orders, from row 2 on"):
        pretend(monkeypatch, rows, moved)


@pytest.mark.parametrize(("left", "right", "short"), [(3, 5, "rift"), (5, 4, "oracle")])
def test_an_engine_that_gives_fewer_rows(monkeypatch: pytest.MonkeyPatch, left: int, right: int, short: str) -> None:
    with pytest.raises(of.EngineError, match=f"'{short}' failed: it gave {min(left, right)} rows, and .* gives more"):
        pretend(monkeypatch, {"it": [1.0] * left}, {"it": [1.0] * right})


def test_no_rows_at_all() -> None:
    found = view([of.count().over("1h")]).diff("rift", "polars", spine().slice(0, 0), time="t")
    assert (found.rows, found.same) == (0, True)


def test_attributes_and_files(tmp_path: Path) -> None:
    pq.write_table(spine(), tmp_path / "spine.parquet")
    own = of.FeatureView("latest", source=in_memory(), entity=USER, attributes=["amount", "n"])
    with pytest.warns(of.FallbackWarning, match=r"'sqlite' does not offer source\.parquet"):
        found = own.diff("rift", "sqlite", str(tmp_path / "spine.parquet"), time="t", options={"rift": {"threads": 1}})
    assert found.notes == ("Stage 0 of the plan for sqlite runs on rift: sqlite does not offer source.parquet.",)
    assert [(one.promise, one.equal) for one in found.features] == [("exact", 70), ("exact", 70)]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"other": "rift"}, "diff compares two engines, and both are 'rift'"),
        ({"other": "sprak"}, "diff of the feature view 'spend' names the engine 'sprak', which is not installed"),
        ({"other": "auto"}, "names the engine 'auto'"),
        ({"tolerance": -1.0}, r"tolerance=-1\.0: give a relative difference"),
        ({"tolerance": {"sum": 1.0}}, "tolerance= names the feature 'sum'. The features of the view are: 'count_1h'"),
        ({"examples": -1}, "examples=-1: give how many"),
        ({"time": "tt"}, "no time column 'tt'|'tt'"),
    ],
)
def test_questions_that_make_no_sense(question: dict[str, Any], message: str) -> None:
    with pytest.raises(of.OnefoldError, match=message):
        view([of.count().over("1h")]).diff(
            **{"engine": "rift", "other": "sqlite", "spine": spine(), "time": "t", **question}
        )


def test_no_engine_stands_in_for_another() -> None:
    with pytest.raises(of.UnsupportedOperation, match=r"'sqlite' does not offer type\.list"):
        view([of.collect("n").over("1h")]).diff("rift", "sqlite", spine(), time="t")


TEXT = """\
spend on rift and on oracle: 3 rows, 1 feature, 1 of them differs

  feature  demanded  equal  close  different  null on one side  largest difference  relative
  it       exact         1      0          2                 1  0.5                 0.2

The first values that differ
  row  user  t                     feature  rift  oracle
    1  u1    2025-03-01 12:00:00Z  it        2.0     2.5
    2  u2    2025-03-01 12:00:00Z  it       null     3.0"""


def test_text_and_html(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pretend(monkeypatch, {"it": [1.0, 2.0, None]}, {"it": [1.0, 2.5, 3.0]})
    assert str(found) == TEXT
    text = "".join(ET.fromstring(found.to_html().removeprefix("<!DOCTYPE html>")).itertext())
    assert "1 of them differs" in text
    assert "The first values that differ" in text


def test_an_approximate_feature_that_differs_says_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"rift": Fake(pa.table({"user": ["a"], "t": [NOON], "it": [5]}), 1)}
    tables["oracle"] = Fake(pa.table({"user": ["a"], "t": [NOON], "it": [6]}), 1)
    monkeypatch.setattr(comparing, "prepare", lambda node, default, **others: tables[default.engine])
    own = view([of.approx_count_distinct("n").over("1h").named("it")])
    found = own.diff("rift", "oracle", {"user": ["a"], "t": [NOON]}, time="t")
    assert found.notes[0].startswith("it is approximate, so engines may differ: relative error below 10 %")
