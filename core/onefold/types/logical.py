"""The closed set of portable logical types, and their text form.

The text form is what plan documents, signatures and error messages use:
``int64``, ``float64``, ``bool``, ``string``, ``binary``, ``date32``, ``timestamp[us]`` (a wall clock),
``timestamp[us, UTC]`` (an instant), ``decimal128(p, s)``, ``list<T>`` and ``struct<name: T, ...>``.
A struct field whose name is not an identifier is written in double quotes, as a JSON string.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import core_schema

from onefold.errors import DefinitionError

__all__ = [
    "BINARY",
    "BOOL",
    "DATE",
    "FLOAT64",
    "INT64",
    "STRING",
    "TIMESTAMP",
    "TIMESTAMP_UTC",
    "DataType",
    "Decimal",
    "List",
    "Primitive",
    "Struct",
    "parse_type",
]

MAX_DEPTH = 32
"""How deep lists and structs may be nested: far beyond real data, and safe for recursion."""

MAX_TEXT = 100_000
"""How long the text form of a type may be, in characters."""


class DataType:
    """A portable logical type; immutable, hashable, equal by value, printed as its text form."""

    __slots__ = ()

    @property
    def is_numeric(self) -> bool:
        """Whether the type is int64, float64 or a decimal."""
        return self in (INT64, FLOAT64) or isinstance(self, Decimal)

    @property
    def is_time(self) -> bool:
        """Whether the type is a timestamp, with or without UTC."""
        return self in (TIMESTAMP, TIMESTAMP_UTC)

    @property
    def is_nested(self) -> bool:
        """Whether the type is a list or a struct."""
        return isinstance(self, List | Struct)

    @property
    def is_ordered(self) -> bool:
        """Whether values of the type can be compared with ``<``, sorted, and used as keys."""
        return not self.is_nested

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Let pydantic models hold types: given as a type or its text form, written as text."""

        def validate(value: Any) -> DataType:
            if isinstance(value, DataType):
                return value
            if isinstance(value, str):
                return parse_type(value)
            raise ValueError(f"expected a type such as 'int64', got {value!r}")

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


@dataclass(frozen=True, slots=True)
class Primitive(DataType):
    """A type without parameters."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Decimal(DataType):
    """An exact decimal number.

    Args:
        precision: Total digits, 1 to 38.
        scale: Digits after the point, 0 to ``precision``.
    """

    precision: int
    scale: int

    def __post_init__(self) -> None:
        if not (1 <= self.precision <= 38 and 0 <= self.scale <= self.precision):
            raise DefinitionError(
                f"decimal128({self.precision}, {self.scale}) does not exist: "
                "the precision is 1 to 38 and the scale is 0 to the precision."
            )

    def __str__(self) -> str:
        return f"decimal128({self.precision}, {self.scale})"


@dataclass(frozen=True, slots=True)
class List(DataType):
    """A list of values of one type; the Arrow child is named ``element``."""

    element: DataType

    def __post_init__(self) -> None:
        _check_depth(self)

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True, slots=True)
class Struct(DataType):
    """Named fields in a fixed order.

    Args:
        fields: ``(name, type)`` pairs, at least one; the names are unique and not empty.
    """

    fields: tuple[tuple[str, DataType], ...]

    def __post_init__(self) -> None:
        names = [name for name, _ in self.fields]
        if not names or "" in names:
            raise DefinitionError("A struct has at least one field, and every field has a name.")
        if len(set(names)) != len(names):
            raise DefinitionError(f"A struct can not have two fields of one name: {names}.")
        for name in names:
            check_name(name, what="struct field")
        _check_depth(self)

    def __str__(self) -> str:
        return f"struct<{', '.join(f'{_quoted(name)}: {dtype}' for name, dtype in self.fields)}>"

    def field(self, name: str) -> DataType | None:
        """Return the type of the field with this name, or None."""
        return dict(self.fields).get(name)


def check_name(name: str, *, what: str) -> None:
    """Raise a DefinitionError unless a name is text that UTF-8 can hold (no lone surrogates).

    Args:
        name: The name.
        what: What it names, such as ``"column"``.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise DefinitionError(
            f"The {what} name {name!r:.80} is not Unicode text: it holds half of a character."
        ) from None


