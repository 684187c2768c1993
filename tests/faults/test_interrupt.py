"""Ctrl-C in each phase: it ends at once, as a shell expects, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from tests.faults.gates import Gate
from tests.faults.leftovers import files, gone
from tests.faults.running import Program, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")

PROMPTLY = 20
"""Within how many seconds a process ends; on a quiet machine it is about one."""

ALONE, GROUP = "process", "group"


@pytest.mark.parametrize(
    ("engine", "phase", "who", "then"),
    [
        ("rift", "staging", ALONE, "ends"),
        ("rift", "query", GROUP, "ends"),
        ("rift", "transform", ALONE, "goes on"),
        ("rift", "writing", GROUP, "goes on"),
        ("rift", "streaming", ALONE, "ends"),
        ("polars", "transform", GROUP, "goes on"),
        ("polars", "streaming", ALONE, "ends"),
        ("spark", "opening", GROUP, "ends"),
        ("spark", "transform", GROUP, "goes on"),
        ("spark", "writing", ALONE, "ends"),
    ],
)
def test_ctrl_c_ends_it_and_leaves_nothing_behind(engine: str, phase: str, who: str, then: str, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    gate = Gate(folder / "gate").made()
    java = {"JAVA_HOME": str(slow_java(tmp_path / "java", gate))} if phase == "opening" else {}
    with start("interrupted", engine, phase, then, folder=folder, **java) as program:
        gate.wait()
        if phase == "query":
            time.sleep(0.5)  # DuckDB tells nobody that it has begun; where it has not, this is Ctrl-C while planning
        interrupt(program, who)
        began = time.monotonic()
        while not (folder / "interrupted").exists() and program.process.poll() is None:
            time.sleep(0.02)
            assert time.monotonic() - began < PROMPTLY
        status, out, error = program.ended()
    assert (folder / "interrupted").exists(), error
    assert "\nKeyboardInterrupt" in error
    assert status == -signal.SIGINT, "as of a script that catches nothing"
    assert out == ""
    assert (folder / "went on").exists() == (then == "goes on")
    assert gone(program.mark) == {}
    assert files(program.temporary) == []
    assert [name for name in files(folder) if name not in ("gate", "interrupted", "went on")] == []


def interrupt(program: Program, who: str) -> None:
    if who == GROUP:
        os.killpg(program.process.pid, signal.SIGINT)
    else:
        program.process.send_signal(signal.SIGINT)


def slow_java(home: Path, gate: Gate) -> Path:
    """Return the home of a Java that says when it is to start Spark, and starts it then."""
    java = shutil.which("java")
    assert java is not None, "Spark needs Java"
    (home / "bin").mkdir(parents=True)
    script = home / "bin" / "java"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *org.apache.spark.launcher.Main*) echo here > {gate.path} ;; esac\nexec {java} "$@"\n'
    )
    script.chmod(0o755)
    return home
