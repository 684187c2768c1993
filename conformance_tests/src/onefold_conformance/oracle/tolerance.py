"""How far the value of a right engine may be from the oracle's."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Tolerance", "ulps_between"]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A bound on the difference of two numbers; a value inside of any of its parts is right.

    It is about the numbers of a column, those inside of its lists and structs included. Everything else, null and
    NaN and infinities too, is the same or wrong.

    Args:
        ulps: How many floats lie between them at most.
        absolute: Their greatest difference.
        relative: Their greatest difference, as a share of the oracle's value.
        known: Whether there is a bound at all; False where a value was computed from values that are not exact.

    Examples:
        >>> Tolerance(absolute=0.5).allows(1.0, 1.25), Tolerance().allows(1.0, 1.25)
        (True, False)
    """

    ulps: int = 0
    absolute: float = 0.0
    relative: float = 0.0
    known: bool = True

    @classmethod
    def unknown(cls) -> Tolerance:
        """Return what there is to say where no bound is known."""
        return cls(known=False)

    @property
    def is_exact(self) -> bool:
        """Whether the values are the same to the last bit."""
        return self == Tolerance()

    def __or__(self, other: Tolerance) -> Tolerance:
        """Return the bound that covers both."""
        return Tolerance(
            max(self.ulps, other.ulps),
            max(self.absolute, other.absolute),
            max(self.relative, other.relative),
            self.known and other.known,
        )

    @classmethod
    def covering(cls, tolerances: Iterable[Tolerance]) -> Tolerance:
        """Return the bound that covers all; exact when there are none."""
        result = cls()
        for tolerance in tolerances:
            result |= tolerance
        return result

    def allows(self, expected: float, actual: float) -> bool:
        """Return whether a number is near enough to the oracle's.

        Args:
            expected: What the oracle says.
            actual: What an engine says.
        """
        if expected == actual or not self.known:
            return True
        if math.isnan(expected) or math.isnan(actual):
            return math.isnan(expected) and math.isnan(actual)
        if self.absolute == math.inf:  # the bound itself is beyond all floats: so may the value be
            return True
        if math.isinf(expected) or math.isinf(actual):
            return self.ulps > 0 and ulps_between(expected, actual) <= self.ulps
        if abs(actual - expected) <= self.absolute + self.relative * abs(expected):
            return True
        return self.ulps > 0 and ulps_between(expected, actual) <= self.ulps


def ulps_between(left: float, right: float) -> int:
    """Return how many floats further one number is from another, neither of them NaN.

    Examples:
        >>> ulps_between(1.0, 1.0000000000000002), ulps_between(-0.0, 5e-324)
        (1, 1)
    """
    return abs(_place(left) - _place(right))


def _place(value: float) -> int:
    (bits,) = struct.unpack("<q", struct.pack("<d", value))
    place: int = bits if bits >= 0 else -(bits + 2**63)
    return place
