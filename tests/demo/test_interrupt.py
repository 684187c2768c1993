"""Ctrl-C while a training set is computed: it stops at once, says so with its exit code, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.command import MAIN
from tests.demo.conftest import DemoRun


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_stops_the_work_and_leaves_nothing_behind(demo_run: DemoRun, tmp_path: Path) -> None:
    definitions = (demo_run.folder / "features.py").read_text()
    (tmp_path / "features.py").write_text(definitions + "\n(Path(__file__).parent / 'loaded').touch()\n")
    (tmp_path / "data").symlink_to(demo_run.folder / "data")
    args = ["features.py", "--spine", "data/spine.parquet", "--time", "scheduled_at", "--out", "out"]
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "training-set", *args],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        started = time.monotonic()
        while not (tmp_path / "loaded").exists() and time.monotonic() - started < 60:
            time.sleep(0.05)
        time.sleep(0.5)
        command.send_signal(signal.SIGINT)
        out, error = command.communicate(timeout=60)
    assert command.returncode == 130
    assert out == ""
    assert "Traceback" not in error
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == [
        "data",
        "features.py",
        "loaded",
    ]
