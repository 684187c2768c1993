"""How a run of the kernel uses the machine; none of it changes any result."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from onefold.errors import Cancelled

__all__ = ["KernelOptions"]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class KernelOptions:
    """How a run uses the machine.

    Args:
        threads: How many chunks are computed at once.
        chunk_rows: How many events a chunk has, about; more only when one key has more.
        batch_rows: How many rows the batches of the result have.
        memory_limit: Bytes that results and spine may take before they are kept in files.
        spill_directory: Where the directory for those files is made; None for the system's.
        cancelled: Asked between chunks; when it returns true, the run stops with ``Cancelled``.
    """

    threads: int = field(default_factory=_processors)
    chunk_rows: int = 1 << 17
    batch_rows: int = 1 << 16
    memory_limit: int = 1 << 30
    spill_directory: Path | None = None
    cancelled: Callable[[], bool] = _never

    def check(self) -> None:
        """Raise Cancelled if the run was stopped."""
        if self.cancelled():
            raise Cancelled("The computation of the features was stopped.")
