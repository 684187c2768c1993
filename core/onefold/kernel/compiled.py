"""The compiled loops of ``onefold-native``, where that is installed. Without it numpy gives the same values, later.

``ONEFOLD_KERNEL`` chooses: ``numpy``, or ``native`` to be told when it is missing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import numpy as np
import numpy.typing as npt

from onefold.errors import ConfigurationError
from onefold.kernel.limbs import Float64Array
from onefold.kernel.ordinary import is_ordinary, prefix_counts
from onefold.kernel.segment import Int64Array
from onefold.kernel.specials import Specials

__all__ = ["CompiledPrefix", "CompiledSquares", "loops"]

INTERFACE = 1
"""The functions that this module calls, as ``onefold_native.INTERFACE`` numbers them."""

MOST_BITS = 190
"""How long a sum may become: numbers have 192 bits, with a sign."""

_EXPONENTS = range(-1000, 900)
"""Where all values that the loops meet are ordinary doubles."""


def loops() -> ModuleType | None:
    """Return the compiled loops, or None where numpy is to do their work.

    Raises:
        ConfigurationError: If they are asked for and missing, or of another version.
    """
    return _known[0] if _known else _remember(os.environ.get("ONEFOLD_KERNEL", ""))


_known: list[ModuleType | None] = []


def _remember(wanted: str) -> ModuleType | None:
    found = _found(wanted)
    _known[:] = [found]
    return found


def _found(wanted: str) -> ModuleType | None:
    if wanted not in {"", "numpy", "native"}:
        raise ConfigurationError(
            f"ONEFOLD_KERNEL is {wanted!r}. It can be 'numpy', 'native', or unset: native where it is installed."
        )
    if wanted == "numpy":
        return None
    try:
        module = import_module("onefold_native")
    except ModuleNotFoundError:
        if wanted:
            raise ConfigurationError(
                "ONEFOLD_KERNEL is 'native', but onefold-native is not installed. Install it, or use 'numpy'."
            ) from None
        return None
    if module.INTERFACE != INTERFACE:
        raise ConfigurationError(
            f"The installed onefold-native has the interface {module.INTERFACE}, and onefold wants {INTERFACE}. Install "
            "the version that belongs to this onefold, or set ONEFOLD_KERNEL=numpy to do without."
        )
    return module


@dataclass(frozen=True, slots=True)
class CompiledPrefix:
    """Prefix sums of doubles as integers of 192 bits; see :class:`onefold.kernel.exact.ExactPrefix`.

    Args:
        native: The loops.
        sums: The sums before each row, and of all.
        exponent: What they are multiples of, as a power of two.
        special: Where the column is not finite.
    """

    native: ModuleType
    sums: npt.NDArray[np.uint64]
    exponent: int
    special: Specials | None

    @classmethod
    def of(cls, values: Float64Array) -> CompiledPrefix | None:
        """Return the prefix sums of a column; None where they do not fit, or nothing is compiled."""
        native = loops()
        if native is None:
            return None
        low, high, broken = native.exponents(values)
        if not _fit(low, high, len(values)):
            return None
        return cls(native, native.prefix(values, low), low, Specials.of([values]) if broken else None)

    def window(self, left: Int64Array, right: Int64Array) -> tuple[Float64Array, Float64Array]:
        """Return each window's sum as an unevaluated sum of two doubles, as ``ExactPrefix.window`` does."""
        high, low = self.native.window_sums(self.sums, self.exponent, left, right)
        if self.special is not None:
            self.special.put(high, low, left, right)
        return high, low


@dataclass(frozen=True, slots=True)
class CompiledSquares:
    """Prefix sums of the squares of a column; see :class:`onefold.kernel.squares.Squares`.

    Args:
        native: The loops.
        sums: The sums of the squares before each row, and of all.
        exponent: What they are multiples of, as a power of two.
        others: How many values before each row are not ordinary; None when all are.
    """

    native: ModuleType
    sums: npt.NDArray[np.uint64]
    exponent: int
    others: Int64Array | None

    @classmethod
    def of(cls, values: Float64Array) -> CompiledSquares | None:
        """Return the prefix sums for a column; None where they do not fit, or nothing is compiled."""
        native = loops()
        if native is None:
            return None
        low, high, others = native.exponents_of_squares(values)
        if not _fit(low, high, len(values)):
            return None
        before = prefix_counts(~is_ordinary(values)) if others else None
        return cls(native, native.prefix_of_squares(values, low), low, before)

    def second_moments(
        self, sums: tuple[Float64Array, Float64Array], left: Int64Array, right: Int64Array
    ) -> tuple[Float64Array, npt.NDArray[np.bool_]]:
        """Return sum (x - mean)^2 over windows, and which of them are ordinary, as ``Squares.second_moments`` does."""
        second, ordinary = self.native.second_moments(self.sums, self.exponent, left, right, sums)
        if self.others is not None:
            ordinary &= self.others.take(left) == self.others.take(right)
        return second, ordinary


def _fit(low: int, high: int, rows: int) -> bool:
    """Whether sums of so many values between two powers of two fit."""
    return low in _EXPONENTS and high in _EXPONENTS and high - low + (2 * rows).bit_length() < MOST_BITS
