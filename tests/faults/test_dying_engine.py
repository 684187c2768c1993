"""An engine that dies: an error that names it, the next run on a new one, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

from tests.faults.leftovers import files, gone
from tests.faults.running import start


def test_a_killed_jvm_is_an_error_of_spark_and_the_next_run_starts_another_one(tmp_path: Path) -> None:
    with start("killed", folder=tmp_path / "killed") as program:
        status, _, error = program.ended()
    assert status == 0, error
    assert gone(program.mark) == {}
    assert files(program.temporary) == []
