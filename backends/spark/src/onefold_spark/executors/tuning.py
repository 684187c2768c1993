"""How work is laid out on executors."""

from __future__ import annotations

from dataclasses import dataclass, field

from onefold.kernel import KernelOptions

__all__ = ["Tuning"]


def _one_of_many() -> KernelOptions:
    """Return options for a task that shares its machine with others; what does not fit goes to Spark's local files."""
    return KernelOptions(threads=1, memory_limit=1 << 28)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How work is laid out; nothing in it changes a result.

    Args:
        kernel: How each task uses its executor's machine. Spark runs a task on each core: one thread is enough,
            and memory is shared.
        cut_above: Keys with more than this share of all rows are cut into pieces, where their windows allow it (see
            :mod:`onefold_spark.executors.skew`). Finding them costs a pass over the keys and times of a sample: it pays
            for large data. None for not looking.
    """

    kernel: KernelOptions = field(default_factory=_one_of_many)
    cut_above: float | None = None
