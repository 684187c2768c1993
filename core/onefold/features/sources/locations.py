"""Finding the files of a source: globs, directories, hive partitions, and what exists near a missing path."""

from __future__ import annotations

import datetime as dt
import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from onefold.errors import DefinitionError, SourceError, listed
from onefold.types import DATE, INT64, STRING, DataType, Field

__all__ = ["files_of", "hive_fields", "is_remote", "path_texts"]

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def path_texts(path: object, *, what: str) -> tuple[str, ...]:
    """Return the paths of a source as text, with ``~`` expanded.

    Raises:
        DefinitionError: If there is none, or one is not a path.
    """
    given = path if isinstance(path, list | tuple) else [path]
    texts = [os.fspath(one) for one in given if isinstance(one, str | Path)]
    if not texts or not all(texts) or len(texts) != len(given):
        raise DefinitionError(f"{what} needs a path (text or pathlib.Path), or a list of paths, not {path!r:.80}.")
    return tuple(text if is_remote(text) else str(Path(text).expanduser()) for text in texts)


def is_remote(path: str) -> bool:
    """Return whether a path names a place that only engines can read, such as ``s3://bucket/key``."""
    return _REMOTE.match(path) is not None


def files_of(path: str, suffixes: tuple[str, ...], *, what: str) -> tuple[Path, ...]:
    """Return the files that a local path, glob or directory stands for, sorted; at least one.

    Args:
        path: The path.
        suffixes: What file names end with that count inside of a directory.
        what: Whose path it is, for errors.

    Raises:
        SourceError: If nothing is there; the message says what exists nearby.
    """
    if glob.has_magic(path) and not Path(path).exists():
        base, pattern = _glob_parts(path)
        matches = sorted(match for match in base.glob(pattern) if match.is_file()) if base.is_dir() else []
        if not matches:
            raise SourceError(f"{what}: no file matches {path!r}. {_nearby(base)}")
        return tuple(matches)
    location = Path(path)
    if location.is_dir():
        found = sorted(
            file
            for file in location.rglob("*")
            if file.name.endswith(suffixes) and not file.name.startswith((".", "_")) and file.is_file()
        )
        if not found:
            raise SourceError(
                f"{what}: the directory {path!r} holds no file that ends with {' or '.join(suffixes)}. "
                f"{_nearby(location)}"
            )
        return tuple(found)
    if not location.is_file():
        raise SourceError(f"{what}: there is no file {path!r}. {_nearby(location)}")
    return (location,)


def _glob_parts(path: str) -> tuple[Path, str]:
    """Return the folder before the first part of a path with ``* ? [``, and the rest."""
    parts = Path(path).parts
    first = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:first]), str(Path(*parts[first:]))


def _nearby(missing: Path) -> str:
    """Return a sentence about what exists where a path should be."""
    folder = missing if missing.is_dir() else missing.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    if folder not in (missing.parent, missing):
        return f"Its folder does not exist either; in {str(folder.resolve())!r}: " + listed(
            missing.name, names, what="files and folders"
        )
    return f"In {str(folder.resolve())!r}: {listed(missing.name, names, what='files and folders')}"


def hive_fields(files: Iterable[Path]) -> tuple[Field, ...]:
    """Return the columns that directories named ``key=value`` stand for.

    Values are int64 when all are plain integers, ``date32`` when all are ISO dates, else text.

    Args:
        files: The files, with their folders as far as the source's path names or leads to them.

    Examples:
        >>> fields = hive_fields([Path("data/year=2013/origin=JFK/a.parquet")])
        >>> [(field.name, str(field.dtype)) for field in fields]
        [('year', 'int64'), ('origin', 'string')]
    """
    values: dict[str, set[str]] = {}
    for file in files:
        for part in file.parent.parts:
            key, equals, value = part.partition("=")
            if equals and key:
                values.setdefault(key, set()).add(unquote(value))
    return tuple(Field(key, _partition_type(found - {HIVE_NULL})) for key, found in values.items())


def _partition_type(values: set[str]) -> DataType:
    if values and all(_INTEGER.fullmatch(value) for value in values):
        return INT64
    if values and all(_is_date(value) for value in values):
        return DATE
    return STRING


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
