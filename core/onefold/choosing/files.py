"""The files that the paths of a source stand for, and their sizes."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from onefold.plan import Table

__all__ = ["SizedFile", "sized_files"]

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".csv.gz", ".csv.zst", ".tsv"),
    "json": (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"),
}


@dataclass(frozen=True, slots=True)
class SizedFile:
    """A file on this machine, and its size in bytes."""

    path: Path
    bytes: int


def sized_files(table: Table) -> tuple[SizedFile, ...] | None:
    """Return the files of a source of files, in the order of their names; None when some are not on this machine.

    What is missing is left out: reading it will say so, better than guessing its size can.
    """
    if any(_REMOTE.match(path) for path in table.paths):
        return None
    files = {file for path in table.paths for file in _files(path, _SUFFIXES[table.format])}
    sized = []
    for file in sorted(files):
        try:
            sized.append(SizedFile(file, file.stat().st_size))
        except OSError:
            continue
    return tuple(sized)


def _files(path: str, suffixes: tuple[str, ...]) -> Iterator[Path]:
    location = Path(path)
    if location.is_dir():
        for file in location.rglob("*"):
            if file.name.endswith(suffixes) and not file.name.startswith((".", "_")) and file.is_file():
                yield file
    elif location.is_file():
        yield location
    elif glob.has_magic(path):
        for name in glob.iglob(path, recursive=True):  # noqa: PTH207 - a user's glob
            if (match := Path(name)).is_file():
                yield match
