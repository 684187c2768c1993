"""Makes the virtual environments of the peers, once; what can not be installed is a reason in the report."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["ENVIRONMENTS", "HERE", "Environment", "environment"]

HERE: Final = "here"
"""The environment of the command itself, in which onefold is installed."""

_FOLDER: Final = Path(__file__).parent

ENVIRONMENTS: Final = {"engines": _FOLDER / "requirements.txt", "feast": _FOLDER / "feast.txt"}
"""The environments of the peers, and the files that say what is in them."""

_VERSIONS: Final = """
import json
from importlib.metadata import distributions
print(json.dumps({found.metadata["Name"].lower(): found.version for found in distributions()}))
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python to run tools with.

    Args:
        name: Its name.
        python: The interpreter; None when there is none.
        problem: Why there is none; empty when there is.
    """

    name: str
    python: Path | None
    problem: str = ""

    def versions(self) -> dict[str, str]:
        """Return the distributions that are installed, by name in small letters."""
        if self.python is None:
            return {}
        found = subprocess.run([self.python, "-c", _VERSIONS], capture_output=True, text=True, check=True)
        versions: dict[str, str] = json.loads(found.stdout)
        return versions


def environment(name: str, folder: Path = _FOLDER / ".environments") -> Environment:
    """Return an environment, made unless it is there already.

    Args:
        name: One of :data:`ENVIRONMENTS`, or :data:`HERE`.
        folder: Where environments are kept.
    """
    if name == HERE:
        return Environment(name, Path(sys.executable))
    requirements = ENVIRONMENTS[name]
    place = folder / name
    # A virtual environment holds absolute paths and is for one Python.
    wanted = hashlib.sha256(f"{place.resolve()} {sys.version} {requirements.read_text()}".encode()).hexdigest()
    ready = place / "ready"
    python = place / "bin" / "python"
    if ready.is_file() and ready.read_text() == wanted:
        return Environment(name, python)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    steps: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", place],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            said = " ".join((errors or done.stderr.splitlines() or ["without a message"])[-2:])
            return Environment(name, None, f"could not be installed: {said[:400]}")
    # Written last, so that a half-made environment is not taken for one.
    ready.write_text(wanted)
    return Environment(name, python)
