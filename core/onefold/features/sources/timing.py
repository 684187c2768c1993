"""What makes a column an event time, and what beginners give instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from onefold.errors import DefinitionError, listed
from onefold.types import DATE, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Schema

__all__ = ["TimeOf", "check_time", "check_time_zone"]

TimeOf: TypeAlias = Literal["source", "view", "spine"]
"""Whose time is checked."""


def check_time_zone(time_zone: str | None, *, what: str) -> None:
    """Raise a DefinitionError unless a stated time zone is UTC or None."""
    if time_zone is not None and time_zone != "UTC":
        raise DefinitionError(
            f"time_zone={time_zone!r} of {what}: only 'UTC' is accepted. Local times repeat an hour and skip an hour "
            "when clocks change, so engines disagree about them. Convert the column to UTC where the data is made, "
            "in Polars with .dt.replace_time_zone(zone).dt.convert_time_zone('UTC')."
        )


def check_time(schema: Schema, name: str, *, what: str, time_zone: str | None = None, of: TimeOf = "source") -> bool:
    """Check that a column can say when rows happen.

    Args:
        schema: The columns.
        name: The time column.
        what: Whose time it is, such as ``"the source 'flights'"``.
        time_zone: ``"UTC"`` when the author states that a column without a time zone is in UTC.
        of: What it is the time of, on which the advice depends: a source, a view (its rows after its transform), or a
            spine (data at hand).

    Returns:
        Whether the column is a wall clock that was stated to be UTC, and has to become an instant.

    Raises:
        DefinitionError: If there is no such column, or it is no instant; the message says what to do.
    """
    if name not in schema:
        raise DefinitionError(
            f"The time {name!r} of {what} is not one of its columns. {listed(name, schema.names, what='columns')}"
        )
    dtype = schema[name].dtype
    if dtype == TIMESTAMP_UTC:
        return False
    if dtype == TIMESTAMP and time_zone == "UTC":
        return True
    raise DefinitionError(
        f"The time {name!r} of {what} must be an instant (timestamp[us, UTC]), but it is {dtype}. "
        f"{_ADVICE_OF[of].get(dtype, 'Name another column.')}"
    )


_NAIVE = (
    "A time without a zone is naive: read as UTC when it is local, it leaks the future or hides the past. "
    "If it is in UTC, say so with time_zone='UTC'; if not, convert it to UTC where the data is made."
)

_VIEW_NAIVE = (
    "A time without a zone is naive: read as UTC when it is local, it leaks the future or hides the past. "
    "If it is in UTC, say so in the transform with .cast('timestamp[us, UTC]'); if not, convert it to UTC where the "
    "data is made."
)

_SPINE_ADVICE: Mapping[DataType, str] = {
    TIMESTAMP: _NAIVE,
    DATE: (
        "A date does not say at which moment of the day the prediction is made. Turn it into an instant in UTC, in "
        "Polars with pl.col('day').cast(pl.Datetime('us', 'UTC')) for midnight at its start."
    ),
    STRING: "Parse it into an instant first, in Polars with .str.to_datetime(time_unit='us', time_zone='UTC').",
    INT64: "If it counts seconds since 1970, turn it into an instant first, in Polars with pl.from_epoch(...).",
}

_ADVICE: Mapping[DataType, str] = {
    TIMESTAMP: _NAIVE,
    DATE: (
        "A date does not say when in the day the row became known; taking midnight would leak the rest of the day. "
        "Decide it in a transform, such as known_at=col('day').cast('timestamp[us, UTC]').dt.offset_by('1d') for the "
        "end of the day, and name that column with FeatureView(time='known_at')."
    ),
    STRING: (
        "Parse it in a transform, such as at=col('text').cast('timestamp[us]').cast('timestamp[us, UTC]') when it is "
        "in UTC, and name that column with FeatureView(time='at'); for CSV and JSON, give the column its type in schema=."
    ),
    INT64: (
        "If it counts seconds since 1970, turn it into an instant in a transform, "
        "at=of.from_epoch('column', 's'), and name that column with FeatureView(time='at')."
    ),
    FLOAT64: (
        "If it counts seconds since 1970, turn it into an instant in a transform, "
        "at=of.from_epoch((col('column') * 1e6).cast('int64'), 'us'), and name that column with "
        "FeatureView(time='at')."
    ),
}

_ADVICE_OF: Mapping[TimeOf, Mapping[DataType, str]] = {
    "source": _ADVICE,
    "view": {**_ADVICE, TIMESTAMP: _VIEW_NAIVE},
    "spine": _SPINE_ADVICE,
}
