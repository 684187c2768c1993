"""Rows as the warehouse hands them to a function and reads them from it, and runs of functions without a warehouse."""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import cloudpickle
import pandas as pd
import pyarrow as pa

from onefold.plan import Input, MapBatches
from onefold.transforms import reference, run_transform
from onefold.types import Schema
from onefold_snowflake.transforms import runtime

__all__ = [
    "ALL",
    "EPOCH",
    "EXTREMES",
    "MICROSECOND",
    "NUMBERS",
    "TABLE",
    "frame_of",
    "here",
    "known",
    "task",
    "values_of",
]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)

ALL = Schema.of(
    b="bool",
    i="int64",
    x="float64",
    s="string",
    d="date32",
    w="timestamp[us]",
    t="timestamp[us, UTC]",
    small="decimal128(9, 8)",
    large="decimal128(38, 0)",
)
EXTREMES: dict[str, list[Any]] = {
    "b": [True, False, None],
    "i": [-(2**63), 2**63 - 1, None],
    "x": [math.nan, -math.inf, -0.0],
    "s": ["", "a\x00b\N{SNOWMAN}'", None],
    "d": [dt.date(1, 1, 1), dt.date(9999, 12, 31), None],
    "w": [dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999), None],  # noqa: DTZ001
    "t": [EPOCH - MICROSECOND, dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC), None],
    "small": [Decimal("0.00000001"), Decimal("-9.99999999"), None],
    "large": [Decimal(10**38 - 1), Decimal(-(10**38) + 1), None],
}


def carried(value: Any) -> tuple[Any, int]:
    """Return the carrier and the flag of a value, as the query makes them."""
    match value:
        case None:
            return None, 1
        case bool():
            return int(value), 0
        case float():
            return (0.0, 2) if math.isnan(value) else (value, 0)
        case dt.datetime():
            return str((value.replace(tzinfo=dt.UTC) - EPOCH) // MICROSECOND), 0
        case dt.date():
            return value.toordinal() - EPOCH.toordinal(), 0
        case Decimal():
            return f"{value:f}", 0
    return str(value), 0


def frame_of(table: pa.Table, schema: Schema, flags: str = "int8") -> pd.DataFrame:
    """Return rows as the warehouse would hand them over, with flags of a type of numbers that it may choose."""
    columns: dict[str, Any] = {}
    for number, field in enumerate(schema):
        pairs = [carried(value) for value in table[field.name].to_pylist()]
        empty: Any = {"bool": 0, "date32": 0, "float64": 0.0, "string": ""}.get(str(field.dtype), "0")
        numbers = flags if str(field.dtype) == "bool" else "float64" if str(field.dtype) == "float64" else "int32"
        dtype = numbers if not isinstance(empty, str) else object
        columns[f"C{number}"] = pd.Series([empty if flag == 1 else carrier for carrier, flag in pairs], dtype=dtype)
        columns[f"M{number}"] = pd.Series([flag for _, flag in pairs], dtype=flags)
    return pd.DataFrame(columns)


def values_of(frame: pd.DataFrame, schema: Schema) -> list[dict[str, Any]]:
    """Return the rows of a frame as the query would read them."""
    reads: dict[str, Callable[[Any], Any]] = {
        "bool": lambda carrier: carrier == 1,
        "int64": int,
        "float64": float,
        "string": str,
        "date32": lambda carrier: dt.date.fromordinal(EPOCH.toordinal() + int(carrier)),
        "timestamp[us]": lambda carrier: (EPOCH + int(carrier) * MICROSECOND).replace(tzinfo=None),
        "timestamp[us, UTC]": lambda carrier: EPOCH + int(carrier) * MICROSECOND,
    }
    rows = []
    for line in frame.itertuples(index=False):
        row = {}
        for number, field in enumerate(schema):
            carrier, flag = line[2 * number], line[2 * number + 1]
            assert carrier is not None
            assert carrier == carrier, "a NaN would be null"  # noqa: PLR0124
            read = reads.get(str(field.dtype), Decimal)
            row[field.name] = None if flag == 1 else math.nan if flag == 2 else read(carrier)
        rows.append(row)
    return rows


def task(function: Callable[[Any], Any], reads: Schema, gives: Schema, format: str = "arrow") -> runtime.Task:
    return runtime.Task(
        function.__qualname__,
        format,
        [(field.name, str(field.dtype)) for field in reads],
        [(field.name, str(field.dtype)) for field in gives],
        base64.b64encode(cloudpickle.dumps(function)).decode(),
    )


def here(
    function: Callable[[Any], Any], table: pa.Table, reads: Schema, gives: Schema, format: str = "arrow"
) -> list[dict[str, Any]]:
    """Return the rows of a run in this process."""
    node = MapBatches(
        input=Input(name="rows", columns=reads),
        function=reference(function),
        columns=gives,
        format=format,  # type: ignore[arg-type]
    )
    rows: list[dict[str, Any]] = run_transform(node, table.to_reader(), function=function).read_all().to_pylist()
    return rows


def known(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return rows by what tells values apart: the sign of zero does, and one NaN is like another."""
    return [{name: f"{type(value).__name__} {value}" for name, value in row.items()} for row in rows]


NUMBERS = Schema.of(k="string", v="int64")
TABLE = pa.table({"k": ["a", None], "v": pa.array([1, None], pa.int64())})
