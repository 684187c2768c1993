"""Whether results agree: with the truth on a sample, and with each other on every row.

Counts, minima, maxima, lists and latest values must be equal, and nulls must be in the same places. Sums and means may
differ by a relative tolerance (all amounts are positive, so that nothing cancels within a window; scores are as often
below zero, so that for them the tolerance is relative to the window's root of squares). A standard deviation may differ
by so much of the window's mean square that its square does: that is what summing squares in another order can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.cases import LISTS, Case, Feature
from benchmarks.checking.oracle import expected
from benchmarks.checking.results import Result

__all__ = ["EXACT", "LOOSE", "Agreement", "compare_all", "compare_sample"]

EXACT: Final = 1e-11
"""What onefold is allowed: the rounding of one operation or two."""

LOOSE: Final = 1e-6
"""What others are allowed: the fastest formulations of some subtract large totals from each other."""

_ROUNDED: Final = ("sum", "mean", "stddev", "median")

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Agreement:
    """How a result compares.

    Args:
        tolerance: What sums, means and deviations may be off by.
        problems: What differs by more than is allowed, column by column.
        deviation: The greatest difference found, by measure, on the scale on which it is allowed.
    """

    tolerance: float = LOOSE
    problems: list[str] = field(default_factory=list)
    deviation: dict[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not self.problems

    def add(self, column: str, measure: str, found: pa.Array, wanted: pa.Array, scale: Floats) -> None:
        """Compare one column with what it should be.

        Args:
            column: Its name.
            measure: What it is.
            found: Its values.
            wanted: What they should be.
            scale: What a difference is measured by, for each value of a measure that is rounded.
        """
        if len(found) != len(wanted):
            self.problems.append(f"{column}: {len(found)} values, not {len(wanted)}")
            return
        null, right_null = _nulls(found), _nulls(wanted)
        if misplaced := int((null != right_null).sum()):
            self.problems.append(f"{column}: {misplaced} nulls differ")
            return
        if measure in LISTS:
            off = _lists_off(found.drop_null(), wanted.drop_null())
        else:
            values, right = _floats(found)[~null], _floats(wanted)[~null]
            off = _off(measure, values, right, scale[~null])
        worst = float(off.max(initial=0.0))
        self.deviation[measure] = max(worst, self.deviation.get(measure, 0.0))
        if worst > self.tolerance:
            self.problems.append(f"{column}: {int((off > self.tolerance).sum())} of {len(off)} values differ")


def _nulls(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(values.is_null().to_numpy(zero_copy_only=False))


def _floats(values: pa.Array) -> Floats:
    return np.asarray(values.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False))


def _off(measure: str, values: Floats, right: Floats, scale: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        if measure == "stddev":
            off = np.abs(values**2 - right**2) / scale
        elif measure in _ROUNDED:
            off = np.abs(values - right) / scale
        else:
            off = np.where(values == right, 0.0, np.inf)
    # NaN is no number that agrees with anything.
    return np.where(np.isnan(off), np.inf, off)


def _lists_off(found: pa.Array, wanted: pa.Array) -> Floats:
    """Return 0 for each list that is equal, and infinity for each that is not."""
    lengths, right = pc.list_value_length(found).to_numpy(), pc.list_value_length(wanted).to_numpy()
    off = np.where(lengths == right, 0.0, np.inf)
    if off.any():
        return off
    values, wanted_values = _floats(found.flatten()), _floats(wanted.flatten())
    differ = (values != wanted_values) | (_nulls(found.flatten()) != _nulls(wanted.flatten()))
    off[np.repeat(np.arange(len(off)), lengths)[differ]] = np.inf
    return off


def compare_sample(
    case: Case, results: Mapping[str, Result], tolerances: Mapping[str, float], rows: npt.NDArray[np.int64]
) -> dict[str, Agreement]:
    """Compare results with the truth on some spine rows.

    Args:
        case: What was to be computed.
        results: The results by tool.
        tolerances: What the sums of each tool may be off by.
        rows: The numbers of the rows.
    """
    truth = {name: pa.array(values) for name, values in expected(case, rows).items()}
    agreements = {tool: Agreement(tolerances[tool]) for tool in results}
    sample = pa.array(rows)
    _compare(case, case.outputs, truth.__getitem__, results, agreements, taken=lambda values: values.take(sample))
    return agreements


def compare_all(
    case: Case,
    reference: Result,
    others: Mapping[str, Result],
    tolerances: Mapping[str, float],
    columns: Iterable[str] | None = None,
) -> dict[str, Agreement]:
    """Compare results with a result that is taken to be right, on all rows.

    Args:
        case: What was to be computed.
        reference: The result that is right.
        others: The results by tool.
        tolerances: What the sums of each tool may be off by.
        columns: Which columns; None for all.
    """
    agreements = {tool: Agreement(tolerances[tool]) for tool in others}
    chosen = case.outputs if columns is None else columns
    _compare(case, chosen, reference.column, others, agreements, taken=lambda values: values)
    return agreements


def _compare(
    case: Case,
    columns: Iterable[str],
    right: Callable[[str], pa.Array],
    results: Mapping[str, Result],
    agreements: Mapping[str, Agreement],
    *,
    taken: Callable[[pa.Array], pa.Array],
) -> None:
    features = {name: feature for view in case.views for feature in view.features for name in feature.outputs}
    for column in columns:
        wanted = right(column)
        scale = _scale(features, column, wanted, right)
        for tool, result in results.items():
            if column in result.names:
                agreements[tool].add(column, features[column].measure, taken(result.column(column)), wanted, scale)
            else:
                agreements[tool].problems.append(f"{column} is missing")


def _scale(features: Mapping[str, Feature], column: str, wanted: pa.Array, right: Callable[[str], pa.Array]) -> Floats:
    """Return what a difference of each value is measured by."""
    feature = features[column]
    if feature.measure not in _ROUNDED:
        return np.ones(len(wanted))
    values = np.abs(_floats(wanted))
    if feature.measure == "stddev":
        mean = _beside(features, column, "mean", right)
        values = values**2 + (0.0 if mean is None else _floats(mean) ** 2)
    elif feature.column == "score":
        # Scores have a standard deviation of 1, so that a sum of n of them is about the root of n.
        values = np.maximum(values, 1.0)
    return np.maximum(values, np.finfo(np.float64).tiny)


def _beside(
    features: Mapping[str, Feature], column: str, measure: str, right: Callable[[str], pa.Array]
) -> pa.Array | None:
    """Return the column of another measure of the same values and window, of the same file; None when there is none."""
    feature = features[column]
    window = feature.outputs[column]
    stem = feature.name.replace(feature.measure, measure, 1)
    name = stem if window is None else f"{stem}_{window.name}"
    return right(name) if name in features else None
