"""Rows that go from one engine to another take the memory of some batches, however many there are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.contract import StagedRows
from onefold.types import Schema

PROGRAM = Path(__file__).with_name("programs") / "streaming.py"
BATCH_BYTES = 65_536 * 8 * 8


def run(scenario: str, rows: int, scratch: Path) -> dict[str, Any]:
    """Run the program in a process of its own: memory that others have used would count."""
    scratch.mkdir()
    command = [sys.executable, str(PROGRAM), scenario, str(rows), str(scratch)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["engines"] == ["rift", "polars"]
    return found


@pytest.mark.parametrize(
    ("scenario", "rows", "batches"),
    [("stream", 9_000_000, 45), ("kept", 4_000_000, 20)],  # fewer where files are written and read again
)
def test_rows_between_engines_take_the_memory_of_some_batches(
    scenario: str, rows: int, batches: int, tmp_path: Path
) -> None:
    """The bound is the queues of both engines, and what allocators keep: it is a third of the rows at most."""
    found = run(scenario, rows, tmp_path / "scratch")
    kept = scenario == "kept"
    assert found["rows"] == rows + 10 * kept
    assert found["sum"] == rows * (rows - 1) // 2 + 45 * kept
    assert found["data"] == rows * 8 * 8 > 3 * batches * BATCH_BYTES
    assert found["grown"] < batches * BATCH_BYTES, f"{found['grown'] / 2**20:.0f} MiB more"
    assert (found["staged"] > 0) == kept
    assert found["left"] == 0


def test_reading_staged_rows_takes_no_more_than_some_row_groups(tmp_path: Path) -> None:
    """One reader over all of a file keeps what it has read, to its end."""
    table = pa.table({"v": pa.array(range(2_000_000))})
    pq.write_table(table, tmp_path / "part-0.parquet", row_group_size=50_000, use_dictionary=False)
    before = pa.total_allocated_bytes()
    most = 0
    rows = 0
    for batch in StagedRows(tmp_path, Schema.of(v="int64")).batches():
        assert batch["v"][0].as_py() == rows
        rows += batch.num_rows
        most = max(most, pa.total_allocated_bytes() - before)
    assert rows == 2_000_000
    assert most < 4 * 50_000 * 8
