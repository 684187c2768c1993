"""No feature of the demo knows the future: each is recomputed by brute force from the raw rows, in plain Python."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.demo.by_hand import DAY, FEATURES, HOUR, Ledger
from tests.demo.conftest import DemoRun
from tests.demo.raw_events import Raw, Row, raw


@dataclass(frozen=True)
class Check:
    """The training set beside the raw flights."""

    training: pa.Table
    spine: pa.Table
    flights: Raw
    ledger: Ledger
    numbers: dict[tuple[Any, ...], int]

    def number(self, row: Row) -> int:
        """The number of a flight's row in the training set."""
        return self.numbers[row["due"], row["carrier"], row["flight"], row["origin"], row["dest"]]

    def differences(self, rows: list[Row], *, include_now: bool = False) -> Iterator[tuple[str, Row, Any, Any]]:
        """Every value of the training set that is not the one computed by hand."""
        chosen = self.training.take([self.number(row) for row in rows]).to_pylist()
        for row, got in zip(rows, chosen, strict=True):
            for name, expected in self.ledger.compute(row, row["due"], include_now=include_now).items():
                if not same(got[name], expected, FEATURES[name].close):
                    yield name, row, got[name], expected

    def with_event(self, source: str, keys: tuple[str, ...], *, ago: int, most: int) -> list[Row]:
        """Flights of whose key an event became known exactly so many minutes before they are due."""
        known = known_at(source, keys)
        matching = (row for row in shuffled() if (row["due"] - ago, *(row[key] for key in keys)) in known)
        return list(islice(matching, most))


@cache
def known_at(source: str, keys: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """At which minutes an event of which key became known."""
    return {(event["known"], *(event[key] for key in keys)) for event in raw().events[source]}


@cache
def shuffled() -> list[Row]:
    return random.Random(7).sample(raw().flights, len(raw().flights))


@pytest.fixture(scope="module")
def check(demo_run: DemoRun) -> Check:
    training = pq.read_table(demo_run.folder / "training")
    columns = [training[name].to_pylist() for name in ("scheduled_at", "carrier", "flight", "origin", "dest")]
    numbers = {
        (int(at.timestamp()) // 60, *rest): number for number, (at, *rest) in enumerate(zip(*columns, strict=True))
    }
    spine = pq.read_table(demo_run.folder / "data" / "spine.parquet")
    return Check(training, spine, raw(), Ledger(raw()), numbers)


def same(got: Any, expected: Any, close: float | None) -> bool:
    if got is None or expected is None or close is None:
        return bool(got == expected and type(got) is type(expected))
    return math.isclose(got, expected, rel_tol=close, abs_tol=close)


def test_the_training_set_has_every_flight_once_and_in_the_order_of_the_spine(check: Check) -> None:
    same_rows = check.training.select(check.spine.column_names).equals(check.spine)
    assert same_rows
    assert (len(check.training), len(check.numbers), len(check.flights.flights)) == (336_776,) * 3


def test_every_feature_is_checked(check: Check) -> None:
    assert set(check.training.column_names) - set(check.spine.column_names) == set(FEATURES)
    assert len(FEATURES) >= 40


def test_the_label_is_lateness_of_more_than_half_an_hour(check: Check) -> None:
    late = check.training["late"].to_pylist()
    for row in check.flights.flights:
        assert late[check.number(row)] is (None if row["arr_delay"] is None else row["arr_delay"] > 30)


def test_200_random_flights(check: Check) -> None:
    rows = random.Random(2013).sample(check.flights.flights, 200)
    assert list(check.differences(rows)) == []


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("departures", ("origin",)),
        ("departures", ("carrier",)),
        ("departures", ("tailnum",)),
        ("arrivals", ("carrier",)),
        ("arrivals", ("origin", "dest")),
        ("arrivals", ("tailnum",)),
        ("schedule", ("origin",)),
        ("weather", ("origin",)),
    ],
    ids=str,
)
def test_an_event_with_exactly_the_time_of_the_flight_is_not_known(
    source: str, keys: tuple[str, ...], check: Check
) -> None:
    rows = check.with_event(source, keys, ago=0, most=8)
    assert rows, "the data has no such flight, so this shows nothing"
    assert list(check.differences(rows)) == []
    leaking = {name for name, *_ in check.differences(rows, include_now=True)}
    assert leaking & {name for name, feature in FEATURES.items() if (feature.source, feature.keys) == (source, keys)}


@pytest.mark.parametrize(
    ("source", "keys", "ago"),
    [
        ("departures", ("origin",), HOUR),
        ("departures", ("carrier",), DAY),
        ("departures", ("tailnum",), DAY),
        ("arrivals", ("origin", "dest"), 30 * DAY),
        ("arrivals", ("tailnum",), 7 * DAY),
        ("schedule", ("origin",), 7 * DAY),
        ("weather", ("origin",), 6 * HOUR),
        ("weather", ("origin",), 3 * HOUR),
    ],
    ids=str,
)
def test_an_event_exactly_at_the_start_of_a_window_counts(
    source: str, keys: tuple[str, ...], ago: int, check: Check
) -> None:
    rows = check.with_event(source, keys, ago=ago, most=5)
    assert rows, "the data has no such flight, so this shows nothing"
    assert list(check.differences(rows)) == []


def test_flights_without_a_plane_and_the_first_and_last_of_the_year(check: Check) -> None:
    ordered = sorted(check.flights.flights, key=lambda row: int(row["due"]))
    nameless = [row for row in ordered if row["tailnum"] is None]
    rows = [*ordered[:5], *ordered[-5:], *nameless[:3], *nameless[-3:]]
    assert list(check.differences(rows)) == []
