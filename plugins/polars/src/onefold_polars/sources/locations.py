"""From the paths of a source to its files, with an error that helps when nothing is there."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from onefold.errors import SourceError, UnsupportedOperation, near_matches
from onefold.plan import Table
from onefold.session.redaction import redacted
from onefold_polars.engine import ENGINE

__all__ = ["files_of", "partition_of"]

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv", ".csv.gz", ".csv.zst"),
    "json": (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"),
}
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PARTITION = re.compile(r"(?:^|(?<=[/\\]))([^/\\=]+)=([^/\\]+)(?=[/\\])")
_NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


def files_of(table: Table) -> list[str]:
    """Return the files of a source; in directories all below them, in the order of their names, without hidden ones.

    Raises:
        SourceError: If a path leads to nothing; the message says what exists nearby.
        UnsupportedOperation: If a path is an address.
    """
    found: list[str] = []
    for path in table.paths:
        if _REMOTE.match(path):
            raise UnsupportedOperation(
                node=f"source.{table.format} at {redacted(path)!r}",
                engine=ENGINE,
                reason="it reads only local files: what the files of an address hold can not be checked before they are read",
                way_out='Read the source on another engine, such as "rift".',
            )
        matches = sorted(_matches(path, table.format))
        if not matches:
            raise SourceError(f"The source {table.name!r}: {_missing(path, table.format)}")
        found += matches
    return found


def partition_of(file: str) -> dict[str, str | None]:
    """Return the values in the names of the directories in which a file lies, outermost first.

    Examples:
        >>> partition_of("events/year=2024/carrier=A%2FB/part-0.parquet")
        {'year': '2024', 'carrier': 'A/B'}
    """
    return {
        unquote(name): None if text == _NULL_PARTITION else unquote(text) for name, text in _PARTITION.findall(file)
    }


def _matches(path: str, format: str) -> Iterator[str]:
    if Path(path).is_file():
        yield path
        return
    patterns: Sequence[str] = [path]
    if Path(path).is_dir():
        patterns = [f"{glob.escape(path)}/**/*{suffix}" for suffix in _SUFFIXES[format]]
    for pattern in patterns:
        for file in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - a user's glob
            if Path(file).is_file():
                yield file


def _missing(path: str, format: str) -> str:
    if Path(path).is_dir():
        return f"the directory {path!r} holds no {format} files ({', '.join(_SUFFIXES[format])})."
    kind = "no file matches the pattern" if glob.has_magic(path) else "there is no file"
    text = f"{kind} {path!r}."
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
