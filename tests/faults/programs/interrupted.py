"""Reads a training set that never ends, and says when it has come to a phase, in which the test sends Ctrl-C.

It exits as a script does that catches nothing. Before, it says with its last line that the same process still works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from tests.faults.data import COLUMNS, spine, training_set, view
from tests.faults.gates import Gate

import onefold as of

HERE = Path.cwd()
GATE = str(HERE / "gate")


def waiting(gate: str) -> Callable[[pa.Table], pa.Table]:
    def wait(rows: pa.Table) -> pa.Table:
        import time

        with open(gate, "w") as pipe:  # noqa: PTH123 - also sent to executors, which do not know this module
            pipe.write("here")
        end = time.monotonic() + 600
        while time.monotonic() < end:
            sum(range(10_000))
        return rows

    return wait


ENDLESS = of.native_sql(
    'select "user", "at", amount, n from events, range(1000000000000) as endless(number) where number % 7 = n + 8',
    schema=COLUMNS,
)
"""A query that DuckDB does not finish in a lifetime."""


def main(engine: str, phase: str) -> None:
    """Compute something that does not end, and say so when it is there."""
    if phase == "opening":
        training_set(view("on_rift", engine="rift"), view("opened", engine=engine)).to_arrow()
    elif phase == "staging":
        columns = {"user": "int64", "t": "timestamp[us, UTC]"}
        rows = of.table(spine(), name="spine").select("user", "t").map_batches(waiting(GATE), schema=columns)
        training_set(view("one", engine="rift"), view("other", engine=engine), rows=rows).to_arrow()
    elif phase == "query":
        train = training_set(view("slow", engine=engine, transform=ENDLESS))
        Gate(GATE).arrive()  # the last moment of which this process knows
        train.to_arrow()
    elif phase == "transform":
        training_set(view("slow", engine=engine, function=waiting(GATE))).to_arrow()
    elif phase == "streaming":
        with training_set(view("read", engine=engine), rows=spine(200_000)).batches() as reader:
            next(reader)
            waiting(GATE)(spine())
    elif phase == "writing":
        training_set(view("slow", engine=engine, function=waiting(GATE))).write_parquet(HERE / "out")


if __name__ == "__main__":
    name, asked, then = sys.argv[1:]
    try:
        main(name, asked)
    except KeyboardInterrupt:
        (HERE / "interrupted").write_text(str(os.getpid()))
        if then == "goes on":  # as in a notebook: the next cell works
            result = training_set(view("again", engine=name)).to_arrow()
            assert result.equals(training_set(view("again", engine="rift")).to_arrow())
            (HERE / "went on").touch()
        raise
