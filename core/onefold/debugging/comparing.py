"""Comparing what two engines give for a view: batch by batch, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.debugging.difference import Difference, DifferentValue, FeatureDifference
from onefold.debugging.intervals import Mask
from onefold.debugging.promises import Promise, promises
from onefold.errors import DefinitionError, EngineError, listed
from onefold.execution import Job, Placement, prepare
from onefold.execution.stages import ARROW, PYTHON
from onefold.plan import AsOfJoin, TrailingAggregate

__all__ = ["compared", "same"]


def compared(
    view: str,
    node: TrailingAggregate | AsOfJoin,
    places: tuple[Placement, Placement],
    *,
    inputs: Mapping[str, Any],
    tolerance: float | Mapping[str, float] | None,
    examples: int,
) -> Difference:
    """Return where two engines differ in the features of a view.

    Args:
        view: The view's name.
        node: The relation that adds its features to a spine.
        places: The two engines.
        inputs: Arrow data for the plan's inputs, by name.
        tolerance: The relative difference of numbers that does not count, of all features or by feature; None: what
            the catalogue allows.
        examples: How many values that differ are shown.

    Raises:
        DefinitionError: If the engines give the rows of the spine in different orders, or a tolerance makes no sense.
        EngineError: If an engine fails, or does not give each row of the spine once.
    """
    promised = _promised(promises(node), tolerance)
    counts = {name: _Counts(promise) for name, promise in promised.items()}
    names = tuple(dict.fromkeys((*node.spine_keys, node.spine_time)))
    engines = (places[0].engine, places[1].engine)
    shown: list[DifferentValue] = []
    rows = 0
    jobs = [_job(node, place, inputs) for place in places]
    with jobs[0].start() as left, jobs[1].start() as right:
        for one, other in _aligned(left, right, engines):
            _check_order(one, other, names, rows)
            found: list[tuple[int, int]] = []
            for number, (name, count) in enumerate(counts.items()):
                different = count.add(one.column(name), other.column(name))
                first = np.flatnonzero(different)[: examples - len(shown)]
                found += [(int(row), number) for row in first]
            for row, number in sorted(found)[: examples - len(shown)]:
                name = list(counts)[number]
                keys = {key: one.column(key)[row].as_py() for key in names}
                values = (one.column(name)[row].as_py(), other.column(name)[row].as_py())
                shown.append(DifferentValue(rows + row, keys, name, values))
            rows += one.num_rows
    return Difference(
        view,
        engines,
        rows,
        tuple(count.told(name) for name, count in counts.items()),
        tuple(shown),
        (
            *(promise.note for name, promise in promised.items() if promise.note and counts[name].equal < rows),
            *(note for job, engine in zip(jobs, engines, strict=True) for note in _elsewhere(job, engine)),
        ),
    )


def _job(node: TrailingAggregate | AsOfJoin, place: Placement, inputs: Mapping[str, Any]) -> Job:
    """Return the job of one engine: it computes the features itself, and what it can not read another one reads for it."""
    itself = replace(place, fallback=None)
    return prepare(
        node,
        inputs=inputs,
        default=place,
        place=lambda relation: itself if isinstance(relation, TrailingAggregate | AsOfJoin) else place,
    )


def _elsewhere(job: Job, engine: str) -> Iterator[str]:
    """Yield what does not run on an engine, and why."""
    for stage in job.stages:
        if stage.engine not in (engine, ARROW, PYTHON):
            yield f"Stage {stage.id} of the plan for {engine} runs on {stage.engine}: {stage.reason}."


def _promised(promised: Mapping[str, Promise], tolerance: float | Mapping[str, float] | None) -> dict[str, Promise]:
    """Return what is promised, with the tolerances that a call gives instead."""
    if tolerance is None:
        return dict(promised)
    given = tolerance if isinstance(tolerance, Mapping) else dict.fromkeys(promised, tolerance)
    for name, value in given.items():
        if name not in promised:
            raise DefinitionError(
                f"tolerance= names the feature {name!r}. {listed(name, promised, what='features of the view')}"
            )
        if not _is_share(value):
            raise DefinitionError(f"tolerance={value!r}: give a relative difference, such as 1e-6, or 0 for none.")
    return {**promised, **{name: Promise.within(float(value)) for name, value in given.items()}}


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _aligned(
    left: pa.RecordBatchReader, right: pa.RecordBatchReader, engines: tuple[str, str]
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Yield the same rows of both streams, whatever their batches are.

    Raises:
        EngineError: If one ends before the other.
    """
    sides = [iter(left), iter(right)]
    waiting: list[pa.RecordBatch | None] = [None, None]
    seen = 0
    while True:
        for number, side in enumerate(sides):
            while (batch := waiting[number]) is None or batch.num_rows == 0:
                waiting[number] = next(side, None)
                if waiting[number] is None:
                    break
        one, other = waiting
        if one is None or other is None:
            if one is not other:
                short, long = engines if one is None else reversed(engines)
                raise EngineError(f"it gave {seen:,} rows, and {long!r} gives more", engine=short)
            return
        count = min(one.num_rows, other.num_rows)
        yield one.slice(0, count), other.slice(0, count)
        waiting = [one.slice(count), other.slice(count)]
        seen += count


