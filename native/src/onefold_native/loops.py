"""The functions of the shared library, for numpy arrays. All of them let other threads run while they work."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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

INTERFACE = 1
"""Changes with every change of what the functions take or return."""

WORDS = 3
"""The 64-bit words of an exact sum, lowest first, in two's complement."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.uint64]

_library = ctypes.CDLL(str(Path(__file__).with_name("libonefold.so")))
_library.onefold_interface.restype = ctypes.c_int64
if (_found := _library.onefold_interface()) != INTERFACE:
    raise ImportError(
        f"libonefold.so has the interface {_found}, and the package {INTERFACE}: install onefold-native anew."
    )


def _function(name: str, signature: str, result: Any = None) -> Any:
    """Return a function of the library: ``p`` in its signature is an array, ``i`` an integer."""
    function = getattr(_library, name)
    function.argtypes = [ctypes.c_void_p if letter == "p" else ctypes.c_int64 for letter in signature]
    function.restype = result
    return function


_find = _function("onefold_find", "ppippiip")
_sorted = _function("onefold_sorted", "ppi", ctypes.c_int64)
_exponents = _function("onefold_exponents", "pipp", ctypes.c_int64)
_prefix = _function("onefold_prefix", "piip")
_exponents_of_squares = _function("onefold_exponents_of_squares", "pipp", ctypes.c_int64)
_prefix_of_squares = _function("onefold_prefix_of_squares", "piip")
_window_sums = _function("onefold_window_sums", "pippipp")
_second_moments = _function("onefold_second_moments", "pippipppp")


def _at(array: npt.NDArray[Any]) -> int:
    """Return where an array begins; all are in one piece."""
    place: int = array.ctypes.data
    return place


def _ints(array: Ints) -> Ints:
    return np.ascontiguousarray(array, np.int64)


def _floats(array: Floats) -> Floats:
    return np.ascontiguousarray(array, np.float64)


def is_sorted(codes: Ints, times: Ints) -> bool:
    """Return whether rows are sorted by (code, time)."""
    codes, times = _ints(codes), _ints(times)
    return bool(_sorted(_at(codes), _at(times), len(codes)))


def find(codes: Ints, times: Ints, asked: Ints, instants: Ints, *, with_equal: bool) -> Ints:
    """Return, per query, the position after all rows of smaller codes, and of its code before its instant.

    Args:
        codes: The code of each row, ascending.
        times: The instant of each row, ascending within a code.
        asked: The code of each query; the search is fastest where queries ascend.
        instants: The instant of each query.
        with_equal: Whether rows at exactly the instant come before the position.
    """
    codes, times, asked, instants = _ints(codes), _ints(times), _ints(asked), _ints(instants)
    found = np.empty(len(asked), np.int64)
    _find(_at(codes), _at(times), len(codes), _at(asked), _at(instants), len(asked), with_equal, _at(found))
    return found


def exponents(values: Floats) -> tuple[int, int, int]:
    """Return exponents ``low, high`` and a number: finite values are multiples of 2**low and below 2**high in magnitude.

    The number says how many values are NaN or infinite. Both exponents are 0 when all others are 0.
    """
    return _limits(_exponents, values)


def exponents_of_squares(values: Floats) -> tuple[int, int, int]:
    """Return the same for the squares of the values, each rounded to 2**-83 of itself.

    The number says how many values are not ordinary: NaN, infinite, very large or very small.
    """
    return _limits(_exponents_of_squares, values)


def _limits(function: Any, values: Floats) -> tuple[int, int, int]:
    values = _floats(values)
    limits = np.empty(2, np.int64)
    others = function(_at(values), len(values), _at(limits), _at(limits) + 8)
    return int(limits[0]), int(limits[1]), others


def prefix(values: Floats, exponent: int) -> Numbers:
    """Return the sum of the values before each row, and of all, as integers of 192 bits times 2**exponent.

    NaN and infinities count as 0. Nothing is checked: the values must be such multiples, and their sums must fit.
    """
    values = _floats(values)
    sums = np.empty((len(values) + 1, WORDS), np.uint64)
    _prefix(_at(values), len(values), exponent, _at(sums))
    return sums


def prefix_of_squares(values: Floats, exponent: int) -> Numbers:
    """Return the same for the squares of the values; values that are not ordinary count as 0."""
    values = _floats(values)
    sums = np.empty((len(values) + 1, WORDS), np.uint64)
    _prefix_of_squares(_at(values), len(values), exponent, _at(sums))
    return sums


def window_sums(sums: Numbers, exponent: int, left: Ints, right: Ints) -> tuple[Floats, Floats]:
    """Return the sum over each window [left, right): rounded once, and what that leaves off, rounded."""
    left, right = _ints(left), _ints(right)
    high, low = np.empty(len(left)), np.empty(len(left))
    _window_sums(_at(sums), exponent, _at(left), _at(right), len(left), _at(high), _at(low))
    return high, low


def second_moments(
    squares: Numbers, exponent: int, left: Ints, right: Ints, sums: tuple[Floats, Floats]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return sum (x - mean)^2 over windows that are not empty, and where enough is left of it to be right.

    Args:
        squares: The prefix sums of the squares.
        exponent: Their exponent.
        left: The first row of each window.
        right: The row after the last one.
        sums: The exact sum of each window, as a pair of doubles.
    """
    left, right, high, low = _ints(left), _ints(right), _floats(sums[0]), _floats(sums[1])
    second, ordinary = np.empty(len(left)), np.empty(len(left), np.bool_)
    _second_moments(
        _at(squares), exponent, _at(left), _at(right), len(left), _at(high), _at(low), _at(second), _at(ordinary)
    )
    return second, ordinary
