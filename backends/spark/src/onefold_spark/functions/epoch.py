"""Timestamps as numbers since 1970-01-01, as Spark writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import TIMESTAMP, DataType

__all__ = ["LOWERINGS", "from_micros", "instant", "micros"]


def instant(call: LoweredCall, index: int = 0) -> str:
    """Return the template of a timestamp argument as an instant: a wall clock is taken as if it were UTC."""
    place = f"{{{index}}}"
    return f"CAST({place} AS TIMESTAMP_LTZ)" if call.arg_types[index] == TIMESTAMP else place


def micros(call: LoweredCall, index: int = 0) -> str:
    """Return the template of a timestamp argument as microseconds since 1970-01-01."""
    return f"UNIX_MICROS({instant(call, index)})"


def from_micros(text: str, dtype: DataType) -> str:
    """Return the template of microseconds since 1970-01-01 as a timestamp."""
    made = f"TIMESTAMP_MICROS({text})"
    return f"CAST({made} AS TIMESTAMP_NTZ)" if dtype == TIMESTAMP else made


def _since_epoch(function: str) -> Lowering:
    return lambda call: render(f"{function}({instant(call)})", call)


def _time_bucket(call: LoweredCall) -> exp.Expression:
    number = micros(call)
    return render(from_micros(f"{number} - PMOD({number}, {{every}})", call.result_type), call)


LOWERINGS: Mapping[str, Lowering] = {
    "epoch_seconds": _since_epoch("UNIX_SECONDS"),
    "epoch_milliseconds": _since_epoch("UNIX_MILLIS"),
    "epoch_microseconds": _since_epoch("UNIX_MICROS"),
    "from_epoch_seconds": "TIMESTAMP_SECONDS({0})",
    "from_epoch_milliseconds": "TIMESTAMP_MILLIS({0})",
    "from_epoch_microseconds": "TIMESTAMP_MICROS({0})",
    "time_bucket": _time_bucket,
}
