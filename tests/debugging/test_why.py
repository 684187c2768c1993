"""``TrainingSet.why``: the value, the window, the events that entered, and those that did not and why."""

from __future__ import annotations

import datetime as dt
import math
import random
import xml.etree.ElementTree as ET
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.execution.cluster import Cluster, cluster

import onefold as of
from onefold import col
from onefold.plan import Table
from onefold.types import Schema

__all__ = ["cluster"]

MICROSECOND, MINUTE, HOUR = dt.timedelta(microseconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
NOON = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
USER = of.Entity("user", keys=["user"])
DELAY = 10 * MINUTE


def drawn_events(rows: int = 240, seed: int = 5) -> pa.Table:
    """Events on and around the bounds of windows, with ties, nulls and keys that match nothing."""
    draw = random.Random(seed)
    steps = [-DELAY, MICROSECOND - DELAY, -MICROSECOND - DELAY, 7 * MINUTE]
    return pa.table(
        {
            "user": [draw.choice(["ann", "bob", None]) for _ in range(rows)],
            "at": pa.array(
                [
                    draw.choice([None, *(NOON + draw.randrange(-6, 5) * HOUR + draw.choice(steps) for _ in range(20))])
                    for _ in range(rows)
                ],
                pa.timestamp("us", "UTC"),
            ),
            "amount": [draw.choice([None, 0.1, 2.5, -3.0, 1e16]) for _ in range(rows)],
            "late": [draw.choice([None, True, True, False]) for _ in range(rows)],
            "shop": [draw.choice([None, "x", "y"]) for _ in range(rows)],
            "nr": pa.array(range(rows)),
        }
    )


EVENTS = drawn_events()
SPINE: dict[str, list[Any]] = {
    "user": ["ann", "bob", "ann", "zoe", None, "bob"],
    "t": [NOON, NOON + MICROSECOND, NOON + 2 * HOUR, NOON, NOON, None],
    "label": [1, 2, 3, 4, 5, 6],
}


def training_set(feature: Any, engine: str = "rift", **options: Any) -> of.TrainingSet:
    source = of.ArrowSource("orders", EVENTS, time="at", sequence="nr", delay=DELAY)
    view = of.FeatureView("spend", source=source, entity=USER, features=[feature.named("it")], **options)
    return of.training_set(SPINE, [view], time="t", engine=engine)


def members(
    user: str | None,
    at: dt.datetime | None,
    *,
    size: dt.timedelta | None,
    offset: dt.timedelta = 0 * HOUR,
    every: dt.timedelta | None = None,
    last_rows: int | None = None,
    exact: bool = False,
) -> list[dict[str, Any]]:
    """Return the events in a window, by the words of docs/explanation/time.md."""
    if user is None or at is None:
        return []
    end = at
    if every is not None:
        midnight = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        end = midnight + (at - midnight) // every * every
    end -= offset
    found = []
    for event in EVENTS.to_pylist():
        if event["user"] != user or event["at"] is None:
            continue
        known = event["at"] + DELAY
        if exact:
            inside = known <= end and (size is None or known > end - size)
        else:
            inside = known < end and (size is None or known >= end - size)
        if inside:
            found.append(event)
    found.sort(key=lambda event: (event["at"], event["nr"]))
    return found if last_rows is None else found[-last_rows:]


WINDOWS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "plain": ({"size": 2 * HOUR}, {"windows": "2h"}, {}),
    "lifetime": ({"size": None}, {"windows": of.lifetime}, {}),
    "exact": ({"size": 2 * HOUR, "exact": True}, {"windows": "2h"}, {"include_exact": True}),
    "offset": ({"size": 2 * HOUR, "offset": 1 * HOUR}, {"windows": "2h", "offset": "1h"}, {}),
    "grid": ({"size": 3 * HOUR, "every": 4 * HOUR}, {"windows": "3h", "every": "4h"}, {}),
    "rows": ({"size": 4 * HOUR, "last_rows": 3}, {"windows": "4h", "last_rows": 3}, {}),
}


