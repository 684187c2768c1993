"""Conversions of dates and timestamps as Snowflake writes them; an instant is held as its wall clock in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.casts import CastLowering
from onefold_snowflake.types import TIME_FORMAT

__all__ = ["CASTS"]

_PLAIN = CastLowering("CAST({0} AS {type})")
_SAME = CastLowering("{0}")
_TEXT = f"TO_CHAR({{0}}, '{TIME_FORMAT}')"

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("date32", "string"): CastLowering("TO_CHAR({0}, 'YYYY-MM-DD')"),
    ("date32", "timestamp[us]"): _PLAIN,
    ("date32", "timestamp[us, UTC]"): _PLAIN,
    ("timestamp[us]", "date32"): _PLAIN,
    ("timestamp[us]", "string"): CastLowering(_TEXT),
    ("timestamp[us]", "timestamp[us, UTC]"): _SAME,
    ("timestamp[us, UTC]", "date32"): _PLAIN,
    ("timestamp[us, UTC]", "string"): CastLowering(f"{_TEXT} || '+00:00'"),
    ("timestamp[us, UTC]", "timestamp[us]"): _SAME,
}
