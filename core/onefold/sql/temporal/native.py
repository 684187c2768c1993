"""What the lowerings need of an engine and no plan can say: as-of joins, places of rows, and checks, as relations."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from onefold.plan import Relation
from onefold.types import INT64, Field, Schema

__all__ = ["CheckedUnique", "NativeAsOf", "Numbered"]


class NativeAsOf(Relation):
    """Each left row with the right row of its keys that has the latest time before its own, or nulls.

    Args:
        left: Rows with keys and an instant in microseconds.
        right: Rows that keys and time tell apart.
        left_on: The keys on the left; a null matches nothing.
        right_on: The keys on the right; they do not come out.
        left_time: The instant on the left; a null matches nothing.
        right_time: The time on the right.
        include_exact: Whether an equal time is early enough.
    """

    kind: ClassVar[str] = "native_as_of"
    left: Relation
    right: Relation
    left_on: tuple[str, ...]
    right_on: tuple[str, ...]
    left_time: str
    right_time: str
    include_exact: bool

    @property
    def taken(self) -> tuple[str, ...]:
        """The right columns that come out."""
        return tuple(name for name in self.right.output.names if name not in self.right_on)

    @cached_property
    def output(self) -> Schema:
        """The columns of the result."""
        right = self.right.output
        return Schema([*self.left.output, *(Field(name, right[name].dtype, True) for name in self.taken)])


class Numbered(Relation):
    """Rows with their places: in the order that they are sorted by, or that in which an input holds them.

    Args:
        input: An input, or sorted rows.
        name: The column with the place, ascending; it may have gaps.
    """

    kind: ClassVar[str] = "numbered"
    input: Relation
    name: str

    @cached_property
    def output(self) -> Schema:
        """The columns of the result."""
        return Schema([*self.input.output, Field(self.name, INT64, False)])


class CheckedUnique(Relation):
    """Rows, unless two of them share keys and time: reading them is then an error.

    Args:
        input: The rows.
        by: The keys.
        time: The time in microseconds.
        message: What the error says.
    """

    kind: ClassVar[str] = "checked_unique"
    input: Relation
    by: tuple[str, ...]
    time: str
    message: str

    @cached_property
    def output(self) -> Schema:
        """The columns of the result."""
        return self.input.output
