"""Which expressions can fail for a value, and so must not be computed for rows that do not take part."""

from __future__ import annotations

from onefold.plan import Call, Cast, Expression

__all__ = ["can_fail"]

_FUNCTIONS = frozenset(
    {
        *("add", "subtract", "multiply", "int_divide", "negate", "abs", "round"),
        *("add_days", "add_months", "add_duration", "duration_between"),
        *("from_epoch_seconds", "from_epoch_milliseconds", "from_epoch_microseconds"),
    }
)
"""The functions for which the catalogue knows an error: results that do not fit."""


def can_fail(expression: Expression) -> bool:
    """Return whether an expression may be an error for a value: a cast that raises, or a result that may not fit.

    Examples:
        >>> from onefold.plan import Column, Literal
        >>> can_fail(Call(function="add", args=(Column(name="a"), Literal.of(1)))), can_fail(Column(name="a"))
        (True, False)
    """
    return any(
        (isinstance(part, Cast) and part.on_failure == "error")
        or (isinstance(part, Call) and part.function in _FUNCTIONS)
        for part in expression.walk()
    )