def _check_depth(dtype: DataType) -> None:
    level: list[DataType] = [dtype]
    for _ in range(MAX_DEPTH + 1):
        level = [
            below
            for nested in level
            for below in (
                (nested.element,)
                if isinstance(nested, List)
                else tuple(field for _, field in nested.fields)
                if isinstance(nested, Struct)
                else ()
            )
        ]
        if not level:
            return
    raise DefinitionError(f"Lists and structs are nested at most {MAX_DEPTH} deep.")


INT64 = Primitive("int64")
FLOAT64 = Primitive("float64")
BOOL = Primitive("bool")
STRING = Primitive("string")
BINARY = Primitive("binary")
DATE = Primitive("date32")
TIMESTAMP = Primitive("timestamp[us]")
TIMESTAMP_UTC = Primitive("timestamp[us, UTC]")

_PRIMITIVES = {str(t): t for t in (INT64, FLOAT64, BOOL, STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_UTC)}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_]*|".*"', re.DOTALL)
_TOKEN = re.compile(r'\s*(timestamp\[us(?:, ?UTC)?\]|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|"(?:[^"\\]|\\.)*"|[<>(),:])')


def _quoted(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


@lru_cache(maxsize=4096)
def parse_type(text: str) -> DataType:
    """Return the type that a text form names.

    Args:
        text: A type's text form, such as ``"list<decimal128(10, 2)>"``.

    Returns:
        The type; ``str(parse_type(text))`` is the canonical text.

    Raises:
        DefinitionError: If the text names no portable type, is nested deeper than 32, or longer than 100,000.

    Examples:
        >>> parse_type("struct<key: string, value: int64>").field("value")
        Primitive(name='int64')
        >>> str(parse_type("list<timestamp[us,UTC]>"))
        'list<timestamp[us, UTC]>'
    """
    if not isinstance(text, str):
        raise DefinitionError(f"A type is written as text such as 'int64', not {text!r:.60}.")
    return _TypeParser(text).parse()


class _TypeParser:
    """A recursive-descent parser over the tokens of a type's text form."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        position = 0
        end = len(text.rstrip())
        while position < end if len(text) <= MAX_TEXT else self._refuse():
            match = _TOKEN.match(text, position)
            if match is None:
                self._refuse()
            else:
                self.tokens.append(match.group(1))
                position = match.end()
        self.at = 0

    def parse(self) -> DataType:
        result = self._type(depth=0)
        if self.at != len(self.tokens):
            self._refuse()
        return result

    def _refuse(self) -> bool:
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        raise DefinitionError(
            f"{shown!r} is not a portable type. The types are: {', '.join(_PRIMITIVES)}, "
            "decimal128(p, s), list<T>, struct<name: T, ...>."
        )

    def _next(self, expected: str | None = None) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if not token or (expected is not None and token != expected):
            self._refuse()
        self.at += 1
        return token

    def _type(self, depth: int) -> DataType:
        if depth > MAX_DEPTH:
            self._refuse()
        word = self._next()
        if word == "list":
            self._next("<")
            element = self._type(depth + 1)
            self._next(">")
            return List(element)
        if word == "struct":
            return self._struct(depth)
        if word == "decimal128":
            self._next("(")
            precision = self._next()
            self._next(",")
            scale = self._next()
            self._next(")")
            if not (precision.isdigit() and scale.isdigit() and max(len(precision), len(scale)) <= 2):
                self._refuse()
            return Decimal(int(precision), int(scale))
        word = word.replace(",UTC", ", UTC")
        if word not in _PRIMITIVES:
            self._refuse()
        return _PRIMITIVES[word]

    def _name(self) -> str:
        token = self._next()
        if not _NAME.fullmatch(token):
            self._refuse()
        if not token.startswith('"'):
            return token
        try:
            return str(json.loads(token))
        except ValueError:  # an escape that JSON does not know, or a raw control character
            self._refuse()
            raise

    def _struct(self, depth: int) -> DataType:
        self._next("<")
        fields: list[tuple[str, DataType]] = []
        while True:
            name = self._name()
            self._next(":")
            fields.append((name, self._type(depth + 1)))
            if self._next() == ">":
                return Struct(tuple(fields))
            if self.tokens[self.at - 1] != ",":
                self._refuse()
