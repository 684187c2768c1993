"""Mutants of sources and sinks: which files are read, what is taken for what, what is filtered, and what is written."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from decimal import DecimalException
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import SourceError
from onefold.plan import Scan, Table, TimeRange, Write
from onefold.types import BINARY, FLOAT64, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Field, Schema
from onefold_conformance.mutants.habits import is_nan, saturated, single, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.files.reading import NULL_PARTITION, read_rows
from onefold_conformance.oracle.files.text import value_of
from onefold_conformance.oracle.relations.foreign import write
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row, Value

__all__ = ["MUTANTS"]

_Read: TypeAlias = Callable[[Table], list[Row]]
_PARTITION = re.compile(r"([^/]+)=([^/]+)/")
_SUFFIXES = {"parquet": "*.parquet", "csv": "*.csv", "json": "*.jsonl"}


def _right_range(time: int, bounds: TimeRange) -> bool:
    return (bounds.start is None or time >= bounds.start) and (bounds.end is None or time < bounds.end)


def _scanning(
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
    return Mutant(f"scan-{name}", what, relations={Scan: _scanning(**parts)})


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


def _each_file(read: Callable[[Table, str], list[Row]]) -> _Read:
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
    outside = [name for name, _ in _PARTITION.findall(path)]
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

    return _scan(name, what, read=_each_file(read))


def _partitioned(name: str, what: str, change: Callable[[str, DataType], Value]) -> Mutant:
    """Return a mutant that is wrong about the values in the names of directories."""

    def read(table: Table, path: str) -> list[Row]:
        outside = {key: text for key, text in _PARTITION.findall(path) if key in table.columns}
        wrong = {key: change(text, table.columns[key].dtype) for key, text in outside.items()}
        return [{**row, **wrong} for row in read_rows(table)]

    return _scan(f"partition-{name}", what, read=_each_file(read))


def _partition(text: str, dtype: DataType) -> Value:
    return None if text == NULL_PARTITION else value_of(unquote(text), dtype)


def _csv(
    *,
    value: Callable[[str, DataType], Value] = value_of,
    failing: str = "error",
    strict: bool = True,
    lines: Callable[[str, Mapping[str, Any]], list[list[str]]] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Callable[[Table], list[Row]]:
    """Return a reader of CSV files of which one part is another.

    Args:
        value: Reads a field that is not null.
        failing: What becomes of a field that can not be read: an ``"error"``, ``"null"``, or its line is ``"left out"``.
        strict: Whether every line has to have as many fields as the header.
        lines: Cuts the text of a file into fields.
        options: Options that take the place of those that are given.
    """

    def read(table: Table, path: str) -> list[Row]:
        if table.format != "csv":
            return read_rows(table)
        given = {"delimiter": ",", "quote": '"', "nullstr": "", "skip": 0, **table.options, **(options or {})}
        if strict:
            text_columns = Schema(Field(name, STRING) for name in table.columns.names)
            read_rows(table.model_copy(update={"columns": text_columns}))  # fails where the lines are wrong
        fields = (lines or _fields)(Path(path).read_bytes().decode(), given)[given["skip"] :]
        names, rows = fields[0], []
        outside = {key: _partition(text, table.columns[key].dtype) for key, text in _PARTITION.findall(path)}
        for line in fields[1:]:
            row, bad = dict(outside), False
            found = dict(zip(names, line, strict=False))
            for field in table.columns:
                if field.name in outside:
                    continue
                text = found.get(field.name, "")
                try:
                    row[field.name] = None if text == given["nullstr"] else value(text, field.dtype)
                except (ValueError, KeyError, DecimalException) as error:
                    if failing == "error":
                        raise SourceError(f"The source {table.name!r} holds {text!r}.") from error
                    row[field.name], bad = None, True
            if not bad or failing == "null":
                rows.append({name: row[name] for name in table.columns.names})
        return rows

    return _each_file(read)


def _fields(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=options["delimiter"], quotechar=options["quote"])
    return [line for line in reader if line]


def _with_header(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    lines, header = _fields(text, options), options["skip"]
    return [*lines[: header + 1], *lines[header:]]


def _without_quotes(text: str, options: Mapping[str, Any]) -> list[list[str]]:
    return [line.split(options["delimiter"]) for line in text.splitlines() if line]


def _guessed(text: str, dtype: DataType) -> Value:
    """Text that looks like a number or a bool is taken for one, and written as text again."""
    if dtype != STRING:
        return value_of(text, dtype)
    for guess in (INT64, FLOAT64):
        try:
            return str(value_of(text, guess))
        except ValueError:
            continue
    return text


def _blanks_cut(text: str, dtype: DataType) -> Value:
    return value_of(text.strip(), dtype)


def _number_in_float(text: str, dtype: DataType) -> Value:
    return value_of(str(int(float(text))) if dtype == INT64 and text.lstrip("-").isdecimal() else text, dtype)


def _cut_to_int(text: str, dtype: DataType) -> Value:
    return int(float(text)) if dtype == INT64 and "." in text else value_of(text, dtype)


def _wrapped_to_int(text: str, dtype: DataType) -> Value:
    return wrapped(int(text)) if dtype == INT64 and text.lstrip("-").isdecimal() else value_of(text, dtype)


def _digits_rounded(text: str, dtype: DataType) -> Value:
    scale = getattr(dtype, "scale", None)
    return value_of(text if scale is None else f"{float(text):.{scale}f}", dtype)


def _zone_ignored(text: str, dtype: DataType) -> Value:
    return value_of(
        re.sub(r"(?<=\d\d:\d\d)(.*?)([Zz]|[+-]\d\d(:?\d\d)?)$", r"\1", text) if dtype.is_time else text, dtype
    )


def _cut_to_micros(text: str, dtype: DataType) -> Value:
    return value_of(re.sub(r"([.]\d{6})\d+", r"\1", text) if dtype.is_time else text, dtype)


def _days_carried(text: str, dtype: DataType) -> Value:
    return value_of(text.replace("-02-29", "-03-01") if not text.startswith("2024") else text, dtype)


def _any_bool(text: str, dtype: DataType) -> Value:
    return text.lower() in ("true", "t", "1") if str(dtype) == "bool" else value_of(text, dtype)


def _csv_mutant(name: str, what: str, **parts: Any) -> Mutant:
    return Mutant(f"csv-{name}", what, relations={Scan: _scanning(read=_csv(**parts))})


def _json_mutant(name: str, what: str, value: Callable[[Any, DataType], Value], broken: bool = False) -> Mutant:
    """Return a mutant that reads values of JSON lines in another way, and perhaps leaves out lines that are broken."""

    def read(table: Table, path: str) -> list[Row]:
        if table.format != "json":
            return read_rows(table)
        rows: list[Row] = []
        for line in Path(path).read_text("utf-8").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                if not broken:
                    return read_rows(table)
                continue
            try:
                rows.append({field.name: value(found.get(field.name), field.dtype) for field in table.columns})
            except (ValueError, KeyError, TypeError, AttributeError, DecimalException):
                return read_rows(table)
        return rows

    return Mutant(f"json-{name}", what, relations={Scan: _scanning(read=_each_file(read))})


def _json_value(found: Any, dtype: DataType) -> Value:
    if isinstance(found, int | float) and not isinstance(found, bool):
        return value_of(str(found), dtype)
    if isinstance(found, list):
        return [_json_value(item, dtype.element) for item in found]  # type: ignore[attr-defined]
    if isinstance(found, dict):
        return {name: _json_value(found.get(name), field) for name, field in dtype.fields}  # type: ignore[attr-defined]
    return value_of(found, dtype)


def _or_null(found: Any, dtype: DataType) -> Value:
    try:
        return _json_value(found, dtype)
    except (ValueError, KeyError, TypeError, AttributeError, DecimalException):
        return None


def _through_doubles(found: Any, dtype: DataType) -> Value:
    return saturated(int(float(found))) if dtype == INT64 and found is not None else _json_value(found, dtype)


def _fractions_cut(found: Any, dtype: DataType) -> Value:
    return int(found) if dtype == INT64 and isinstance(found, float) else _json_value(found, dtype)


def _empty_for_null(found: Any, dtype: DataType) -> Value:
    if found is None and str(dtype).startswith(("list", "string")):
        return [] if str(dtype).startswith("list") else ""
    return _json_value(found, dtype)


def _null_object(found: Any, dtype: DataType) -> Value:
    """An object that lacks a member is null."""
    if isinstance(found, dict) and len(found) < len(dtype.fields):  # type: ignore[attr-defined]
        return None
    return _json_value(found, dtype)


def _write(name: str, what: str, change: Callable[[Write], Write]) -> Mutant:
    """Return a mutant that writes to another sink than it was given."""
    return Mutant(f"write-{name}", what, relations={Write: lambda context, node: write(context, change(node))})


def _sink(node: Write, **changes: Any) -> Write:
    return node.replace(sink=node.sink.model_copy(update=changes))


def _write_rows(name: str, what: str, change: Callable[[list[Row], Write], list[Row]]) -> Mutant:
    """Return a mutant that writes other rows."""

    def wrong(context: Context, node: Write) -> Result:
        right = context.result(node.input)
        known = {**context._known, node.input.fingerprint: dataclasses.replace(right, rows=change(right.rows, node))}
        found = write(dataclasses.replace(context, _known=known), node)
        rows = [{**row, "rows": len(right.rows)} for row in found.rows]
        return dataclasses.replace(found, rows=rows)

    return Mutant(f"write-{name}", what, relations={Write: wrong})


def _count(name: str, what: str, count: Callable[[int], int]) -> Mutant:
    def wrong(context: Context, node: Write) -> Result:
        found = write(context, node)
        return dataclasses.replace(found, rows=[{**row, "rows": count(row["rows"])} for row in found.rows])

    return Mutant(f"write-{name}", what, relations={Write: wrong})


def _nothing_for_nothing(context: Context, node: Write) -> Result:
    if context.result(node.input).rows:
        return write(context, node)
    return Result([{"path": node.sink.path, "rows": 0}], dict.fromkeys(node.output.names, Tolerance()))


def _changed(change: Callable[[Value], Value]) -> Callable[[list[Row], Write], list[Row]]:
    return lambda rows, node: [{name: change(value) for name, value in row.items()} for row in rows]


def _partition_values(change: Callable[[Value], Value]) -> Callable[[list[Row], Write], list[Row]]:
    return lambda rows, node: [
        {name: change(value) if name in node.sink.partition_by else value for name, value in row.items()}
        for row in rows
    ]


def _known_partitions(rows: list[Row], node: Write) -> list[Row]:
    return [row for row in rows if None not in [row[name] for name in node.sink.partition_by]]


def _text(value: Value, change: Callable[[str], str]) -> Value:
    return change(value) if isinstance(value, str) else value


_BERLIN = 3_600_000_000

MUTANTS: tuple[Mutant, ...] = (
    # -- what is filtered
    _range("end-closed", "Reads a time exactly at the end of a range.", lambda time, b: _right_range(time, b) or time == b.end),
    _range("start-open", "Does not read a time exactly at the start of a range.", lambda time, b: _right_range(time, b) and time != b.start),
    _range("in-milliseconds", "Compares the times of a range in milliseconds.", lambda time, b: (b.start is None or time // 1000 >= b.start // 1000) and (b.end is None or time // 1000 < b.end // 1000)),
    _range("in-local-time", "Takes the bounds of a range for those of a local clock.", lambda time, b: _right_range(time + _BERLIN, b)),
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
    _scan("files-without-rows-fail", "Takes a file without rows for a broken one.", read=_each_file(_some_rows)),
    _scan("broken-files-are-left-out", "Leaves out files that can not be read.", read=_each_file(lambda table, path: read_rows(table) if _readable(path) else [])),
    _scan("missing-columns-are-null", "Takes a column that is missing for one of nulls.", read=_each_file(_missing_is_null)),
    _scan("columns-by-place", "Binds the columns of files by their place.", read=_each_file(_by_place)),
    _scan("takes-any-type", "Takes wall clocks for instants, instants for wall clocks, and bytes for text.", read=_any_type),
    # -- partitions
    _partitioned("is-null", "Returns null for the columns in the names of directories.", lambda text, dtype: None),
    _partitioned("null-is-text", "Takes the directory of nulls for a value.", lambda text, dtype: text if text == NULL_PARTITION else _partition(text, dtype)),
    _partitioned("keeps-escapes", "Does not resolve escaped letters in the names of directories.", lambda text, dtype: text if dtype == STRING and text != NULL_PARTITION else _partition(text, dtype)),
    _partitioned("is-a-number", "Takes the name of a directory for a number where it looks like one.", lambda text, dtype: str(int(text)) if text.isdecimal() and dtype == STRING else _partition(text, dtype)),
    _scan("partition-of-the-first-file", "Gives all rows the partition of the first file.", read=lambda table: [{**row, **{k: _partition(t, table.columns[k].dtype) for k, t in _PARTITION.findall(_files(table)[0])}} for row in read_rows(table)]),
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
    _stored("zone-as-wall-clock", "Takes what a local clock shows for UTC.", lambda kind: pa.types.is_timestamp(kind) and kind.tz not in (None, "UTC"), lambda v: v + _BERLIN),
    _stored("dates-off-before-1970", "Counts days towards 1970, and so one too few before it.", pa.types.is_date, lambda v: v + 1 if v < 0 else v),
    _stored("times-in-milliseconds", "Cuts times to milliseconds.", pa.types.is_timestamp, lambda v: v // 1000 * 1000),
    _stored("empty-lists-are-null", "Returns null for an empty list.", pa.types.is_list, lambda v: v or None),
    _stored("text-ends-at-a-zero", "Takes a zero character for the end of text.", lambda kind: pa.types.is_string(kind) or pa.types.is_binary(kind), lambda v: v.partition("\0" if isinstance(v, str) else b"\0")[0]),
    # -- CSV
    _csv_mutant("bad-values-are-null", "Returns null for what can not be read.", failing="null"),
    _csv_mutant("bad-lines-are-left-out", "Leaves out lines that can not be read.", failing="left out"),
    _csv_mutant("long-lines-are-cut", "Cuts off lines that are too long, and fills those that are too short.", strict=False),
    _csv_mutant("quotes-ignored", "Takes quotes for letters.", lines=_without_quotes, strict=False, failing="null"),
    _csv_mutant("options-ignored", "Ignores the options of the reader.", options={"delimiter": ",", "quote": '"', "nullstr": "", "skip": 0}, strict=False, failing="null"),
    _csv_mutant("null-is-text", "Takes the empty text of a text column for text.", value=value_of, options={"nullstr": "\0"}, failing="null"),
    _csv_mutant("types-are-guessed", "Reads text that looks like a number as one.", value=_guessed),
    _csv_mutant("blanks-cut", "Cuts blanks off the ends of fields.", value=_blanks_cut),
    _csv_mutant("integers-through-floats", "Reads integers through floats.", value=_number_in_float, failing="null"),
    _csv_mutant("fractions-cut", "Cuts off the fraction of an integer.", value=_cut_to_int),
    _csv_mutant("integers-wrap", "Lets integers that are too large wrap around.", value=_wrapped_to_int),
    _csv_mutant("decimals-rounded", "Rounds decimals that have too many digits.", value=_digits_rounded),
    _csv_mutant("zones-ignored", "Ignores the zones of times.", value=_zone_ignored),
    _csv_mutant("nanoseconds-cut", "Cuts times to microseconds.", value=_cut_to_micros),
    _csv_mutant("days-carried-over", "Takes 29 February of a common year for 1 March.", value=_days_carried),
    _csv_mutant("bools-are-false", "Takes every text but true for false.", value=_any_bool),
    _csv_mutant("last-line-lost", "Loses the last line when it does not end.", lines=lambda text, options: _fields(text if text.endswith("\n") else text[: text.rfind("\n") + 1], options)),
    _csv_mutant("letters-of-one-byte", "Takes every byte for a letter.", lines=lambda text, options: [[field.encode().decode("latin-1") for field in line] for line in _fields(text, options)]),
    _csv_mutant("carriage-returns-kept", "Keeps the carriage return at the end of a line.", lines=lambda text, options: _fields(text.replace("\r\n", " \n"), options), failing="null", strict=False),
    _csv_mutant("header-is-a-row", "Takes the header for a row as well.", lines=_with_header, failing="null"),
    _csv_mutant("first-line-lost", "Takes the first row for part of the header.", lines=lambda text, options: [line for number, line in enumerate(_fields(text, options)) if number != 1 + options["skip"]]),
    # -- JSON lines
    _json_mutant("bad-values-are-null", "Returns null for what can not be read.", _or_null),
    _json_mutant("broken-lines-are-left-out", "Leaves out lines that are no JSON.", _json_value, broken=True),
    _json_mutant("integers-through-floats", "Reads integers through floats.", _through_doubles),
    _json_mutant("fractions-cut", "Cuts off the fraction of an integer.", _fractions_cut),
    _json_mutant("null-is-empty", "Takes a null for an empty text or list.", _empty_for_null),
    _json_mutant("incomplete-objects-are-null", "Returns null for an object that lacks a member.", _null_object),
    _json_mutant("letters-lost", "Drops letters beyond ASCII.", lambda found, dtype: _text(_json_value(found, dtype), lambda text: text.encode("ascii", "ignore").decode())),
    # -- sinks
    _write("overwrite-appends", "Leaves what was there when it overwrites.", lambda node: _sink(node, mode="append") if node.sink.mode == "overwrite" else node),
    _write("append-overwrites", "Takes away what was there when it appends.", lambda node: _sink(node, mode="overwrite") if node.sink.mode == "append" else node),
    _count("counts-one-more", "Says that it wrote one row more.", lambda count: count + 1),
    _count("counts-nothing", "Says that it wrote nothing.", lambda count: 0),
    Mutant("write-nothing-for-nothing", "Writes nothing at all when there are no rows.", relations={Write: _nothing_for_nothing}),
    _write_rows("loses-the-last-row", "Does not write the last row.", lambda rows, node: rows[:-1]),
    _write_rows("loses-null-partitions", "Does not write rows whose partition is null.", _known_partitions),
    _write_rows("null-partition-is-text", "Writes a null partition as text.", _partition_values(lambda value: "null" if value is None else value)),
    _write_rows("partitions-escaped-twice", "Escapes the values of partitions two times.", _partition_values(lambda value: _text(value, lambda text: quote(text, safe="")))),
    _write_rows("nan-is-null", "Writes NaN as null.", _changed(lambda value: None if is_nan(value) else value)),
    _write_rows("infinity-is-null", "Writes infinities as null.", _changed(lambda value: None if isinstance(value, float) and abs(value) == float("inf") else value)),
    _write_rows("empty-lists-are-null", "Writes empty lists as null.", _changed(lambda value: None if value == [] else value)),
    _write_rows("null-is-zero", "Writes a null integer as zero.", lambda rows, node: [{n: 0 if v is None and node.input.output[n].dtype == INT64 else v for n, v in row.items()} for row in rows]),
    _write_rows("times-in-milliseconds", "Cuts times to milliseconds.", lambda rows, node: [{n: v // 1000 * 1000 if v is not None and node.input.output[n].dtype.is_time else v for n, v in row.items()} for row in rows]),
    _write_rows("rows-once", "Writes equal rows once.", lambda rows, node: list({repr(row): row for row in rows}.values())),
)  # fmt: skip
"""Wrong sources and sinks."""
