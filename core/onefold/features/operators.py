"""The operators of expressions, and what they are called in the catalogue."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from onefold.errors import DefinitionError

if TYPE_CHECKING:
    from onefold.features.expressions import Expr

__all__ = ["Applicable", "Operators"]


class Applicable(ABC):
    """Something to which catalogue functions can be applied."""

    __slots__ = ()

    @abstractmethod
    def apply(self, function: str, *args: Any, **options: Any) -> Expr:
        """Return a function of this and further arguments."""

    @abstractmethod
    def apply_to(self, function: str, left: Any) -> Expr:
        """Return a function of another argument and this."""


def _micros(length: dt.timedelta) -> int:
    return length // dt.timedelta(microseconds=1)


def _known(other: object) -> object:
    if other is None:
        raise DefinitionError(
            "Comparing with None is null for every row. Write .is_null() or .is_not_null(), or .eq_missing(...) to "
            "compare columns with nulls as values."
        )
    return other


class Operators(Applicable):
    """The operators of Python, each building an expression."""

    __slots__ = ()

    __array_ufunc__ = None  # NumPy's scalars leave operators to us instead of making arrays of expressions
    __hash__ = None  # type: ignore[assignment]  # `==` makes an expression, so equality is no key

    def __add__(self, other: Any) -> Expr:
        if isinstance(other, dt.timedelta):
            return self.apply("add_duration", _micros(other))
        return self.apply("add", other)

    def __radd__(self, other: Any) -> Expr:
        if isinstance(other, dt.timedelta):
            return self.apply("add_duration", _micros(other))
        return self.apply_to("add", other)

    def __sub__(self, other: Any) -> Expr:
        if isinstance(other, dt.timedelta):
            return self.apply("add_duration", -_micros(other))
        return self.apply("subtract", other)

    def __rsub__(self, other: Any) -> Expr:
        return self.apply_to("subtract", other)

    def __mul__(self, other: Any) -> Expr:
        return self.apply("multiply", other)

    def __rmul__(self, other: Any) -> Expr:
        return self.apply_to("multiply", other)

    def __truediv__(self, other: Any) -> Expr:
        return self.apply("divide", other)

    def __rtruediv__(self, other: Any) -> Expr:
        return self.apply_to("divide", other)

    def __floordiv__(self, other: Any) -> Expr:
        return self.apply("int_divide", other)

    def __rfloordiv__(self, other: Any) -> Expr:
        return self.apply_to("int_divide", other)

    def __mod__(self, other: Any) -> Expr:
        return self.apply("modulo", other)

    def __rmod__(self, other: Any) -> Expr:
        return self.apply_to("modulo", other)

    def __pow__(self, other: Any) -> Expr:
        return self.apply("power", other)

    def __rpow__(self, other: Any) -> Expr:
        return self.apply_to("power", other)

    def __neg__(self) -> Expr:
        return self.apply("negate")

    def __abs__(self) -> Expr:
        return self.apply("abs")

    def __eq__(self, other: object) -> Expr:  # type: ignore[override]
        return self.apply("equal", _known(other))

    def __ne__(self, other: object) -> Expr:  # type: ignore[override]
        return self.apply("not_equal", _known(other))

    def __lt__(self, other: Any) -> Expr:
        return self.apply("lt", other)

    def __le__(self, other: Any) -> Expr:
        return self.apply("lte", other)

    def __gt__(self, other: Any) -> Expr:
        return self.apply("gt", other)

    def __ge__(self, other: Any) -> Expr:
        return self.apply("gte", other)

    def __and__(self, other: Any) -> Expr:
        return self.apply("and", other)

    def __rand__(self, other: Any) -> Expr:
        return self.apply_to("and", other)

    def __or__(self, other: Any) -> Expr:
        return self.apply("or", other)

    def __ror__(self, other: Any) -> Expr:
        return self.apply_to("or", other)

    def __xor__(self, other: Any) -> Expr:
        return self.apply("xor", other)

    def __rxor__(self, other: Any) -> Expr:
        return self.apply_to("xor", other)

    def __invert__(self) -> Expr:
        return self.apply("not")
