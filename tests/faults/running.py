"""Runs programs in processes of their own, whose temporary files and children nobody else has."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.faults.gates import PATIENCE
from tests.faults.leftovers import MARK

ROOT = Path(__file__).parents[2]


@dataclass
class Program:
    """A process of a test.

    Args:
        process: The process.
        mark: What it and all its children have in their environments.
        temporary: Where its temporary files are.
    """

    process: subprocess.Popen[str]
    mark: str
    temporary: Path

    def ended(self) -> tuple[int, str, str]:
        """Wait for its end, and return its exit status and what it has said."""
        out, error = self.process.communicate(timeout=2 * PATIENCE)
        return self.process.returncode, out, error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.communicate()


def start(name: str, *args: str, folder: Path, **environment: str) -> Program:
    """Start a program of ``tests/faults/programs``, as the leader of a group of processes.

    Args:
        name: The program.
        args: Its arguments.
        folder: The directory in which it runs; its temporary files are in a directory beside it.
        environment: More environment variables.
    """
    temporary = folder.parent / f"{folder.name}-temporary"
    folder.mkdir(exist_ok=True)
    temporary.mkdir()
    mark = uuid.uuid4().hex
    known = {"TMPDIR": str(temporary), MARK: mark, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.faults.programs.{name}", *args],
        cwd=folder,
        env={**os.environ, **known, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return Program(process, mark, temporary)
