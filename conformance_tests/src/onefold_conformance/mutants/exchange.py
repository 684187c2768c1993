"""Mutants of what goes in and comes out: values, rows and columns that an engine does not hold as they are."""

from __future__ import annotations

import decimal
import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from onefold.plan import Input, Relation
from onefold.types import (  # fmt: skip
    BINARY,
    BOOL,
    DATE,
    FLOAT64,
    INT64,
    STRING,
    TIMESTAMP,
    TIMESTAMP_UTC,
    DataType,
    Decimal,
    List,
    Struct,
    normalise_reader,
)
from onefold_conformance.mutants.model import Execute, Mutant
from onefold_conformance.mutants.steps import rows_out
from onefold_conformance.oracle.values import Row, Value, from_arrow, to_table

__all__ = ["MUTANTS"]

_Change = Callable[[Value, DataType], Value]

_DAY = 86_400_000_000
_CALENDAR_OF_1582 = -141_427
"""The day, since 1970, on which the calendar changed."""


def _deep(value: Value, dtype: DataType, change: _Change) -> Value:
    """Return a value changed inside of lists and structs too; those inside come first."""
    if isinstance(dtype, List) and value is not None:
        value = [_deep(item, dtype.element, change) for item in value]
    elif isinstance(dtype, Struct) and value is not None:
        value = {name: _deep(value[name], field, change) for name, field in dtype.fields}
    return change(value, dtype)


def _read(name: str, what: str, change: _Change, *touches: str) -> Mutant:
    """Return a mutant that reads other values: ``change(value, dtype)``, nulls and values inside of values too."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            leaves = {leaf.name: leaf for leaf in plan.walk() if isinstance(leaf, Input)}
            return execute(plan, {n: _changed(leaves[n], inputs[n]) for n in leaves}, **more)

        return wrong

    def _changed(leaf: Input, data: Any) -> pa.Table:
        reader = data.to_reader() if isinstance(data, pa.Table) else data
        rows = from_arrow(normalise_reader(reader, leaf.output, where=leaf.name).read_all(), leaf.output)
        changed = [{n: _deep(v, leaf.output[n].dtype, change) for n, v in row.items()} for row in rows]
        return to_table(changed, leaf.output)

    return Mutant(f"read-{name}", what, touches=touches, spoil=spoil)


def _returned(name: str, what: str, change: Callable[[pa.Table], pa.Table], *touches: str) -> Mutant:
    """Return a mutant that hands out other columns."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return change(execute(plan, inputs, **more).read_all()).to_reader()

        return wrong

    return Mutant(f"returned-{name}", what, touches=touches, spoil=spoil)


def _by_type(table: pa.Table) -> pa.Table:
    """The columns of each type beside one another."""
    types = [str(field.type) for field in table.schema]
    return table.select(sorted(range(len(types)), key=lambda place: types.index(types[place])))


def _whole_floats(table: pa.Table) -> pa.Table:
    """Columns of floats that are all whole are whole numbers."""
    for place, field in enumerate(table.schema):
        known = [value for value in table.column(place).to_pylist() if value is not None]
        if pa.types.is_floating(field.type) and known and all(abs(v) < 2**53 and v == int(v) for v in known):
            table = table.set_column(place, field.name, table.column(place).cast(pa.int64()))
    return table


def _of(dtype: DataType, change: Callable[[Any], Any]) -> _Change:
    """Return what changes the values of one type that are not null."""
    return lambda value, found: change(value) if found == dtype and value is not None else value


def _times(change: Callable[[int], int]) -> _Change:
    return lambda value, dtype: change(value) if dtype.is_time and value is not None else value


def _decimals(change: Callable[[decimal.Decimal, Decimal], decimal.Decimal]) -> _Change:
    return lambda v, dtype: change(v, dtype) if isinstance(dtype, Decimal) and v is not None else v


def _fits(value: decimal.Decimal, dtype: Decimal) -> bool:
    return bool(abs(value.scaleb(dtype.scale, context=decimal.Context(prec=100))) < 10**dtype.precision)


def _in_float(value: decimal.Decimal, dtype: Decimal) -> decimal.Decimal:
    places = decimal.Decimal(1).scaleb(-dtype.scale)
    rounded = decimal.Decimal(float(value)).quantize(places, context=decimal.Context(prec=100))
    return rounded if _fits(rounded, dtype) else decimal.Decimal(0)


def _digits(count: int) -> Callable[[decimal.Decimal, Decimal], decimal.Decimal]:
    return lambda value, dtype: decimal.Context(prec=count, rounding=decimal.ROUND_DOWN).plus(value)


def _in_nanoseconds(time: int) -> int:
    return ((time * 1000 + 2**63) % 2**64 - 2**63) // 1000


