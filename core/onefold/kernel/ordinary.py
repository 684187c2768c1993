"""Values whose squares neither overflow nor lose digits to underflow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array

__all__ = ["is_ordinary", "prefix_counts"]

_SMALLEST, _GREATEST = 2.0**-300, 2.0**300


def is_ordinary(values: Float64Array) -> npt.NDArray[np.bool_]:
    """Return which values are zero, or neither very small nor very large; NaN and infinities are not."""
    size = np.abs(values)
    ordinary: npt.NDArray[np.bool_] = ((size >= _SMALLEST) & (size <= _GREATEST)) | (size == 0.0)
    return ordinary


def prefix_counts(mask: npt.NDArray[np.bool_]) -> Int64Array:
    """Return how many are true before each row, and in all."""
    before = np.zeros(len(mask) + 1, np.int64)
    np.cumsum(mask, out=before[1:])
    return before
