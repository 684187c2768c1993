"""Expressions: what is computed from one row."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar
from typing import Literal as OneOf

from pydantic import Field, field_validator, model_validator

from onefold.errors import DefinitionError, PlanError
from onefold.plan.functions.catalogue import get_function
from onefold.plan.functions.entry import checked_options
from onefold.plan.node import Node
from onefold.types import (
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
)

__all__ = ["Call", "Case", "Cast", "Column", "Expression", "Literal", "OptionValue", "WhenThen"]

MAX_EXPRESSION_DEPTH = 250
"""How deep expressions may be nested. Deeper ones are refused: split them over several columns."""

MAX_EXPRESSION_SIZE = 50_000
"""How many nodes an expression may have when it is written out."""

OptionValue = bool | int | float | str | tuple[bool | int | float | str, ...]
"""What the option of a function can be."""

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?")


class Expression(Node):
    """The base of all expression nodes."""

    @cached_property
    def depth(self) -> int:
        """The number of nodes on the longest path down."""
        return 1 + max((child.depth for child in self.children if isinstance(child, Expression)), default=0)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of all columns that the expression reads."""
        return frozenset[str]().union(*(child.columns for child in self.children if isinstance(child, Expression)))

    @cached_property
    def size(self) -> int:
        """The number of nodes when the expression is written out as text, shared parts counted each time."""
        return 1 + sum(child.size for child in self.children if isinstance(child, Expression))

    def model_post_init(self, context: Any) -> None:
        """Refuse expressions that are too deep or too large to be compiled."""
        if self.size > MAX_EXPRESSION_SIZE:
            raise PlanError(
                f"Written out, the expression has {self.size:.3g} parts; at most {MAX_EXPRESSION_SIZE:,} are allowed. "
                "Compute repeated parts as columns first.",
                path=(type(self).__name__,),
            )
        if self.depth > MAX_EXPRESSION_DEPTH:
            raise PlanError(
                f"The expression is nested {self.depth} deep; at most {MAX_EXPRESSION_DEPTH} is allowed. "
                "Compute parts of it as columns first.",
                path=(type(self).__name__,),
            )

    def walk(self) -> Iterator[Expression]:
        """Yield this expression and all below it, parents first, each distinct object once."""
        stack: list[Expression] = [self]
        seen: set[int] = set()
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, Expression))


