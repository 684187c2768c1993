"""Expressions over the columns of a row, written as in Polars and Ibis.

An :class:`Expr` has no types until it meets a schema: ``filter``, ``with_columns`` and feature views bind it, and say
there and then what is wrong. Text means a column wherever a column could stand (``when("late")``,
``coalesce("a", "b")``, ``then("delay")``), and text itself to the right of an operator and in methods that take a
value (``col("carrier") == "UA"``, ``fill_null("none")``), as in Polars; ``lit("UA")`` is always text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import pyarrow as pa

from onefold.errors import DefinitionError, near_matches
from onefold.features.deferred import ColumnRef, Constant, Convert, Deferred, Invoke, first_column, shown
from onefold.features.literals import python_constant
from onefold.features.naming import checked_name
from onefold.features.nested import ListMethods, StructMethods
from onefold.features.numbers import NumberMethods
from onefold.features.operators import Operators
from onefold.features.strings import TextMethods
from onefold.features.times import TimeMethods
from onefold.plan import AGGREGATIONS
from onefold.types import DataType, from_arrow, parse_type

__all__ = ["Expr", "as_column", "as_value", "parsed_type"]


class Expr(Operators, NumberMethods):
    """A value computed from each row; made by :func:`col`, :func:`lit`, :func:`when` and operators.

    Operators: ``+ - * / // % **``, ``== != < <= > >=``, ``& | ^ ~`` for and, or, exclusive or, not. Null in an
    operand gives null (``&`` and ``|`` follow SQL: false & null is false, true | null is true). Integers are int64 and
    an overflow is an error; ``/`` always gives float64, and null for a zero divisor.

    Examples:
        >>> from onefold.features import col
        >>> (col("arr_delay") - col("dep_delay")).alias("made_up")
        (col('arr_delay') - col('dep_delay')).alias('made_up')
        >>> try:
        ...     bool(col("x") > 1)
        ... except DefinitionError as error:
        ...     print(error)
        (col('x') > 1) is true or false for each row, not once. Use & instead of `and`, \
