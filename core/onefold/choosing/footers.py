"""How much of Parquet files a scan reads, from their footers: the columns and the row groups that can matter."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.choosing.files import SizedFile
from onefold.plan import Call, Column, Expression, Literal, Scan
from onefold.types import BOOL, DATE, DataType, Schema

__all__ = ["Volume", "read_volume", "time_span"]

_MOST_FOOTERS = 256
"""How many footers are read at most; of more files, evenly spread ones stand for all."""
_MOST_CHUNKS = 500_000
"""How many column chunks (a column of a row group) they may describe together: reading one takes 1 to 2 microseconds."""
_FEWEST_FOOTERS = 8
"""How many footers are read at least, however wide the files are."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PER_MICROSECOND = {"milliseconds": (1_000, 1), "microseconds": (1, 1), "nanoseconds": (1, 1_000)}
"""By which a count of a Parquet time unit is multiplied and divided, to be one of microseconds."""
_WIDTHS: Mapping[DataType, int] = {BOOL: 1, DATE: 4}
_TEXT_WIDTH = 16
"""What an engine holds for a value of varying length at least, besides the text itself."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How much is read.

    Args:
        rows: The rows.
        stored: The bytes of their columns as they are stored.
        memory: The bytes of their columns in memory.
        files: How many files this was seen in.
    """

    rows: float = 0
    stored: float = 0
    memory: float = 0
    files: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(
            self.rows + other.rows, self.stored + other.stored, self.memory + other.memory, self.files + other.files
        )

    def times(self, factor: float) -> Volume:
        """Return a multiple of what was seen, or a part."""
        return Volume(self.rows * factor, self.stored * factor, self.memory * factor, self.files)


def read_volume(scan: Scan, files: Sequence[SizedFile]) -> Volume:
    """Return how much of its files a scan reads.

    Row groups whose statistics show that none of their rows is in the scan's range of times are left out. Values take
    in memory what they take in their pages when those are not compressed, or the width of their type where that is
    more: pages hold each different value once, and runs of equal ones once.

    Args:
        scan: The scan.
        files: Its files.

    Raises:
        OSError: If a file can not be read.
        pyarrow.ArrowException: If a file is not Parquet.
    """
    looked_at = _looked_at(files)
    bounds = _bounds(scan)
    read = whole = Volume(files=len(looked_at))
    for file in looked_at:
        footer = pq.read_metadata(file.path)
        leaves = _leaves(footer, _read_columns(scan))
        units = {column: _unit(footer, leaves[column]) for column in bounds if leaves.get(column)}
        for number in range(footer.num_row_groups):
            group = footer.row_group(number)
            volume = _volume(group, leaves, scan.output)
            whole += volume
            if all(_reaches(group, leaves[column][0], unit, *bounds[column]) for column, unit in units.items()):
                read += volume
    if len(looked_at) == len(files):
        return read
    share = sum(file.bytes for file in looked_at) / max(1, sum(file.bytes for file in files))
    read, average = read.times(1 / share), whole.times(1 / len(looked_at))
    # Few files may be in the range, and none of those looked at: then it is taken for one.
    return read if read.rows >= average.rows else average


