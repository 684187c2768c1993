"""Mutants of sources: what is filtered, which files are read, and what the columns of Parquet files are taken for."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import SourceError
from onefold.plan import Scan, Table, TimeRange
from onefold.types import BINARY, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Field, Schema
from onefold_conformance.mutants.habits import is_nan, single, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.files.reading import NULL_PARTITION, read_rows
from onefold_conformance.oracle.files.text import value_of
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS", "PARTITION", "each_file", "partition_value", "scanning"]

_Read: TypeAlias = Callable[[Table], list[Row]]
PARTITION = re.compile(r"([^/]+)=([^/]+)/")
"""The names of directories that hold values of columns."""

_SUFFIXES = {"parquet": "*.parquet", "csv": "*.csv", "json": "*.jsonl"}


def _right_range(time: int, bounds: TimeRange) -> bool:
    return (bounds.start is None or time >= bounds.start) and (bounds.end is None or time < bounds.end)


def scanning(
    *,
    read: _Read = read_rows,
    inside: Callable[[int | None, TimeRange], bool] = lambda time, bounds: (
        time is not None and _right_range(time, bounds)
    ),
    holds: Callable[[Value], bool] = lambda condition: condition is True,
    sees: Callable[[Row, Scan], Row] = lambda row, node: row,
) -> Step:
    """Return an interpreter of scans of which one part is another.

    Args:
        read: Reads the rows of a source.
        inside: Tells whether a time is in a range.
        holds: Tells for which values of the predicate a row comes out.
        sees: Gives the row that the predicate is evaluated over.
    """

    def scan(context: Context, node: Scan) -> Result:
        rows = read(node.table)
        if (bounds := node.time_range) is not None:
            rows = [row for row in rows if inside(row[bounds.column], bounds)]
        if node.predicate is not None:
            predicate = context.compile(node.predicate, node.table.columns)
            rows = [row for row in rows if holds(predicate(sees(row, node)))]
        found = [{name: row[name] for name in node.output.names} for row in rows]
        return Result(found, dict.fromkeys(node.output.names, Tolerance()))

    return scan


def _scan(name: str, what: str, **parts: Any) -> Mutant:
    return Mutant(f"scan-{name}", what, relations={Scan: scanning(**parts)})


def _range(name: str, what: str, inside: Callable[[int, TimeRange], bool]) -> Mutant:
    """Return a mutant that is wrong about which times are in a range."""
    return _scan(f"range-{name}", what, inside=lambda time, bounds: time is not None and inside(time, bounds))


def _files(table: Table) -> list[str]:
    """Return the files of a source, as far as they are there."""
    found: list[Path] = []
    for path in map(Path, table.paths):
        base = next(parent for parent in (path, *path.parents) if "*" not in str(parent))
        pattern = str(path.relative_to(base)) if base != path else _SUFFIXES[table.format]
        found += [path] if path.is_file() else sorted(base.rglob(pattern) if base == path else base.glob(pattern))
    return list(map(str, found))


def _of_files(change: Callable[[list[str]], list[str]]) -> _Read:
    """Return what reads other files of a source; none gives no rows."""

    def read(table: Table) -> list[Row]:
        paths = change(_files(table))
        return read_rows(table.model_copy(update={"paths": tuple(paths)})) if paths else []

    return read


def each_file(read: Callable[[Table, str], list[Row]]) -> _Read:
    """Return what reads the files of a source one by one: ``read(table, path)`` gets the source with that one file."""
    return lambda table: [
        row for path in _checked(table) for row in read(table.model_copy(update={"paths": (path,)}), path)
    ]


def _checked(table: Table) -> list[str]:
    files = _files(table)
    if len(files) < len(table.paths):
        raise SourceError(f"The source {table.name!r}: a file is missing.")
    return files


def _columns(format: str, path: str) -> list[str]:
    """Return the columns that a file has, those in the names of its directories among them."""
    outside = [name for name, _ in PARTITION.findall(path)]
    if format == "csv":
        with Path(path).open(encoding="utf-8", newline="") as opened:
            return [*next(csv.reader(opened), []), *outside]
    return [*pq.read_schema(path).names, *outside] if format == "parquet" and _readable(path) else []


def _readable(path: str) -> bool:
    try:
        return path.endswith((".csv", ".jsonl")) or pq.read_schema(path) is not None
    except pa.ArrowException:
        return False


def _some_rows(table: Table, path: str) -> list[Row]:
    rows = read_rows(table)
    if not rows:
        raise SourceError(f"The source {table.name!r}: {path!r} holds nothing.")
    return rows


def _missing_is_null(table: Table, path: str) -> list[Row]:
    if table.format == "json":
        return read_rows(table)
    if not _readable(path):
        return read_rows(table)
    there = [name for name in table.columns.names if name in _columns(table.format, path)]
    if not there:
        return [dict.fromkeys(table.columns.names)]
    rows = read_rows(table.model_copy(update={"columns": table.columns.select(there)}))
    return [{name: row.get(name) for name in table.columns.names} for row in rows]


def _by_place(table: Table, path: str) -> list[Row]:
    """Columns are bound by their place in the file, not by their name."""
    found = [name for name in _columns(table.format, path) if table.format != "csv" or name in table.columns.names]
    rows = read_rows(table)
    types = table.columns
    pairs = list(zip(table.columns.names, found, strict=False))
    if sorted(found) != sorted(types.names) or any(types[a].dtype != types[b].dtype for a, b in pairs):
        return rows
    return [{name: row[at] for name, at in pairs} for row in rows]


def _any_type(table: Table) -> list[Row]:
    """What a file holds is taken for what is declared: wall clocks for instants, and bytes for text."""
    try:
        return read_rows(table)
    except SourceError:
        other: dict[DataType, DataType] = {TIMESTAMP: TIMESTAMP_UTC, TIMESTAMP_UTC: TIMESTAMP, STRING: BINARY}
        taken = Schema(Field(field.name, other.get(field.dtype, field.dtype)) for field in table.columns)
        rows = read_rows(table.model_copy(update={"columns": taken}))
        return [
            {name: value.decode() if isinstance(value, bytes) and table.columns[name].dtype == STRING else value for name, value in row.items()}
            for row in rows
        ]  # fmt: skip


def _stored(name: str, what: str, matches: Callable[[pa.DataType], bool], change: Callable[[Value], Value]) -> Mutant:
    """Return a mutant that is wrong about the values of columns that a Parquet file holds in some type."""

    def read(table: Table, path: str) -> list[Row]:
        rows = read_rows(table)
        if table.format != "parquet":
            return rows
        wrong = {field.name for field in pq.read_schema(path) if matches(field.type)}
        return [
            {key: change(value) if key in wrong and value is not None else value for key, value in row.items()}
            for row in rows
        ]

    return _scan(name, what, read=each_file(read))


def _partitioned(name: str, what: str, change: Callable[[str, DataType], Value]) -> Mutant:
    """Return a mutant that is wrong about the values in the names of directories."""

    def read(table: Table, path: str) -> list[Row]:
        outside = {key: text for key, text in PARTITION.findall(path) if key in table.columns}
        wrong = {key: change(text, table.columns[key].dtype) for key, text in outside.items()}
        return [{**row, **wrong} for row in read_rows(table)]

    return _scan(f"partition-{name}", what, read=each_file(read))


def partition_value(text: str, dtype: DataType) -> Value:
    """Return the right value of a column in the name of a directory."""
    return None if text == NULL_PARTITION else value_of(unquote(text), dtype)


_HOUR = 3_600_000_000


MUTANTS: tuple[Mutant, ...] = (
    # -- what is filtered
    _range("end-closed", "Reads a time exactly at the end of a range.", lambda time, b: _right_range(time, b) or time == b.end),
    _range("start-open", "Does not read a time exactly at the start of a range.", lambda time, b: _right_range(time, b) and time != b.start),
    _range("in-milliseconds", "Compares the times of a range in milliseconds.", lambda time, b: (b.start is None or time // 1000 >= b.start // 1000) and (b.end is None or time // 1000 < b.end // 1000)),
    _range("in-local-time", "Takes the bounds of a range for those of a local clock.", lambda time, b: _right_range(time + _HOUR, b)),
    _range("without-an-end", "Ignores the end of a range.", lambda time, b: b.start is None or time >= b.start),
    _range("without-a-start", "Ignores the start of a range.", lambda time, b: b.end is None or time < b.end),
    _range("of-both-or-nothing", "Ignores a range that has one bound only.", lambda time, b: b.start is None or b.end is None or _right_range(time, b)),
    _range("not-before-1970", "Reads no time before 1970 where there is a range.", lambda time, b: time >= 0 and _right_range(time, b)),
    _range("not-beyond-nanoseconds", "Fails to see times where bounds do not fit into nanoseconds.", lambda time, b: all(abs(x or 0) < 2**63 // 1000 for x in (b.start, b.end)) and _right_range(time, b)),
    _range("swapped", "Swaps the bounds of a range that ends before it starts.", lambda time, b: _right_range(time, b) or (b.start is not None and b.end is not None and b.end <= time <= b.start)),
    _scan("range-keeps-nulls", "Reads rows whose time is null in every range.", inside=lambda time, b: time is None or _right_range(time, b)),
    _scan("predicate-keeps-nulls", "Reads rows for which the predicate is null.", holds=lambda condition: condition is not False),
    _scan("predicate-ignored", "Ignores the predicate.", holds=lambda condition: True),
    _scan("predicate-sees-the-projection", "Evaluates the predicate over the columns that are read, the others null.", sees=lambda row, node: {name: value if name in node.output.names else None for name, value in row.items()}),
    _scan("predicate-sees-no-nan", "Takes NaN for null in predicates.", sees=lambda row, node: {name: None if is_nan(value) else value for name, value in row.items()}),
    # -- which files are read
    _scan("first-file-only", "Reads the first file of a source.", read=_of_files(lambda files: files[:1])),
    _scan("files-twice", "Reads every file two times.", read=_of_files(lambda files: files * 2)),
    _scan("one-level", "Does not search directories below.", read=_of_files(lambda files: [f for f in files if f.count("/") == min(g.count("/") for g in files)])),
    _scan("patterns-of-all-levels", "Reads what lies below the directories of a pattern.", read=lambda table: read_rows(table.model_copy(update={"paths": tuple(path.replace("/*.", "/**/*.") for path in table.paths)}))),
    _scan("missing-files-are-empty", "Takes a file that is missing for one without rows.", read=_of_files(lambda files: files)),
    _scan("files-without-rows-fail", "Takes a file without rows for a broken one.", read=each_file(_some_rows)),
    _scan("broken-files-are-left-out", "Leaves out files that can not be read.", read=each_file(lambda table, path: read_rows(table) if _readable(path) else [])),
    _scan("missing-columns-are-null", "Takes a column that is missing for one of nulls.", read=each_file(_missing_is_null)),
    _scan("columns-by-place", "Binds the columns of files by their place.", read=each_file(_by_place)),
    _scan("takes-any-type", "Takes wall clocks for instants, instants for wall clocks, and bytes for text.", read=_any_type),
    # -- partitions
    _partitioned("is-null", "Returns null for the columns in the names of directories.", lambda text, dtype: None),
    _partitioned("null-is-text", "Takes the directory of nulls for a value.", lambda text, dtype: text if text == NULL_PARTITION and dtype == STRING else partition_value(text, dtype)),
    _partitioned("keeps-escapes", "Does not resolve escaped letters in the names of directories.", lambda text, dtype: text if dtype == STRING and text != NULL_PARTITION else partition_value(text, dtype)),
    _partitioned("is-a-number", "Takes the name of a directory for a number where it looks like one.", lambda text, dtype: str(int(text)) if text.isdecimal() and dtype == STRING else partition_value(text, dtype)),
    _scan("partition-of-the-first-file", "Gives all rows the partition of the first file.", read=lambda table: [{**row, **{k: partition_value(t, table.columns[k].dtype) for k, t in PARTITION.findall(_files(table)[0])}} for row in read_rows(table)]),
    # -- the types of Parquet files
    _stored("unsigned-as-signed", "Reads unsigned integers as signed ones of their width.", pa.types.is_unsigned_integer, lambda v: v - 2**32 if 2**31 <= v < 2**32 else v - 2**16 if 2**15 <= v < 2**16 else v - 2**8 if 2**7 <= v < 2**8 else -1 if v == 2**63 - 1 else v),
    _stored("small-as-unsigned", "Reads signed integers as unsigned ones.", lambda kind: kind in (pa.int8(), pa.int16(), pa.int32()), lambda v: v % 2**32 if v < 0 else v),
    _stored("integers-through-floats", "Reads integers through floats.", pa.types.is_integer, lambda v: wrapped(int(float(v)))),
    _stored("single-as-text", "Reads floats of 32 bits with six digits.", pa.types.is_float32, lambda v: float(f"{v:.6g}")),
    _stored("doubles-in-32-bits", "Reads floats of 64 bits in 32 bits.", pa.types.is_float64, lambda v: v if is_nan(v) else single(v)),
    _stored("dictionary-by-code", "Returns the code of a value in its dictionary.", pa.types.is_dictionary, lambda v: "0"),
    _stored("large-text-cut", "Takes text of the large kind for empty.", lambda kind: pa.types.is_large_string(kind) or pa.types.is_large_binary(kind), lambda v: v[:0]),
    _stored("milliseconds-as-seconds", "Takes milliseconds for microseconds.", lambda kind: pa.types.is_timestamp(kind) and kind.unit == "ms", lambda v: v // 1000),
    _stored("nanoseconds-cut", "Cuts nanoseconds to milliseconds.", lambda kind: pa.types.is_timestamp(kind) and kind.unit == "ns", lambda v: v // 1000 * 1000),
    _stored("zone-as-wall-clock", "Takes what a local clock shows for UTC.", lambda kind: pa.types.is_timestamp(kind) and kind.tz not in (None, "UTC"), lambda v: v + _HOUR),
    _stored("dates-off-before-1970", "Counts days towards 1970, and so one too few before it.", pa.types.is_date, lambda v: v + 1 if v < 0 else v),
    _stored("times-in-milliseconds", "Cuts times to milliseconds.", pa.types.is_timestamp, lambda v: v // 1000 * 1000),
    _stored("empty-lists-are-null", "Returns null for an empty list.", pa.types.is_list, lambda v: v or None),
    _stored("text-ends-at-a-zero", "Takes a zero character for the end of text.", lambda kind: pa.types.is_string(kind) or pa.types.is_binary(kind), lambda v: v.partition("\0" if isinstance(v, str) else b"\0")[0]),
)  # fmt: skip
"""Wrong sources."""
