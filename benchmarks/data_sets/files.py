"""Where generated files are, and that each is made once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.data_sets.events import Events
from benchmarks.data_sets.spines import Spine

__all__ = ["generate"]


def generate(shape: Events | Spine, folder: Path) -> Path:
    """Return the file of this shape in a folder, made unless it is there already.

    Args:
        shape: What determines the file.
        folder: Where files are kept.
    """
    described = json.dumps(asdict(shape), sort_keys=True)
    kind = type(shape).__name__.lower()
    path = folder / f"{kind}-{shape.rows}-{hashlib.sha256(described.encode()).hexdigest()[:12]}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Renamed when complete, so that what an interrupted run leaves is not taken for data.
        half = path.with_suffix(".half")
        if isinstance(shape, Spine):
            shape.write(half, [generate(events, folder) for events in shape.entities])
        else:
            shape.write(half)
        half.rename(path)
    return path
