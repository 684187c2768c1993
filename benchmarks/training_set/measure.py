"""Runs one tool on one case in a fresh process, within a time limit, and watches the memory of its process tree."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from benchmarks.training_set.workload import Case

__all__ = ["Run", "measure"]

ROOT: Final = Path(__file__).resolve().parents[2]
_EVERY: Final = 0.05
_PAGE_MIB: Final = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement.

    Args:
        seconds: Wall time of the work, imports excluded; None when it did not finish.
        cpu_seconds: Processor time of the work, all threads; None when it did not finish.
        peak_mib: The most resident memory of the process tree, imports and what they hold included.
        note: Why it did not finish; empty when it did.
        stopped_after: The time limit, in seconds, when that is why; its time would have been longer.
    """

    seconds: float | None
    cpu_seconds: float | None
    peak_mib: float
    note: str = ""
    stopped_after: float | None = None


def measure(tool: str, case: Case, *, scratch: Path, timeout: float) -> Run:
    """Run a tool on a case in a process of its own.

    Args:
        tool: Its name.
        case: The job.
        scratch: An empty folder: the working directory, where engines put what they spill.
        timeout: After how many seconds, imports included, it is stopped.
    """
    result, errors = scratch / "measured.json", scratch / "errors.txt"
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    with errors.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.training_set.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=scratch,
            env=environment,
            start_new_session=True,
        )
        with _Watch(process.pid) as watch:
            job = {"tool": tool, "case": asdict(case), "result": str(result)}
            try:
                process.communicate(json.dumps(job).encode(), timeout=timeout)
            except BaseException as error:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    return Run(None, None, watch.peak_mib, f"timed out after {timeout:g} s", timeout)
                raise
    if process.returncode != 0 or not result.exists():
        last = errors.read_text(errors="replace").strip().splitlines()[-1:] or ["without a message"]
        return Run(None, None, watch.peak_mib, f"failed with exit code {process.returncode}: {last[0][:400]}")
    measured = json.loads(result.read_text())
    # The process knows its own peak exactly; only the sampled sum knows of its children.
    peak = max(measured["peak_mib"], watch.peak_mib)
    return Run(measured["seconds"], measured["cpu_seconds"], peak)


class _Watch:
    """Samples the resident memory of a process and its descendants (Linux; elsewhere it stays 0)."""

    def __init__(self, pid: int) -> None:
        self.peak_mib = 0.0
        self._pid = pid
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


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in children.read_text().split()]
            except OSError:  # it ended meanwhile
                continue
    return found


def _resident_mib(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MIB
    except (OSError, IndexError):  # it ended meanwhile
        return 0.0