def _check_order(one: pa.RecordBatch, other: pa.RecordBatch, names: Sequence[str], before: int) -> None:
    for name in names:
        unequal = np.flatnonzero(~_equal(one.column(name), other.column(name)))
        if len(unequal):
            raise DefinitionError(
                f"The engines give the rows of the spine in different orders, from row {before + int(unequal[0]):,} on: "
                "its rows are computed and have none. Sort it by columns that tell its rows apart, or collect() it first."
            )


@dataclass(slots=True)
class _Counts:
    """What was counted of one feature."""

    promise: Promise
    equal: int = 0
    close: int = 0
    different: int = 0
    nulls: int = 0
    largest: float | None = None
    relative: float | None = None

    def add(self, one: pa.Array, other: pa.Array) -> Mask:
        """Count the values of a batch, and return which of them differ beyond what is promised."""
        equal = _equal(one, other)
        null = _mask(pc.is_null(one)) ^ _mask(pc.is_null(other))
        different = ~equal
        places = np.flatnonzero(different & ~null)
        if len(places):
            index = pa.array(places)
            far = self._far(one.take(index), other.take(index))
            different[places[~far]] = False
        self.equal += int(equal.sum())
        self.different += int(different.sum())
        self.close += int((~equal & ~different).sum())
        self.nulls += int(null.sum())
        return different

    def _far(self, one: pa.Array, other: pa.Array) -> Mask:
        """Return which values that are not equal differ beyond what is promised; the largest differences are noted."""
        if pa.types.is_floating(one.type):
            left, right = (side.to_numpy(zero_copy_only=False) for side in (one, other))
            with np.errstate(invalid="ignore", over="ignore"):
                absolute = np.abs(left - right)
                size = np.maximum(np.abs(left), np.abs(right))
                # Where the difference itself overflows, that of the halves does not.
                relative = np.where(np.isinf(absolute), np.abs(left / 2 - right / 2) / (size / 2), absolute / size)
            finite = np.isfinite(left) & np.isfinite(right)
            if finite.any():
                self._note(float(absolute[finite].max()), float(relative[finite].max()))
            far: Mask = ~(finite & (relative <= self.promise.tolerance))
            return far
        pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
        return np.array([not self._is_near(*pair) for pair in pairs], np.bool_)

    def _is_near(self, one: Any, other: Any) -> bool:
        """Return whether two values of any kind are equal, or numbers within what is promised."""
        if isinstance(one, list) and isinstance(other, list):
            near = [self._is_near(*pair) for pair in zip(one, other, strict=False)]
            return len(one) == len(other) and all(near)
        if isinstance(one, dict) and isinstance(other, dict):
            near = [self._is_near(one[name], other[name]) for name in one]
            return all(near)
        if one is None or other is None or isinstance(one, bool) or not hasattr(one, "as_integer_ratio"):
            return bool(one == other)
        if same(one, other):
            return True
        if isinstance(one, float) and not (math.isfinite(one) and math.isfinite(other)):
            return False
        absolute, size = abs(one - other), max(abs(one), abs(other))
        relative = float(absolute / size) if math.isfinite(absolute) else float(abs(one / 2 - other / 2) / (size / 2))
        self._note(float(absolute), relative)
        return relative <= self.promise.tolerance

    def _note(self, absolute: float, relative: float) -> None:
        self.largest = max(self.largest or 0.0, absolute)
        self.relative = max(self.relative or 0.0, relative)

    def told(self, feature: str) -> FeatureDifference:
        """Return what was counted."""
        return FeatureDifference(
            feature,
            self.promise.text,
            self.equal,
            self.close,
            self.different,
            self.nulls,
            self.largest,
            self.relative,
        )


def _equal(one: pa.Array, other: pa.Array) -> Mask:
    """Return which values are equal: null to null, NaN to NaN, 0.0 to -0.0."""
    if pa.types.is_nested(one.type):
        pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
        return np.array([same(*pair) for pair in pairs], np.bool_)
    equal = pc.fill_null(pc.equal(one, other), False)
    equal = pc.or_(equal, pc.and_(pc.is_null(one), pc.is_null(other)))
    if pa.types.is_floating(one.type):
        equal = pc.or_(equal, pc.fill_null(pc.and_(pc.is_nan(one), pc.is_nan(other)), False))
    return _mask(equal)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal: null to null, NaN to NaN, 0.0 to -0.0, also inside of lists and structs."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one[name], other[name]) for name in one)
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def _mask(values: pa.Array) -> Mask:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.bool_)
