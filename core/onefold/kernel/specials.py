"""NaN and infinities in sums over windows: they are counted apart, so that everything else can be exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefold.kernel.fixed_point import SparsePrefix, positions_prefix
from onefold.kernel.limbs import Float64Array
from onefold.kernel.segment import Int64Array

__all__ = ["Specials"]


@dataclass(frozen=True, slots=True)
class Specials:
    """Where a column is not finite.

    Args:
        nan: Prefix counts of NaN.
        up: Prefix counts of +inf.
        down: Prefix counts of -inf.
    """

    nan: SparsePrefix
    up: SparsePrefix
    down: SparsePrefix

    @classmethod
    def of(cls, columns: Sequence[Float64Array]) -> Specials | None:
        """Return where the sums of columns are not finite; None when all are."""
        finite = [np.isfinite(column) for column in columns]
        if all(column.all() for column in finite):
            return None
        with np.errstate(invalid="ignore"):
            total = np.sum(columns, axis=0)
        broken = ~np.logical_and.reduce(finite)
        return cls(
            positions_prefix(broken & np.isnan(total)),
            positions_prefix(broken & (total == np.inf)),
            positions_prefix(broken & (total == -np.inf)),
        )

    def put(self, high: Float64Array, low: Float64Array, left: Int64Array, right: Int64Array) -> None:
        """Put NaN and infinities into the sums of those windows that hold any."""
        nan, up, down = (counts.take(right) - counts.take(left) > 0 for counts in (self.nan, self.up, self.down))
        high[up] = np.inf
        high[down] = -np.inf
        high[nan | (up & down)] = np.nan
        low[nan | up | down] = 0.0
