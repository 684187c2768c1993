"""Moving finished files to where they belong, so that a failure leaves everything as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["move_files", "take_place"]


def take_place(staging: Path, target: Path) -> None:
    """Move the finished directory to its place; what was there goes only when the new one stands."""
    if not target.exists():
        staging.rename(target)
        return
    old = staging.with_suffix(".old")
    target.rename(old)
    try:
        staging.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def move_files(staging: Path, target: Path) -> None:
    """Move finished files beside those that are there; all of them or none."""
    moved: list[Path] = []
    try:
        for file in sorted(path for path in staging.rglob("*") if path.is_file()):
            place = target / file.relative_to(staging)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.rename(place)
            moved.append(place)
    except BaseException:
        for place in moved:
            place.unlink(missing_ok=True)
        raise
