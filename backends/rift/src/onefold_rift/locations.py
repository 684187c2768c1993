"""From the paths of a source to the patterns that DuckDB reads, with an error that helps when nothing is there."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from onefold.errors import SourceError, near_matches
from onefold.session.redaction import redacted

__all__ = ["partition_keys", "patterns"]

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv", ".csv.gz", ".csv.zst"),
    "json": (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"),
}
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PARTITION = re.compile(r"(?:^|(?<=[/\\]))([^/\\=*?]+)=[^/\\]+[/\\]")


def patterns(paths: Sequence[str], format: str, source: str) -> list[str]:
    """Return what to give to DuckDB for the paths of a source: files and globs, directories as globs.

    Args:
        paths: Files, globs, directories, or addresses such as ``s3://bucket/key``.
        format: The format of the files, which says what to look for in directories.
        source: The source's name, for errors.

    Raises:
        SourceError: If a path leads to nothing; the message says what exists nearby.
    """
    found = []
    for path in paths:
        if _REMOTE.match(path):
            found.append(path)
        elif Path(path).is_dir():
            found += _in_directory(Path(path), format, source)
        elif Path(path).is_file() or (glob.has_magic(path) and glob.glob(path, recursive=True)):  # noqa: PTH207 - a user's glob
            found.append(path)
        else:
            raise SourceError(f"The source {source!r}: {_missing(path)}")
    return found


def partition_keys(found: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of the directories named ``key=value`` in which files lie, outermost first.

    Args:
        found: Files and globs; the first file of each is looked at.
    """
    keys: dict[str, None] = {}
    for pattern in found:
        files = glob.iglob(pattern, recursive=True) if glob.has_magic(pattern) else iter((pattern,))  # noqa: PTH207
        keys.update(dict.fromkeys(_PARTITION.findall(next(files, ""))))
    return tuple(keys)


def _in_directory(directory: Path, format: str, source: str) -> list[str]:
    globs = [f"{glob.escape(str(directory))}/**/*{suffix}" for suffix in _SUFFIXES[format]]
    found = [pattern for pattern in globs if next(glob.iglob(pattern, recursive=True), None) is not None]  # noqa: PTH207
    if not found:
        raise SourceError(
            f"The source {source!r}: the directory {str(directory)!r} holds no {format} files "
            f"({', '.join(_SUFFIXES[format])})."
        )
    return found


def _missing(path: str) -> str:
    kind = "no file matches the pattern" if glob.has_magic(path) else "there is no file"
    text = f"{kind} {redacted(path)!r}."
    parent = Path(path).parent
    while glob.has_magic(str(parent)):
        parent = parent.parent
    if not parent.is_dir():
        return f"{text} The directory {str(parent)!r} does not exist."
    names = sorted(entry.name for entry in parent.iterdir())
    if near := near_matches(Path(path).name, names):
        return f"{text} Did you mean {' or '.join(repr(str(parent / name)) for name in near)}?"
    shown = ", ".join(repr(name) for name in names[:10]) or "nothing"
    return f"{text} {str(parent)!r} holds {shown}{' and more' if len(names) > 10 else ''}."
