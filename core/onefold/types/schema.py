"""Schemas: ordered, uniquely named, typed fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import core_schema

from onefold.errors import DefinitionError, listed
from onefold.types.logical import DataType, check_name, parse_type

__all__ = ["Field", "Schema"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, its type, and whether it may hold nulls.

    Nullability is what the plan knows; in Arrow every field is nullable.
    """

    name: str
    dtype: DataType
    nullable: bool = True


@dataclass(frozen=True, slots=True, init=False)
class Schema:
    """The columns of a relation, in order.

    Args:
        fields: The fields; their names are unique and not empty.

    Raises:
        DefinitionError: If two fields have one name, or a name is empty or not Unicode text.

    Examples:
        >>> Schema.of(k="string", v="float64").names
        ('k', 'v')
    """

    fields: tuple[Field, ...]
    _by_name: Mapping[str, Field] = field(compare=False, hash=False, repr=False)

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        object.__setattr__(self, "fields", tuple(fields))
        object.__setattr__(self, "_by_name", {field.name: field for field in self.fields})
        if "" in (names := [field.name for field in self.fields]):
            raise DefinitionError("A column name can not be empty.")
        if twice := sorted(name for name, count in Counter(names).items() if count > 1):
            raise DefinitionError(f"The column {twice[0]!r} appears more than once. Give each column its own name.")
        for name in names:
            check_name(name, what="column")

    @classmethod
    def of(cls, /, **columns: DataType | str) -> Schema:
        """Return a schema of nullable columns, given as ``name=type``."""
        return cls(
            Field(name, dtype if isinstance(dtype, DataType) else parse_type(dtype)) for name, dtype in columns.items()
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(field.name for field in self.fields)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Field:
        """Return the field with this name.

        Raises:
            DefinitionError: If there is none; the message gives near matches.
        """
        found = self._by_name.get(name)
        if found is None:
            raise DefinitionError(f"There is no column {name!r}. {listed(name, self.names, what='columns')}")
        return found

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.names)

    def __str__(self) -> str:
        return ", ".join(f"{field.name}: {field.dtype}" for field in self.fields)

    def select(self, names: Iterable[str]) -> Schema:
        """Return the schema of these columns, in the order given."""
        return Schema(self[name] for name in names)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Let pydantic models hold schemas: written as ``[[name, type, nullable], ...]``."""

        def validate(value: Any) -> Schema:
            if isinstance(value, Schema):
                return value
            if isinstance(value, list | tuple) and all(_is_row(row) for row in value):
                return cls(Field(name, parse_type(dtype), nullable) for name, dtype, nullable in value)
            raise ValueError("expected a schema as a list of [name, type, nullable]")

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda schema: [[field.name, str(field.dtype), field.nullable] for field in schema]
            ),
        )


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, list | tuple)
        and len(row) == 3
        and isinstance(row[0], str)
        and isinstance(row[1], str)
        and isinstance(row[2], bool)
    )