def _to_seconds(time: int) -> int:
    """Microseconds before 1970 are rounded toward zero."""
    return time if time >= 0 else -(-time // 1_000_000) * 1_000_000


def _local(time: int) -> int:
    """A wall clock that is read in New York: the hour that is skipped there becomes the next one."""
    return time + 3_600_000_000 if time // 3_600_000_000 in _SKIPPED else time


_SKIPPED = frozenset(day * 24 + hour for day in (19792, 19813) for hour in (1, 2))
"""The hours of 2024-03-10 and 2024-03-31 in which clocks change, in New York and Berlin and UTC."""


def _number(text: str) -> str:
    try:
        return str(int(text)) if text.isdigit() else f"{float(text):g}" if text[:1].isdigit() else text
    except ValueError:
        return text


def _null_structs(value: Value, dtype: DataType) -> Value:
    if not isinstance(dtype, Struct) or value is not None:
        return value
    return {name: None for name, _ in dtype.fields}


def _structs_of_nulls(value: Value, dtype: DataType) -> Value:
    empty = isinstance(value, dict) and all(item is None for item in value.values())
    return None if empty else value


def _fields_by_name(value: Value, dtype: DataType) -> Value:
    """The fields of a struct in the order of their names, bound by their place."""
    if not isinstance(dtype, Struct) or value is None:
        return value
    names = [name for name, _ in dtype.fields]
    types = dict(dtype.fields)
    if any(types[a] != types[b] for a, b in zip(sorted(names), names, strict=True)):
        return value
    return {b: value[a] for a, b in zip(sorted(names), names, strict=True)}


def _lists(change: Callable[[list[Value]], Value]) -> _Change:
    return lambda value, dtype: change(value) if isinstance(dtype, List) and value is not None else value


def _late(rows: list[Row], node: Input) -> list[Row]:
    """A column whose first hundred values are null is null."""
    late = [n for n in node.output.names if len(rows) > 100 and all(row[n] is None for row in rows[:100])]
    return [{**row, **dict.fromkeys(late)} for row in rows]


def _in_turn(rows: list[Row], node: Input) -> list[Row]:
    """Columns of one type change places, by their names."""
    moved: dict[str, str] = {}
    for field in node.output:
        mine = [other.name for other in node.output if other.dtype == field.dtype]
        moved[field.name] = sorted(mine)[mine.index(field.name)]
    return [{name: row[moved[name]] for name in row} for row in rows]


def _once(rows: list[Row], node: Input) -> list[Row]:
    return list({repr(row): row for row in rows}.values())


MUTANTS: tuple[Mutant, ...] = (
    # -- values
    _read("int64-in-32-bits", "Holds whole numbers in 32 bits.", _of(INT64, lambda v: (v + 2**31) % 2**32 - 2**31), "type.int64"),
    _read("float64-in-15-digits", "Holds floats as text of 15 digits.", _of(FLOAT64, lambda v: float(f"{v:.15g}")), "type.float64"),
    _read("float64-without-subnormals", "Takes the smallest floats for zero.", _of(FLOAT64, lambda v: 0.0 if abs(v) < 2.2250738585072014e-308 else v), "type.float64"),
    _read("float64-nan-is-null", "Reads NaN as null.", _of(FLOAT64, lambda v: None if math.isnan(v) else v), "type.float64"),
    _read("float64-null-is-nan", "Reads null floats as NaN.", lambda v, d: math.nan if v is None and d == FLOAT64 else v, "type.float64"),
    _read("float64-infinity-is-nan", "Reads infinities as NaN.", _of(FLOAT64, lambda v: math.nan if math.isinf(v) else v), "type.float64"),
    _read("bool-null-is-false", "Reads null truth values as false.", lambda v, d: False if v is None and d == BOOL else v, "type.bool"),
    _read("text-empty-is-null", "Reads empty text as null.", _of(STRING, lambda v: v or None), "type.string"),
    _read("text-trimmed", "Drops blanks, tabs and line ends around text.", _of(STRING, str.strip), "type.string"),
    _read("text-numbers", "Reads text that looks like a number as one.", _of(STRING, _number), "type.string"),
    _read("text-quotes", "Doubles quotes in text.", _of(STRING, lambda v: v.replace("'", "''").replace('"', '""')), "type.string"),
    _read("text-composed", "Composes accents in text.", _of(STRING, lambda v: unicodedata.normalize("NFC", v)), "type.string"),
    _read("text-to-a-zero", "Ends text at a zero character.", _of(STRING, lambda v: v.split("\0")[0]), "type.string"),
    _read("text-cut", "Cuts text to 255 letters.", _of(STRING, lambda v: v[:255]), "type.string"),
    _read("binary-to-a-zero", "Ends bytes at a zero.", _of(BINARY, lambda v: v.split(b"\0")[0]), "type.binary"),
    _read("binary-as-text", "Holds bytes as text.", _of(BINARY, lambda v: v.decode("utf-8", "replace").encode()), "type.binary"),
    _read("binary-empty-is-null", "Reads no bytes as null.", _of(BINARY, lambda v: v or None), "type.binary"),
    _read("date-of-the-julian-calendar", "Moves dates before 1582 by two days.", _of(DATE, lambda v: v - 2 if -719_000 < v < _CALENDAR_OF_1582 else v), "type.date32"),
    _read("date-within-nanoseconds", "Cuts dates off where nanoseconds in 64 bits end.", _of(DATE, lambda v: max(-106_751, min(v, 106_751))), "type.date32"),
    _read("date-before-1970-is-null", "Reads dates before 1970 as null.", _of(DATE, lambda v: None if v < 0 else v), "type.date32"),
    _read("times-in-milliseconds", "Holds times in milliseconds.", _times(lambda v: v // 1000 * 1000), "type.timestamp", "type.timestamp_utc"),
    _read("times-in-nanoseconds", "Holds times in nanoseconds, which end in 1677 and 2262.", _times(_in_nanoseconds), "type.timestamp", "type.timestamp_utc"),
    _read("times-toward-zero", "Rounds times before 1970 toward zero.", _times(_to_seconds), "type.timestamp", "type.timestamp_utc"),
    _read("wall-clocks-that-are-skipped", "Moves wall clocks that some zone skips.", _of(TIMESTAMP, _local), "type.timestamp"),
    _read("instants-that-are-skipped", "Moves instants in the hours in which clocks change.", _of(TIMESTAMP_UTC, _local), "type.timestamp_utc"),
    _read("instants-before-1900", "Moves instants before 1900 by the minutes of local time.", _of(TIMESTAMP_UTC, lambda v: v + 408_000_000 if -60_000_000_000_000_000 < v < -25567 * _DAY else v), "type.timestamp_utc"),
    _read("decimals-in-float", "Holds decimals as floats.", _decimals(_in_float), "type.decimal128"),
    _read("decimals-of-18-digits", "Holds decimals in 18 digits.", _decimals(_digits(18)), "type.decimal128"),
    _read("decimals-of-37-digits", "Holds decimals in 37 digits.", _decimals(_digits(37)), "type.decimal128"),
    _read("decimals-of-one-digit-are-zero", "Reads decimals of one digit as zero.", _decimals(lambda v, d: decimal.Decimal(0) if d.precision == 1 else v), "type.decimal128"),
    _read("lists-empty-are-null", "Reads empty lists as null.", _lists(lambda items: items or None), "type.list"),
    _read("lists-null-are-empty", "Reads null lists as empty.", lambda v, d: [] if v is None and isinstance(d, List) else v, "type.list"),
    _read("lists-without-nulls", "Drops nulls of lists.", _lists(lambda items: [item for item in items if item is not None]), "type.list"),
    _read("structs-null-are-filled", "Reads a null struct as a struct of nulls.", _null_structs, "type.struct"),
    _read("structs-of-nulls-are-null", "Reads a struct of nulls as null.", _structs_of_nulls, "type.struct"),
    _read("structs-by-name", "Keeps the fields of a struct in the order of their names.", _fields_by_name, "type.struct"),
    # -- rows and columns
    _returned("columns-by-type", "Returns the columns of each type beside one another.", _by_type),
    _returned("whole-floats-as-int64", "Returns whole numbers for columns of floats that are all whole.", _whole_floats, "type.float64"),
    rows_out(Input, "drops-rows-of-nulls", "Drops rows of nothing but nulls.", lambda rows, node: [row for row in rows if any(v is not None for v in row.values())]),
    rows_out(Input, "drops-duplicates", "Drops rows of an input that are alike.", _once),
    rows_out(Input, "nothing-is-a-row", "Takes an input without rows for a row of nulls.", lambda rows, node: rows or [dict.fromkeys(node.output.names)]),
    rows_out(Input, "one-row-is-nothing", "Loses the row of an input of one row.", lambda rows, node: rows if len(rows) > 1 else []),
    rows_out(Input, "at-most-500-rows", "Reads 500 rows of an input.", lambda rows, node: rows[:500]),
    rows_out(Input, "types-of-the-first-rows", "Takes a column for null whose first hundred values are.", _late),
    rows_out(Input, "columns-of-one-type-by-name", "Returns columns of one type in the order of their names.", _in_turn),
    rows_out(Input, "at-most-100-columns", "Loses the values of columns after the hundredth of an input.", lambda rows, node: [{n: v if place < 100 else None for place, (n, v) in enumerate(row.items())} for row in rows]),
)  # fmt: skip
"""Wrong exchange."""
