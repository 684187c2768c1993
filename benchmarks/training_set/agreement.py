"""Whether results agree: with the truth on a sample, and with each other on every row.

Counts, minima, maxima and last values must be equal. Sums and means may differ by a relative 1e-9 (all amounts are
positive, so nothing cancels within a window). A variance may differ by 1e-9 of the window's mean square: that is what
summing squares in another order can do. Nulls must be in the same places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds

from benchmarks.training_set.oracle import Value, expected
from benchmarks.training_set.workload import Case

__all__ = ["Agreement", "Result", "compare_all", "compare_sample"]

TOLERANCE: Final = 1e-9

Floats = npt.NDArray[np.float64]


class Result:
    """What a tool wrote, in the order of the spine.

    Args:
        path: The Parquet file, or the folder of files.
        rows: How many spine rows there are.

    Raises:
        ValueError: If the spine's rows are not there, each exactly once.
    """

    def __init__(self, path: Path, rows: int) -> None:
        self._data = ds.dataset(path, format="parquet")
        numbers = self._data.to_table(columns=["row"])["row"].to_numpy()
        self._order = np.argsort(numbers, kind="stable")
        if not np.array_equal(numbers[self._order], np.arange(rows)):
            raise ValueError(f"the {rows:,} spine rows did not come out exactly once: there are {len(numbers):,} rows")

    def column(self, name: str) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Return a column's values (anything where null) and where it is null."""
        values = self._data.to_table(columns=[name])[name].combine_chunks()
        null = values.is_null().to_numpy(zero_copy_only=False)
        filled = values.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        return filled[self._order], null[self._order]


@dataclass(slots=True)
class Agreement:
    """How a result compares.

    Args:
        problems: What differs by more than is allowed, column by column.
        deviation: The greatest difference found, by measure, on the scale on which it is allowed.
    """

    problems: list[str] = field(default_factory=list)
    deviation: dict[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not self.problems

    def add(self, column: str, found: Column, wanted: Column, scale: Floats) -> None:
        """Compare one column with what it should be.

        Args:
            column: Its name, ``<measure>_<window>``.
            found: Its values and nulls.
            wanted: What they should be.
            scale: The mean square of each window, for ``stddev``.
        """
        measure = column.split("_", 1)[0]
        (values, null), (right, right_null) = found, wanted
        if misplaced := int((null != right_null).sum()):
            self.problems.append(f"{column}: {misplaced} nulls differ")
            return
        values, right, scale = values[~null], right[~null], scale[~null]
        with np.errstate(invalid="ignore"):
            if measure in ("sum", "mean"):
                off = np.abs(values - right) / np.maximum(np.abs(right), np.finfo(np.float64).tiny)
            elif measure == "stddev":
                off = np.abs(values**2 - right**2) / np.maximum(scale, np.finfo(np.float64).tiny)
            else:
                off = np.where(values == right, 0.0, np.inf)
        # NaN is no number that agrees with anything.
        off = np.where(np.isnan(off), np.inf, off)
        worst = float(off.max(initial=0.0))
        self.deviation[measure] = max(worst, self.deviation.get(measure, 0.0))
        if worst > TOLERANCE:
            self.problems.append(f"{column}: {int((off > TOLERANCE).sum())} of {len(off)} values differ")


Column = tuple[Floats, npt.NDArray[np.bool_]]


def compare_sample(case: Case, results: dict[str, Result], rows: npt.NDArray[np.int64]) -> dict[str, Agreement]:
    """Compare results with the truth on some spine rows."""
    truth = {name: _as_column(values) for name, values in expected(case, rows).items()}
    agreements = {tool: Agreement() for tool in results}
    for column in case.columns:
        scale = _scale(truth, column)
        for tool, result in results.items():
            values, null = result.column(column)
            agreements[tool].add(column, (values[rows], null[rows]), truth[column], scale)
    return agreements


def compare_all(case: Case, reference: Result, others: dict[str, Result]) -> dict[str, Agreement]:
    """Compare results with a result that is taken to be right, on all rows."""
    agreements = {tool: Agreement() for tool in others}
    for window in case.windows:
        names = [name for name in case.columns if name.split("_", 1)[1] == window.name]
        right = {name: reference.column(name) for name in names}
        for column in names:
            scale = _scale(right, column)
            for tool, result in others.items():
                agreements[tool].add(column, result.column(column), right[column], scale)
    return agreements


def _as_column(values: list[Value]) -> Column:
    null = np.array([value is None for value in values])
    return np.array([0.0 if value is None else value for value in values], dtype=np.float64), null


def _scale(columns: dict[str, Column], column: str) -> Floats:
    """Return the mean square of each window: its mean squared, plus its variance."""
    measure, window = column.split("_", 1)
    if measure != "stddev":
        return np.zeros_like(columns[column][0])
    mean, stddev = columns[f"mean_{window}"][0], columns[column][0]
    return np.asarray(mean**2 + stddev**2)
