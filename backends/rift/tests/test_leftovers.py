"""What a process leaves behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_session_that_nobody_closes_leaves_nothing_behind(tmp_path: Path) -> None:
    code = f"from onefold_rift.backend import RiftBackend; s = RiftBackend().open({{'spill_directory': {str(tmp_path)!r}}}); s.check()"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(tmp_path.iterdir()) == []
