"""Conversions of dates and timestamps as Spark writes them; the session's time zone is UTC."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.casts import CastLowering

__all__ = ["CASTS"]

_PLAIN = CastLowering("CAST({0} AS {type})")
_TEXT = "DATE_FORMAT({0}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')"

CASTS: Mapping[tuple[str, str], CastLowering] = {
    ("date32", "timestamp[us, UTC]"): _PLAIN,
    ("timestamp[us]", "string"): CastLowering(_TEXT),
    ("timestamp[us]", "timestamp[us, UTC]"): _PLAIN,
    ("timestamp[us, UTC]", "date32"): _PLAIN,
    ("timestamp[us, UTC]", "string"): CastLowering(f"{_TEXT} || '+00:00'"),
    ("timestamp[us, UTC]", "timestamp[us]"): _PLAIN,
}
