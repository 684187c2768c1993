"""A tool that takes a minute, and memory and files at once."""

import time
from pathlib import Path

from benchmarks.cases import Case

__all__ = ["run"]


def run(case: Case) -> None:
    taken = bytes(range(256)) * 2**19  # 128 MiB
    (Path(case.scratch) / "spilled").write_bytes(taken[: 20 * 2**20])
    time.sleep(60)
