"""Lists and structs."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.types import List
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["RULES"]


def list_get(call: Application, items: list[Value]) -> Value:
    """Return the element at a place of the list, from 1, or from -1 at the end; null when there is none."""
    index: int = call.options["index"]
    if abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]


def list_length(call: Application, items: list[Value]) -> int:
    """Return the number of elements, nulls included."""
    return len(items)


def list_contains(call: Application, items: list[Value], value: Value) -> bool:
    """Return whether the value is equal to an element of the list."""
    (_, dtype) = call.arg_types
    wanted = order_key(value, dtype)
    return any(order_key(item, dtype) == wanted for item in items if item is not None)


def list_sort(call: Application, items: list[Value]) -> list[Value]:
    """Return the elements in order, nulls last either way."""
    (dtype,) = call.arg_types
    assert isinstance(dtype, List)
    element = dtype.element
    known = [item for item in items if item is not None]
    known.sort(key=lambda item: order_key(item, element), reverse=call.options["descending"])
    return known + [None] * (len(items) - len(known))


def struct_get(call: Application, fields: dict[str, Value]) -> Value:
    """Return the value of a field of the struct."""
    return fields[call.options["field"]]


RULES: Mapping[str, FunctionRule] = {
    "list_get": list_get,
    "list_length": list_length,
    "list_contains": list_contains,
    "list_sort": list_sort,
    "struct_get": struct_get,
}
