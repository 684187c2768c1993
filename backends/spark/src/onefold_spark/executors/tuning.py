"""How work is laid out on executors."""

from __future__ import annotations

from dataclasses import dataclass, field

from onefold.kernel import KernelOptions

__all__ = ["Tuning"]


def _one_thread() -> KernelOptions:
    return KernelOptions(threads=1)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How work is laid out; nothing in it changes a result.

    Args:
        kernel: How each task uses its executor's machine. Spark runs one task for each core, so one thread is enough.
        cut_above: Keys with more than this share of all rows are cut into pieces, where their windows allow it (see
            :mod:`onefold_spark.executors.skew`). Finding them costs a pass over the keys and times of a sample: it pays
            for large data. None for not looking.
    """

    kernel: KernelOptions = field(default_factory=_one_thread)
    cut_above: float | None = None
