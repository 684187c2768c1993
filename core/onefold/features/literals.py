"""Python constants in expressions: which types they can take without a value being lost."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

from onefold.errors import DefinitionError
from onefold.plan import Literal
from onefold.types import BOOL, DATE, FLOAT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType, Decimal

__all__ = ["constant_literal", "decimal_reading", "mismatch_advice", "natural_type", "python_constant"]


def python_constant(value: Any) -> Any:
    """Return a constant as plain Python has it: scalars of NumPy become Python's.

    Raises:
        DefinitionError: If that would lose something.
    """
    if getattr(value, "nanosecond", 0):
        raise DefinitionError(f"{value!r} has nanoseconds; times have microseconds. Round it first.")
    if hasattr(value, "as_py"):  # a scalar of Arrow
        return value.as_py()
    if type(value).__module__ != "numpy" or not hasattr(value, "item"):
        return value
    if getattr(value, "ndim", 0) or value.dtype.kind in "mM":
        raise DefinitionError(
            f"{value!r:.60} is not a constant that a plan can hold. Give a Python value: a list, a number, or a "
            "datetime with a time zone."
        )
    return value.item()


def natural_type(value: Any) -> DataType | None:
    """Return the type that a Python value has by itself; None for a null.

    Raises:
        DefinitionError: If no portable type holds it.
    """
    if value is None:
        return None
    if isinstance(value, dt.timedelta):
        raise DefinitionError(
            f"{value!r} is a length of time, and columns hold no lengths of time. To shift a date or time write "
            "col('t') + timedelta(...) or col('t').dt.offset_by('1d'); to measure one, .dt.microseconds_since(...)."
        )
    return Literal.of(value).dtype


def decimal_reading(value: Any) -> Decimal | None:
    """Return the smallest decimal type that holds a Python integer, or None for anything else.

    An integer next to a decimal takes this type, so that ``col("price") + 1`` gains no digits it does not need.

    Examples:
        >>> decimal_reading(100)
        Decimal(precision=3, scale=0)
    """
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**38:
        return None
    return Decimal(len(str(abs(value))), 0)


def constant_literal(value: Any, dtype: DataType) -> Literal:
    """Return the literal of a Python value in a type that it can take.

    Raises:
        PlanError: If the value does not fit.
    """
    if isinstance(dtype, Decimal) and isinstance(value, int) and not isinstance(value, bool):
        value = decimal.Decimal(value)
    if dtype == FLOAT64 and isinstance(value, decimal.Decimal):
        value = float(value)
    return Literal.of(value, dtype)


def mismatch_advice(types: tuple[DataType | None, ...], constants: tuple[Any, ...]) -> str:
    """Return advice for arguments whose types do not go together, or an empty text.

    Args:
        types: The types of the arguments.
        constants: The Python value of each argument that is a constant, ``...`` for the others.
    """
    known = {dtype for dtype in types if dtype is not None}
    given = [value for value in constants if value is not ...]
    if TIMESTAMP in known and TIMESTAMP_UTC in known:
        if any(isinstance(value, dt.datetime) and value.tzinfo is None for value in given):
            return (
                "A datetime without a time zone is a wall clock, and the column holds instants: "
                "write datetime(..., tzinfo=timezone.utc)."
            )
        if any(isinstance(value, dt.datetime) for value in given):
            return (
                "The column holds wall clocks without a time zone, the constant is an instant: when the column is in "
                "UTC, say so with time_zone='UTC' on the source, or cast it to 'timestamp[us, UTC]'."
            )
        return "One is a wall clock without a time zone: when it is in UTC, cast it to 'timestamp[us, UTC]'."
    if STRING in known and known & {DATE, TIMESTAMP, TIMESTAMP_UTC}:
        if any(isinstance(value, str) for value in given):
            return (
                "Text is not read as a time by guessing: write date(2013, 1, 31) or "
                "datetime(2013, 1, 31, 12, tzinfo=timezone.utc) from Python's datetime module."
            )
        return "Cast the text to 'date32' or 'timestamp[us]' first."
    if DATE in known and known & {TIMESTAMP, TIMESTAMP_UTC}:
        return (
            "A date is not an instant: write datetime(2013, 1, 31, tzinfo=timezone.utc), or cast the column to "
            "'date32' and compare days."
        )
    if known <= {TIMESTAMP, TIMESTAMP_UTC, DATE} and known:
        return (
            "To measure the time between two, write a.dt.microseconds_since(b) or a.dt.days_since(b); to move one, "
            "col('t') + timedelta(...), .dt.offset_by('1d') or .dt.add_months(1)."
        )
    if BOOL in known and len(known) == 1:
        return "Turn the bool into 0 and 1 with .cast('int64'); to count the true ones, write of.count(where=...)."
    if STRING in known and any(dtype.is_numeric for dtype in known):
        return "Cast the text with .cast('int64') or .cast('float64'), or compare it with text."
    return ""
