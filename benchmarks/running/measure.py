"""Runs one tool on one case in a fresh process, within a time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.cases import Case
from benchmarks.running.watch import Watch

__all__ = ["OUTPUT", "Run", "measure"]

OUTPUT: Final = "out.parquet"
"""Where the result is, in the folder of the run."""

_START: Final = 300.0  # imports, sessions, registered definitions and warm-ups are no part of the work
_EVERY: Final = 0.02
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement.

    Args:
        seconds: Wall time of the work, imports excluded; None when it did not finish.
        cpu_seconds: Processor time of the work, all threads of the process; None when it did not finish.
        peak_mib: The most resident memory of the process tree, imports and what they hold included.
        spilled_mib: The most that was in its folder for temporary files.
        note: Why it did not finish; empty when it did.
        stopped_after: The time limit, in seconds, when that is why; its time would have been longer.
    """

    seconds: float | None
    cpu_seconds: float | None
    peak_mib: float
    spilled_mib: float = 0.0
    note: str = ""
    stopped_after: float | None = None


def measure(module: str, python: Path, case: Case, *, folder: Path, timeout: float, warm_ups: int = 0) -> Run:
    """Run a tool on a case in a process of its own.

    Args:
        module: The module of the tool.
        python: The interpreter.
        case: The job; its result goes into the folder.
        folder: An empty folder; the process works in one below it, where engines put what they spill.
        timeout: After how many seconds of work it is stopped.
        warm_ups: How often the job is done before the clock starts.
    """
    names = ("job.json", "measured.json", "errors.txt", "begun", "scratch")
    order, result, errors, begun, scratch = (folder / name for name in names)
    scratch.mkdir()
    case = replace(case, output=str(folder / OUTPUT), scratch=str(scratch))
    job = {"module": module, "case": case.to_json(), "result": str(result), "begun": str(begun), "warm_ups": warm_ups}
    order.write_text(json.dumps(job))
    # Ray's sockets need a short path.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as short, errors.open("wb") as stderr:
        process = subprocess.Popen(
            [python, "-m", "benchmarks.running.worker", order],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=scratch,
            env=_environment(scratch) | {"RAY_TMPDIR": short},
            start_new_session=True,
        )
        with Watch(process.pid, (scratch, Path(short))) as watch:
            try:
                stopped = _wait(process, begun, timeout)
            finally:
                # What a tool started may outlive it.
                _end(process)
    if stopped is not None:
        return Run(None, None, watch.peak_mib, watch.spilled_mib, stopped, timeout if begun.exists() else None)
    if process.returncode != 0 or not result.exists():
        return Run(None, None, watch.peak_mib, watch.spilled_mib, _failure(process.returncode, errors))
    measured = json.loads(result.read_text())
    # The process knows its own peak exactly; only the sampled sum knows of its children.
    peak = max(measured["peak_mib"], watch.peak_mib)
    return Run(measured["seconds"], measured["cpu_seconds"], peak, watch.spilled_mib)


def _wait(process: subprocess.Popen[bytes], begun: Path, timeout: float) -> str | None:
    """Return why a process is to be stopped; None when it has ended."""
    deadline = time.monotonic() + _START
    working = False
    while time.monotonic() < deadline:
        try:
            process.wait(_EVERY)
        except subprocess.TimeoutExpired:
            if not working and begun.exists():
                working, deadline = True, time.monotonic() + timeout
        else:
            return None
    return f"stopped after {timeout:.3g} s" if working else f"had not begun after {_START:g} s"


def _environment(scratch: Path) -> dict[str, str]:
    places = dict.fromkeys(("TMPDIR", "SPARK_LOCAL_DIRS", "POLARS_TEMP_DIR", "ONEFOLD_SCRATCH"), str(scratch))
    # Only this folder: what else is on the caller's path may not suit the environment of a peer.
    return {**os.environ, **places, "PYTHONPATH": str(_ROOT), "PYTHONWARNINGS": "ignore"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    with suppress(ProcessLookupError):  # nothing is left of it
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(code: int, errors: Path) -> str:
    lines = [line for line in errors.read_text(errors="replace").splitlines() if line.strip()]
    # What was raised is the first line after a traceback that is not indented; libraries may say more at the end.
    begun = max((number for number, line in enumerate(lines) if line.startswith("Traceback")), default=None)
    raised = () if begun is None else (line for line in lines[begun + 1 :] if not line[0].isspace())
    said = next(iter(raised), lines[-1].strip() if lines else "without a message")
    killed = ", killed, for memory perhaps" if code == -signal.SIGKILL else ""
    return f"failed with exit code {code}{killed}: {said[:400]}"
