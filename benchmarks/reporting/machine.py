"""Where it was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.tools import TOOLS

__all__ = ["machine"]


def machine(tools: Iterable[str], installed: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return versions, processors, memory, and how busy the machine is now.

    Args:
        tools: Their names.
        installed: The versions of the distributions of each environment.
    """
    versions: dict[str, set[str]] = {}
    for name in tools:
        there = installed.get(TOOLS[name].environment, {})
        for package in TOOLS[name].packages:
            if package in there:
                versions.setdefault(package, set()).add(there[package])
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20),
        "load_at_start": round(os.getloadavg()[0], 2),
        # Environments may differ in what they hold: each version that was used is named.
        "versions": {package: " and ".join(sorted(numbers)) for package, numbers in sorted(versions.items())},
    }
