"""Options that several aggregations share."""

from __future__ import annotations

from onefold.plan.functions.entry import Option
from onefold.types import MAX_DURATION

__all__ = ["HALF_LIFE", "NULLS", "N", "Q"]

N = Option(
    int,
    "How many values to keep, 1 to 10,000.",
    check=lambda n: None if 1 <= n <= 10_000 else "it must be between 1 and 10,000.",
)
NULLS = Option(
    str,
    "What happens to null values: 'skip' leaves them out, 'keep' treats them as values.",
    default="skip",
    choices=("skip", "keep"),
)
Q = Option(
    float,
    "The quantile, from 0.0 (the smallest value) to 1.0 (the greatest).",
    check=lambda q: None if 0.0 <= q <= 1.0 else "it must be between 0.0 and 1.0.",
)
HALF_LIFE = Option(
    int,
    "The age at which a value counts half, in microseconds, above zero.",
    check=lambda h: None if 0 < h <= MAX_DURATION else "it must be above zero and at most 10,000 years.",
)
