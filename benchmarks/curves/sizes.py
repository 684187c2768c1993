"""The curves: what is changed, over which values, and what stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks.cases import Case, View, parse_windows
from benchmarks.data_sets import Events, Spine, generate
from benchmarks.suites.trailing import SUMS, features
from benchmarks.suites.workload import DEFAULT_WINDOWS, so_many

__all__ = ["CURVES", "Curve", "Point"]


@dataclass(frozen=True, slots=True)
class Size:
    """One size of the job: count, sum, mean and stddev of amounts.

    Args:
        events: Events of each view.
        spine: Spine rows.
        keys: Entities, with equal shares of the events.
        windows: Windows of each view.
        views: Views, each over a source of its own.
        threads: Threads of engine and kernel; None for all.
        memory_mib: The memory limit of the engine; None for none.
    """

    events: int = 4_000_000
    spine: int = 400_000
    keys: int = 40_000
    windows: int = 6
    views: int = 1
    threads: int | None = None
    memory_mib: int | None = None

    def case(self, folder: Path, seed: int) -> Case:
        """Return the job, and make its data unless it is there."""
        shapes = [Events(self.events, self.keys, seed + number, skew=0.0) for number in range(self.views)]
        windows = so_many(parse_windows(DEFAULT_WINDOWS), self.windows)
        views = tuple(
            View(
                f"view_{number}",
                str(generate(shape, folder)),
                shape.key,
                tuple(replace(one, name=f"view_{number}_{one.name}") for one in features(SUMS, windows)),
            )
            for number, shape in enumerate(shapes)
        )
        spine = generate(Spine(self.spine, (shapes[0],), seed), folder)
        return Case(str(spine), views, memory_mib=self.memory_mib, threads=self.threads)


@dataclass(frozen=True, slots=True)
class Point:
    """A measurement.

    Args:
        curve: The name of the curve.
        value: The value of what is changed.
        seconds: Wall time, the median of the rounds.
        cpu_seconds: Processor time of the same round.
        peak_mib: The most memory of any round.
        spilled_mib: The most that was in temporary files.
    """

    curve: str
    value: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    spilled_mib: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One size that is changed while all others stay.

    Args:
        title: What is changed.
        values: Over which values.
        size: Returns the size for a value.
        linear: Whether twice the value should take at most about twice the time.
    """

    title: str
    values: tuple[int, ...]
    size: Callable[[int], Size]
    linear: bool = True


_BASE: Final = Size()


def _changed(name: str, **others: Any) -> Callable[[int], Size]:
    return lambda value: replace(_BASE, **{name: value}, **others)


CURVES: Final[Mapping[str, Curve]] = MappingProxyType(
    {
        "events": Curve("events", tuple(10**6 * 2**k for k in range(6)), _changed("events")),
        "spine": Curve("spine rows", tuple(100_000 * 2**k for k in range(6)), _changed("spine")),
        "windows": Curve("windows", (1, 2, 4, 8, 16, 32), _changed("windows")),
        "series": Curve(
            "events of each entity, 4 million in all",
            (10, 100, 1_000, 10_000, 100_000),
            lambda length: replace(_BASE, keys=_BASE.events // length),
            linear=False,
        ),
        "views": Curve(
            "views of 500,000 events each",
            (1, 2, 4, 8, 16),
            _changed("views", events=500_000, spine=100_000, windows=2),
        ),
        "threads": Curve("threads", (1, 2), _changed("threads"), linear=False),
        "memory": Curve(
            "MiB that the engine may take, 16 million events",
            (256, 512, 1_024, 4_096),
            _changed("memory_mib", events=16_000_000),
            linear=False,
        ),
    }
)
"""All curves, by name."""
