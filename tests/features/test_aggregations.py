"""Aggregation builders: every aggregation is reachable, default names, windows, and what is bound."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.features.data import SCHEMA, described

from onefold import features as of
from onefold.errors import DefinitionError, PlanError
from onefold.features import AggExpr, col
from onefold.plan import AGGREGATIONS, TrailingWindow
from onefold.types import parse_duration

BUILT = [
    *(of.count(), of.count_distinct("n"), of.approx_count_distinct("n"), of.sum("n"), of.mean("n"), of.min("n")),
    *(
        of.max("n"),
        of.min_n("n", 2),
        of.max_n("n", 2),
        of.any("late"),
        of.all("late"),
        of.var("x"),
        of.var("x", ddof=0),
    ),
    *(of.std("x"), of.std("x", ddof=0), of.skewness("x"), of.kurtosis("x"), of.corr("x", "n"), of.covar("x", "n")),
    *(of.covar("x", "n", ddof=0), of.first("n"), of.first("n", 2), of.last("n"), of.last("n", n=2), of.collect("n")),
    *(of.first_distinct("n", 2), of.last_distinct("n", 2), of.median("n"), of.quantile("n", 0.9), of.mode("n")),
    *(of.quantile_disc("n", 0.9), of.approx_quantile("n", 0.9), of.top_k("n", 3), of.histogram("n")),
    *(of.decayed_sum("x", "7d"), of.decayed_count(half_life="7d"), of.decayed_mean("x", half_life="7d")),
]


def test_every_aggregation_of_the_catalogue_has_a_builder() -> None:
    assert set(AGGREGATIONS) - {built.function for built in BUILT} == set()


@pytest.mark.parametrize("built", BUILT, ids=repr)
def test_every_builder_makes_what_the_catalogue_takes(built: AggExpr) -> None:
    call = built.bind(SCHEMA)
    assert call.infer(SCHEMA).dtype is not None
    assert call.function == built.function


@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_aggregate_reaches_every_aggregation(name: str) -> None:
    assert of.aggregate(name, "n").function == name


@pytest.mark.parametrize(
    ("built", "names"),
    [
        (of.sum("amount").over("7d"), ("amount_sum_7d",)),
        (of.count().over("7d"), ("count_7d",)),
        (of.count(where="late").over("7d"), ("late_count_7d",)),
        (of.count(where=~col("late")).over("7d"), ("not_late_count_7d",)),
        (of.count(where=col("delay") > 15).over("7d"), ("delay_gt_15_count_7d",)),
        (of.count(where=col("delay") >= -1.5).over("7d"), ("delay_ge_minus_1_5_count_7d",)),
        (of.sum("amount", where="late", by="origin").over("1h"), ("late_amount_sum_by_origin_1h",)),
        (of.mean(col("a") / col("b")).over("1d"), ("a_per_b_mean_1d",)),
        (of.mean(col("a").cast("float64")).over("1d"), ("a_mean_1d",)),
        (of.sum("amount"), ("amount_sum",)),
        (of.sum("amount").over(of.lifetime), ("amount_sum_lifetime",)),
        (
            of.sum("amount").over("1d", "24h", dt.timedelta(days=7)),
            ("amount_sum_1d", "amount_sum_24h", "amount_sum_7d"),
        ),
        (of.sum("amount").over("1d", offset="7d"), ("amount_sum_1d_offset_7d",)),
        (of.sum("amount").over("1d", every="1h"), ("amount_sum_1d_every_1h",)),
        (of.sum("amount").over(last_rows=10), ("amount_sum_last_10_rows",)),
        (of.sum("amount").over("1d", last_rows=10), ("amount_sum_1d_last_10_rows",)),
        (of.last("x", n=5), ("x_last_5",)),
        (of.quantile("x", 0.999).over("1d"), ("x_q99_9_1d",)),
        (of.std("x", ddof=0).over("1d"), ("x_std_pop_1d",)),
        (of.corr("x", "y").over("1d"), ("x_y_corr_1d",)),
        (of.decayed_sum("x", half_life=dt.timedelta(hours=12)).over("7d"), ("x_decayed_sum_12h_7d",)),
        (of.sum("x").over("1d").named("spend"), ("spend",)),
        (of.sum("y").named("spend").over("1d"), ("spend",)),
        (of.sum("x").over("1d", "7d").named("spend"), ("spend_1d", "spend_7d")),
        (of.sum("x").over("1d", "7d").named("spend_in_{window}_usd"), ("spend_in_1d_usd", "spend_in_7d_usd")),
        (of.sum("x").named("{window}"), ("lifetime",)),
    ],
    ids=repr,
)
def test_names(built: AggExpr, names: tuple[str, ...]) -> None:
    assert built.names == names


def test_a_name_that_nobody_would_read_is_refused() -> None:
    long = of.count(where=(col("departure_delay") > 15) & (col("arrival_delay") > 15) & ~col("cancelled")).over("7d")
    with pytest.raises(DefinitionError, match=r"needs a name.*\.named"):
        _ = long.names


@pytest.mark.parametrize(
    ("built", "windows"),
    [
        (of.count().over("1d"), [TrailingWindow(size=parse_duration("1d"))]),
        (of.count().over(of.lifetime), [TrailingWindow()]),
        (
            of.count().over("1d", of.lifetime, offset="1h", every="15m", last_rows=3),
            [
                TrailingWindow(
                    size=parse_duration("1d"), offset=3_600_000_000, every=parse_duration("15m"), last_rows=3
                ),
                TrailingWindow(offset=3_600_000_000, every=parse_duration("15m"), last_rows=3),
            ],
        ),
        (
            of.count().over("1d").over("7d", offset="1d"),
            [
                TrailingWindow(size=parse_duration("1d")),
                TrailingWindow(size=parse_duration("7d"), offset=parse_duration("1d")),
            ],
        ),
    ],
    ids=repr,
)
def test_windows(built: AggExpr, windows: list[TrailingWindow]) -> None:
    found = [feature.window.window(include_exact=False) for feature in built.features() if feature.window]
    assert found == windows


def test_include_exact_closes_the_end_and_opens_the_start() -> None:
    (feature,) = of.count().over("1d").features()
    assert feature.window is not None
    assert feature.window.window(include_exact=True).closed == "right"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: of.count().over("-7d"), r"'-7d' is negative.*write it positive"),
        (lambda: of.count().over(dt.timedelta(days=-1)), r"is negative"),
        (lambda: of.count().over("0s"), r"'0s' is empty"),
        (lambda: of.count().over("7 dasy"), r"'7 dasy' is not a window.*'1h', '7d'"),
        (lambda: of.count().over(7), r"A window is text such as '7d'"),  # type: ignore[arg-type]
        (lambda: of.count().over(), r"at least one window, such as over\('1d', '7d'\)"),
        (lambda: of.count().over("1d", last_rows=0), r"last_rows is a whole number above zero, not 0"),
        (lambda: of.count().over("1d", offset="-1h"), r"'-1h' is negative"),
        (lambda: of.count().over("1d", every="0s"), r"grid \(every\) '0s' is empty"),
        (lambda: of.var("x", ddof=2), r"ddof is 1 for a sample"),
        (lambda: of.decayed_sum("x", half_life="-1d"), r"half-life '-1d' is negative"),
        (lambda: of.count().named(""), r"name of a feature is text that is not empty"),
        (lambda: of.aggregate("summ", "x"), r"no aggregation 'summ'\. Did you mean 'sum'"),
    ],
    ids=[str(number) for number in range(13)],
)
def test_mistakes(wrong: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        wrong()


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (of.sum("amuont"), r"sum: There is no column 'amuont'"),
        (of.sum("lat"), r"no column 'lat'\. Did you mean 'late'"),
        (of.sum("carrier"), r"'sum' does not take \(string\), in sum\(col\('carrier'\)\)"),
        (of.sum("late"), r"'sum' does not take \(bool\).*of\.count\(where=\.\.\.\)"),
        (of.count(where="n"), r"The condition \(where\) must be true or false.*col\('n'\) is int64.*col\('n'\) > 0"),
        (of.count(where=col("nn") > 1), r"no column 'nn'"),
        (of.quantile("x", 1.5), r"'q' of 'quantile' can not be 1.5: it must be between 0.0 and 1.0"),
        (of.last("x", n=0), r"'n' of 'last_n' can not be 0"),
        (of.last("x", nulls="drop"), r"'nulls' of 'last' can not be 'drop'.*'skip', 'keep'"),  # type: ignore[arg-type]
        (of.max("codes"), r"'max' does not take \(list<int64>\)"),
        (of.count(by="codes"), r"A secondary key can not be a list<int64>"),
    ],
    ids=repr,
)
def test_what_does_not_fit_the_schema(built: AggExpr, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        built.bind(SCHEMA).infer(SCHEMA)


def test_arguments_conditions_and_keys_are_bound_with_casts() -> None:
    call = of.corr("n", "x", where="late", by=col("carrier").str.lower()).bind(SCHEMA)
    assert [described(arg) for arg in call.args] == ["n::float64", "x"]
    assert call.where is not None
    assert call.by is not None
    assert described(call.where) == "late"
    assert described(call.by) == "lower(carrier)"


def test_half_lives_are_microseconds() -> None:
    assert of.decayed_sum("x", "7d").bind(SCHEMA).options == {"half_life": 7 * 86_400_000_000}


def test_nulls_are_skipped_unless_kept() -> None:
    assert of.last("x").bind(SCHEMA).options == {"nulls": "skip"}
    assert of.last("x", nulls="keep").bind(SCHEMA).options == {"nulls": "keep"}
