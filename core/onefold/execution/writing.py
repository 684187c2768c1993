"""Results that a distributed engine writes itself: they do not pass through this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from onefold.execution.assembling import DISTRIBUTED
from onefold.execution.interrupts import interruptibly
from onefold.execution.runner import Job, offered_by
from onefold.execution.sinks import WriteResult
from onefold.execution.streams import Traffic
from onefold.plan import WriteMode

__all__ = ["writes_itself", "written_by_engine"]


def writes_itself(job: Job, mode: WriteMode) -> bool:
    """Return whether the result of a job comes out of a distributed engine that can write it as Parquet in a mode."""
    last = job.stages[-1]
    needed = [DISTRIBUTED, "relation.write", "sink.parquet"]
    if mode == "overwrite_partitions":
        needed.append(f"sink.{mode}")
    return last.session is not None and all(offered_by(last.engine).offers(name) for name in needed)


def written_by_engine(job: Job, path: str | Path, progress: Callable[[Traffic], None] | None = None) -> WriteResult:
    """Run a job whose plan ends in writing a directory of Parquet files.

    Args:
        job: The job.
        path: The directory.
        progress: Called while the engine works, where it tells how far it is.
    """
    target = Path(path)
    before = _files(target)
    report = interruptibly(lambda: job.start(progress).read_all())
    files = _files(target) - before
    return WriteResult(target, len(files), report["rows"][0].as_py(), sum(file.stat().st_size for file in files))


def _files(directory: Path) -> set[Path]:
    return {file for file in directory.rglob("*.parquet") if file.name[0] not in "_."}