@pytest.mark.parametrize("engine", ["rift", "sqlite", "polars"])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_events_that_entered_are_those_of_the_window_and_give_the_value(window: str, engine: str) -> None:
    rule, over, options = WINDOWS[window]
    over = dict(over)
    feature = of.sum("amount", where="late").over(over.pop("windows"), **over)
    train = training_set(feature, engine, **options)
    values = train.to_arrow()["it"].to_pylist()
    for row, (user, at) in enumerate(zip(SPINE["user"], SPINE["t"], strict=True)):
        why = train.why(row=row, feature="it", events=None, columns=["nr"])
        inside = members(user, at, **rule)
        expected = [event for event in inside if event["late"] is True and event["amount"] is not None]
        assert why.entered["nr"].to_pylist() == [event["nr"] for event in expected] if expected else why.count == 0
        assert why.count == len(expected)
        total = sum((Fraction(event["amount"]) for event in expected), Fraction(0))
        assert why.value == (float(total) if expected else None)
        assert why.value == values[row]
        assert why.engine == engine


def test_every_event_near_the_window_is_listed_once_and_says_why() -> None:
    train = training_set(of.mean("amount", where="late").over("2h"))
    why = train.why(row=0, feature="it", events=None, around="100d")
    inside = members("ann", NOON, size=2 * HOUR)
    reasons = {row["nr"]: row["why"] for row in why.outside.to_pylist()}
    entered = set(why.entered["nr"].to_pylist())
    mine = [event for event in EVENTS.to_pylist() if event["user"] == "ann" and event["at"] is not None]
    assert entered.isdisjoint(reasons)
    assert entered | set(reasons) == {event["nr"] for event in mine}
    for event in mine:
        known, reason = event["at"] + DELAY, reasons.get(event["nr"])
        if event["nr"] in entered:
            assert event in inside
        elif event in inside:
            assert reason == ("filtered by where= (false or null)" if not event["late"] else "null value: skipped")
        elif known < NOON:
            assert reason == f"older than the window by {span(NOON - 2 * HOUR - known)}"
        elif event["at"] < NOON and known == NOON:
            assert reason == "became known at exactly the row's time (time + delay): as of T means strictly before T"
        elif event["at"] < NOON:
            assert reason == f"became known {span(known - NOON)} after the row's time, because of delay='10m'"
        else:
            assert reason == f"{span(known - NOON)} after the row's time"
    assert sum(why.counts.values()) == len(reasons)
    timeless = sum(event["user"] == "ann" and event["at"] is None for event in EVENTS.to_pylist())
    assert f"Events of this key without a time, which match nothing: {timeless}." in why.notes


