"""Runs the command in a process of its own, as a shell would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

MAIN = "import sys; sys.argv[0] = 'onefold'; from onefold.cli.main import main; main()"


def onefold(
    *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, code: str = MAIN
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
