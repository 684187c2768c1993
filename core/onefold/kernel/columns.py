"""The columns that an engine computes for the kernel: each different expression once."""

from __future__ import annotations

from collections.abc import Iterator

from onefold.plan import Expression, NamedExpression

__all__ = ["ComputedColumns"]


class ComputedColumns:
    """Names for expressions; equal expressions share one column.

    Args:
        prefix: What the names begin with.

    Examples:
        >>> from onefold.plan import Column
        >>> columns = ComputedColumns("c")
        >>> columns.name(Column(name="amount")), columns.name(Column(name="day")), columns.name(Column(name="amount"))
        ('c0', 'c1', 'c0')
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[Expression, str] = {}

    def name(self, expression: Expression) -> str:
        """Return the name of the column that holds an expression."""
        return self._names.setdefault(expression, f"{self._prefix}{len(self._names)}")

    def __iter__(self) -> Iterator[NamedExpression]:
        for expression, name in self._names.items():
            yield NamedExpression(name=name, expression=expression)