def span(length: dt.timedelta) -> str:
    """Return a length as people write it; days, hours, minutes, seconds, those that are zero left out."""
    seconds = length.seconds % 60 + length.microseconds / 1e6
    parts = [(length.days, "d"), (length.seconds // 3600, "h"), (length.seconds // 60 % 60, "m")]
    texts = [f"{number}{unit}" for number, unit in parts if number]
    return " ".join([*texts, *([f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"] if seconds else [])])


@pytest.mark.parametrize(
    ("options", "moment", "reason"),
    [
        ({}, NOON, "at exactly the row's time: as of T means strictly before T"),
        ({}, NOON + MICROSECOND, "0.000001s after the row's time"),
        ({}, NOON - 2 * HOUR - MICROSECOND, "older than the window by 0.000001s"),
        (
            {"exact": True},
            NOON - 2 * HOUR,
            "at exactly the window's start, which is open (include_exact moves both ends)",
        ),
        ({"exact": True}, NOON + 3 * HOUR / 2, "1h 30m after the row's time"),
        (
            {"offset": "1h"},
            NOON - HOUR,
            "at exactly the window's end, which is open; the end is the row's time less offset='1h'",
        ),
        ({"offset": "1h"}, NOON, "1h after the window's end, which is the row's time less offset='1h'"),
        ({"offset": "1h"}, NOON - HOUR / 2, "30m after the window's end, which is the row's time less offset='1h'"),
        (
            {"every": "1d"},
            NOON - HOUR,
            "11h after the window's end, which is the row's time aligned down to every='1d'",
        ),
    ],
)
def test_an_event_on_a_bound_says_which_rule_keeps_it_out(
    options: dict[str, Any], moment: dt.datetime, reason: str
) -> None:
    over = {name: value for name, value in options.items() if name != "exact"}
    exact = "exact" in options
    source = of.ArrowSource("orders", {"user": ["ann"], "at": [moment], "amount": [1.0]}, time="at")
    feature = of.sum("amount").over("2h", **over).named("it")
    view = of.FeatureView("spend", source=source, entity=USER, features=[feature], include_exact=exact)
    why = of.training_set({"user": ["ann"], "t": [NOON]}, [view], time="t").why(row=0, feature="it", around="1d")
    assert (why.value, why.count) == (None, 0)
    assert why.outside["why"].to_pylist() == [reason]


def test_rows_beyond_the_last_ones_are_counted_before_where_and_nulls() -> None:
    train = training_set(of.collect("amount", where="late").over("4h", last_rows=4))
    why = train.why(row=0, feature="it", events=None)
    window = members("ann", NOON, size=4 * HOUR)
    reasons = {row["nr"]: row["why"] for row in why.outside.to_pylist()}
    beyond = [event["nr"] for event in window[:-4]]
    assert len(beyond) > 3
    told = "not one of the last 4 rows of the window (counted before all else)"
    assert [number for number, reason in sorted(reasons.items()) if reason == told] == sorted(beyond)
    expected = [event["amount"] for event in window[-4:] if event["late"] and event["amount"] is not None]
    assert why.entered["amount"].to_pylist() == expected
    assert why.value == (expected or None)


def test_a_secondary_key_that_is_null_leaves_an_event_out() -> None:
    why = training_set(of.count(by="shop").over("2h")).why(row=0, feature="it", events=None)
    window = members("ann", NOON, size=2 * HOUR)
    expected = {shop: sum(event["shop"] == shop for event in window) for shop in ("x", "y")}
    assert why.value == [{"key": shop, "value": count} for shop, count in expected.items() if count]
    assert why.entered["shop"].to_pylist() == [event["shop"] for event in window if event["shop"] is not None]
    assert "the secondary key of by= is null" in why.outside["why"].to_pylist()


def test_two_arguments_and_kept_nulls() -> None:
    both = training_set(of.covar("amount", "nr").over("2h")).why(row=0, feature="it", events=None)
    window = members("ann", NOON, size=2 * HOUR)
    assert both.entered["nr"].to_pylist() == [event["nr"] for event in window if event["amount"] is not None]
    kept = training_set(of.collect("amount", nulls="keep").over("2h")).why(row=0, feature="it", events=None)
    assert kept.value == kept.entered["amount"].to_pylist() == [event["amount"] for event in window]


def test_computed_arguments_are_shown_beside_what_they_are_computed_from() -> None:
    why = training_set(of.sum(col("amount") * 2).over("2h")).why(row=0, feature="it", events=None)
    assert why.entered.schema.names == ["at", "known_at", "nr", "amount", "(amount * 2.0)"]
    assert why.value == math.fsum(why.entered["(amount * 2.0)"].to_pylist())
    assert why.entered["known_at"].to_pylist() == [moment + DELAY for moment in why.entered["at"].to_pylist()]


def test_of_many_events_the_first_and_the_last_are_shown_and_the_rest_counted() -> None:
    train = training_set(of.count().over(of.lifetime))
    everything = train.why(row=2, feature="it", events=None)
    few = train.why(row=2, feature="it", events=5)
    numbers = everything.entered["nr"].to_pylist()
    assert few.entered["nr"].to_pylist() == numbers[:2] + numbers[-3:]
    assert (few.count, few.left_out) == (len(numbers), len(numbers) - 5)
    assert everything.left_out == 0
    assert few.value == everything.value == len(numbers)
    nearest = everything.outside["nr"].to_pylist()
    assert few.outside["nr"].to_pylist() == nearest[:2]
    lines = str(few).splitlines()
    head = lines.index(f"{few.count} events entered: {few.left_out} between the first and the last ones are not shown")
    assert lines[head + 4] == "  …"
    assert f"Just outside: {few.counts['after its end']} after its end, as far as 1d after it" in lines


def latest(engine: str = "rift", **options: Any) -> of.TrainingSet:
    source = of.ArrowSource("orders", EVENTS, time="at", sequence=["shop"], delay=DELAY)
    view = of.FeatureView("latest", source=source, entity=USER, attributes=["amount", "nr"], **options)
    return of.training_set(SPINE, [view], time="t", engine=engine)


@pytest.mark.parametrize("engine", ["rift", "sqlite"])
@pytest.mark.parametrize("max_age", [None, "1h", "1s"])
@pytest.mark.parametrize("exact", [False, True])
def test_the_row_that_attributes_are_taken_from(max_age: str | None, exact: bool, engine: str) -> None:
    train = latest(engine, max_age=max_age, include_exact=exact)
    table = train.to_arrow()
    ages = {"1h": HOUR, "1s": dt.timedelta(seconds=1)}
    for row, (user, at) in enumerate(zip(SPINE["user"], SPINE["t"], strict=True)):
        for feature in ("amount", "nr"):
            why = train.why(row=row, feature=feature, events=None, columns=["nr"])
            known = members(user, at, size=None, exact=exact)
            best = max(
                known,
                key=lambda event: (
                    event["at"],
                    event["shop"] or "",
                    (event["amount"] is not None, event["amount"] or 0.0),
                    event["nr"],
                ),
                default=None,
            )
            if best is not None and max_age is not None and at is not None:
                best = None if at - best["at"] - DELAY > ages[max_age] else best
            assert why.value == table[feature][row].as_py() == (None if best is None else best[feature])
            assert why.count == (best is not None)
            if best is not None:
                assert why.entered["nr"].to_pylist() == [best["nr"]]


def test_rows_that_are_not_taken_say_why() -> None:
    at = [NOON - 2 * HOUR, NOON - HOUR, NOON - HOUR, NOON, NOON + HOUR]
    source = of.ArrowSource("orders", {"user": ["ann"] * 5, "at": at, "amount": [1, 2, 3, 4, 5]}, time="at")
    spine = {"user": ["ann"], "t": [NOON]}

    def why(**options: Any) -> Any:
        view = of.FeatureView("latest", source=source, entity=USER, attributes=["amount"], **options)
        return of.training_set(spine, [view], time="t").why(row=0, feature="amount")

    assert why().entered["amount"].to_pylist() == [3]
    assert why().outside.select(["amount", "why"]).to_pylist() == [
        {"amount": 1, "why": "older than the row taken by 1h"},
        {
            "amount": 2,
            "why": "the same time as the row taken, which is greater by its sequence or else by its attributes",
        },
        {"amount": 4, "why": "at exactly the row's time: as of T means strictly before T"},
        {"amount": 5, "why": "1h after the row's time"},
    ]
    aged = why(max_age="59m")
    assert (aged.value, aged.count) == (None, 0)
    assert aged.outside["why"].to_pylist()[:2] == ["older than max_age='59m' by 1m"] * 2


def test_static_rows_have_no_window() -> None:
    shops = of.ArrowSource("shops", {"user": ["ann", "bob"], "city": ["Bern", "Oslo"]})
    view = of.FeatureView("home", source=shops, entity=USER, attributes=["city"], static=True)
    why = of.training_set({"user": ["bob"], "t": [NOON]}, [view], time="t").why(row=0, feature="city")
    assert (why.value, why.window, why.entered.to_pylist()) == ("Oslo", None, [{"city": "Oslo"}])
    assert "window" not in str(why)


@pytest.mark.parametrize("row", [4, 5])
def test_a_row_without_key_or_time_gets_what_an_empty_window_gives(row: int) -> None:
    why = training_set(of.count().over("2h")).why(row=row, feature="it")
    assert (why.value, why.count, why.window, why.outside.num_rows) == (0, 0, None, 0)
    assert why.notes[0] == "A spine row with a null key or a null time gets what an empty window gives."


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1.5, math.nan], pa.float64()),
        ([b"a", b"b"], pa.binary()),
        ([dt.date(2025, 1, 1), dt.date(2025, 1, 2)], pa.date32()),
        ([True, False], pa.bool_()),
        ([2**62, -5], pa.int64()),
        ([Decimal("-1.50"), Decimal("1E+3")], pa.decimal128(10, 2)),
        ([NOON, NOON + MICROSECOND], pa.timestamp("us", "UTC")),
    ],
    ids=str,
)
def test_keys_of_every_kind(values: list[Any], kind: pa.DataType) -> None:
    keys = pa.array([*values, None], kind)
    source = of.ArrowSource("orders", {"k": keys, "at": [NOON - HOUR] * 3, "nr": [1, 2, 3]}, time="at")
    view = of.FeatureView("v", source=source, entity=of.Entity("k", keys=["k"]), features=[of.sum("nr").over("2h")])
    train = of.training_set({"k": keys, "t": [NOON] * 3}, [view], time="t")
    assert [train.why(row=row, feature="nr_sum_2h").value for row in range(3)] == [1, 2, None]
    assert [train.why(row=row, feature="nr_sum_2h").count for row in range(3)] == [1, 1, 0]


def test_only_the_key_and_the_time_around_the_window_are_read(tmp_path: Path) -> None:
    pq.write_table(EVENTS, tmp_path / "orders.parquet")
    pq.write_table(pa.table(SPINE), tmp_path / "spine.parquet")
    source = of.ParquetSource("orders", str(tmp_path / "orders.parquet"), time="at", sequence="nr", delay=DELAY)
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.sum("amount").over("2h").named("it")])
    train = of.training_set(str(tmp_path / "spine.parquet"), [view], time="t")
    why = train.why(row=2, feature="it", around="30m", events=None)
    window = [
        event["amount"] for event in members("ann", NOON + 2 * HOUR, size=2 * HOUR) if event["amount"] is not None
    ]
    assert why.entered["amount"].to_pylist() == window
    assert why.reading is not None
    for explanation, columns, times in (
        (why.reading, "at, amount, nr (3 of 6)", "2025-03-01 11:20:00Z <= at < 2025-03-01 14:20:00.000001Z"),
        (why.explanation, "user, at, amount, nr (4 of 6)", "2025-03-01 11:50:00Z <= at < 2025-03-01 13:50:00Z"),
    ):
        _, scan = str(explanation).split("Scan orders")
        assert f"time range: {times}" in scan
        assert "predicate: (user = 'ann')" in scan
        assert f"columns: {columns}" in scan
    with pytest.raises(of.DefinitionError, match=r"There is no row 6\. The spine has 6 rows, 0 to 5\."):
        train.why(row=6, feature="it")


