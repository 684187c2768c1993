"""The demo's training set, computed once for all tests."""

from __future__ import annotations

import io
import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

# As the command does it: threads of the model that wait for each other sleep.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@dataclass(frozen=True)
class DemoRun:
    """What a run of the demo left behind."""

    folder: Path
    report: dict[str, Any]
    told: str


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    from onefold.demo import run_demo

    folder = tmp_path_factory.mktemp("demo") / "onefold-demo"
    text = io.StringIO()
    report = run_demo(
        folder,
        console=Console(file=text, width=160),
        progress=lambda label, total: nullcontext(),
        model=False,
    )
    return DemoRun(folder, report, text.getvalue())
