"""The process that is measured: imports one tool, computes one case, says how long it took and its peak memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.training_set.tools import load
from benchmarks.training_set.workload import Case, Window

__all__ = ["main", "peak_mib"]


def peak_mib() -> float:
    """Return the most resident memory this process has had, in MiB.

    Linux's ``VmHWM`` belongs to this program alone; ``ru_maxrss`` there still knows the process it was started from.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Read the job from standard input and write the measurement into the file that it names."""
    job = json.load(sys.stdin)
    windows = tuple(Window(**window) for window in job["case"].pop("windows"))
    case = Case(**{**job["case"], "measures": tuple(job["case"]["measures"])}, windows=windows)
    run = load(job["tool"])
    before = time.process_time()
    started = time.perf_counter()
    run(case)
    seconds = time.perf_counter() - started
    measured = {"seconds": seconds, "cpu_seconds": time.process_time() - before, "peak_mib": peak_mib()}
    Path(job["result"]).write_text(json.dumps(measured))


if __name__ == "__main__":
    main()
