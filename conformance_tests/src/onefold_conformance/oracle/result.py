"""What a relation gives: its rows, and how far other engines may be from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onefold.plan import Call, Column, Expression, get_function
from onefold_conformance.oracle.tolerance import Tolerance
from onefold_conformance.oracle.values import Row

__all__ = ["Result", "tolerance_of"]

_ULPS = {"exact": 0, "0ulp": 0, "4ulp": 4, "16ulp": 16}


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a relation.

    Args:
        rows: The rows, in their order where the relation has one.
        tolerances: How far the values of each column may be off.
        determined: Whether these are the only right rows. They are not after a limit of rows that have no order, or
            where a value that may be off decided which rows there are.
    """

    rows: list[Row]
    tolerances: Mapping[str, Tolerance]
    determined: bool = True

    def is_exact(self, names: Iterable[str]) -> bool:
        """Return whether the values of columns are the same in every right engine."""
        return all(self.tolerances[name].is_exact for name in names)

    def decided_by(self, names: Iterable[str]) -> bool:
        """Return whether rows that are chosen by the values of these columns are determined."""
        return self.determined and self.is_exact(names)


def tolerance_of(expression: Expression, tolerances: Mapping[str, Tolerance]) -> Tolerance:
    """Return how far the values of an expression may be off.

    Args:
        expression: The expression.
        tolerances: Those of the columns that it reads.

    Returns:
        The tolerance of the column for a column, that of the catalogue for a function of exact values. It is unknown
        where anything is computed from values that are not exact.
    """
    if isinstance(expression, Column):
        return tolerances[expression.name]
    for part in expression.walk():
        if isinstance(part, Column) and not tolerances[part.name].is_exact:
            return Tolerance.unknown()
        if part is not expression and isinstance(part, Call) and _ULPS[get_function(part.function).accuracy]:
            return Tolerance.unknown()
    return Tolerance(ulps=_ULPS[get_function(expression.function).accuracy] if isinstance(expression, Call) else 0)
