"""The catalogue, written out: each function and aggregation with each combination of types that it takes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from onefold.errors import PlanError
from onefold.plan import AGGREGATIONS, CASTS, FUNCTIONS, Aggregation, Function
from onefold.plan.functions.signature import Signature
from onefold.types import STRING, DataType, Decimal, List, Struct, parse_type
from onefold_conformance.generate.values import DECIMALS, LISTS, ORDERED, STRUCT, TYPES

__all__ = ["Instance", "aggregation_instances", "cast_pairs", "function_instances", "nested_types"]

_DIGITS = (0, 1, -1, 3)
"""How decimals are rounded: the type of the result depends on it."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A catalogue entry with the types of its arguments.

    Args:
        name: The entry.
        args: The types of the arguments.
        result: The type of the result.
        variadic: Whether there may be more arguments of the last type.
        options: The options on which the type of the result depends.
    """

    name: str
    args: tuple[DataType, ...]
    result: DataType
    variadic: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def function_instances() -> tuple[Instance, ...]:
    """Return every function over every combination of the drawn types."""
    return tuple(instance for entry in FUNCTIONS.values() for instance in _instances(entry))


@lru_cache(maxsize=1)
def aggregation_instances() -> tuple[Instance, ...]:
    """Return every aggregation over every combination of the drawn types."""
    return tuple(instance for entry in AGGREGATIONS.values() for instance in _instances(entry))


@lru_cache(maxsize=1)
def cast_pairs() -> tuple[tuple[DataType, DataType], ...]:
    """Return every pair of drawn types of which one can be cast to the other, their own type included."""
    return tuple(
        (source, target)
        for source, target in itertools.product(TYPES, TYPES)
        if source == target or _cast_kind(source) == _cast_kind(target) != "" or _cast_kind(target) in _targets(source)
    )


def _targets(source: DataType) -> tuple[str, ...]:
    return CASTS.get(_cast_kind(source), ())


def _cast_kind(dtype: DataType) -> str:
    return "decimal" if isinstance(dtype, Decimal) else "" if dtype.is_nested else str(dtype)


def _instances(entry: Function | Aggregation) -> Iterator[Instance]:
    for signature in entry.signatures:
        for args in _arguments(signature):
            for options in _deciding_options(entry, args):
                try:
                    result = entry.result_type(args, options)
                except PlanError:  # a sum of 39 digits, hours of a date: not every combination exists
                    continue
                yield Instance(entry.name, args, result, signature.variadic, _own(entry, args, options))


def _arguments(signature: Signature) -> Iterator[tuple[DataType, ...]]:
    """Yield the argument types that a signature takes, one per pattern."""
    for types in itertools.product(*map(_candidates, signature.args)):
        if signature.bind(types) is not None:
            yield types


def _candidates(pattern: str) -> tuple[DataType, ...]:
    if pattern in ("O", "P"):
        return ORDERED
    if len(pattern) == 1:
        return TYPES
    if pattern == "decimal":
        return DECIMALS
    if pattern == "struct":
        return (STRUCT,)
    if pattern in ("list<T>", "list<O>"):
        return tuple(dtype for dtype in LISTS if pattern == "list<T>" or dtype.element.is_ordered)
    return (parse_type(pattern),)


def _deciding_options(entry: Function | Aggregation, args: tuple[DataType, ...]) -> Iterator[Mapping[str, Any]]:
    """Yield options with which the type of a result can be found."""
    match entry.name, args:
        case "struct_get", (Struct() as struct,):
            yield from ({"field": name} for name, _ in struct.fields)
        case "date_trunc", _:
            yield from ({"unit": unit} for unit in entry.options["unit"].choices or ())
        case "round", (Decimal(),):
            yield from ({"digits": digits} for digits in _DIGITS)
        case "regexp_extract", _:
            yield {"pattern": "a", "group": 0}
        case "regexp_replace", _:
            yield {"pattern": "a", "replacement": ""}
        case _:
            yield {}


def _own(entry: Function | Aggregation, args: tuple[DataType, ...], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options that decide the type; a pattern only decides whether there is a result at all."""
    return {} if args == (STRING,) and entry.name.startswith("regexp_") else options


def nested_types(dtype: DataType) -> Iterator[DataType]:
    """Yield a type and all types inside of it."""
    yield dtype
    if isinstance(dtype, List):
        yield from nested_types(dtype.element)
    elif isinstance(dtype, Struct):
        for _, inner in dtype.fields:
            yield from nested_types(inner)
