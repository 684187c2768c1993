"""Watches what a process tree takes while it runs: resident memory, and files in its folder for temporary files."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

__all__ = ["Watch"]

_EVERY: Final = 0.05
_PAGE_MIB: Final = os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch:
    """Samples the resident memory of a process and its descendants, and the size of the files in its folders.

    Memory is known on Linux only; elsewhere it stays 0. A file that is removed while it is open is not seen.

    Args:
        pid: The process.
        folders: Where it puts temporary files.
    """

    def __init__(self, pid: int, folders: tuple[Path, ...]) -> None:
        self.peak_mib = 0.0
        self.spilled_mib = 0.0
        self._pid = pid
        self._folders = folders
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(_EVERY):
            self.peak_mib = max(self.peak_mib, sum(_resident_mib(pid) for pid in _tree(self._pid)))
            self.spilled_mib = max(self.spilled_mib, sum(map(_size, self._folders)) / 2**20)


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        tasks = f"/proc/{one}/task"
        with suppress(OSError):  # it ended meanwhile
            for thread in os.listdir(tasks):  # noqa: PTH208 - an iterator would stay open when a thread ends meanwhile
                waiting += map(int, Path(tasks, thread, "children").read_text().split())
    return found


def _resident_mib(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MIB
    except (OSError, IndexError):  # it ended meanwhile
        return 0.0


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                # What a file takes on disk: DuckDB's temporary files have holes.
                total += os.stat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH116, PTH118 - many and often
            except OSError:  # it is gone already
                continue
    return total
