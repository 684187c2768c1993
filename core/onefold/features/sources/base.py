"""What all sources have in common: a name, a schema, and when their rows happened."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa

from onefold.errors import DefinitionError, SourceError, listed
from onefold.features.cards import source_card
from onefold.features.expressions import parsed_type
from onefold.features.naming import checked_flag, checked_name
from onefold.features.sources.timing import check_time, check_time_zone
from onefold.plan import Cast, Column, EventOrder, NamedExpression, Project, Relation
from onefold.types import TIMESTAMP_UTC, DataType, Duration, Field, Schema, from_arrow, parse_duration

__all__ = ["SchemaLike", "Source", "as_schema", "portable_fields"]

SchemaLike: TypeAlias = Schema | pa.Schema | Mapping[str, DataType | str]
"""How users write a schema: ``{"carrier": "string", "at": "timestamp[us, UTC]"}``, or an Arrow schema."""


def as_schema(schema: object, *, what: str) -> Schema:
    """Return the portable schema of what was written.

    Args:
        schema: Names and types, or an Arrow schema.
        what: What it describes, for errors.

    Raises:
        DefinitionError: If a type does not exist, or there are no columns.

    Examples:
        >>> print(as_schema({"n": "int64", "at": "timestamp[us, UTC]"}, what="a test"))
        n: int64, at: timestamp[us, UTC]
    """
    if isinstance(schema, pa.Schema):
        found = portable_fields(schema, None, what=what)
    elif isinstance(schema, Schema):
        found = schema
    elif isinstance(schema, Mapping):
        fields = []
        for name, dtype in schema.items():
            try:
                fields.append(Field(str(name), parsed_type(dtype)))
            except DefinitionError as error:
                raise DefinitionError(f"The column {name!r} of {what}: {error}") from None
        found = Schema(fields)
    else:
        raise DefinitionError(
            f"The schema of {what} is written as {{'column': 'type', ...}}, not as {type(schema).__name__}."
        )
    if not len(found):
        raise DefinitionError(f"The schema of {what} has no columns.")
    return found


def portable_fields(schema: pa.Schema, columns: tuple[str, ...] | None, *, what: str) -> Schema:
    """Return the portable form of an Arrow schema, or of some of its columns.

    Raises:
        SourceError: If a wanted column is missing, appears twice, or has a type that no portable type can hold.
    """
    wanted = tuple(schema.names) if columns is None else columns
    fields = []
    for name in wanted:
        found = schema.get_all_field_indices(name)
        if not found:
            raise SourceError(f"{what} has no column {name!r}. {listed(name, schema.names, what='columns')}")
        if len(found) > 1:
            raise SourceError(f"{what} has {len(found)} columns named {name!r}. Rename all but one of them.")
        try:
            fields.append(Field(name, from_arrow(schema.field(found[0]).type, column=name)))
        except SourceError as error:
            raise SourceError(f"{what}: {error} To read only other columns, name them in columns=[...].") from None
    return Schema(fields)


class Source(ABC):
    """Rows from outside, and when they happened; see the concrete sources.

    Args:
        name: Its name in messages, plans and native SQL.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``; windows and as-of joins count from then.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC. No other zone is accepted.
        columns: Only these columns; None for all.
    """

    def __init__(
        self,
        name: str,
        *,
        time: str | None,
        sequence: str | Iterable[str],
        delay: Duration | None,
        unique: bool,
        time_zone: str | None,
        columns: Iterable[str] | None,
    ) -> None:
        self.name = checked_name(name, what="a source")
        self.time = time
        self.sequence = (sequence,) if isinstance(sequence, str) else tuple(sequence)
        self.delay = 0 if delay is None else parse_duration(delay, what="delay", zero=True)
        self.unique = checked_flag(unique, what=f"unique of {self.title}")
        self.time_zone = time_zone
        self.columns = None if columns is None else tuple(columns)
        check_time_zone(time_zone, what=self.title)
        if time is None and (self.sequence or self.delay or unique or time_zone):
            raise DefinitionError(
                f"{self.title} states {'sequence' if self.sequence else 'delay, unique or time_zone'} but no time. "
                "Name the time column with time=."
            )

    @abstractmethod
    def _raw_schema(self) -> Schema:
        """Return the columns as they are read, before the time zone is stated."""

    @abstractmethod
    def _leaf(self, schema: Schema) -> Relation:
        """Return the relation that reads the columns."""

    @property
    def bindings(self) -> Mapping[str, Any]:
        """Arrow data that the source's relation needs when it runs, by input name."""
        return {}

    @cached_property
    def relation(self) -> Relation:
        """The plan that reads the source; its files are looked at now, and only for their schema.

        Raises:
            SourceError: If the data can not be found or read.
            DefinitionError: If the time or a sequence column is missing or of a wrong type.
        """
        schema = self._raw_schema()
        for name in self.sequence:
            if name not in schema:
                raise DefinitionError(
                    f"The sequence column {name!r} of {self.title} does not exist. "
                    f"{listed(name, schema.names, what='columns')}"
                )
            if not schema[name].dtype.is_ordered:
                raise DefinitionError(
                    f"The sequence column {name!r} of {self.title} is a {schema[name].dtype}, which has no order."
                )
        if self.time is None or not check_time(schema, self.time, what=self.title, time_zone=self.time_zone):
            return self._leaf(schema)
        return self._as_instant(schema, self.time)

    def _as_instant(self, schema: Schema, time: str) -> Relation:
        """Return the rows with their time, a wall clock stated to be UTC, as an instant."""
        columns = tuple(
            NamedExpression(
                name=name,
                expression=Cast(arg=Column(name=name), to=TIMESTAMP_UTC) if name == time else Column(name=name),
            )
            for name in schema.names
        )
        return Project(input=self._leaf(schema), columns=columns)

    @property
    def schema(self) -> Schema:
        """The columns: names and portable types."""
        return self.relation.output

    def order(self, time: str | None = None) -> EventOrder | None:
        """Return when rows happen and in which order they count; None without a time.

        Args:
            time: Another time column, made by a transform.
        """
        chosen = time or self.time
        if chosen is None:
            return None
        unique = self.unique and chosen == self.time  # it was stated for the source's own time
        return EventOrder(time=chosen, sequence=self.sequence, delay=self.delay, unique=unique)

    @property
    def title(self) -> str:
        """What messages call the source."""
        return f"the source {self.name!r}"

    def __repr__(self) -> str:
        time = f", time={self.time!r}" if self.time else ""
        return f"{type(self).__name__}({self.name!r}{self._shown()}{time})"

    def _repr_html_(self) -> str:
        return source_card(self)

    def _shown(self) -> str:
        return ""