| instead of `or`, ~ instead of `not`, .is_in(...) instead of `in`, and .between(low, high) instead of low < x < high; \
put each comparison in parentheses.
    """

    __slots__ = ("_name", "_node")

    def __init__(self, node: Deferred, name: str | None = None) -> None:
        self._node = node
        self._name = name

    @property
    def node(self) -> Deferred:
        """The expression as a tree without types; for binding."""
        return self._node

    @property
    def output_name(self) -> str | None:
        """The name of the column that this expression makes: its alias, else the first column that it reads."""
        return self._name or first_column(self._node)

    def alias(self, name: str) -> Expr:
        """Return the expression under a name for the column that it makes."""
        return Expr(self._node, checked_name(name, what="a column"))

    named = alias

    def __repr__(self) -> str:
        text = shown(self._node)
        return text if self._name is None else f"{text}.alias({self._name!r})"

    # -- what Python would otherwise do silently -----------------------------------------------------------------

    if not TYPE_CHECKING:  # a type checker knows the methods, and should say which are missing

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(_missing_method(name))

    def __bool__(self) -> NoReturn:
        raise DefinitionError(
            f"{shown(self._node)} is true or false for each row, not once. Use & instead of `and`, | instead of `or`, "
            "~ instead of `not`, .is_in(...) instead of `in`, and .between(low, high) instead of low < x < high; "
            "put each comparison in parentheses."
        )

    def __iter__(self) -> NoReturn:
        raise DefinitionError(
            f"{shown(self._node)} stands for one value in each row and can not be looped over. "
            "Use .is_in(...) instead of `in`, and .list for the elements of lists."
        )

    # -- building ----------------------------------------------------------------------------------------------------

    def apply(self, function: str, *args: Any, **options: Any) -> Expr:
        """Return a catalogue function of this expression; text in further arguments is text.

        Args:
            function: The catalogue name.
            args: Further arguments.
            options: The options of the function.
        """
        return Expr(Invoke(function, (self._node, *(as_value(arg) for arg in args)), options))

    def apply_to(self, function: str, left: Any) -> Expr:
        """Return a catalogue function of another value and this expression."""
        return Expr(Invoke(function, (as_value(left), self._node)))

    @staticmethod
    def wrapped(node: Deferred) -> Expr:
        """Return the expression of a tree."""
        return Expr(node)

    @staticmethod
    def operand(value: Any) -> Deferred:
        """Return the tree of an operand where text means text."""
        return as_value(value)

    # -- nulls and comparisons ---------------------------------------------------------------------------------------

    def is_null(self) -> Expr:
        """Whether the value is null; never null itself. NaN is not null."""
        return self.apply("is_null")

    def is_not_null(self) -> Expr:
        """Whether the value is not null; never null itself."""
        return self.apply("is_not_null")

    def is_nan(self) -> Expr:
        """Whether the number is NaN; null for null."""
        return self.apply("is_nan")

    def is_finite(self) -> Expr:
        """Whether the number is neither infinite nor NaN; null for null."""
        return self.apply("is_finite")

    def is_infinite(self) -> Expr:
        """Whether the number is positive or negative infinity; null for null."""
        return self.apply("is_infinite")

    def fill_null(self, value: Any) -> Expr:
        """Return the value, or another where it is null; text in the argument is text."""
        return self.apply("coalesce", value)

    def nan_to_null(self) -> Expr:
        """Return the number, or null where it is NaN."""
        return self.apply("nan_to_null")

    def null_if(self, value: Any) -> Expr:
        """Return the value, or null where it is equal to another."""
        return self.apply("nullif", value)

    def eq_missing(self, other: Any) -> Expr:
        """Whether two values are equal, where null is a value like any other; never null."""
        return self.apply("is_not_distinct_from", other)

    def ne_missing(self, other: Any) -> Expr:
        """Whether two values differ, where null is a value like any other; never null."""
        return self.apply("is_distinct_from", other)

    def between(self, low: Any, high: Any) -> Expr:
        """Whether the value is at least ``low`` and at most ``high``; text names a column, ``lit("a")`` is text."""
        return Expr(Invoke("between", (self._node, as_column(low), as_column(high))))

    is_between = between

    def is_in(self, values: Iterable[Any]) -> Expr:
        """Whether the value is equal to one of some constants; false for an empty list.

        Null when the value is null, and also when it is equal to none of them and one of them is None.

        Args:
            values: Constants (text is text) or expressions.
        """
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise DefinitionError(f"is_in takes a list of values, such as is_in([{values!r}]).")
        given = sorted(values, key=repr) if isinstance(values, set | frozenset) else list(values)
        if not given:
            return self.is_null() & False
        return self.apply("is_in", *given)

    # -- hashes ------------------------------------------------------------------------------------------------------

    def md5(self) -> Expr:
        """Return the MD5 of text (in UTF-8) or binary, as lower-case hexadecimal text."""
        return self.apply("md5")

    def sha256(self) -> Expr:
        """Return the SHA-256 of text (in UTF-8) or binary, as lower-case hexadecimal text."""
        return self.apply("sha256")

    def hash_bucket(self, buckets: int) -> Expr:
        """Return a number from 0 to ``buckets`` - 1 that depends on the text alone: samples that stay the same."""
        return self.apply("hash_bucket", buckets=buckets)

    # -- conversions -------------------------------------------------------------------------------------------------

    def cast(self, to: DataType | str, *, on_failure: Literal["error", "null"] = "error") -> Expr:
        """Return the value as another type.

        Args:
            to: The type, such as ``"int64"``, ``"float64"``, ``"string"``, ``"date32"``, ``"timestamp[us, UTC]"`` or
                ``"decimal128(10, 2)"``. Numbers are truncated towards zero on the way to int64.
            on_failure: ``"error"`` stops the run at a value that can not be converted, ``"null"`` gives null for it.

        Raises:
            DefinitionError: If there is no such type.
        """
        if on_failure not in ("error", "null"):
            raise DefinitionError(f"on_failure is 'error' or 'null', not {on_failure!r}.")
        return Expr(Convert(self._node, parsed_type(to), on_failure), self._name)

    # -- families: at the end, because `str` and `list` mean something else in the annotations above ---------------

    @property
    def str(self) -> TextMethods:
        """Methods for text."""
        return TextMethods(self)

    @property
    def dt(self) -> TimeMethods:
        """Methods for dates and timestamps."""
        return TimeMethods(self)

    @property
    def list(self) -> ListMethods:
        """Methods for lists."""
        return ListMethods(self)

    @property
    def struct(self) -> StructMethods:
        """Methods for structs."""
        return StructMethods(self)


_TYPE_WORDS = {
    int: "int64",
    float: "float64",
    bool: "bool",
    str: "string",
    bytes: "binary",
    dt.date: "date32",
    "int": "int64",
    "float": "float64",
    "double": "float64",
    "str": "string",
    "date": "date32",
}


def parsed_type(value: DataType | str | type) -> DataType:
    """Return a portable type from the ways in which users write one: its text, a Python type or an Arrow type.

    Raises:
        DefinitionError: If there is no such type.
    """
    if isinstance(value, DataType):
        return value
    if isinstance(value, pa.DataType):
        return from_arrow(value, column=str(value))
    text = _TYPE_WORDS.get(value, value)
    if not isinstance(text, str):
        raise DefinitionError(f"A type is text such as 'int64' or 'timestamp[us, UTC]', not {value!r:.80}.")
    return parse_type(text)


def as_value(value: Any) -> Deferred:
    """Return the node of an operand where text means text."""
    if isinstance(value, Expr):
        return value.node
    _refuse(value)
    return Constant(python_constant(value))


def as_column(value: Any) -> Deferred:
    """Return the node of an argument where text names a column."""
    return ColumnRef(value, plain=True) if isinstance(value, str) else as_value(value)


_FAMILIES = {"str": TextMethods, "dt": TimeMethods, "list": ListMethods, "struct": StructMethods}


def _missing_method(name: str) -> str:
    """Return what to write instead of a method that expressions do not have."""
    if name in AGGREGATIONS or name in ("std", "var", "first", "last"):
        return f"Expressions have no method {name!r}: aggregations are functions, such as of.{name}('x').over('7d')."
    if name == "over":
        return (
            "Expressions have no method 'over': trailing windows belong to aggregations, of.mean('x').over('7d'), "
            "and windows over the rows of a table are written with_window(...)."
        )
    for family, methods in _FAMILIES.items():
        if hasattr(methods, name) and not name.startswith("_"):
            return f"Expressions have no method {name!r}. Did you mean .{family}.{name}(...)?"
    known = [known for known in dir(Expr) if not known.startswith("_")]
    near = near_matches(name, known)
    guess = f" Did you mean {' or '.join(repr(match) for match in near)}?" if near else ""
    return f"Expressions have no method {name!r}.{guess} of.call('{name}', ...) reaches any function of the catalogue."


def _refuse(value: Any) -> None:
    if hasattr(value, "aggregation_name"):
        raise DefinitionError(
            f"{value!r} is an aggregation: it belongs into the features of a view or into group_by(...).agg(...), "
            "not inside of an expression over one row. Compute the parts first and combine them in a second step."
        )
    if type(value).__module__.split(".")[0] in ("polars", "pandas") and hasattr(value, "is_null"):
        raise DefinitionError(
            f"{type(value).__module__.split('.')[0]}'s expressions and series mean nothing here. "
            "Write of.col(...) and of.lit(...)."
        )
    if hasattr(value, "then"):
        raise DefinitionError("A when(...) gives no value yet: write when(condition).then(value).otherwise(value).")
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | list | tuple):
        raise DefinitionError(f"{type(value).__name__} ({value!r:.60}) is not a constant or expression.")
