"""Every feature of the demo, computed by brute force from plain rows: look at all events in the window, one by one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.demo.raw_events import Raw, Row

HOUR = 60
DAY = 24 * HOUR

Place = tuple[str, tuple[str, ...]]
"""A source, and the columns by which its events belong to something."""

Compute = Callable[[list[Row], int], Any]
"""From the events in the window, ordered as they count, and the time, to a value."""


@dataclass(frozen=True)
class ByHand:
    """How a feature is computed.

    ``close`` is None when the value must be equal to the last bit, else the tolerance.
    """

    source: str
    keys: tuple[str, ...]
    window: int | None
    compute: Compute
    close: float | None = None


def values(events: list[Row], column: str) -> list[Any]:
    return [event[column] for event in events if event[column] is not None]


def count(where: Callable[[Row], bool] | None = None) -> Compute:
    return lambda events, now: sum(1 for event in events if where is None or where(event))


def mean(column: str) -> Compute:
    def compute(events: list[Row], now: int) -> float | None:
        found = values(events, column)
        return math.fsum(found) / len(found) if found else None

    return compute


def total(column: str) -> Compute:
    def compute(events: list[Row], now: int) -> Any:
        found = values(events, column)
        if not found:
            return None
        return math.fsum(found) if isinstance(found[0], float) else sum(found)

    return compute


def std(column: str) -> Compute:
    def compute(events: list[Row], now: int) -> float | None:
        found = values(events, column)
        if len(found) < 2:
            return None
        middle = math.fsum(found) / len(found)
        return math.sqrt(math.fsum((value - middle) ** 2 for value in found) / (len(found) - 1))

    return compute


def quantile(column: str, q: float) -> Compute:
    def compute(events: list[Row], now: int) -> float | None:
        found = sorted(values(events, column))
        if not found:
            return None
        h = q * (len(found) - 1)
        low = math.floor(h)
        high = min(low + 1, len(found) - 1)
        return float(found[low] + (h - low) * (found[high] - found[low]))

    return compute


def extreme(choose: Callable[[list[Any]], Any], column: str) -> Compute:
    def compute(events: list[Row], now: int) -> Any:
        found = values(events, column)
        return choose(found) if found else None

    return compute


def distinct(column: str) -> Compute:
    return lambda events, now: len(set(values(events, column)))


def in_order(events: list[Row], column: str) -> list[Row]:
    """By time, then sequence, then the value itself."""
    present = [event for event in events if event[column] is not None]
    return sorted(present, key=lambda event: (event.get("order", (event["known"],)), event[column]))


def last(column: str) -> Compute:
    def compute(events: list[Row], now: int) -> Any:
        ordered = in_order(events, column)
        return ordered[-1][column] if ordered else None

    return compute


def last_n(column: str, n: int) -> Compute:
    def compute(events: list[Row], now: int) -> Any:
        return [event[column] for event in in_order(events, column)[-n:]] or None

    return compute


def mean_of_last_rows(column: str, n: int) -> Compute:
    return lambda events, now: mean(column)(in_order(events, column)[-n:], now)


def decayed_mean(column: str, half_life: int) -> Compute:
    def compute(events: list[Row], now: int) -> float | None:
        pairs = [(event[column], 2.0 ** (-(now - event["known"]) / half_life)) for event in events]
        if not pairs:
            return None
        return math.fsum(value * weight for value, weight in pairs) / math.fsum(weight for _, weight in pairs)

    return compute


def mean_by(column: str, by: str) -> Compute:
    def compute(events: list[Row], now: int) -> Any:
        groups = defaultdict(list)
        for event in events:
            groups[event[by]].append(event)
        return [{"key": key, "value": mean(column)(groups[key], now)} for key in sorted(groups)] or None

    return compute


def latest(column: str) -> Compute:
    """A column of the latest row, null or not."""
    return lambda events, now: max(events, key=lambda event: event["known"])[column] if events else None


def known(event: Row) -> int:
    """The minute from which on an event may be used; what has no time was always known."""
    return int(event.get("known", -1))


def delayed(event: Row) -> bool:
    return bool(event["dep_delay"] > 15)


FOR_EVER = None
CARRIER, PLANE, ROUTE, ORIGIN, FLIGHT = (
    ("carrier",),
    ("tailnum",),
    ("origin", "dest"),
    ("origin",),
    ("carrier", "flight"),
)

FEATURES: dict[str, ByHand] = {
    **{
        f"carrier_dep_delay_mean_{name}": ByHand("departures", CARRIER, window, mean("dep_delay"))
        for name, window in (("1h", HOUR), ("3h", 3 * HOUR), ("1d", DAY), ("7d", 7 * DAY))
    },
    "carrier_departures_1h": ByHand("departures", CARRIER, HOUR, count()),
    "carrier_departures_1d": ByHand("departures", CARRIER, DAY, count()),
    "carrier_delayed_1h": ByHand("departures", CARRIER, HOUR, count(delayed)),
    "carrier_delayed_1d": ByHand("departures", CARRIER, DAY, count(delayed)),
    "carrier_arr_delay_mean_1d": ByHand("arrivals", CARRIER, DAY, mean("arr_delay")),
    "carrier_arr_delay_mean_7d": ByHand("arrivals", CARRIER, 7 * DAY, mean("arr_delay")),
    "carrier_arr_delay_mean_30d": ByHand("arrivals", CARRIER, 30 * DAY, mean("arr_delay")),
    "carrier_miles_flown": ByHand("arrivals", CARRIER, FOR_EVER, total("distance")),
    "plane_last_arr_delay": ByHand("arrivals", PLANE, 2 * DAY, last("arr_delay")),
    "plane_last_3_arr_delays": ByHand("arrivals", PLANE, 30 * DAY, last_n("arr_delay", 3)),
    "plane_arr_delay_mean_7d": ByHand("arrivals", PLANE, 7 * DAY, mean("arr_delay")),
    "plane_arr_delay_mean_30d": ByHand("arrivals", PLANE, 30 * DAY, mean("arr_delay")),
    "plane_arr_delay_std": ByHand("arrivals", PLANE, 30 * DAY, std("arr_delay"), close=1e-12),
    "plane_arrivals_1d": ByHand("arrivals", PLANE, DAY, count()),
    "plane_arrivals_7d": ByHand("arrivals", PLANE, 7 * DAY, count()),
    "plane_destinations_7d": ByHand("arrivals", PLANE, 7 * DAY, distinct("dest")),
    "plane_miles_flown": ByHand("arrivals", PLANE, FOR_EVER, total("distance")),
    "plane_last_dest": ByHand("departures", PLANE, 7 * DAY, last("dest")),
    "plane_last_dep_delay": ByHand("departures", PLANE, DAY, last("dep_delay")),
    "plane_dep_delay_decayed": ByHand("departures", PLANE, 7 * DAY, decayed_mean("dep_delay", 12 * HOUR), close=1e-9),
    "route_arr_delay_mean_7d": ByHand("arrivals", ROUTE, 7 * DAY, mean("arr_delay")),
    "route_arr_delay_mean_30d": ByHand("arrivals", ROUTE, 30 * DAY, mean("arr_delay")),
    "route_arr_delay_mean_90d": ByHand("arrivals", ROUTE, 90 * DAY, mean("arr_delay")),
    "route_arr_delay_std_30d": ByHand("arrivals", ROUTE, 30 * DAY, std("arr_delay"), close=1e-12),
    "route_arr_delay_p90_30d": ByHand("arrivals", ROUTE, 30 * DAY, quantile("arr_delay", 0.9)),
    "route_arr_delay_p90_90d": ByHand("arrivals", ROUTE, 90 * DAY, quantile("arr_delay", 0.9)),
    "route_air_time_median_90d": ByHand("arrivals", ROUTE, 90 * DAY, quantile("air_time", 0.5)),
    "route_taxi_time_mean_7d": ByHand("arrivals", ROUTE, 7 * DAY, mean("taxi_time")),
    "route_arrivals_7d": ByHand("arrivals", ROUTE, 7 * DAY, count()),
    "flight_arr_delay_mean_last_5": ByHand("arrivals", FLIGHT, FOR_EVER, mean_of_last_rows("arr_delay", 5)),
    "flight_arr_delay_mean_30d": ByHand("arrivals", FLIGHT, 30 * DAY, mean("arr_delay")),
    "flight_late_90d": ByHand("arrivals", FLIGHT, 90 * DAY, count(lambda event: bool(event["arr_delay"] > 30))),
    "flight_arrivals_90d": ByHand("arrivals", FLIGHT, 90 * DAY, count()),
    "origin_departures_1h": ByHand("departures", ORIGIN, HOUR, count()),
    "origin_delayed_1h": ByHand("departures", ORIGIN, HOUR, count(delayed)),
    "origin_delayed_3h": ByHand("departures", ORIGIN, 3 * HOUR, count(delayed)),
    "origin_dep_delay_mean_1h": ByHand("departures", ORIGIN, HOUR, mean("dep_delay")),
    "origin_dep_delay_mean_3h": ByHand("departures", ORIGIN, 3 * HOUR, mean("dep_delay")),
    "origin_dep_delay_max_1h": ByHand("departures", ORIGIN, HOUR, extreme(max, "dep_delay")),
    "origin_dep_delay_p90_3h": ByHand("departures", ORIGIN, 3 * HOUR, quantile("dep_delay", 0.9)),
    "origin_dep_delay_decayed": ByHand("departures", ORIGIN, 6 * HOUR, decayed_mean("dep_delay", 30), close=1e-9),
    "origin_destinations_1d": ByHand("departures", ORIGIN, DAY, distinct("dest")),
    "origin_dep_delay_mean_by_carrier": ByHand("departures", ORIGIN, DAY, mean_by("dep_delay", "carrier")),
    "origin_cancelled_1d": ByHand("schedule", ORIGIN, DAY, count(lambda event: bool(event["cancelled"]))),
    "origin_cancelled_7d": ByHand("schedule", ORIGIN, 7 * DAY, count(lambda event: bool(event["cancelled"]))),
    "origin_scheduled_1d": ByHand("schedule", ORIGIN, DAY, count()),
    **{
        name: ByHand("weather", ORIGIN, 3 * HOUR, latest(name))
        for name in ("temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib")
    },
    "precip_6h": ByHand("weather", ORIGIN, 6 * HOUR, total("precip")),
    "precip_24h": ByHand("weather", ORIGIN, DAY, total("precip")),
    "visib_min_6h": ByHand("weather", ORIGIN, 6 * HOUR, extreme(min, "visib")),
    "wind_speed_mean_6h": ByHand("weather", ORIGIN, 6 * HOUR, mean("wind_speed")),
    "plane_built": ByHand("planes", PLANE, FOR_EVER, lambda events, now: events[0]["year"] if events else None),
    "plane_seats": ByHand("planes", PLANE, FOR_EVER, lambda events, now: events[0]["seats"] if events else None),
    "plane_engines": ByHand("planes", PLANE, FOR_EVER, lambda events, now: events[0]["engines"] if events else None),
}


class Ledger:
    """All events, by source and key, in the order in which they became known: a window is a slice of them."""

    def __init__(self, raw: Raw) -> None:
        ordered = {source: sorted(events, key=known) for source, events in raw.events.items()}
        self._by_key: dict[Place, dict[tuple[Any, ...], list[Row]]] = {}
        for place in dict.fromkeys((feature.source, feature.keys) for feature in FEATURES.values()):
            groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
            for event in ordered[place[0]]:
                groups[tuple(map(event.__getitem__, place[1]))].append(event)
            self._by_key[place] = groups

    def window(self, feature: ByHand, row: Row, now: int, *, include_now: bool) -> list[Row]:
        """The events of a row's key that a feature may use; none when a part of the key is null."""
        key = tuple(row[name] for name in feature.keys)
        events = [] if None in key else self._by_key[feature.source, feature.keys].get(key, [])
        end = bisect_left(events, now + include_now, key=known)
        start = 0 if feature.window is None else bisect_left(events, now - feature.window, key=known)
        return events[start:end]

    def compute(self, row: Row, now: int, *, include_now: bool = False) -> dict[str, Any]:
        """Every feature of a row as of a minute.

        ``include_now`` computes them wrongly, with the events of exactly that minute.
        """
        return {
            name: feature.compute(self.window(feature, row, now, include_now=include_now), now)
            for name, feature in FEATURES.items()
        }
