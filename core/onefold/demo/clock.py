"""When things happened: from the local clocks of the timetable to instants in UTC.

The flights give the scheduled departure as an instant (``time_hour`` is its hour in UTC, ``minute`` its minute), but
the arrival only as a reading of the clock on the wall of the destination, without a day. Its instant is the first one
after the departure at which that clock shows that reading; the clock counts as it was set at the departure, which is
how the one flight that was in the air while clocks changed is recorded (B6 35 to PBI, March 10). For every flight in the data this agrees to the minute with
the scheduled arrival plus the arrival delay, and leaves at least five minutes of taxiing beside the time in the air.

The zones come from the data too: the standard offset of each airport, and whether it keeps daylight saving time. So no
time zone database is needed, and none that is installed can change the result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefold.errors import SourceError

__all__ = ["Instants", "landed_at", "offset_hours"]

Instants = npt.NDArray[np.datetime64]

_DAY = np.timedelta64(24 * 60, "m")

# Daylight saving time of 2013 in the United States: from 2:00 standard time on March 10 to 2:00 daylight time
# (1:00 standard time) on November 3, on each zone's own clock.
_DAYLIGHT_FROM = np.datetime64("2013-03-10T02:00", "m")
_DAYLIGHT_UNTIL = np.datetime64("2013-11-03T01:00", "m")

# Puerto Rico and the Virgin Islands are not among the airports of the data: Atlantic time, the same all year.
_ELSEWHERE = {"BQN": (-4, False), "PSE": (-4, False), "SJU": (-4, False), "STT": (-4, False)}


def offset_hours(airport: list[str], instants: Instants, airports: pa.Table) -> npt.NDArray[np.timedelta64]:
    """Return how far local clocks are ahead of UTC.

    Args:
        airport: The code of an airport in each row.
        instants: The instant in each row, UTC.
        airports: The raw table of airports.

    Returns:
        Time to add to the instant to get the reading of the local clock, in whole hours.

    Raises:
        SourceError: If the zone of an airport is not known.
    """
    zones = {
        code: (hours, daylight == "A")
        for code, hours, daylight in zip(*(airports[name].to_pylist() for name in ("faa", "tz", "dst")), strict=True)
    } | _ELSEWHERE
    if unknown := sorted(set(airport) - set(zones)):
        raise SourceError(f"The time zones of these airports are not known: {', '.join(unknown)}.")
    standard = np.array([zones[code][0] for code in airport], dtype="timedelta64[h]")
    keeps = np.array([zones[code][1] for code in airport], dtype=bool)
    clock = instants + standard
    daylight = keeps & (clock >= _DAYLIGHT_FROM) & (clock < _DAYLIGHT_UNTIL)
    ahead: npt.NDArray[np.timedelta64] = standard + daylight.astype("timedelta64[h]")
    return ahead


def landed_at(departed: Instants, reading: npt.NDArray[np.int64], dest: list[str], airports: pa.Table) -> Instants:
    """Return the first instant after a departure at which the clock of the destination shows a reading.

    Args:
        departed: The instants of the departures, UTC, whole minutes.
        reading: The local times of the arrivals as numbers, 1435 for 14:35; 2400 is midnight.
        dest: The codes of the destinations.
        airports: The raw table of airports.

    Returns:
        The instants of the arrivals, UTC, less than a day after the departures.
    """
    wanted = (reading // 100 * 60 + reading % 100).astype("timedelta64[m]")
    clock = departed + offset_hours(dest, departed, airports)
    shown = clock - clock.astype("datetime64[D]")
    landed: Instants = departed + (wanted - shown) % _DAY
    return landed
