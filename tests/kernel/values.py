"""Values of every ordered type, and the order that the kernel gives them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

__all__ = ["TYPES", "ascending", "same"]

_START = dt.datetime.fromisoformat("1970-01-01")

TYPES = [
    (pa.int64(), st.integers(-2, 2)),
    (pa.int64(), st.sampled_from([-(2**63), -1, 0, 2**63 - 1])),
    (pa.float64(), st.sampled_from([0.0, -1.5, 1e300, math.inf, -math.inf, math.nan])),
    (pa.bool_(), st.booleans()),
    (pa.string(), st.sampled_from(["", "a", "A", "ä", "ab", "\U0001f600"])),
    (pa.binary(), st.sampled_from([b"", b"\x00", b"\xff", b"a"])),
    (pa.date32(), st.sampled_from([dt.date(1, 1, 1), dt.date(1970, 1, 1), dt.date(9999, 12, 31)])),
    (pa.timestamp("us"), st.sampled_from([_START, _START + dt.timedelta(microseconds=1)])),
    (
        pa.timestamp("us", tz="UTC"),
        st.sampled_from([dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)]),
    ),
    (pa.decimal128(38, 2), st.sampled_from([Decimal("-0.01"), Decimal("0.00"), Decimal("1e35")])),
]
"""Arrow types with values that are worth trying."""


def same(value: Any) -> Any:
    """Return a value that equals itself: NaN is one value, and gets a name."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def ascending(values: Iterable[Any]) -> list[Any]:
    """Return values in their order, NaN last."""
    numbers: list[Any] = []
    others: list[Any] = []
    for value in values:
        (others if same(value) == "NaN" else numbers).append(value)
    return sorted(numbers) + others
