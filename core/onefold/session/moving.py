"""Directories of Parquet files that are written whole or not at all, whatever engine writes the files."""

from __future__ import annotations

import contextlib
import math
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import pyarrow as pa

from onefold.errors import ConfigurationError
from onefold.plan import Sink

__all__ = ["modes", "write_directory"]

ResultT = TypeVar("ResultT")
Key = tuple[object, ...]

_NULL = "__HIVE_DEFAULT_PARTITION__"
_UTC = re.compile(r"(Z|[+-]00(:?00)?)$")


def write_directory(sink: Sink, columns: pa.Schema, write: Callable[[Path], ResultT]) -> ResultT:
    """Let files be written beside the directory of a sink, and move them into place when all of them are there.

    On failure, Ctrl-C included, the directory is as it was before. Moving files takes a moment in which others can see
    some of the new files and some of the old ones, except where the whole directory is replaced. When the process is
    killed in that moment, what was replaced lies in a hidden directory beside, whose name ends in ``.old``.

    Args:
        sink: The directory, its mode, and the columns that become hive partitions.
        columns: The columns of the rows.
        write: Makes the directory that it is given, and writes all files into it: those of a partition below
            ``column=value``. What it returns is returned.

    Raises:
        ConfigurationError: If the target exists and may not be changed, its files are partitioned in another way, or
            all columns are partitions.
    """
    target = Path(sink.path).absolute()
    if set(sink.partition_by) >= set(columns.names):
        raise ConfigurationError("All columns are partitions: at least one must be left to be written into the files.")
    keys = [columns.field(name) for name in sink.partition_by]
    if sink.mode == "overwrite_partitions":
        _check_types(keys)
    _check_target(target, sink, keys)
    with _refused(sink):
        target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}.partial"
    try:
        result = write(staging)
        _check_target(target, sink, keys)  # others may have been here in the meantime
        with _refused(sink):
            if sink.mode == "append" and target.is_dir():
                _move_files(staging, target)
            elif sink.mode == "overwrite_partitions" and target.is_dir():
                _replace_partitions(staging, target, keys)
            else:
                _replace_all(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return result


@contextlib.contextmanager
def _refused(sink: Sink) -> Iterator[None]:
    """Let an error of the file system say what could not be done."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{sink.path!r} can not be written: {error}. Make room there, or choose another path."
        ) from error


def _check_types(keys: Sequence[pa.Field]) -> None:
    for key in keys:
        if pa.types.is_binary(key.type) or pa.types.is_nested(key.type):
            raise ConfigurationError(
                f"Partitions of the column {key.name!r} can not be replaced: engines write values of the type {key.type} "
                'into names of directories each in its own way. Partition by another column, or use the mode "overwrite".'
            )


def _check_target(target: Path, sink: Sink, keys: Sequence[pa.Field]) -> None:
    if target.exists() and not target.is_dir():
        raise ConfigurationError(f"{sink.path!r} exists already, and is no directory. Choose another path.")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if sink.mode == "error":
        raise ConfigurationError(f"{sink.path!r} exists already. Choose another path, or use the mode {modes(sink)}.")
    if sink.mode != "overwrite":
        _partitions(target, keys, sink.path)


def modes(sink: Sink) -> str:
    """Return the modes that write where something is, for messages."""
    return '"append", "overwrite" or "overwrite_partitions"' if sink.partition_by else '"overwrite" or "append"'


class _Moves:
    """Renamings that are taken back in the reverse order."""

    def __init__(self) -> None:
        self._made: list[Path] = []
        self._moved: list[tuple[Path, Path]] = []

    def move(self, source: Path, place: Path) -> None:
        for parent in reversed([parent for parent in place.parents if not parent.exists()]):
            self._made.append(parent)
            parent.mkdir(exist_ok=True)
        if place.exists():
            raise FileExistsError(f"{str(place)!r} is there already")
        self._moved.append((source, place))  # before it is done: Ctrl-C may come right after
        source.rename(place)

    def take_back(self) -> None:
        for source, place in reversed(self._moved):
            if not source.exists():
                place.rename(source)
        for parent in reversed(self._made):
            with contextlib.suppress(OSError):  # others may have put files there
                parent.rmdir()


@contextlib.contextmanager
def _all_or_none() -> Iterator[_Moves]:
    moves = _Moves()
    try:
        yield moves
    except BaseException:
        moves.take_back()
        raise


def _old(staging: Path) -> Path:
    """Return where what is replaced waits until the new files stand."""
    return staging.with_suffix(".old")


def _replace_all(staging: Path, target: Path) -> None:
    with _all_or_none() as moves:
        if target.exists():
            moves.move(target, _old(staging))
        moves.move(staging, target)
    shutil.rmtree(_old(staging), ignore_errors=True)


def _move_files(staging: Path, target: Path) -> None:
    with _all_or_none() as moves:
        for file in sorted(path for path in staging.rglob("*") if path.is_file()):
            moves.move(file, target / file.relative_to(staging))


def _replace_partitions(staging: Path, target: Path, keys: Sequence[pa.Field]) -> None:
    there = _partitions(target, keys, str(target))
    with _all_or_none() as moves:
        for key, places in _partitions(staging, keys, str(target)).items():
            for place in there.get(key, ()):
                moves.move(place, _old(staging) / place.relative_to(target))
            for place in places:
                moves.move(place, target / place.relative_to(staging))
    shutil.rmtree(_old(staging), ignore_errors=True)


def _partitions(root: Path, keys: Sequence[pa.Field], path: str) -> dict[Key, list[Path]]:
    """Return the directories of partitions by their values: engines write a value into a name each in its own way.

    Args:
        root: The directory that holds them.
        keys: The columns of the partitions, from the outermost on.
        path: What messages call it.

    Raises:
        ConfigurationError: If files lie elsewhere, or directories are named after other columns or values.
    """
    found: dict[Key, list[Path]] = {}
    level: list[tuple[Key, Path]] = [((), root)]
    for key in keys:
        below: list[tuple[Key, Path]] = []
        for values, place in level:
            for entry in _visible(place):
                name, sign, text = entry.name.partition("=")
                if not sign or unquote(name) != key.name or not entry.is_dir():
                    raise _other_layout(path, keys, entry.relative_to(root))
                try:
                    below.append(((*values, _value(text, key.type)), entry))
                except pa.ArrowInvalid:
                    raise _other_layout(path, keys, entry.relative_to(root)) from None
        level = below
    for values, place in level:
        for entry in _visible(place):
            if "=" in entry.name and entry.is_dir():
                raise _other_layout(path, keys, entry.relative_to(root))
        found.setdefault(values, []).append(place)
    return found


def _visible(place: Path) -> list[Path]:
    """Return the entries of a directory that readers look at."""
    return sorted(entry for entry in place.iterdir() if entry.name[0] not in "._" or "=" in entry.name)


def _value(text: str, dtype: pa.DataType) -> object:
    """Return the value that a directory is named after, as something that equal values share."""
    text = unquote(text)
    if text == _NULL:
        return None
    if pa.types.is_timestamp(dtype):
        return pa.scalar(_UTC.sub("", text)).cast(pa.timestamp("us")).value
    if pa.types.is_date32(dtype):
        return pa.scalar(text).cast(dtype).value
    value: object = pa.scalar(text).cast(dtype).as_py()
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def _other_layout(path: str, keys: Sequence[pa.Field], entry: Path) -> ConfigurationError:
    by = ", ".join(f"{key.name} ({key.type})" for key in keys) or "nothing"
    return ConfigurationError(
        f"{path!r} holds {str(entry)!r}, so its files are not partitioned by {by}, as the new ones would be. Use the "
        'columns by which they are partitioned, or replace all of them with the mode "overwrite".'
    )
