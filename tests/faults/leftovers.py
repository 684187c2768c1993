"""What a fault could leave behind: files, processes, threads."""

from __future__ import annotations

import threading
import time
from pathlib import Path

MARK = "ONEFOLD_FAULTS"
"""An environment variable, which all processes inherit that a test starts."""


def processes(mark: str) -> dict[int, str]:
    """Return the running processes that were started with a mark in their environment, however far below."""
    found = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            environment = (directory / "environ").read_bytes()
            command = (directory / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:  # it has just ended, or is not ours
            continue
        if f"{MARK}={mark}".encode() in environment.split(b"\0"):
            found[int(directory.name)] = command.decode(errors="replace")[:200]
    return found


def gone(mark: str, *, but: int = 0, seconds: float = 20) -> dict[int, str]:
    """Return the processes with a mark that have not ended by themselves soon; empty as soon as there are none.

    Args:
        mark: The mark.
        but: One that may stay.
        seconds: How long they have for it: the workers of a killed JVM notice it by themselves.
    """
    end = time.monotonic() + seconds
    while True:
        left = {number: command for number, command in processes(mark).items() if number != but}
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)  # there is no event to wait for: these processes are nobody's children any more


def threads() -> set[str]:
    """Return the names of the threads that are ours."""
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("onefold")}


def files(directory: Path) -> list[str]:
    """Return all that is below a directory."""
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))
