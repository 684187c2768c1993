"""Values on their way into functions by batches, and back: the types of pandas that Snowflake documents.

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch, "Type support", as far as it is about table
functions.
"""

from __future__ import annotations

import datetime as dt
import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_INTEGERS: Final = (("Int16", 1 << 15), ("Int32", 1 << 31), ("Int64", 1 << 63))
_DIGITS: Final = 38


@dataclass(frozen=True)
class Parameter:
    """An argument or a column of a function.

    Attributes:
        name: Its name, in the case in which it counts.
        duck: Its type in DuckDB.
        arrow: Its type in Arrow.
        sql: Its type as Snowflake writes it.
        length: How many characters it may have, if it is a text with a length.
    """

    name: str
    duck: str
    arrow: pa.DataType
    sql: str
    length: int | None = None


class WrongValueError(Exception):
    """A function returned what its column cannot hold."""


def values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column as the values that a function gets by rows.

    Args:
        column: The column.
    """
    if pa.types.is_decimal(column.type) and column.type.scale == 0:
        return [None if value is None else int(value) for value in column.to_pylist()]
    return column.to_pylist()  # type: ignore[no-any-return]


def series(column: pa.ChunkedArray) -> Any:
    """Return a column as the series that a table function by batches gets.

    Args:
        column: The column.

    Returns:
        A series of pandas. The width of whole numbers is that of the widest, whatever was declared.
    """
    pd = pandas()
    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        return _whole(pd, column)
    if pa.types.is_floating(kind):
        return pd.Series(column.to_numpy(), dtype="float64")
    if pa.types.is_boolean(kind):
        return pd.Series(column.to_pylist(), dtype="boolean")
    if pa.types.is_string(kind):
        return pd.Series(column.to_pylist(), dtype=pd.StringDtype(na_value=pd.NA))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        nanoseconds = column.cast(pa.timestamp("us")).cast(pa.timestamp("ns"))
        return pd.Series(nanoseconds.to_numpy(), dtype="datetime64[ns]")
    if pa.types.is_time(kind):
        microseconds = column.cast(pa.int64()).cast(pa.duration("us")).cast(pa.duration("ns"))
        return pd.Series(microseconds.to_numpy(), dtype="timedelta64[ns]")
    return pd.Series(column.to_pylist(), dtype="object")  # decimals and bytes


def _whole(pd: Any, column: pa.ChunkedArray) -> Any:
    bounds = pc.min_max(column).as_py()
    low, high = int(bounds["min"] or 0), int(bounds["max"] or 0)
    for dtype, bound in _INTEGERS:
        if -bound <= low and high < bound:
            missing = column.is_null().to_numpy()
            filled = column.fill_null(pa.scalar(Decimal(0), column.type)).cast(pa.int64()).to_numpy()
            return pd.Series(pd.arrays.IntegerArray(filled.astype(dtype.lower()), missing))
    return pd.Series(column.to_pylist(), dtype="object")


def array(returned: Any, parameter: Parameter) -> pa.Array:
    """Return what a function returned for a column as the column's values.

    Args:
        returned: A series, an array or another sequence.
        parameter: The column.

    Raises:
        WrongValueError: There is a value that the column cannot hold.
    """
    found = _series(returned)
    kind = parameter.arrow
    if pa.types.is_floating(kind) and found.dtype.kind in "iuf":
        floats = found.to_numpy(dtype="float64", na_value=np.nan)
        return pa.array(floats, kind, mask=np.isnan(floats))  # a NaN that is returned is a NULL
    if pa.types.is_decimal(kind) and found.dtype.kind in "iu":
        wide = pa.array(found, from_pandas=True).cast(pa.decimal128(_DIGITS, 0))
        try:
            return wide.cast(kind)
        except pa.ArrowInvalid as error:
            raise _wrong(parameter, f"a number is out of range: {error}") from error
    if pa.types.is_string(kind) and isinstance(found.dtype, pandas().StringDtype) and parameter.length is None:
        texts = pa.array(found, kind, from_pandas=True)
        return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    convert = _convert(kind)
    present = [None if missing else value for value, missing in zip(found, found.isna(), strict=True)]
    try:
        return pa.array([None if value is None else convert(value, parameter) for value in present], kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise _wrong(parameter, str(error)) from error


def _series(returned: Any) -> Any:
    pd = pandas()
    if isinstance(returned, pd.Series):
        return returned
    if isinstance(returned, list | tuple):
        # What pandas would infer of a mixed list is not what the function returned.
        return pd.Series(list(returned), dtype="object")
    return pd.Series(returned)


def _convert(kind: pa.DataType) -> Callable[[Any, Parameter], Any]:
    return next(convert for test, convert in _CONVERSIONS.items() if test(kind))


def _float(value: Any, parameter: Parameter) -> float | None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | Decimal | np.number):
        raise _wrong(parameter, f"{value!r} is no number")
    number = float(value)
    return None if math.isnan(number) else number


def _decimal(value: Any, parameter: Parameter) -> Decimal:
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | Decimal | np.number):
        raise _wrong(parameter, f"{value!r} is no number")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if isinstance(value, float | np.floating) and not parameter.arrow.scale and math.isfinite(value) and value % 1:
        raise _wrong(parameter, f"{value!r} is no whole number")  # whether Snowflake rounds it is not documented
    try:
        with localcontext(prec=parameter.arrow.precision):
            rounded = exact.quantize(Decimal(1).scaleb(-parameter.arrow.scale), ROUND_HALF_UP)
    except InvalidOperation as error:
        raise _wrong(parameter, f"{value!r} is out of range") from error
    return rounded


def _text(value: Any, parameter: Parameter) -> str:
    if not isinstance(value, str):
        raise _wrong(parameter, f"{value!r} is no text")
    if parameter.length is not None and len(value) > parameter.length:
        raise _wrong(parameter, f"a text has {len(value)} characters")
    return value


def _boolean(value: Any, parameter: Parameter) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise _wrong(parameter, f"{value!r} is no boolean")
    return bool(value)


def _binary(value: Any, parameter: Parameter) -> bytes:
    if not isinstance(value, bytes | bytearray):
        raise _wrong(parameter, f"{value!r} is no binary")
    return bytes(value)


def _date(value: Any, parameter: Parameter) -> dt.date:
    moment = _moment(value)
    if moment is not None and moment.time() == dt.time():
        return moment.date()
    if not isinstance(value, dt.date) or moment is not None:
        raise _wrong(parameter, f"{value!r} is no date")
    return value


def _time(value: Any, parameter: Parameter) -> dt.time:
    if isinstance(value, dt.time):
        return value
    if isinstance(value, np.timedelta64 | dt.timedelta):
        since = value if isinstance(value, dt.timedelta) else pandas().Timedelta(value).to_pytimedelta()
        if dt.timedelta() <= since < dt.timedelta(days=1):
            return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since).time()
    raise _wrong(parameter, f"{value!r} is no time")


def _timestamp(value: Any, parameter: Parameter) -> dt.datetime:
    moment = _moment(value)
    if moment is None:
        raise _wrong(parameter, f"{value!r} is no timestamp")
    if moment.tzinfo is not None:
        raise _wrong(parameter, f"{value!r} has a time zone")
    return moment if parameter.arrow.tz is None else moment.replace(tzinfo=dt.UTC)


def _moment(value: Any) -> dt.datetime | None:
    """Return a timestamp of any kind as Python's, None if it is none."""
    if isinstance(value, np.datetime64):
        value = pandas().Timestamp(value)
    if isinstance(value, pandas().Timestamp):
        return value.to_pydatetime(warn=False)  # type: ignore[no-any-return]  # microseconds are the finest here
    return value if isinstance(value, dt.datetime) else None


_CONVERSIONS: Final[Mapping[Callable[[pa.DataType], bool], Callable[[Any, Parameter], Any]]] = {
    pa.types.is_floating: _float,
    pa.types.is_decimal: _decimal,
    pa.types.is_string: _text,
    pa.types.is_boolean: _boolean,
    pa.types.is_binary: _binary,
    pa.types.is_date: _date,
    pa.types.is_time: _time,
    pa.types.is_timestamp: _timestamp,
}


def supported(kind: pa.DataType) -> bool:
    """Return whether an argument or a column of a table function can have a type.

    Args:
        kind: The type, in Arrow.
    """
    return any(test(kind) for test in _CONVERSIONS)


def pandas() -> Any:
    """Return pandas, which only functions by batches need."""
    return importlib.import_module("pandas")


def _wrong(parameter: Parameter, why: str) -> WrongValueError:
    return WrongValueError(f"the column {parameter.name} is {parameter.sql}, and {why}")
