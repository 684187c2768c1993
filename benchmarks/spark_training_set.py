"""``python -m benchmarks.spark_training_set``: onefold on Spark beside the range frames that a Spark user would write.

Count, sum, mean and stddev over six windows, as in ``benchmarks.training_set``, on local[2] with 3 GiB for the JVM. Each
size is measured with entities of equal shares, and with one that has a fifth of all rows. All runs are in fresh
processes and interleaved: each round runs every tool on every data set. What takes longer than ``--timeout`` is stopped
and not tried again, so that there is a smaller size as well, at which range frames finish. Results are compared with a
naive computation of sampled rows. ``peak`` is the most resident memory of the JVM and all Python processes together.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.training_set.agreement import Result, compare_sample
from benchmarks.training_set.data import Dataset, Shape, generate
from benchmarks.training_set.measure import Run, measure
from benchmarks.training_set.workload import DEFAULT_WINDOWS, WORKLOADS, Case, parse_windows

__all__ = ["main"]

TOOLS: Final = ("onefold-spark", "spark-range-frames")
HEAVY: Final = 0.2
SAMPLE: Final = 100


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_training_set", description=__doc__)
    add = parser.add_argument
    add("--events", type=int, default=10_000_000, help="number of events; underscores are fine")
    add("--spine", type=int, default=1_000_000, help="number of spine rows")
    add("--small", type=int, default=50, help="the smaller size is so many times smaller; 0 for none")
    add("--rounds", type=int, default=3, help="rounds, of which the medians count")
    add("--timeout", type=float, default=600.0, help="seconds after which a run is stopped")
    add("--seed", type=int, default=1, help="of the data and of the sample")
    add("--data-dir", type=Path, default=None, help="keep the generated data here and use it again")
    add("--json", type=Path, default=None, help="write the report here")
    return parser


def _run(tool: str, dataset: Dataset, folder: Path, timeout: float, seed: int | None) -> tuple[Run, bool | None]:
    """Return a run, and whether its values are right; None where nobody looked (``seed`` is None)."""
    place = folder / "run"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    case = Case(
        events=str(dataset.events),
        spine=str(dataset.spine),
        output=str(place / "out.parquet"),
        measures=WORKLOADS["sums"],
        windows=parse_windows(DEFAULT_WINDOWS),
    )
    run = measure(tool, case, scratch=place, timeout=timeout)
    if run.seconds is None or seed is None:
        return run, None
    spine = dataset.shape.spine
    rows = np.sort(np.random.default_rng(seed).choice(spine, min(SAMPLE, spine), replace=False))
    try:
        result = Result(Path(case.output), spine)
    except ValueError:
        return run, False
    return run, bool(compare_sample(case, {tool: result}, rows)[tool])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        arguments: The command line; None for this process's own.

    Returns:
        1 when a value of onefold's was wrong, or none came, else 0.
    """
    options = _parser().parse_args(arguments)
    sizes = [(options.events, options.spine)]
    if options.small:
        sizes.append((options.events // options.small, options.spine // options.small))
    runs: dict[tuple[str, int, float], list[Run]] = {}
    right: dict[tuple[str, int, float], bool | None] = {}
    with tempfile.TemporaryDirectory(prefix="spark-training-set-", dir=options.data_dir) as scratch:
        folder = Path(scratch)
        for turn in range(options.rounds):
            for events, spine in sizes:
                for heavy in (0.0, HEAVY):
                    shape = Shape(events, spine, max(1, min(100_000, events // 10)), options.seed, 0.0, heavy=heavy)
                    dataset = generate(shape, options.data_dir or folder)
                    for tool in TOOLS if turn % 2 == 0 else reversed(TOOLS):
                        name = (tool, events, heavy)
                        if any(run.seconds is None for run in runs.get(name, ())):
                            continue
                        run, ok = _run(tool, dataset, folder, options.timeout, None if turn else options.seed)
                        runs.setdefault(name, []).append(run)
                        right.setdefault(name, ok)
                        took = run.note if run.seconds is None else f"{run.seconds:.1f} s"
                        print(
                            f"{events:,} events, heavy {heavy:g}: {tool}: {took}, {run.peak_mib:,.0f} MiB", flush=True
                        )
    report = _report(runs, right)
    for line in report["ratios"]:
        print(line)
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return int(any(right[name] is not True for name in runs if name[0] == TOOLS[0]))


def _report(runs: dict[tuple[str, int, float], list[Run]], right: dict[tuple[str, int, float], bool | None]) -> Any:
    seconds = {
        name: statistics.median(run.seconds for run in of if run.seconds is not None)
        for name, of in runs.items()
        if all(run.seconds is not None for run in of)
    }
    limits = {name: of[-1].stopped_after for name, of in runs.items() if of[-1].stopped_after is not None}
    ratios = []
    for (tool, events, heavy), took in seconds.items():
        if tool != TOOLS[0]:
            continue
        what = f"{events:,} events, heavy {heavy:g}"
        other = (TOOLS[1], events, heavy)
        if other in seconds:
            ratios.append(f"{what}: range frames take {seconds[other] / took:.1f} times as long")
        elif other in limits:
            ratios.append(f"{what}: range frames take more than {limits[other] / took:.1f} times as long (stopped)")
        if heavy and (tool, events, 0.0) in seconds:
            ratios.append(f"{what}: a heavy key costs {took / seconds[tool, events, 0.0]:.2f} times the even shares")
    results = [
        {
            "tool": tool,
            "events": events,
            "heavy": heavy,
            "seconds": seconds.get((tool, events, heavy)),
            "runs": [run.seconds for run in of],
            "peak_mib": max(run.peak_mib for run in of),
            "right": right[tool, events, heavy],
            "note": of[-1].note,
        }
        for (tool, events, heavy), of in runs.items()
    ]
    return {"results": results, "ratios": ratios}


if __name__ == "__main__":
    raise SystemExit(main())
