"""Timestamps as numbers since 1970-01-01, as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering
from onefold_snowflake.types import within_64_bits

__all__ = ["LOWERINGS", "from_micros", "micros"]


def micros(index: int = 0) -> str:
    """Return the template of a timestamp argument as microseconds since 1970-01-01."""
    return f"DATE_PART('EPOCH_MICROSECOND', {{{index}}})"


def from_micros(text: str) -> str:
    """Return the template of microseconds since 1970-01-01 as a timestamp; outside of 64 bits they are an error."""
    return f"CAST(TO_TIMESTAMP_NTZ({within_64_bits(text)}, 6) AS TIMESTAMP_NTZ(6))"


def _since_epoch(unit: str) -> Lowering:
    # DATE_TRUNC rounds down, also before 1970.
    return f"CAST(DATE_PART('EPOCH_{unit}', DATE_TRUNC('{unit}', {{0}})) AS {{type}})"


LOWERINGS: Mapping[str, Lowering] = {
    "epoch_seconds": _since_epoch("SECOND"),
    "epoch_milliseconds": _since_epoch("MILLISECOND"),
    "epoch_microseconds": f"CAST({micros()} AS {{type}})",
    "from_epoch_seconds": from_micros("{0} * 1000000"),
    "from_epoch_milliseconds": from_micros("{0} * 1000"),
    "from_epoch_microseconds": from_micros("{0}"),
    "time_bucket": from_micros(f"{micros()} - MOD(MOD({micros()}, {{every}}) + {{every}}, {{every}})"),
}
