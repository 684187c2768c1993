"""Choices while drawing, without a new strategy for each: that would take most of the time of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from hypothesis import strategies as st

__all__ = ["flip", "number", "one_in", "pick", "repeats", "some"]

T = TypeVar("T")

_EITHER = st.booleans()
_GOES_ON = 8
"""How many times more likely it is to go on than to stop."""


def pick(draw: st.DrawFn, items: Sequence[T]) -> T:
    """Draw one of the items; the first ones are the simplest."""
    return items[draw(_number(0, len(items) - 1))]


def number(draw: st.DrawFn, low: int, high: int) -> int:
    """Draw a whole number between two, both included; the lowest is the simplest."""
    return draw(_number(low, high))


def flip(draw: st.DrawFn) -> bool:
    """Draw true or false."""
    return draw(_EITHER)


def some(draw: st.DrawFn, items: Sequence[T], least: int, most: int) -> list[T]:
    """Draw a few different items.

    Args:
        draw: The source of choices.
        items: The items.
        least: How many at least.
        most: How many at most, if there are as many.
    """
    left = list(items)
    count = draw(_number(least, min(most, len(left))))
    return [left.pop(draw(_number(0, len(left) - 1))) for _ in range(count)]


def repeats(draw: st.DrawFn, least: int, most: int) -> Iterator[int]:
    """Yield 0, 1, 2, ..., and draw each time whether to go on: what comes last can be left out by itself.

    Args:
        draw: The source of choices.
        least: How many there are at least.
        most: How many there are at most.
    """
    for done in range(most):
        if done >= least and draw(_number(0, _GOES_ON)) == 0:
            return
        yield done


def one_in(draw: st.DrawFn, times: int) -> bool:
    """Draw whether something happens that is to happen once in so many times."""
    return draw(_number(1, times)) == times


@lru_cache(maxsize=1024)
def _number(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)
