"""What a dialect says about temporal relations: the ways in which its engine can compute them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["SOURCE_MARK", "TemporalSql"]

SOURCE_MARK = "onefold source: "
"""What the messages of errors begin with that queries themselves raise about a source's values."""


@dataclass(frozen=True, slots=True)
class TemporalSql:
    """How an engine computes as-of joins and trailing aggregates itself, so that events need not leave it.

    Growing windows, which every engine has, are enough for most of it. The fields say what it has beyond them.

    Args:
        asof: How its as-of join says which times match: ``"on"`` among the other conditions of ``ASOF LEFT JOIN``;
            ``"match_condition"`` in a clause of its own behind ``ASOF JOIN``, which keeps all rows of the left side.
            None when it has none: events are then found by their positions.
        ranges: The aggregations that it computes over sliding ``RANGE`` frames of numbers, in less than the number of
            rows times the length of the frame. Of these, ``min`` and ``max`` are used.
        place: What gives, in a query over an input's table, the place of each row, ascending; None when the table
            keeps no order. The rows of a spine that is an input then come out in any order.
        failure: The template of an int64 that stops the query with an error whose message contains the text ``{0}``.
            None when there is no way: events that are declared unique are then left to the kernel, which checks it.
    """

    asof: Literal["on", "match_condition"] | None = None
    ranges: frozenset[str] = frozenset()
    place: str | None = None
    failure: str | None = None
