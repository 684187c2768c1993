"""Feature views: their plans, and one test for each mistake that a beginner makes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from tests.features.data import CARRIER, FLIGHTS, NOON, flights, view

from onefold import features as of
from onefold.contract import BackendEntry
from onefold.errors import ConfigurationError, DefinitionError, PlanError, SourceError
from onefold.features import ArrowSource, Entity, FeatureService, FeatureView, Table, col
from onefold.plan import (
    AsOfColumn,
    AsOfJoin,
    EventOrder,
    Filter,
    Input,
    MapBatches,
    NativeSql,
    Project,
    TrailingAggregate,
)
from onefold.registry import Registry
from onefold.types import Schema, parse_duration

SPINE = Input(name="spine", columns=Schema.of(carrier="string", scheduled_at="timestamp[us, UTC]"))
MEAN = of.mean("dep_delay").over("1d")


def refused(message: str, error: type[Exception] = DefinitionError, **changes: Any) -> None:
    """Assert that a view with these changes is refused with a message."""
    with pytest.raises(error, match=message):
        view(**changes)


# -- plans ---------------------------------------------------------------------------------------------------------------


def test_features_become_one_trailing_aggregate_on_the_spine() -> None:
    made = view(features=[of.mean("dep_delay").over("1d", "7d"), of.count(where="cancelled").over("1h")])
    plan = made.plan(SPINE, "scheduled_at")
    assert isinstance(plan, TrailingAggregate)
    assert plan.spine is SPINE
    assert isinstance(plan.events, Input)
    assert (plan.spine_keys, plan.event_keys, plan.spine_time) == (("carrier",), ("carrier",), "scheduled_at")
    assert plan.order == EventOrder(time="departed_at")
    assert [measure.name for measure in plan.measures] == [
        "dep_delay_mean_1d",
        "dep_delay_mean_7d",
        "cancelled_count_1h",
    ]
    assert [measure.window.size for measure in plan.measures] == [
        parse_duration("1d"),
        parse_duration("7d"),
        parse_duration("1h"),
    ]
    assert {measure.window.closed for measure in plan.measures} == {"left"}
    assert str(made.schema) == "dep_delay_mean_1d: float64, dep_delay_mean_7d: float64, cancelled_count_1h: int64"
    assert plan.output.names == ("carrier", "scheduled_at", *made.feature_names)


def test_a_prefix_names_the_features_of_a_view() -> None:
    assert view(features=[MEAN]).plan(SPINE, "scheduled_at", prefix="v__").output.names[-1] == "v__dep_delay_mean_1d"
    assert view(attributes=["dep_delay"]).plan(SPINE, "scheduled_at", prefix="v__").output.names[-1] == "v__dep_delay"


def test_include_exact_closes_windows_and_joins_at_the_time_itself() -> None:
    aggregated = view(features=[MEAN], include_exact=True).plan(SPINE, "scheduled_at")
    joined = view(attributes=["dep_delay"], include_exact=True).plan(SPINE, "scheduled_at")
    assert isinstance(aggregated, TrailingAggregate)
    assert isinstance(joined, AsOfJoin)
    assert aggregated.measures[0].window.closed == "right"
    assert joined.include_exact


def test_delay_sequence_and_uniqueness_reach_the_plan() -> None:
    source = flights(delay="5m", sequence=["origin"], unique=True)
    plan = view(source=source, features=[MEAN]).plan(SPINE, "scheduled_at")
    assert isinstance(plan, TrailingAggregate)
    assert plan.order == EventOrder(time="departed_at", sequence=("origin",), delay=300_000_000, unique=True)


def test_attributes_become_an_as_of_join() -> None:
    made = view(attributes=["dep_delay", (col("dep_delay") * 60).alias("seconds")], max_age="3h")
    plan = made.plan(SPINE, "scheduled_at")
    assert isinstance(plan, AsOfJoin)
    assert plan.columns == (
        AsOfColumn(column="dep_delay", name="dep_delay"),
        AsOfColumn(column="seconds", name="seconds"),
    )
    assert plan.max_age == parse_duration("3h")
    assert not plan.include_exact
    assert str(made.schema) == "dep_delay: int64, seconds: int64"


def test_attributes_can_be_renamed_and_take_the_name_of_a_column_that_is_read() -> None:
    made = view(attributes={"delay": "dep_delay", "dep_delay": col("dep_delay") + 1})
    plan = made.plan(SPINE, "scheduled_at")
    assert isinstance(plan, AsOfJoin)
    assert [(one.column, one.name) for one in plan.columns] == [("dep_delay", "delay"), ("dep_delay_", "dep_delay")]


def test_features_can_be_named_in_a_mapping() -> None:
    assert view(features={"lateness": of.mean("dep_delay").over("1d", "7d")}).feature_names == (
        "lateness_1d",
        "lateness_7d",
    )


def test_a_transform_of_expressions_comes_before_the_features() -> None:
    made = view(
        transform=lambda t: t.filter(~col("cancelled")).with_columns(late=col("dep_delay") > 15),
        features=[of.count(where="late").over("7d")],
    )
    assert isinstance(made.events, Project)
    assert isinstance(made.events.input, Filter)
    assert made.feature_names == ("late_count_7d",)


def test_a_python_transform_becomes_map_batches() -> None:
    @of.transform(schema={"carrier": "string", "departed_at": "timestamp[us, UTC]", "minutes": "float64"})
    def minutes(batch: pa.Table) -> pa.Table:
        return batch

    made = view(transform=minutes, features=[of.mean("minutes").over("7d")])
    assert isinstance(made.events, MapBatches)
    assert made.events.function.name.endswith("minutes")
    assert made.events.format == "arrow"


def test_sql_over_the_source_becomes_native_sql_that_names_the_source() -> None:
    text = "select carrier, departed_at, dep_delay / 60 as hours from flights"
    schema = {"carrier": "string", "departed_at": "timestamp[us, UTC]", "hours": "float64"}
    made = view(transform=of.native_sql(text, schema=schema), features=[of.mean("hours").over("7d")])
    assert isinstance(made.events, NativeSql)
    assert made.events.relations[0].name == "flights"
    assert made.events.dialect == "duckdb"
    warehouse = view(
        transform=of.native_sql(text, schema=schema, dialect="snowflake"), features=[of.mean("hours").over("7d")]
    )
    assert isinstance(warehouse.events, NativeSql)
    assert warehouse.events.dialect == "snowflake"


def test_a_time_that_the_transform_makes_replaces_the_source_s_and_its_uniqueness() -> None:
    made = view(
        source=flights(unique=True, delay="1m"),
        transform=lambda t: t.with_columns(known_at=col("departed_at").dt.offset_by("1h")),
        time="known_at",
        features=[MEAN],
    )
    assert made.order == EventOrder(time="known_at", delay=60_000_000)


def test_a_lazy_table_can_be_the_source() -> None:
    rows = of.table(flights()).filter(~col("cancelled"))
    assert view(source=rows, time="departed_at", features=[MEAN]).order == EventOrder(time="departed_at")


def test_static_attributes_are_known_before_every_spine_and_once_per_key() -> None:
    planes = ArrowSource("planes", {"carrier": ["UA"], "seats": [150]})
    plan = view(source=planes, static=True, attributes=["seats"]).plan(SPINE, "scheduled_at")
    assert isinstance(plan, AsOfJoin)
    assert plan.order.unique
    assert plan.events.output[plan.order.time].dtype == SPINE.output["scheduled_at"].dtype


def test_all_columns_but_the_keys_and_the_time_are_attributes() -> None:
    """A table that holds features already is a view in one line."""
    names = view(source=flights(), attributes="*").feature_names
    assert set(names) == set(flights().schema.names) - {"carrier", "departed_at"}
    planes = ArrowSource("planes", {"carrier": ["UA"], "seats": [150], "built": [1999]})
    assert view(source=planes, static=True, attributes="*").feature_names == ("seats", "built")
    with pytest.raises(DefinitionError, match="has no attributes"):
        view(source=ArrowSource("planes", {"carrier": ["UA"]}), static=True, attributes="*")


def test_the_view_carries_the_data_in_memory_that_it_reads() -> None:
    source = flights()
    assert view(source=source, features=[MEAN]).bindings == {"flights": source.table}


def test_views_over_the_same_rows_have_one_fingerprint() -> None:
    source = flights()
    first = view(source=source, features=[MEAN])
    second = FeatureView("other", source=source, entity=CARRIER, features=[of.count().over("1d")])
    filtered = view(source=source, transform=lambda t: t.filter("cancelled"), features=[MEAN])
    assert first.events_fingerprint == second.events_fingerprint != filtered.events_fingerprint


def test_repr_shows_features_and_types() -> None:
    assert repr(view(features=[MEAN])) == (
        "FeatureView('carrier_delay', 1 feature of 'carrier' from 'flights')\n  dep_delay_mean_1d: float64"
    )


def test_a_feature_is_found_by_name_with_near_matches() -> None:
    made = view(features=[MEAN])
    assert str(made["dep_delay_mean_1d"].dtype) == "float64"
    with pytest.raises(DefinitionError, match=r"no feature 'dep_delay_mean_7d'\. Did you mean 'dep_delay_mean_1d'"):
        _ = made["dep_delay_mean_7d"]


# -- mistakes in the definition --------------------------------------------------------------------------------------


def test_a_missing_column() -> None:
    refused(
        r"the feature view 'carrier_delay' > feature 'dep_dealy_mean_1d' > mean: There is no column 'dep_dealy'\. "
        r"Did you mean 'dep_delay'\? The columns are:",
        PlanError,
        features=[of.mean("dep_dealy").over("1d")],
    )


def test_a_missing_attribute() -> None:
    refused(r"attribute 'orign': There is no column 'orign'\. Did you mean 'origin'", PlanError, attributes=["orign"])


def test_a_wrong_type() -> None:
    refused(r"'mean' does not take \(string\), in mean\(col\('origin'\)\)", features=[of.mean("origin").over("1d")])


def test_a_wrong_type_in_the_transform() -> None:
    refused(
        r"'carrier_delay' > transform > filter: The predicate must be true or false.*col\('dep_delay'\) is int64",
        PlanError,
        transform=lambda t: t.filter("dep_delay"),
        features=[MEAN],
    )


def test_two_features_of_one_name() -> None:
    refused(
        r"two features named 'dep_delay_mean_1d': mean\(col\('dep_delay'\)\).*\.named\(",
        features=[MEAN, of.mean("dep_delay").over("1d")],
    )


def test_different_features_whose_default_names_are_equal() -> None:
    refused(
        r"two features named 'dep_delay_last_1d'.*nulls='keep'.*\.named\(",
        features=[of.last("dep_delay").over("1d"), of.last("dep_delay", nulls="keep").over("1d")],
    )


def test_two_attributes_of_one_name() -> None:
    refused(r"two attributes named 'origin'.*\.alias", attributes=["origin", col("origin").str.lower()])


def test_a_feature_named_like_a_key() -> None:
    refused(r"'carrier' has the name of a key.*\.named", features=[of.last("origin").over("1d").named("carrier")])


def test_an_unknown_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = BackendEntry("rift", lambda: pytest.fail("imported the engine"), "onefold-rift", "")
    monkeypatch.setattr("onefold.choosing.names.installed", lambda: Registry({"rift": entry}, {}))
    refused(
        r"'carrier_delay' names the engine 'rfit'.*Did you mean 'rift'",
        ConfigurationError,
        engine="rfit",
        features=[MEAN],
    )
    refused(r"\(fallback\) names the engine 'spakr'", ConfigurationError, fallback="spakr", features=[MEAN])
    assert view(engine="rift", features=[MEAN]).engine == "rift"


def test_a_known_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onefold.choosing.names.installed", lambda: Registry({}, {}))
    refused(r'pip install "onefold\[rift\]"', ConfigurationError, engine="rift", features=[MEAN])


def test_a_key_that_is_missing() -> None:
    refused(
        r"The key 'carier' of Entity\('carier', keys=\['carier'\]\) is not a column of the feature view 'carrier_delay'\. "
        r"Did you mean 'carrier'.*rename",
        entity=Entity("carier", keys=["carier"]),
        features=[MEAN],
    )


def test_a_key_that_is_missing_after_the_transform() -> None:
    refused(r"The key 'carrier' .* after its transform\. ", transform=lambda t: t.drop("carrier"), features=[MEAN])


def test_a_key_that_is_a_list() -> None:
    source = ArrowSource("flights", {**FLIGHTS, "carrier": [["UA"], ["AA"]]}, time="departed_at")
    refused(
        r"The key 'carrier' .* is a list<string>: lists and structs can not be keys", source=source, features=[MEAN]
    )


def test_an_aggregated_view_without_a_time() -> None:
    refused(
        r"does not know when its rows happened\. Name the time column: time=",
        source=ArrowSource("flights", FLIGHTS),
        features=[MEAN],
    )


def test_a_time_that_is_missing() -> None:
    refused(r"time 'departed' of the source 'flights'.*'departed_at'", source=flights(time="departed"), features=[MEAN])


def test_a_time_that_the_transform_drops() -> None:
    refused(
        r"time 'departed_at' of the feature view 'carrier_delay' after its transform is not one of its columns",
        transform=lambda t: t.drop("departed_at"),
        features=[MEAN],
    )


def test_a_sequence_that_the_transform_drops() -> None:
    refused(
        r"sequence column 'origin'.*Keep it in the transform",
        source=flights(sequence="origin"),
        transform=lambda t: t.drop("origin"),
        features=[MEAN],
    )


def test_a_naive_time() -> None:
    naive = {**FLIGHTS, "departed_at": FLIGHTS["departed_at"].cast(pa.timestamp("us"))}
    source = ArrowSource("flights", naive, time="departed_at")
    refused(r"without a zone is naive.*leaks the future.*time_zone='UTC'", source=source, features=[MEAN])


def test_a_naive_time_that_the_transform_makes() -> None:
    refused(
        r"without a zone is naive.*say so in the transform with \.cast\('timestamp\[us, UTC\]'\)",
        transform=lambda t: t.with_columns(wall=col("departed_at").dt.local_time("America/New_York")),
        time="wall",
        features=[MEAN],
    )


def test_a_date_as_time() -> None:
    source = ArrowSource("flights", {**FLIGHTS, "day": [NOON.date()] * 2}, time="day")
    refused(
        r"must be an instant.*date32.*does not say when in the day.*FeatureView\(time=", source=source, features=[MEAN]
    )


def test_text_as_time() -> None:
    source = ArrowSource("flights", {**FLIGHTS, "text": ["2013-01-01"] * 2}, time="text")
    refused(r"must be an instant.*string.*Parse it in a transform", source=source, features=[MEAN])


def test_neither_features_nor_attributes() -> None:
    refused(r"either features=\[\.\.\.\].*or attributes=\[\.\.\.\].*has neither")


def test_both_features_and_attributes() -> None:
    refused(r"has both: make two views", features=[MEAN], attributes=["dep_delay"])


def test_no_features_at_all() -> None:
    refused(r"has no features\. Give some", features=[])


def test_a_column_among_the_features() -> None:
    refused(r"'dep_delay' is a column name.*of\.mean\('dep_delay'\).*attributes=", features=["dep_delay"])
    refused(r"value of one row.*attributes=", features=[col("dep_delay") + 1])


def test_something_else_among_the_features() -> None:
    refused(r"a feature is an aggregation.*not int \(3\)", features=[3])


def test_an_aggregation_among_the_attributes() -> None:
    refused(r"is an aggregation; attributes are columns.*features=", attributes=[of.mean("dep_delay")])


def test_a_feature_that_is_not_in_a_list_is_meant_alone() -> None:
    assert view(features=MEAN).feature_names == ("dep_delay_mean_1d",)
    assert view(attributes="dep_delay").feature_names == ("dep_delay",)


def test_max_age_of_features() -> None:
    refused(r"max_age is for attributes", features=[MEAN], max_age="1d")


def test_a_negative_max_age() -> None:
    refused(r"max_age '-1d' is negative", attributes=["dep_delay"], max_age="-1d")


def test_static_features_and_static_rows_with_a_time() -> None:
    refused(r"static is for attributes", features=[MEAN], static=True)
    refused(r"says static=True, but its rows have the time 'departed_at'", attributes=["dep_delay"], static=True)
    refused(r"max_age and include_exact mean nothing", attributes=["dep_delay"], static=True, max_age="1d")


def test_an_order_for_a_window() -> None:
    refused(r"'dep_delay_last_1d' states order_by", features=[of.last("dep_delay", order_by="origin").over("1d")])


def test_data_instead_of_a_source() -> None:
    refused(
        r"source is a source or a lazy table, not Table\..*of\.ArrowSource\('name', data",
        source=pa.table(FLIGHTS),
        features=[MEAN],
    )


def test_switches_are_true_or_false_and_not_text() -> None:
    refused(r"include_exact of .* is True or False, not 'no'", features=[MEAN], include_exact="no")
    refused(r"static of .* is True or False, not 1", attributes=["origin"], static=1)
    with pytest.raises(DefinitionError, match=r"unique of the source 'flights' is True or False"):
        flights(unique="no")


def test_a_key_instead_of_an_entity() -> None:
    refused(r"entity is an Entity, such as", entity="carrier", features=[MEAN])


def test_a_transform_that_returns_nothing() -> None:
    refused(r"returned NoneType, not a lazy table.*lambda t", transform=lambda t: None, features=[MEAN])


def test_a_python_function_that_was_not_made_a_transform() -> None:
    def over_batches(batch: Any) -> Any:
        return pa.table(FLIGHTS)

    refused(r"returned Table, not a lazy table.*of\.transform", transform=over_batches, features=[MEAN])


def test_a_transform_that_is_no_function() -> None:
    refused(r"a transform is a function of a lazy table.*not str", transform="select 1", features=[MEAN])


def test_a_source_that_does_not_exist(tmp_path: Any) -> None:
    (tmp_path / "flights.parquet").touch()
    source = of.ParquetSource("flights", tmp_path / "flihgts.parquet", time="departed_at")
    refused(r"no file .*flihgts\.parquet.*Did you mean 'flights\.parquet'", SourceError, source=source, features=[MEAN])


def test_a_view_without_a_name() -> None:
    with pytest.raises(DefinitionError, match="name of a feature view is text that is not empty"):
        FeatureView("", source=flights(), entity=CARRIER, features=[MEAN])


# -- mistakes in the spine -------------------------------------------------------------------------------------------


def test_a_spine_without_the_key() -> None:
    spine = Input(name="spine", columns=Schema.of(carier="string", t="timestamp[us, UTC]"))
    with pytest.raises(
        PlanError, match=r"no column 'carrier', which is a key of the entity 'carrier'\. Did you mean 'carier'"
    ):
        view(features=[MEAN]).plan(spine, "t")


def test_a_spine_whose_key_has_another_type() -> None:
    spine = Input(name="spine", columns=Schema.of(carrier="int64", t="timestamp[us, UTC]"))
    with pytest.raises(PlanError, match=r"is int64 in the spine and string in the events.*cast\('string'\)"):
        view(features=[MEAN]).plan(spine, "t")


def test_a_spine_without_the_time() -> None:
    with pytest.raises(PlanError, match=r"no time column 'scheduled'.*Did you mean 'scheduled_at'"):
        view(features=[MEAN]).plan(SPINE, "scheduled")


def test_a_spine_that_has_a_column_of_the_name_of_a_feature() -> None:
    spine = Input(
        name="spine", columns=Schema.of(carrier="string", t="timestamp[us, UTC]", dep_delay_mean_1d="float64")
    )
    with pytest.raises(PlanError, match=r"already has a column 'dep_delay_mean_1d'"):
        view(features=[MEAN]).plan(spine, "t")


# -- entities and services -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [[], "", [""], [1], None])
def test_an_entity_needs_keys(keys: Any) -> None:
    with pytest.raises(DefinitionError, match=r"needs the names of its key columns"):
        Entity("user", keys=keys)


def test_an_entity_does_not_name_a_key_twice() -> None:
    with pytest.raises(DefinitionError, match=r"names the key 'a' twice"):
        Entity("user", keys=["a", "a"])


def test_a_service_holds_views_once_and_in_order() -> None:
    first = view(features=[MEAN])
    second = FeatureView("other", source=flights(), entity=CARRIER, features=[of.count().over("1d")])
    inner = FeatureService("inner", [second, first])
    service = FeatureService("model", [first, inner], owner="me", tags={"team": "a"})
    assert service.views == (first, second)
    assert service.feature_names == ("dep_delay_mean_1d", "count_1d")


@pytest.mark.parametrize(
    ("views", "message"),
    [
        ([], "needs at least one feature view"),
        (["carrier_delay"], "made of feature views, not str"),
        ([view(features=[MEAN]), view(features=[MEAN])], "two different views named 'carrier_delay'"),
    ],
    ids=["none", "text", "same name"],
)
def test_what_a_service_refuses(views: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        FeatureService("model", views)


def test_a_transform_gets_a_lazy_table() -> None:
    seen = []

    def remember(rows: Table) -> Table:
        seen.append(rows.columns)
        return rows

    view(transform=remember, features=[MEAN])
    assert seen == [tuple(FLIGHTS)]
