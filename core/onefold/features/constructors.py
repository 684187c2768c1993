"""Where expressions begin: columns, constants, choices, and any function of the catalogue."""

from __future__ import annotations

from typing import Any

from onefold.features.deferred import Choice, ColumnRef, Constant, Deferred, Invoke
from onefold.features.expressions import Expr, as_column, as_value, parsed_type
from onefold.features.naming import checked_name
from onefold.plan import get_function
from onefold.types import DataType

__all__ = ["When", "call", "col", "lit", "when"]


def col(name: str) -> Expr:
    """Return the value of a column.

    Args:
        name: The column's name, exactly as it is in the data.

    Examples:
        >>> col("dep_delay") > 15
        (col('dep_delay') > 15)
    """
    return Expr(ColumnRef(checked_name(name, what="a column")))


def lit(value: Any, dtype: DataType | str | None = None) -> Expr:
    """Return a constant.

    Args:
        value: None, bool, int, float, str, bytes, date, datetime (with a time zone: an instant; without: a wall
            clock), Decimal, or a list of those.
        dtype: Its type; when left out, the natural one, which gives way to the type of what it is combined with.

    Examples:
        >>> lit(None, "int64")
        lit(None, 'int64')
    """
    if isinstance(value, Expr):
        return value
    as_value(value)  # refuses what can be no constant
    return Expr(Constant(value, None if dtype is None else parsed_type(dtype)))


def call(function: str, *args: Any, **options: Any) -> Expr:
    """Return any function of the catalogue applied to arguments; ``onefold functions`` lists them.

    Args:
        function: The catalogue name.
        args: Its arguments: expressions, column names as text, or constants.
        options: Its named constants.

    Raises:
        PlanError: If there is no such function.

    Examples:
        >>> call("add", "distance", 1)
        (col('distance') + 1)
    """
    entry = get_function(function)
    return Expr(Invoke(entry.name, tuple(as_column(arg) for arg in args), options))


class When:
    """A choice that still waits for its next part; see :func:`when`."""

    __slots__ = ("_branches", "_condition")

    def __init__(self, branches: tuple[tuple[Deferred, Deferred], ...], condition: Deferred) -> None:
        self._branches = branches
        self._condition = condition

    def then(self, value: Any) -> Then:
        """Give the value for rows where the condition is true; text names a column."""
        return Then((*self._branches, (self._condition, as_column(value))))

    def __repr__(self) -> str:
        return "when(...) without then(...)"


class Then(Expr):
    """A choice that is complete (null for all other rows) and can be continued."""

    __slots__ = ("_branches",)

    def __init__(self, branches: tuple[tuple[Deferred, Deferred], ...]) -> None:
        super().__init__(Choice(branches, None))
        self._branches = branches

    def when(self, condition: Any) -> When:
        """Add a condition, looked at for rows where none before it was true."""
        return When(self._branches, as_column(condition))

    def otherwise(self, value: Any) -> Expr:
        """Give the value for all remaining rows; text names a column."""
        return Expr(Choice(self._branches, as_column(value)))


def when(condition: Any) -> When:
    """Start a choice: ``when(c).then(a).when(d).then(b).otherwise(e)``.

    Args:
        condition: A bool expression, or the name of a bool column. Null is not true.

    Returns:
        What ``.then(value)`` continues. The values take their common type; without ``otherwise`` the rest is null.

    Examples:
        >>> when(col("delay") > 60).then(lit("late")).otherwise(lit("fine")).alias("state")
        when((col('delay') > 60)).then('late').otherwise('fine').alias('state')
    """
    return When((), as_column(condition))
