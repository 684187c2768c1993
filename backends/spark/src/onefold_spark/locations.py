"""From the paths of a source to what Spark reads, with an error that helps when nothing is there."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from onefold.errors import SourceError, near_matches
from onefold.session.redaction import redacted
from onefold_spark.inputs import hadoop_path

__all__ = ["Location", "located"]

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "parquet": (".parquet", ".pq"),
    "csv": (".csv", ".tsv", ".csv.gz"),
    "json": (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"),
}
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
_PARTITION = re.compile(r"(?:^|(?<=[/\\]))([^/\\=*?]+)=[^/\\]+[/\\]")


@dataclass(frozen=True, slots=True)
class Location:
    """Files that Spark reads in one go.

    Args:
        paths: What is given to Spark.
        base: The directory below which the names of directories are partitions; None when there are none.
        keys: The columns that such names give, outermost first.
        local: The files themselves, when they lie on this machine; empty otherwise.
        format: The format of the files, by whose suffixes they are found in directories.
    """

    paths: tuple[str, ...]
    base: str | None
    keys: tuple[str, ...]
    local: tuple[Path, ...]
    format: str

    def misread(self, key: str) -> dict[str, str]:
        """Return the values of a key in names of directories that Spark reads wrongly, each with what it stands for.

        Others write letters beyond ASCII byte by byte, as in addresses; Spark takes each byte for a letter.
        """
        prefix = f"{key}="
        names = {part[len(prefix) :] for file in self.local for part in file.parts[:-1] if part.startswith(prefix)}
        pairs = {name: (_by_letters(name), unquote(name)) for name in names if _BEYOND_ASCII.search(name)}
        for name in names - pairs.keys():
            if name in (found for found, _ in pairs.values()):
                raise SourceError(
                    f"The directories {prefix + name!r} and another one, with the same letters written byte by byte, look "
                    "the same to Spark. Rename one of them."
                )
        return dict(pairs.values())

    @property
    def options(self) -> dict[str, str]:
        """The options of Spark's readers that say which files these are."""
        if self.base is not None:
            return {"basePath": self.base}
        return {"recursiveFileLookup": "true"}


def _by_letters(name: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match.group(1), 16)), name)


def located(paths: Sequence[str], format: str, source: str) -> list[Location]:
    """Return what Spark reads for the paths of a source: files of one layout together.

    Args:
        paths: Files, globs, directories, or addresses such as ``s3://bucket/key``.
        format: The format of the files, which says what to look for in directories.
        source: The source's name, for errors.

    Raises:
        SourceError: If a path leads to nothing; the message says what exists nearby.
    """
    groups: dict[tuple[str | None, bool], list[Path | str]] = {}
    for path in paths:
        if _REMOTE.match(path):
            match = _PARTITION.search(path)
            groups.setdefault((path[: match.start()] if match else None, True), []).append(path)
            continue
        for file in _files(path, format, source):
            match = _PARTITION.search(str(file))
            groups.setdefault((str(file)[: match.start()] if match else None, False), []).append(file)
    found = []
    for (base, remote), places in groups.items():
        local = () if remote else tuple(Path(place) for place in places)
        shown = tuple(str(place) if remote else hadoop_path(place) for place in places)
        keys = tuple(dict.fromkeys(_PARTITION.findall(str(places[0])))) if base is not None else ()
        where = None if base is None else base if remote else f"file:{base}"
        found.append(Location(shown, where, keys, local, format))
    return found


def _files(path: str, format: str, source: str) -> Iterator[Path]:
    place = Path(path).absolute()
    if place.is_dir():
        suffixes = SUFFIXES[format]
        files = sorted(file for file in place.rglob("*") if file.name.endswith(suffixes) and file.is_file())
        if not files:
            raise SourceError(
                f"The source {source!r}: the directory {path!r} holds no {format} files ({', '.join(suffixes)})."
            )
        yield from files
    elif place.is_file():
        yield place
    elif glob.has_magic(path) and (matches := glob.glob(str(place), recursive=True)):  # noqa: PTH207 - a user's glob
        yield from (Path(match) for match in sorted(matches) if Path(match).is_file())
    else:
        raise SourceError(f"The source {source!r}: {_missing(path)}")


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
