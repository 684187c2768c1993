"""Expressions over the columns of a row, written as in Polars and Ibis.

An :class:`Expr` has no types until it meets a schema: ``filter``, ``with_columns`` and feature views bind it, and say
there and then what is wrong. Text means a column wherever a column could stand (``when("late")``,
``coalesce("a", "b")``, ``then("delay")``), and text itself to the right of an operator and in methods that take a
value (``col("carrier") == "UA"``, ``fill_null("none")``), as in Polars; ``lit("UA")`` is always text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal, NoReturn

from onefold.errors import DefinitionError
from onefold.features.deferred import ColumnRef, Constant, Convert, Deferred, Invoke, first_column, shown
from onefold.features.naming import checked_name
from onefold.types import DataType, parse_type

__all__ = ["Expr", "as_column", "as_value", "parsed_type"]


class Expr:
    """A value computed from each row; made by :func:`col`, :func:`lit`, :func:`when` and operators.

    Operators: ``+ - * / // % **``, ``== != < <= > >=``, ``& | ^ ~`` for and, or, exclusive or, not. Null in an
    operand gives null (``&`` and ``|`` follow SQL: false & null is false, true | null is true). Integers are int64 and
    an overflow is an error; ``/`` always gives float64, and null for a zero divisor.

    Examples:
        >>> from onefold.features import col
        >>> (col("arr_delay") - col("dep_delay")).alias("made_up")
        (col('arr_delay') - col('dep_delay')).alias('made_up')
        >>> bool(col("x") > 1)
        Traceback (most recent call last):
        ...
        onefold.errors.DefinitionError: (col('x') > 1) is true or false for each row, not once. Use & instead of `and`, \
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

    __hash__ = None  # type: ignore[assignment]  # `==` makes an expression, so equality is no key

    # -- operators ---------------------------------------------------------------------------------------------------

    def _call(self, function: str, *args: Any, **options: Any) -> Expr:
        return Expr(Invoke(function, (self._node, *(as_value(arg) for arg in args)), options))

    def _reversed(self, function: str, left: Any) -> Expr:
        return Expr(Invoke(function, (as_value(left), self._node)))

    def __add__(self, other: Any) -> Expr:
        return self._call("add", other)

    def __radd__(self, other: Any) -> Expr:
        return self._reversed("add", other)

    def __sub__(self, other: Any) -> Expr:
        return self._call("subtract", other)

    def __rsub__(self, other: Any) -> Expr:
        return self._reversed("subtract", other)

    def __mul__(self, other: Any) -> Expr:
        return self._call("multiply", other)

    def __rmul__(self, other: Any) -> Expr:
        return self._reversed("multiply", other)

    def __truediv__(self, other: Any) -> Expr:
        return self._call("divide", other)

    def __rtruediv__(self, other: Any) -> Expr:
        return self._reversed("divide", other)

    def __floordiv__(self, other: Any) -> Expr:
        return self._call("integer_divide", other)

    def __rfloordiv__(self, other: Any) -> Expr:
        return self._reversed("integer_divide", other)

    def __mod__(self, other: Any) -> Expr:
        return self._call("modulus", other)

    def __rmod__(self, other: Any) -> Expr:
        return self._reversed("modulus", other)

    def __pow__(self, other: Any) -> Expr:
        return self._call("power", other)

    def __rpow__(self, other: Any) -> Expr:
        return self._reversed("power", other)

    def __neg__(self) -> Expr:
        return self._call("negate")

    def __pos__(self) -> Expr:
        return self

    def __abs__(self) -> Expr:
        return self._call("abs")

    def __eq__(self, other: object) -> Expr:  # type: ignore[override]
        return self._call("equal", other)

    def __ne__(self, other: object) -> Expr:  # type: ignore[override]
        return self._call("not_equal", other)

    def __lt__(self, other: Any) -> Expr:
        return self._call("lt", other)

    def __le__(self, other: Any) -> Expr:
        return self._call("lte", other)

    def __gt__(self, other: Any) -> Expr:
        return self._call("gt", other)

    def __ge__(self, other: Any) -> Expr:
        return self._call("gte", other)

    def __and__(self, other: Any) -> Expr:
        return self._call("and", other)

    def __rand__(self, other: Any) -> Expr:
        return self._reversed("and", other)

    def __or__(self, other: Any) -> Expr:
        return self._call("or", other)

    def __ror__(self, other: Any) -> Expr:
        return self._reversed("or", other)

    def __xor__(self, other: Any) -> Expr:
        return self._call("xor", other)

    def __rxor__(self, other: Any) -> Expr:
        return self._reversed("xor", other)

    def __invert__(self) -> Expr:
        return self._call("not")

    # -- nulls and comparisons ---------------------------------------------------------------------------------------

    def is_null(self) -> Expr:
        """Whether the value is null; never null itself."""
        return self._call("is_null")

    def is_not_null(self) -> Expr:
        """Whether the value is not null; never null itself."""
        return self._call("is_not_null")

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
    """Return a portable type from the ways in which users write one: its text, or a Python type.

    Raises:
        DefinitionError: If there is no such type.
    """
    if isinstance(value, DataType):
        return value
    text = _TYPE_WORDS.get(value, value)
    if not isinstance(text, str):
        raise DefinitionError(f"A type is text such as 'int64' or 'timestamp[us, UTC]', not {value!r:.80}.")
    return parse_type(text)


def as_value(value: Any) -> Deferred:
    """Return the node of an operand where text means text."""
    if isinstance(value, Expr):
        return value.node
    _refuse(value)
    return Constant(value)


def as_column(value: Any) -> Deferred:
    """Return the node of an argument where text names a column."""
    return ColumnRef(value, plain=True) if isinstance(value, str) else as_value(value)


def _refuse(value: Any) -> None:
    if hasattr(value, "aggregation_name"):
        raise DefinitionError(
            f"{value!r} is an aggregation: it belongs into the features of a view or into group_by(...).agg(...), "
            "not inside of an expression over one row. Compute the parts first and combine them in a second step."
        )
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | list | tuple):
        raise DefinitionError(f"{type(value).__name__} ({value!r:.60}) is not a constant or expression.")
