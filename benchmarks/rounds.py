"""Runs the tools on one workload: in turn, in rounds, and checks their results in the first one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from benchmarks.checking import Result, compare_all, compare_sample
from benchmarks.checking.agreement import EXACT, LOOSE
from benchmarks.peers import Environment
from benchmarks.reporting import Record
from benchmarks.reporting.ratios import ours_of
from benchmarks.running import Run, measure
from benchmarks.running.measure import OUTPUT
from benchmarks.suites import Setting, Workload
from benchmarks.tools import TOOLS

__all__ = ["Rounds"]

_SAMPLE: Final = 50
_COLUMNS: Final = 60
_LEAST_PATIENCE: Final = 30.0


class Rounds:
    """The rounds of one workload.

    Args:
        workload: The workload.
        setting: The scale and what else is said about all workloads.
        environments: The environments of tools, by name.
        scratch: A folder for results and spilled data.
        say: Shows a line of progress.
        timeout: Seconds after which a tool is stopped; None for the scale's, or less where onefold was much faster.
    """

    def __init__(
        self,
        workload: Workload,
        setting: Setting,
        environments: Mapping[str, Environment],
        scratch: Path,
        *,
        say: Callable[[str], None],
        timeout: float | None = None,
    ) -> None:
        self._workload = workload
        self._setting = setting
        self._environments = environments
        self._scratch = scratch
        self._say = say
        self._timeout = timeout
        self._case = workload.case(setting)

    def run(self, tools: Sequence[str], rounds: int) -> list[Record]:
        """Return a record for each tool.

        Args:
            tools: Their names. onefold comes first in the first round, since what it takes says how long to wait for
                others; later rounds each begin with another tool, so that none always runs after the same one.
            rounds: How many.
        """
        first = sorted(tools, key=lambda name: not TOOLS[name].exact)
        records = {name: Record(self._workload.name, self._setting.scale.name, name) for name in first}
        for name, record in records.items():
            problem = self._environments[TOOLS[name].environment].problem
            record.reason = problem or TOOLS[name].reason_against(self._case)
        able = [name for name in first if not records[name].reason]
        for turn in range(rounds):
            start = turn % len(able) if able else 0
            for name in (*able[start:], *able[:start]):
                record = records[name]
                if turn and (record.seconds is None or record.seconds > self._setting.scale.once_above):
                    continue
                self._measure(record, self._limit(record, list(records.values())), keep=turn == 0)
            if turn == 0:
                self._check({name: records[name] for name in able})
        return [records[name] for name in tools]

    def _limit(self, record: Record, records: Sequence[Record]) -> float:
        """Return after how many seconds a tool is stopped."""
        if self._timeout is not None:
            return self._timeout
        ours = ours_of(records)
        if TOOLS[record.tool].exact or ours is None or ours.seconds is None:
            return self._setting.scale.timeout
        return min(self._setting.scale.timeout, max(_LEAST_PATIENCE, self._workload.patience * ours.seconds))

    def _place(self, tool: str) -> Path:
        return self._scratch / f"{self._workload.name}-{tool}"

    def _measure(self, record: Record, timeout: float, *, keep: bool) -> None:
        place = self._place(record.tool)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        python = self._environments[TOOLS[record.tool].environment].python
        assert python is not None
        tool = TOOLS[record.tool]
        run = measure(tool.module, python, self._case, folder=place, timeout=timeout, warm_ups=self._workload.warm_ups)
        record.runs.append(run)
        self._say(f"{record.workload}: {record.tool}: {_told(run)}")
        if not keep:
            shutil.rmtree(place)

    def _check(self, records: Mapping[str, Record]) -> None:
        """Compare the results on disk with the truth on a sample, and with each other on all rows."""
        spine = pq.read_metadata(self._case.spine).num_rows
        results: dict[str, Result] = {}
        for name, record in records.items():
            if TOOLS[name].compared and record.seconds is not None:
                try:
                    results[name] = Result(self._place(name) / OUTPUT, spine)
                except ValueError as error:
                    record.problem = str(error)
        random = np.random.default_rng(self._setting.seed)
        rows = np.sort(random.choice(spine, min(_SAMPLE, spine), replace=False))
        tolerances = {name: EXACT if TOOLS[name].exact else LOOSE for name in results}
        for name, agreement in compare_sample(self._case, results, tolerances, rows).items():
            records[name].sample = agreement
        right = next((name for name in results if records[name].sample), None)
        if right is not None:
            others = {name: result for name, result in results.items() if name != right}
            outputs = self._case.outputs
            # All rows of all columns would take longer than the tools where columns are hundreds.
            columns = random.permutation(outputs)[:_COLUMNS].tolist()
            for name, agreement in compare_all(self._case, results[right], others, tolerances, columns).items():
                records[name].others = agreement
        for name in records:
            shutil.rmtree(self._place(name), ignore_errors=True)


def _told(run: Run) -> str:
    if run.seconds is None:
        return run.note
    spilled = f", {run.spilled_mib:,.0f} MiB spilled" if run.spilled_mib >= 1 else ""
    return f"{run.seconds:.3g} s, {run.peak_mib:,.0f} MiB{spilled}"
