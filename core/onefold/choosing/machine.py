"""What this process may use of the machine that it runs on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from onefold.contract import Machine

__all__ = ["this_machine"]

_CGROUPS = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def this_machine(*, cgroups: Path = _CGROUPS, membership: Path = _MEMBERSHIP) -> Machine:
    """Return the memory that this process may use, and the free disk for its temporary files.

    Memory is what the machine has, or the least that a control group (a container, a batch job) allows.

    Args:
        cgroups: Where control groups are mounted.
        membership: The file that says to which of them this process belongs.
    """
    memory = [size for size in (_physical_memory(), *_limits(cgroups, membership)) if size is not None]
    return Machine(memory=min(memory, default=None), disk=_free_disk())


def _physical_memory() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # no such call on Windows, or no such name on this system
        return None


def _limits(cgroups: Path, membership: Path) -> Iterator[int | None]:
    """Yield the memory limits of this process's control groups and of those around them, of either version."""
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        hierarchy, controllers, group = line.split(":", 2)
        if hierarchy == "0" and not controllers:
            root, file = cgroups, "memory.max"
        elif "memory" in controllers.split(","):
            root, file = cgroups / "memory", "memory.limit_in_bytes"
        else:
            continue
        inner = PurePosixPath(group.lstrip("/"))
        for folder in (inner, *inner.parents):  # inside of a container, its own group may be mounted as the root
            yield _limit(root / folder / file)


def _limit(file: Path) -> int | None:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None  # "max": no limit


def _free_disk() -> int | None:
    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return None