def test_a_transform_runs_first_and_is_said() -> None:
    train = training_set(of.sum("double").over("2h"), transform=lambda t: t.with_columns(double=col("amount") * 2))
    why = train.why(row=0, feature="it", events=None)
    assert math.fsum(why.entered["double"].to_pylist()) == why.value
    assert "The events are shown as the view sees them: after its transform." in why.notes


def test_a_python_transform_runs_first_too() -> None:
    @of.transform(schema={"user": "string", "at": "timestamp[us, UTC]", "nr": "int64"})
    def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.select(["user", "at", "nr"]).slice(0, batch.num_rows // 2)

    train = training_set(of.count().over("4h"), transform=kept)
    why = train.why(row=0, feature="it", events=None)
    half = set(range(EVENTS.num_rows // 2))
    expected = [event["nr"] for event in members("ann", NOON, size=4 * HOUR) if event["nr"] in half]
    assert why.value == len(expected)
    assert why.entered["nr"].to_pylist() == expected


def test_columns_may_be_called_like_those_that_are_added() -> None:
    data = {"user": ["ann", "ann"], "at": [NOON - HOUR, NOON], "known_at": [7, 8], "why": ["a", "b"], "c0": [1, 2]}
    source = of.ArrowSource("orders", data, time="at", delay="1m")
    views = [
        of.FeatureView("v", source=source, entity=USER, features=[of.sum("c0").over("2h").named("it")]),
        of.FeatureView("w", source=source, entity=USER, attributes=["known_at"]),
    ]
    train = of.training_set({"user": ["ann"], "t": [NOON]}, views, time="t")
    why = train.why(row=0, feature="it", columns=["why", "known_at"])
    moment = NOON - HOUR
    row = {"at": moment, "known_at_": moment + MINUTE, "known_at": 7, "why": "a", "c0": 1}
    assert why.entered.to_pylist() == [row]
    assert why.outside["why_"].to_pylist() == ["1m after the row's time"]
    assert train.why(row=0, feature="known_at").notes == ()


def test_a_source_may_have_any_name() -> None:
    source = of.ArrowSource("spine_row", {"user": ["ann"], "at": [NOON - HOUR]}, time="at")
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.count().over("2h")])
    assert of.training_set(SPINE, [view], time="t").why(row=0, feature="count_2h").value == 1


def test_full_names_and_engines_per_view() -> None:
    source = of.ArrowSource("orders", EVENTS, time="at", sequence="nr", delay=DELAY)
    views = [
        of.FeatureView(name, source=source, entity=USER, features=[of.count().over("2h").named("it")])
        for name in ("one", "two")
    ]
    train = of.training_set(SPINE, views, time="t", full_feature_names=True, engines={"two": "sqlite"})
    table = train.to_arrow()
    for feature, engine in (("one__it", "rift"), ("two__it", "sqlite")):
        why = train.why(row=0, feature=feature)
        assert (why.value, why.engine) == (table[feature][0].as_py(), engine)
        assert {report.stage.engine for report in why.explanation.stages} == {engine}


def test_a_feature_that_falls_back_says_where_it_is_computed_and_why() -> None:
    train = training_set(of.collect("amount").over("2h"), "sqlite")
    with pytest.warns(of.FallbackWarning, match=r"'sqlite' does not offer type\.list"):
        why = train.why(row=0, feature="it")
    assert (why.engine, why.reason) == ("rift", "sqlite does not offer type.list")


def test_events_that_only_lists_tell_apart_are_not_passed_off_as_the_one_taken() -> None:
    lists = pa.array([[1], [3], [2]], pa.list_(pa.int64()))
    source = of.ArrowSource("orders", {"user": ["ann"] * 3, "at": [NOON - HOUR] * 3, "tags": lists}, time="at")
    view = of.FeatureView("latest", source=source, entity=USER, attributes=["tags"])
    why = of.training_set({"user": ["ann"], "t": [NOON]}, [view], time="t").why(row=0, feature="tags")
    assert why.value == [3]
    said = any("The value is not that of the event shown" in note for note in why.notes)
    assert said != (why.entered["tags"].to_pylist() == [[3]])


class AtHome(of.ParquetSource):
    """A table that lives in the cluster."""

    def _table(self, schema: Schema) -> Table:
        return super()._table(schema).model_copy(update={"home": "cluster"})


def test_of_a_table_that_lives_in_an_engine_only_the_events_of_the_key_leave_it(
    cluster: Cluster, tmp_path: Path
) -> None:
    pq.write_table(EVENTS, tmp_path / "orders.parquet")
    source = AtHome("orders", str(tmp_path / "orders.parquet"), time="at", sequence="nr", delay=DELAY)
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.sum("amount").over("2h").named("it")])
    why = of.training_set(SPINE, [view], time="t").why(row=0, feature="it", events=None, around="1us")
    assert why.value == training_set(of.sum("amount").over("2h")).to_arrow()["it"][0].as_py()
    assert why.reading is not None
    home, here = why.reading.stages
    assert (home.stage.engine, here.stage.engine) == ("cluster", "rift")
    assert home.traffic is not None
    near = [
        event
        for event in EVENTS.to_pylist()
        if event["user"] == "ann"
        and event["at"] is not None
        and NOON - 2 * HOUR - MICROSECOND <= event["at"] + DELAY <= NOON + MICROSECOND
    ]
    assert home.traffic.rows == why.count + sum(why.counts.values()) == len(near)


