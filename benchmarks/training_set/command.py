"""The command line: makes the data, runs the tools in turn, checks them against each other, reports."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from benchmarks.training_set.agreement import Result, compare_all, compare_sample
from benchmarks.training_set.data import Dataset, Shape, generate
from benchmarks.training_set.measure import measure
from benchmarks.training_set.report import OURS, Record, environment, markdown, notes, ratios, tables, targets
from benchmarks.training_set.tools import DEFAULT_TOOLS, TOOLS
from benchmarks.training_set.workload import DEFAULT_WINDOWS, WORKLOADS, Case, parse_windows

__all__ = ["main"]

SAMPLE = 200


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training_set",
        description="Measure a point-in-time training set with onefold, DuckDB and Polars on the same generated data. "
        "The tools run in turn, each time in a fresh process, and their results are compared with each other and with "
        "a naive computation of sampled rows. Trust ratios more than seconds.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--events", type=_count, default=1_000_000, help="number of events; underscores are fine")
    add("--spine", type=_count, default=100_000, help="number of spine rows")
    add("--keys", type=_count, default=None, help="number of entities (default: a tenth of the events, <= 100_000)")
    add("--seed", type=int, default=1, help="of the generated data and of the sample")
    add("--windows", type=_windows, default=DEFAULT_WINDOWS, help="lengths in s, m, h or d, and lifetime")
    add("--workload", type=_names(WORKLOADS), default=",".join(WORKLOADS), help=f"some of {', '.join(WORKLOADS)}")
    add("--tools", type=_names(TOOLS), default=DEFAULT_TOOLS, help=f"some of {', '.join(TOOLS)}")
    add("--repeat", type=_count, default=3, help="rounds, of which the medians count")
    add("--timeout", type=float, default=600.0, help="seconds after which a tool is stopped, and not tried again")
    add("--once-above", type=float, default=60.0, help="a tool that takes more seconds than this is run only once")
    add("--unique", action="store_true", help="declare to onefold that (key, time) is unique, as it is in this data")
    add("--data-dir", type=Path, default=None, help="keep the generated data here and use it again")
    add("--json", type=Path, default=None, help="write the report here")
    add("--markdown", type=Path, default=None, help="write a page with the tables here")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above zero")
    return number


def _windows(text: str) -> Any:
    try:
        return parse_windows(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _names(known: Any) -> Any:
    def parse(text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} does not exist; there are {', '.join(known)}")
        return names

    return parse


@contextmanager
def _folder(kept: Path | None) -> Iterator[tuple[Path, Path]]:
    """Yield where data goes and where results go; what is not to be kept is removed."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="training-set-", dir=kept) as scratch:
        yield (kept or Path(scratch) / "data").resolve(), Path(scratch).resolve()


class _Benchmark:
    """One run of the command.

    Args:
        options: What the command line says.
        dataset: The data.
        scratch: A folder for results and spilled data.
        console: Where progress is shown.
    """

    def __init__(self, options: argparse.Namespace, dataset: Dataset, scratch: Path, console: Console) -> None:
        self._options = options
        self._dataset = dataset
        self._scratch = scratch
        self._console = console

    def workload(self, workload: str) -> list[Record]:
        """Run all tools that can compute a workload, in turn, and compare their results in the first round."""
        measures = WORKLOADS[workload]
        able = [name for name in self._options.tools if set(measures) <= set(TOOLS[name].measures)]
        records = {name: Record(name, workload) for name in able}
        for turn in range(self._options.repeat):
            # Each round begins with another tool, so that none always runs after the same one.
            start = turn % len(able) if able else 0
            for name in (*able[start:], *able[:start]):
                record = records[name]
                if turn and (record.seconds is None or record.seconds > self._options.once_above):
                    continue
                self._run(record, measures, keep=turn == 0)
            if turn == 0:
                self._check(records, measures)
        return list(records.values())

    def _case(self, record: Record, measures: Sequence[str]) -> Case:
        return Case(
            events=str(self._dataset.events),
            spine=str(self._dataset.spine),
            output=str(self._place(record) / "out.parquet"),
            measures=tuple(measures),
            windows=self._options.windows,
            unique=self._options.unique,
        )

    def _place(self, record: Record) -> Path:
        return self._scratch / f"{record.workload}-{record.tool}"

    def _run(self, record: Record, measures: Sequence[str], *, keep: bool) -> None:
        place = self._place(record)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        run = measure(record.tool, self._case(record, measures), scratch=place, timeout=self._options.timeout)
        record.runs.append(run)
        took = run.note if run.seconds is None else f"{run.seconds:.2f} s, {run.peak_mib:,.0f} MiB"
        self._console.print(f"{record.workload}: {record.tool}: {took}", highlight=False, markup=False, soft_wrap=True)
        if not keep:
            shutil.rmtree(place)

    def _check(self, records: dict[str, Record], measures: Sequence[str]) -> None:
        """Compare the results on disk with the truth on a sample, and with each other on all rows."""
        spine = self._dataset.shape.spine
        results: dict[str, Result] = {}
        for name, record in records.items():
            if TOOLS[name].computes and record.seconds is not None:
                try:
                    results[name] = Result(self._place(record) / "out.parquet", spine)
                except ValueError as error:
                    record.problem = str(error)
        if results:
            case = self._case(records[next(iter(results))], measures)
            random = np.random.default_rng(self._options.seed)
            rows = np.sort(random.choice(spine, min(SAMPLE, spine), replace=False))
            for name, agreement in compare_sample(case, results, rows).items():
                records[name].sample = agreement
            right = next((name for name in results if records[name].sample), None)
            if right is not None:
                others = {name: result for name, result in results.items() if name != right}
                for name, agreement in compare_all(case, results[right], others).items():
                    records[name].others = agreement
        for record in records.values():
            shutil.rmtree(self._place(record), ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        arguments: The command line; None for this process's own.

    Returns:
        1 when onefold was asked for and did not give the right values for every workload, else 0.
    """
    options = _parser().parse_args(arguments)
    console = Console(stderr=True)
    keys = options.keys or max(1, min(100_000, options.events // 10))
    shape = Shape(options.events, options.spine, keys, options.seed)
    where = environment(options.tools)
    with _folder(options.data_dir) as (data, scratch):
        console.print(f"data: {shape.events:,} events and {shape.spine:,} spine rows of {keys:,} entities")
        benchmark = _Benchmark(options, generate(shape, data), scratch, console)
        records = [record for workload in options.workload for record in benchmark.workload(workload)]
    stated = (shape.events, shape.spine) == (10_000_000, 1_000_000)
    report: dict[str, Any] = {
        "results": [record.to_json() for record in records],
        "ratios": ratios(records),
        "targets": targets(records) if stated else [],
        "shape": {
            "events": shape.events,
            "spine": shape.spine,
            "keys": keys,
            "seed": shape.seed,
            "windows": [window.name for window in options.windows],
            "declared_unique": options.unique,
        },
        "environment": where,
    }
    title = f"{shape.events:,} events, {shape.spine:,} spine rows, {len(options.windows)} windows"
    lines = notes(records)
    for target in report["targets"]:
        verdict = "met" if target["met"] else "MISSED"
        lines.append(f"target: {target['what']} <= {target['at_most']:.4g}: {target['measured']:.4g}, {verdict}")
    output = Console()
    for shown in tables(records, title):
        output.print(shown)
    for line in lines:
        output.print(line, highlight=False, markup=False, soft_wrap=True)
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    if options.markdown is not None:
        markdown(records, title, where, options.markdown)
    return int(any(record.tool == OURS and record.agrees is not True for record in records))