def time_span(column: str, files: Sequence[SizedFile]) -> tuple[int, int] | None:
    """Return the least and the greatest time in a column, in microseconds since 1970; None when footers do not say.

    Args:
        column: The column.
        files: The files; when there are too many to look at, the answer is None.

    Raises:
        OSError: If a file can not be read.
        pyarrow.ArrowException: If a file is not Parquet.
    """
    if not files or len(_looked_at(files)) < len(files):
        return None
    spans = []
    for file in files:
        footer = pq.read_metadata(file.path)
        leaf = _leaves(footer, (column,))[column]
        unit = _unit(footer, leaf)
        for number in range(footer.num_row_groups):
            span = _span(footer.row_group(number), leaf[0], unit) if leaf else None
            if span is None:
                return None
            spans.append(span)
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def _looked_at(files: Sequence[SizedFile]) -> Sequence[SizedFile]:
    """Return the files whose footers are read: all, or evenly spread ones, since files are often named by time."""
    if len(files) <= _FEWEST_FOOTERS:
        return files
    first = pq.read_metadata(files[0].path)
    affordable = _MOST_CHUNKS // max(1, first.num_columns * first.num_row_groups)
    count = min(len(files), _MOST_FOOTERS, max(_FEWEST_FOOTERS, affordable))
    return [files[number * len(files) // count] for number in range(count)]


def _read_columns(scan: Scan) -> tuple[str, ...]:
    """Return the columns that a scan reads, those of its conditions included."""
    conditions = set() if scan.predicate is None else set(scan.predicate.columns)
    if scan.time_range is not None:
        conditions.add(scan.time_range.column)
    return tuple(dict.fromkeys((*scan.output.names, *sorted(conditions))))


def _leaves(footer: pq.FileMetaData, columns: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the stored columns of each column: one, or several for structs and maps; none if the file lacks it."""
    found: dict[str, tuple[int, ...]] = {}
    first = 0
    for field in footer.schema.to_arrow_schema():
        after = first + _leaf_count(field.type)
        found[field.name] = tuple(range(first, after))
        first = after
    return {column: found.get(column, ()) for column in columns}


def _leaf_count(dtype: pa.DataType) -> int:
    return sum(_leaf_count(dtype.field(number).type) for number in range(dtype.num_fields)) or 1


def _volume(group: pq.RowGroupMetaData, leaves: Mapping[str, tuple[int, ...]], output: Schema) -> Volume:
    stored, memory = 0, 0
    for column, numbers in leaves.items():
        chunks = [group.column(number) for number in numbers]
        stored += sum(chunk.total_compressed_size for chunk in chunks)
        if column in output:  # the columns of conditions are read, and not kept
            pages = sum(chunk.total_uncompressed_size for chunk in chunks)
            memory += max(pages, group.num_rows * _width(output[column].dtype))
    return Volume(group.num_rows, stored, memory)


def _width(dtype: DataType) -> int:
    if dtype.is_numeric or dtype.is_time:
        return 16 if str(dtype).startswith("decimal") else 8
    return _WIDTHS.get(dtype, _TEXT_WIDTH)


def _bounds(scan: Scan) -> dict[str, tuple[int | None, int | None]]:
    """Return the first and the last microsecond that a scan wants of columns with times; None: no bound."""
    found: dict[str, tuple[int | None, int | None]] = {}

    def narrow(column: str, first: int | None, last: int | None) -> None:
        before, after = found.get(column, (None, None))
        firsts = [bound for bound in (before, first) if bound is not None]
        lasts = [bound for bound in (after, last) if bound is not None]
        found[column] = max(firsts, default=None), min(lasts, default=None)

    if scan.time_range is not None:
        end = scan.time_range.end
        narrow(scan.time_range.column, scan.time_range.start, None if end is None else end - 1)
    for condition in _conditions(scan.predicate):
        match condition:
            case Call(args=(Column(name=column), Literal(dtype=dtype) as literal)) if dtype.is_time:
                moment = None if literal.value is None else _micros(literal.python_value)
                match condition.function, moment:
                    case _, None:
                        continue
                    case "gte", int():
                        narrow(column, moment, None)
                    case "gt", int():
                        narrow(column, moment + 1, None)
                    case "lte", int():
                        narrow(column, None, moment)
                    case "lt", int():
                        narrow(column, None, moment - 1)
    return found


def _conditions(predicate: Expression | None) -> Iterator[Expression]:
    """Yield the conditions that must all be true."""
    if isinstance(predicate, Call) and predicate.function == "and":
        for part in predicate.args:
            yield from _conditions(part)
    elif predicate is not None:
        yield predicate


def _micros(moment: dt.datetime) -> int:
    return (moment.replace(tzinfo=dt.UTC) - _EPOCH) // dt.timedelta(microseconds=1)


def _unit(footer: pq.FileMetaData, leaf: Sequence[int]) -> str | None:
    """Return the unit of a stored column of times; None when it holds none."""
    if not leaf:
        return None
    logical = json.loads(footer.schema.column(leaf[0]).logical_type.to_json())
    return str(logical["timeUnit"]) if logical["Type"] == "Timestamp" else None


def _span(group: pq.RowGroupMetaData, leaf: int, unit: str | None) -> tuple[int, int] | None:
    """Return the least and greatest microsecond of a row group; None when its statistics do not say."""
    statistics = group.column(leaf).statistics
    if unit is None or statistics is None or not statistics.has_min_max:
        return None
    multiplier, divisor = _PER_MICROSECOND[unit]
    low, high = statistics.min_raw, statistics.max_raw
    return low * multiplier // divisor, high * multiplier // divisor


def _reaches(group: pq.RowGroupMetaData, leaf: int, unit: str | None, first: int | None, last: int | None) -> bool:
    """Return whether a row group may hold rows in a range of times."""
    span = _span(group, leaf, unit)
    if span is None:
        return True
    return (last is None or span[0] <= last) and (first is None or span[1] >= first)
