"""Random portable types."""

from __future__ import annotations

from hypothesis import strategies as st

from onefold.types import (
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    Decimal,
    List,
    Struct,
)

PRIMITIVES = (INT64, FLOAT64, BOOL, STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_UTC)

field_names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
decimals = st.integers(1, 38).flatmap(lambda p: st.integers(0, p).map(lambda s: Decimal(p, s)))
types = st.recursive(
    st.sampled_from(PRIMITIVES) | decimals,
    lambda inner: (
        inner.map(List)
        | st.lists(st.tuples(field_names, inner), min_size=1, max_size=3, unique_by=lambda field: field[0]).map(
            lambda fields: Struct(tuple(fields))
        )
    ),
    max_leaves=6,
)
