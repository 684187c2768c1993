"""Sends many rows through two engines and says how much memory that took: ``streaming.py SCENARIO ROWS SCRATCH``."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from onefold.execution import Placement, exchange, prepare
from onefold.plan import Call, Column, Filter, Input, Literal, NamedExpression, Project, Relation, Union
from onefold.types import INT64, Schema

COLUMNS = Schema.of(**{f"c{number}": "int64" for number in range(8)})
ROWS = Input(name="rows", columns=COLUMNS)
BATCH = 65_536


def batches(rows: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, rows, BATCH):
        numbers = np.arange(start, min(rows, start + BATCH))
        yield pa.record_batch({name: pa.array(numbers + place) for place, name in enumerate(COLUMNS.names)})


def column(name: str) -> Any:
    return Column(name=name)


def plan(scenario: str) -> tuple[Relation, Relation]:
    """Return a plan, and the part of it that runs on rift; the rest runs on Polars."""
    first = Filter(input=ROWS, predicate=Call(function="gte", args=(column("c0"), Literal.of(0, INT64))))
    if scenario == "kept":  # read in two places
        parts = (first, Filter(input=first, predicate=Call(function="lt", args=(column("c0"), Literal.of(10, INT64)))))
        return Union(relations=parts), first
    added = Call(function="add", args=(column("c0"), column("c7")))
    kept = tuple(NamedExpression(name=name, expression=column(name)) for name in COLUMNS.names)
    return Project(input=first, columns=(*kept, NamedExpression(name="sum", expression=added))), first


def run(scenario: str, rows: int, scratch: Path) -> dict[str, Any]:
    whole, on_rift = plan(scenario)
    stream = pa.RecordBatchReader.from_batches(next(batches(1)).schema, batches(rows))
    rift = Placement("rift", fallback=None, options={"rift": {"memory_limit": "64MB"}})
    job = prepare(
        whole,
        inputs={"rows": stream},
        engine="polars",
        place=lambda node: rift if node == on_rift else None,
        scratch=scratch,
    )
    passed = total = staged = 0
    for batch in job.start():
        passed += batch.num_rows
        total += int(np.asarray(batch["c0"]).sum())
        staged = max(staged, sum(file.stat().st_size for file in scratch.rglob("*.parquet")))
    engines = [stage.engine for stage in job.stages]
    return {"rows": passed, "sum": total, "staged": staged, "left": len(list(scratch.iterdir())), "engines": engines}


def peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    scenario, rows, scratch = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    exchange.KEPT_BYTES = 16 * 1024 * 1024
    run(scenario, rows // 5, scratch)  # what engines take by themselves, and for the first rows
    before = peak()
    done = run(scenario, rows, scratch)
    print(json.dumps({**done, "grown": peak() - before, "data": rows * 8 * 8}))  # noqa: T201 - read by the test
