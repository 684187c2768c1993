"""The truth for a sample of spine rows: every window filtered out of the raw events and added up exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from benchmarks.cases import Case, Feature, View, Window

__all__ = ["Value", "expected"]

Value = int | float | list[float] | None

Ints = npt.NDArray[np.int64]


def expected(case: Case, rows: Ints) -> dict[str, list[Value]]:
    """Return what the sampled spine rows must be given, by column, computed without windows, joins or running totals.

    Args:
        case: The files and features.
        rows: The row numbers of the sampled spine rows.
    """
    spine = pq.read_table(case.spine).take(pa.array(rows))
    found: dict[str, list[Value]] = {}
    for view in case.sources:
        found |= _view(view, spine)
    return {name: found[name] for name in case.outputs}


def _view(view: View, spine: pa.Table) -> dict[str, list[Value]]:
    wanted = pc.field(view.key).isin(pc.unique(spine[view.key]))
    events = ds.dataset(view.events).to_table(columns=[view.key, "ts", *view.columns], filter=wanted)
    keys = events[view.key].to_numpy()
    found: dict[str, list[Value]] = {name: [None] * spine.num_rows for one in view.features for name in one.outputs}
    at = spine["ts"].cast(pa.int64()).to_numpy()
    of_row = spine[view.key].to_numpy()
    for key in np.unique(of_row):
        history = _History(view, events.filter(pa.array(keys == key)))
        for row in np.flatnonzero(of_row == key):
            for column, window, wanted_there in _by_values(view):
                inside = history.inside(int(at[row]), window)
                values = history.known(column, inside) if column else np.empty(0)
                total = _Total(values)
                for name, feature in wanted_there:
                    if feature.measure == "count":
                        found[name][row] = int(inside.sum())
                    elif feature.measure == "latest":
                        found[name][row] = history.latest(column, inside)
                    else:
                        found[name][row] = _measure(feature.measure, values, total)
    return found


def _by_values(view: View) -> list[tuple[str, Window | None, list[tuple[str, Feature]]]]:
    """Return the outputs by the column and window whose values they are of."""
    grouped: dict[tuple[str, Window | None], list[tuple[str, Feature]]] = {}
    for feature in view.features:
        for name, window in feature.outputs.items():
            column = "" if feature.measure == "count" else feature.column
            grouped.setdefault((column, window), []).append((name, feature))
    return [(*place, outputs) for place, outputs in grouped.items()]


class _History:
    """The events of one key, which lie in their file in the order of time."""

    def __init__(self, view: View, events: pa.Table) -> None:
        self._ts = events["ts"].cast(pa.int64()).to_numpy()
        self._valid = {name: events[name].is_valid().to_numpy() for name in view.columns}
        self._values = {name: events[name].fill_null(0).to_numpy() for name in view.columns}

    def inside(self, at: int, window: Window | None) -> npt.NDArray[np.bool_]:
        """Return which events are in a window that ends at a time."""
        found: npt.NDArray[np.bool_] = self._ts < at
        if window is not None and window.micros is not None:
            found = found & (self._ts >= at - window.micros)
        return found

    def known(self, column: str, inside: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
        """Return the values of some events that are not null, earliest first."""
        return np.compress(inside & self._valid[column], self._values[column])

    def latest(self, column: str, inside: npt.NDArray[np.bool_]) -> Value:
        """Return the value of the latest of some events, null or not."""
        places = np.flatnonzero(inside)
        if not len(places) or not self._valid[column][places[-1]]:
            return None
        value: Value = self._values[column][places[-1]].item()
        return value


class _Total:
    """The exact sum of values, rounded once; added up when it is first asked for."""

    def __init__(self, values: npt.NDArray[Any]) -> None:
        self._values = values

    @cached_property
    def sum(self) -> float:
        """The sum."""
        return math.fsum(self._values.tolist())


def _measure(measure: str, values: npt.NDArray[Any], total: _Total) -> Value:
    """Return a measure of the values of a window, earliest first."""
    if measure == "distinct":
        return len(np.unique(values))
    n = len(values)
    if not n:
        return None
    if measure == "stddev":
        squares = (values - total.sum / n) ** 2
        return math.sqrt(math.fsum(squares.tolist()) / (n - 1)) if n > 1 else None
    if measure == "median":
        ordered = np.sort(values)
        return float((ordered[(n - 1) // 2] + ordered[n // 2]) / 2)
    measures: dict[str, Callable[[], Value]] = {
        "sum": lambda: total.sum,
        "mean": lambda: total.sum / n,
        "min": lambda: values.min().item(),
        "max": lambda: values.max().item(),
        "last": values[-1].item,
        "last_10": values[-10:].tolist,
    }
    return measures[measure]()
