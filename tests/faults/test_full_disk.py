"""A disk that is full: the error names the directory and how to choose another one; nothing is left behind."""

from __future__ import annotations

from pathlib import Path

from tests.faults.leftovers import files
from tests.faults.running import start


def test_files_that_can_not_grow_are_an_error_that_says_where_and_what_to_do(tmp_path: Path) -> None:
    with start("full", folder=tmp_path / "full") as program:
        status, _, error = program.ended()
    assert status == 0, error
    assert files(program.temporary) == []
