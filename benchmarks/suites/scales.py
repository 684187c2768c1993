"""How large the data is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["SCALES", "Scale"]


@dataclass(frozen=True, slots=True)
class Scale:
    """A size, and how patient to be at it.

    Args:
        name: A letter.
        events: Events of a workload with one source; some workloads take a share.
        spine: Spine rows.
        keys: Entities.
        timeout: Seconds after which a tool is stopped.
        once_above: A tool that takes more seconds than this is run once only.
    """

    name: str
    events: int
    spine: int
    keys: int
    timeout: float
    once_above: float


SCALES: Final = {
    scale.name: scale
    for scale in (
        Scale("T", 1_000, 100, 40, timeout=120, once_above=60),  # for tests of the benchmark itself
        Scale("S", 100_000, 10_000, 10_000, timeout=60, once_above=15),
        Scale("M", 10_000_000, 1_000_000, 100_000, timeout=300, once_above=20),
        Scale("L", 100_000_000, 1_000_000, 100_000, timeout=1800, once_above=120),
    )
}
