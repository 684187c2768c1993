"""Timestamps as numbers since 1970-01-01, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import TIMESTAMP_UTC

__all__ = ["LOWERINGS", "wall_clock"]


def wall_clock(call: LoweredCall, place: str = "{0}", index: int = 0) -> str:
    """Return the template of a timestamp argument as a wall clock in UTC, whatever the session's time zone is."""
    return f"MAKE_TIMESTAMP(EPOCH_US({place}))" if call.arg_types[index] == TIMESTAMP_UTC else place


def _epoch(unit: str, divisor: int) -> Lowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        # date_trunc rounds down, also before 1970; the engine's own conversion to a coarser unit rounds to nearest.
        return render(f"EPOCH_US(DATE_TRUNC('{unit}', {wall_clock(call)})) // {divisor}", call)

    return lowering


def _time_bucket(call: LoweredCall) -> exp.Expression:
    kind = "TIMESTAMP" if call.arg_types[0] != TIMESTAMP_UTC else "TIMESTAMPTZ"
    origin = "1970-01-01 00:00:00" + ("" if kind == "TIMESTAMP" else "+00:00")
    return render(f"TIME_BUCKET(TO_MICROSECONDS({{every}}), {{0}}, CAST('{origin}' AS {kind}))", call)


LOWERINGS: Mapping[str, Lowering] = {
    "epoch_seconds": _epoch("second", 1_000_000),
    "epoch_milliseconds": _epoch("millisecond", 1_000),
    "epoch_microseconds": "EPOCH_US({0})",
    "from_epoch_seconds": "MAKE_TIMESTAMPTZ({0} * 1000000)",
    "from_epoch_milliseconds": "MAKE_TIMESTAMPTZ({0} * 1000)",
    "from_epoch_microseconds": "MAKE_TIMESTAMPTZ({0})",
    "time_bucket": _time_bucket,
}
