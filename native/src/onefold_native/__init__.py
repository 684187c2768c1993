"""The inner loops of onefold's temporal kernel, compiled."""

from onefold_native.loops import (
    INTERFACE,
    exponents,
    exponents_of_squares,
    find,
    is_sorted,
    prefix,
    prefix_of_squares,
    second_moments,
    window_sums,
)

__all__ = [
    "INTERFACE",
    "exponents",
    "exponents_of_squares",
    "find",
    "is_sorted",
    "prefix",
    "prefix_of_squares",
    "second_moments",
    "window_sums",
]
