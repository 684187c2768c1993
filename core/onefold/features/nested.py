"""Methods for lists and structs: ``col("codes").list.len()``, ``col("top").struct.field("key")``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onefold.features.expressions import Expr

__all__ = ["ListMethods", "StructMethods"]


class ListMethods:
    """What ``expr.list`` offers; null gives null."""

    __slots__ = ("_expr",)

    def __init__(self, expr: Expr) -> None:
        self._expr = expr

    def get(self, index: int) -> Expr:
        """Return the element at a place: 0 is the first, -1 the last; null when there is none.

        Examples:
            >>> from onefold.features import col
            >>> col("codes").list.get(0)
            list_get(col('codes'), index=1)
        """
        return self._expr.apply("list_get", index=index + 1 if index >= 0 else index)

    def first(self) -> Expr:
        """Return the first element; null when there is none."""
        return self.get(0)

    def last(self) -> Expr:
        """Return the last element; null when there is none."""
        return self.get(-1)

    def len(self) -> Expr:
        """Return the number of elements, nulls included."""
        return self._expr.apply("list_length")

    def contains(self, value: Any) -> Expr:
        """Whether an element is equal to a value; null elements are equal to nothing."""
        return self._expr.apply("list_contains", value)

    def sort(self, *, descending: bool = False) -> Expr:
        """Return the elements in order; see the catalogue's ``list_sort`` for nulls."""
        return self._expr.apply("list_sort", descending=descending)


class StructMethods:
    """What ``expr.struct`` offers; null gives null."""

    __slots__ = ("_expr",)

    def __init__(self, expr: Expr) -> None:
        self._expr = expr

    def field(self, name: str) -> Expr:
        """Return the value of a field; a column made of it is named after the field."""
        return self._expr.apply("struct_get", field=name).alias(name)
