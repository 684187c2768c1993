"""What onefold is to reach, and what it reached; computed from what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from benchmarks.reporting.ratios import best, by_workload
from benchmarks.reporting.records import Record
from benchmarks.tools import BY_SOURCE, FLOOR, OURS

__all__ = ["TARGETS", "Target", "targets"]

_SPARK: Final = "onefold-spark"
_ALL: Final = "all workloads"


class _Found(NamedTuple):
    """A measured number; with ``bound``, the true one is at least as good."""

    value: float
    bound: bool = False


class _Results:
    """The records, to be looked up."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.groups = by_workload(records)

    def get(self, workload: str, tool: str) -> Record | None:
        """Return a record that was run, or None."""
        found = (one for one in self.groups.get(workload, ()) if one.tool == tool and one.runs)
        return next(found, None)


Measured = Callable[[_Results], _Found | None]


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach.

    Args:
        workload: What it is about.
        what: What is measured.
        limit: The number to reach.
        measured: How it is found; None when something for it is missing.
        at_least: Whether more is better; otherwise less is.
        tool: Whose time it is about: when that did not finish, the target is missed.
        scales: For which scales it is stated.
    """

    workload: str
    what: str
    limit: float
    measured: Measured
    at_least: bool = False
    tool: str = OURS
    scales: str = "M"

    def to_json(self, results: _Results) -> dict[str, Any]:
        """Return the target and what was measured; ``met`` is null where that can not be told."""
        found = self.measured(results)
        ours = results.get(self.workload, self.tool)
        met: bool | None = None
        if found is not None:
            met = found.value >= self.limit if self.at_least else found.value <= self.limit
            if not met and found.bound:
                met = None
        elif ours is not None and ours.seconds is None:
            met = False
        return {
            "workload": self.workload,
            "what": self.what,
            "sense": "at least" if self.at_least else "at most",
            "limit": self.limit,
            "measured": None if found is None else float(f"{found.value:.4g}"),
            "bound": found is not None and found.bound,
            "met": met,
        }


def _seconds(workload: str, tool: str = OURS) -> Measured:
    def measured(results: _Results) -> _Found | None:
        ours = results.get(workload, tool)
        return None if ours is None or ours.seconds is None else _Found(ours.seconds)

    return measured


def _peak(workload: str) -> Measured:
    def measured(results: _Results) -> _Found | None:
        ours = results.get(workload, OURS)
        return None if ours is None or ours.seconds is None or ours.peak_mib is None else _Found(ours.peak_mib)

    return measured


def _multiple(workload: str, of: str, *, of_workload: str = "", tool: str = OURS) -> Measured:
    """Return seconds as a multiple of those of another tool, or of the same one on another workload."""

    def measured(results: _Results) -> _Found | None:
        ours, other = results.get(workload, tool), results.get(of_workload or workload, of)
        if ours is None or other is None or not ours.seconds or not other.at_least:
            return None
        return _Found(ours.seconds / other.at_least, other.seconds is None)

    return measured


def _times_faster(workload: str, wanted: Callable[[str], bool]) -> Measured:
    """Return how many times as long the best of some peers takes."""

    def measured(results: _Results) -> _Found | None:
        ours, other = results.get(workload, OURS), best(results.groups.get(workload, ()), wanted)
        if ours is None or other is None or not ours.seconds or not other.at_least:
            return None
        return _Found(other.at_least / ours.seconds, other.seconds is None)

    return measured


def _times_faster_than(workload: str, of: str, *, tool: str = OURS) -> Measured:
    """Return how many times as long one tool takes, whether its values are right or not."""
    multiple = _multiple(workload, of, tool=tool)

    def measured(results: _Results) -> _Found | None:
        found = multiple(results)
        return None if found is None else _Found(1 / found.value, found.bound)

    return measured


def _wrong(results: _Results) -> _Found | None:
    """Return on how many workloads onefold failed or gave wrong values."""
    ours = [one for group in results.groups.values() for one in group if one.tool in (OURS, _SPARK) and not one.reason]
    return _Found(sum(one.agrees is not True for one in ours)) if ours else None


def _sql(tool: str) -> bool:
    return tool.startswith("duckdb") or tool == "spark-sql"


def _polars(tool: str) -> bool:
    return tool.startswith("polars")


def _extremes(workload: str) -> Sequence[Target]:
    return (
        Target(workload, "times as fast as the best SQL", 3, _times_faster(workload, _sql), at_least=True),
        Target(workload, "peak MiB", 1229, _peak(workload)),
    )


TARGETS: Final = (
    Target("sums-6", "seconds, as a multiple of sort-and-stream", 1.3, _multiple("sums-6", FLOOR)),
    Target("sums-6", "times as fast as the best SQL", 2.5, _times_faster("sums-6", _sql), at_least=True),
    Target("sums-6", "times as fast as Polars", 2, _times_faster("sums-6", _polars), at_least=True),
    Target("sums-6", "peak MiB", 1229, _peak("sums-6")),
    *(target for workload in ("minmax-6", "distinct-6", "last-10-6") for target in _extremes(workload)),
    Target("median-6", "times as fast as Polars", 1.5, _times_faster("median-6", _polars), at_least=True),
    Target("median-6", "peak MiB", 1536, _peak("median-6")),
    Target("all-6", "seconds", 20, _seconds("all-6")),
    Target("all-6", "peak MiB", 1536, _peak("all-6")),
    Target("sums-6", "seconds, as a multiple of one window", 1.5, _multiple("sums-6", OURS, of_workload="sums-1")),
    Target(
        "sums-lifetime",
        "seconds, as a multiple of one short window",
        1.2,
        _multiple("sums-lifetime", OURS, of_workload="sums-1"),
    ),
    Target("as-of-1", "seconds, as a multiple of DuckDB's ASOF join", 1.1, _multiple("as-of-1", "duckdb-best")),
    Target(
        "as-of-1", "times as fast as Feast on duckdb", 3, _times_faster_than("as-of-1", "feast-duckdb"), at_least=True
    ),
    Target("as-of-1", "times as fast as Feast on dask", 30, _times_faster_than("as-of-1", "feast-dask"), at_least=True),
    Target("training-set", "seconds, as a multiple of one set per source", 1.3, _multiple("training-set", BY_SOURCE)),
    Target("larger-than-memory", "seconds", 30, _seconds("larger-than-memory"), scales="L"),
    Target("larger-than-memory", "peak MiB", 2560, _peak("larger-than-memory"), scales="L"),
    Target("sums-6", "seconds on Spark", 25, _seconds("sums-6", _SPARK), tool=_SPARK),
    Target(
        "sums-6",
        "times as fast on Spark as range frames",
        15,
        _times_faster_than("sums-6", "spark-sql", tool=_SPARK),
        at_least=True,
        tool=_SPARK,
    ),
    Target(
        "heavy-key",
        "seconds on Spark, as a multiple of even keys",
        1.5,
        _multiple("heavy-key", _SPARK, of_workload="even-keys", tool=_SPARK),
        tool=_SPARK,
    ),
    Target("small-10", "seconds", 0.05, _seconds("small-10"), scales="TSM"),
    Target(_ALL, "workloads without right values", 0, _wrong, scales="TSML"),
)


def targets(records: Iterable[Record], scale: str) -> list[dict[str, Any]]:
    """Return what is to be reached at a scale, and what was; nothing about workloads that were not measured.

    Args:
        records: What was measured.
        scale: The name of the scale.
    """
    results = _Results(records)
    measured = (one for one in TARGETS if one.workload == _ALL or results.get(one.workload, one.tool))
    return [one.to_json(results) for one in measured if scale in one.scales]
