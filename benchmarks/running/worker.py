"""The process that is measured: imports one tool, computes one case, says how long it took and its peak memory."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.cases import Case

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
    """Read the job from the file that the command line names and write the measurement into the file that it names."""
    job = json.loads(Path(sys.argv[1]).read_text())
    case = Case.from_json(job["case"])
    tool = import_module(job["module"])
    # What is done once for many jobs, such as registering definitions, is not measured.
    getattr(tool, "prepare", lambda case: None)(case)
    run = tool.run
    for _ in range(job["warm_ups"]):
        run(case)
        output = Path(case.output)
        if output.is_dir():
            shutil.rmtree(output)
        else:
            output.unlink(missing_ok=True)
    Path(job["begun"]).touch()
    before = time.process_time()
    started = time.perf_counter()
    run(case)
    seconds = time.perf_counter() - started
    measured = {"seconds": seconds, "cpu_seconds": time.process_time() - before, "peak_mib": peak_mib()}
    Path(job["result"]).write_text(json.dumps(measured))


if __name__ == "__main__":
    main()