class Column(Expression):
    """The value of a named column of the row."""

    kind: ClassVar[str] = "column"
    name: str = Field(min_length=1)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The one name."""
        return frozenset({self.name})


class Literal(Expression):
    """A constant of a stated type; ``value`` is None for a null.

    Values are held in the form that documents use: int for int64, float for float64, str for string, ISO text for
    ``date32`` and timestamps, decimal text for decimals, hexadecimal text for binary, a tuple for lists.
    Use :meth:`of` to build one from a Python value, and :attr:`python_value` to read it back.
    """

    kind: ClassVar[str] = "literal"
    dtype: DataType
    value: bool | int | float | str | tuple[bool | int | float | str | None, ...] | None = None

    @model_validator(mode="after")
    def _check(self) -> Literal:
        object.__setattr__(self, "value", _checked_literal(self.value, self.dtype))
        return self

    @classmethod
    def of(cls, value: Any, dtype: DataType | None = None) -> Literal:
        """Return the literal of a Python value.

        Args:
            value: None, bool, int, float, str, bytes, date, datetime (naive: a wall clock; aware: an instant),
                Decimal, or a list of those of one type.
            dtype: The type; inferred from the value when left out (required for None and empty lists).

        Raises:
            PlanError: If the value has no portable type or does not fit.
        """
        dtype = _inferred(value) if dtype is None else dtype
        return cls(dtype=dtype, value=_document_value(value, dtype))

    @property
    def python_value(self) -> Any:
        """The value as Python holds it: date, datetime, Decimal and bytes for those types."""
        return _python_value(self.value, self.dtype)


class Call(Expression):
    """A catalogue function applied to arguments.

    Args:
        function: The name of a catalogue entry.
        args: The arguments; their types must be exactly those of one signature (no silent conversion).
        options: The named, constant options of the function.
    """

    kind: ClassVar[str] = "call"
    function: str
    args: tuple[Expression, ...] = ()
    options: Mapping[str, OptionValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Call:
        entry = get_function(self.function)
        object.__setattr__(self, "options", checked_options(entry.name, entry.options, self.options))
        return self


class Cast(Expression):
    """A conversion to another type; :data:`onefold.plan.CASTS` lists the pairs, and null stays null.

    * float64 to int64 cuts the fraction off; NaN, infinity and what does not fit in 64 bits fail.
    * float64 to a decimal rounds ``x * 10**scale`` to a 64-bit integer, half away from zero; int64 and decimals to a
      decimal round half away from zero. More digits than the precision fail. A decimal to int64 is cut.
    * Text to int64 is a sign and digits; to float64 and decimals also a point (and an exponent, for floats); no
      blanks, no NaN, no infinity. Too large a float is infinity; decimals round half away from zero.
    * Text to bool is true, t, yes, y, 1, false, f, no, n or 0 in any case, blanks around it ignored.
    * Text to date32 is ``YYYY-MM-DD``, to a timestamp ``YYYY-MM-DD HH:MM:SS`` (or ``T`` between) with up to six
      decimals, years 0001 to 9999; all else fails. See ``to_date`` and ``to_timestamp`` for other forms.
    * Timestamps become ``YYYY-MM-DD HH:MM:SS.ffffff``, with ``+00:00`` behind it for instants; decimals keep their
      scale, with a zero before the point; booleans are ``true`` and ``false``. Zero is false, every other int64 true.
    * A wall clock becomes the instant at which UTC shows it, an instant the wall clock of UTC; a date its midnight.

    Args:
        arg: What is converted.
        to: The type.
        on_failure: ``"error"`` stops the run at a value that can not be converted; ``"null"`` gives null for it.
    """

    kind: ClassVar[str] = "cast"
    arg: Expression
    to: DataType
    on_failure: OneOf["error", "null"] = "error"


class WhenThen(Expression):
    """One branch of a :class:`Case`."""

    kind: ClassVar[str] = "when_then"
    when: Expression
    then: Expression


class Case(Expression):
    """The ``then`` of the first branch whose ``when`` is true; else ``otherwise`` (null when left out).

    Later branches are not evaluated for a row that an earlier one matched. A null condition is not true.
    """

    kind: ClassVar[str] = "case"
    branches: tuple[WhenThen, ...] = Field(min_length=1)
    otherwise: Expression | None = None

    @field_validator("branches")
    @classmethod
    def _limited(cls, branches: tuple[WhenThen, ...]) -> tuple[WhenThen, ...]:
        if len(branches) > 1000:
            raise PlanError(f"{len(branches)} branches: at most 1,000 are allowed. Join a table of values instead.")
        return branches


def _inferred(value: Any) -> DataType:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT64
    if isinstance(value, float):
        return FLOAT64
    if isinstance(value, str):
        return STRING
    if isinstance(value, bytes):
        return BINARY
    if isinstance(value, dt.datetime):
        return TIMESTAMP if value.tzinfo is None else TIMESTAMP_UTC
    if isinstance(value, dt.date):
        return DATE
    if isinstance(value, decimal.Decimal) and value.is_finite():
        _, digits, exponent = value.as_tuple()
        scale = max(0, -int(exponent))
        return Decimal(max(len(digits) + max(0, int(exponent)), scale, 1), scale)
    if isinstance(value, list | tuple) and value:
        return List(_inferred(next((item for item in value if item is not None), None)))
    if value is None:
        raise PlanError("A null literal needs a type: write lit(None, 'int64').")
    raise PlanError(
        f"A {type(value).__name__} ({value!r:.60}) is not a constant that a plan can hold. "
        "Use bool, int, float, str, bytes, date, datetime, Decimal, or a list of one of them."
    )


def _document_value(value: Any, dtype: DataType) -> Any:
    if value is None:
        return None
    if isinstance(dtype, List):
        if not isinstance(value, list | tuple):
            raise PlanError(f"{value!r:.60} is not a list of {dtype.element}.")
        return tuple(_document_value(item, dtype.element) for item in value)
    if isinstance(value, dt.datetime) and dtype.is_time:
        if dtype == TIMESTAMP_UTC:
            if value.tzinfo is None:
                raise PlanError(
                    f"{value.isoformat()!r} is a wall clock without a time zone, not an instant: "
                    "give it one, such as tzinfo=datetime.UTC."
                )
            value = value.astimezone(dt.UTC).replace(tzinfo=None)
        return value.isoformat(timespec="microseconds")
    if isinstance(value, dt.date) and dtype == DATE:
        return value.isoformat()
    if isinstance(value, decimal.Decimal) and isinstance(dtype, Decimal) and value.is_finite():
        return str(value)
    if dtype == BINARY:  # never text: its document form is hexadecimal, and text might pass for it
        if not isinstance(value, bytes):
            raise PlanError(f"{value!r:.60} is not binary: give bytes.")
        return value.hex()
    if dtype == FLOAT64 and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise PlanError("The whole number is too large for float64.") from None
    if not isinstance(value, bool | int | float | str):
        raise PlanError(f"{value!r:.60} is not a value of the type {dtype}.")
    return value


def _checked_literal(value: Any, dtype: DataType) -> Any:
    """Return the value in its canonical document form, or raise a PlanError."""
    if value is None:
        return None
    try:
        if isinstance(dtype, List) and isinstance(value, tuple) and not isinstance(dtype.element, List):
            return tuple(_checked_literal(item, dtype.element) for item in value)
        if dtype == BOOL and isinstance(value, bool):
            return value
        if dtype == INT64 and isinstance(value, int) and not isinstance(value, bool):
            if INT64_MIN <= value <= INT64_MAX:
                return value
            raise PlanError(f"{value} does not fit in int64.")
        if dtype == FLOAT64 and isinstance(value, float):
            return math.nan if math.isnan(value) else value + 0.0
        if dtype == STRING and isinstance(value, str):
            value.encode("utf-8")
            return value
        if dtype == BINARY and isinstance(value, str):
            return bytes.fromhex(value).hex()
        if dtype == DATE and isinstance(value, str) and _DATE.fullmatch(value):
            return dt.date.fromisoformat(value).isoformat()
        if dtype.is_time and isinstance(value, str) and _TIME.fullmatch(value):
            return dt.datetime.fromisoformat(value).isoformat(timespec="microseconds")
        if isinstance(dtype, Decimal) and isinstance(value, str):
            return _canonical_decimal(value, dtype)
    except (ValueError, decimal.DecimalException) as error:
        if isinstance(error, DefinitionError):
            raise
    raise PlanError(f"{value!r:.80} is not a value of the type {dtype}.")


def _canonical_decimal(text: str, dtype: Decimal) -> str:
    number = decimal.Decimal(text)
    with decimal.localcontext(prec=max(80, len(number.as_tuple().digits))):
        scaled = number.scaleb(dtype.scale)
        if not number.is_finite() or scaled != scaled.to_integral_value():
            raise PlanError(f"{text} has more than the {dtype.scale} decimals of {dtype}.")
        if abs(scaled) >= decimal.Decimal(10) ** dtype.precision:
            raise PlanError(f"{text} does not fit in {dtype}.")
        number = number.quantize(decimal.Decimal(1).scaleb(-dtype.scale))
        return format(number or abs(number), "f")


def _python_value(value: Any, dtype: DataType) -> Any:
    if value is None:
        return None
    if isinstance(dtype, List):
        return [_python_value(item, dtype.element) for item in value]
    if dtype == BINARY:
        return bytes.fromhex(value)
    if dtype == DATE:
        return dt.date.fromisoformat(value)
    if dtype == TIMESTAMP:
        return dt.datetime.fromisoformat(value)
    if dtype == TIMESTAMP_UTC:
        return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    if isinstance(dtype, Decimal):
        return decimal.Decimal(value)
    return value
