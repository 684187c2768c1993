"""``python -m benchmarks curves``: measures each size in a fresh process, in rounds over all sizes of a curve."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.curves.drawing import draw
from benchmarks.curves.sizes import CURVES, Curve, Point
from benchmarks.reporting.machine import machine
from benchmarks.running import Run, measure

__all__ = ["add_curves", "run_curves"]

_TOOL: Final = "benchmarks.tools.onefold_rift"
_PATIENCE: Final = 600.0


def add_curves(commands: Any, data: Path) -> None:
    """Add the command.

    Args:
        commands: The subparsers of the command line.
        data: Where generated data is kept.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        "curves",
        help="how the cost of onefold grows with each size",
        description="Measure onefold on rift while one size changes and all others stay.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--json", type=Path, required=True, help="write the points here, and beside it .md and .svg")
    parser.add_argument("--only", default=",".join(CURVES), help="only these curves, separated by commas")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the medians count")
    parser.add_argument("--most", type=int, default=None, help="leave out greater values")
    parser.add_argument("--seed", type=int, default=1, help="of the generated data")
    parser.add_argument("--data", type=Path, default=data, help="where generated data is kept, to be used again")


def run_curves(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Measure and write what was asked for.

    Returns:
        1 when a measurement failed, else 0.
    """
    names = [name.strip() for name in options.only.split(",")]
    for name in names:
        if name not in CURVES:
            say(f"There is no curve {name!r}; there are {', '.join(CURVES)}.")
            return 2
    points: list[Point] = []
    for name in names:
        curve = CURVES[name]
        values = [value for value in curve.values if options.most is None or value <= options.most]
        try:
            points += _measured(name, curve, values, options, say)
        except RuntimeError as error:
            say(f"{name}: {error}")
            return 1
        # Written after each curve, so that what was measured is there when a long run is stopped.
        _write(options.json, points, {name: CURVES[name] for name in names})
    return 0


def _measured(
    name: str, curve: Curve, values: list[int], options: argparse.Namespace, say: Callable[[str], None]
) -> list[Point]:
    folder = options.data.resolve()
    cases = {value: curve.size(value).case(folder, options.seed) for value in values}
    runs: dict[int, list[Run]] = {value: [] for value in values}
    for _ in range(options.rounds):
        for value, case in cases.items():
            place = Path(tempfile.mkdtemp(prefix="curve-", dir=folder))
            try:
                run = measure(_TOOL, Path(sys.executable), case, folder=place, timeout=_PATIENCE)
            finally:
                shutil.rmtree(place)
            if run.seconds is None:
                raise RuntimeError(f"{curve.title} = {value:,}: {run.note}")
            runs[value].append(run)
            say(f"{name} {value:,}: {run.seconds:.3g} s, {run.peak_mib:,.0f} MiB")
    return [_point(name, value, runs[value]) for value in values]


def _point(name: str, value: int, runs: list[Run]) -> Point:
    middle = sorted(runs, key=lambda run: run.seconds or 0.0)[(len(runs) - 1) // 2]
    return Point(
        name,
        value,
        round(middle.seconds or 0.0, 4),
        round(middle.cpu_seconds or 0.0, 4),
        round(max(run.peak_mib for run in runs), 1),
        round(max(run.spilled_mib for run in runs), 1),
    )


def _write(path: Path, points: list[Point], curves: Mapping[str, Curve]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {"points": [asdict(point) for point in points], "environment": machine((), {})}
    path.write_text(json.dumps(report, indent=2) + "\n")
    path.with_suffix(".svg").write_text(draw(points, curves))
    lines = []
    for name, curve in curves.items():
        found = [point for point in points if point.curve == name]
        if found:
            lines += [
                f"| {curve.title} | seconds | processor seconds | peak MiB | spilled MiB |",
                "|--:|--:|--:|--:|--:|",
            ]
            lines += [
                f"| {p.value:,} | {p.seconds:.3g} | {p.cpu_seconds:.3g} | {p.peak_mib:,.0f} | {p.spilled_mib:,.0f} |"
                for p in found
            ]
            lines.append("")
    path.with_suffix(".md").write_text("\n".join(lines))