def test_a_computed_spine_says_that_its_rows_have_no_order() -> None:
    source = of.ArrowSource("orders", EVENTS, time="at", sequence="nr", delay=DELAY)
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.count().over("2h").named("it")])
    spine = of.table(SPINE, name="labels").distinct()
    told = [
        any("have no order unless it is sorted" in note for note in train.why(row=0, feature="it").notes)
        for train in (
            of.training_set(spine, [view], time="t"),
            of.training_set(spine.sort("label"), [view], time="t"),
            of.training_set(of.table(SPINE, name="labels").filter(col("label") > 1), [view], time="t"),
        )
    ]
    assert told == [True, False, False]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"row": 6, "feature": "it"}, r"There is no row 6\. The spine has 6 rows, 0 to 5\."),
        ({"row": -1, "feature": "it"}, "row=-1: rows of the spine are counted from 0"),
        ({"row": "a", "feature": "it"}, "row is the position of a row of the spine, from 0, not 'a'"),
        ({"row": 0, "feature": "itt"}, "The training set has no feature 'itt'. Did you mean 'it'?"),
        (
            {"row": 0, "feature": "label"},
            "'label' is a column of the spine: it comes out as it is. The features are: 'it'",
        ),
        ({"row": 0, "feature": "it", "columns": ["shopp"]}, "columns= names 'shopp', which .* Did you mean 'shop'"),
        ({"row": 0, "feature": "it", "events": 0}, "events=0: give how many events are shown"),
        ({"row": 0, "feature": "it", "around": "soon"}, "'soon' is not a length of time \\(around\\)"),
    ],
)
def test_questions_that_make_no_sense(question: dict[str, Any], message: str) -> None:
    with pytest.raises(of.DefinitionError, match=message):
        training_set(of.count().over("2h")).why(**question)


def test_what_a_notebook_shows_is_well_formed_and_holds_no_script() -> None:
    source = of.ArrowSource("<orders>", EVENTS.set_column(4, "shop", [["<script>"] * 240]), time="at", sequence="nr")
    view = of.FeatureView("spend", source=source, entity=USER, features=[of.last("shop").over("2h").named("it")])
    why = of.training_set(SPINE, [view], time="t").why(row=0, feature="it", events=3)
    page = why.to_html()
    root = ET.fromstring(page.removeprefix("<!DOCTYPE html>"))
    assert "<script" not in page
    assert why.value == "<script>"
    text = "".join(root.itertext())
    assert "events entered" in text
    assert "SELECT" in text
    assert "SELECT" not in str(why)
    assert "native query (stage 0 on rift" in str(
        of.training_set(SPINE, [view], time="t").why(row=0, feature="it", queries=True)
    )
