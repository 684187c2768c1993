"""Mutants of lists and structs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onefold.plan import Call, Literal
from onefold.types import List, Struct
from onefold_conformance.mutants.habits import TEXT_KEYS, is_nan, key_with
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import call_becomes
from onefold_conformance.mutants.wrong import function, function_but
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule, ValueFailure
from onefold_conformance.oracle.values import Value, order_key

__all__ = ["MUTANTS"]


def _from_zero(call: Application, items: list[Value]) -> Value:
    index = call.options["index"]
    return items[index] if -len(items) <= index < len(items) else None


def _negative_is_null(call: Application, items: list[Value]) -> Value:
    return FUNCTIONS["list_get"](call, items) if call.options["index"] > 0 else None


def _negative_from_the_beginning(call: Application, items: list[Value]) -> Value:
    index = abs(call.options["index"])
    return items[index - 1] if index <= len(items) else None


def _outside_fails(call: Application, items: list[Value]) -> Value:
    if abs(call.options["index"]) > len(items):
        raise ValueFailure("the list has fewer elements")
    return FUNCTIONS["list_get"](call, items)


def _outside_is_the_nearest(call: Application, items: list[Value]) -> Value:
    index = call.options["index"]
    if abs(index) > len(items):
        return (items[-1] if index > 0 else items[0]) if items else None
    return FUNCTIONS["list_get"](call, items)


def _without_nulls(of: str) -> FunctionRule:
    right = FUNCTIONS[of]
    return lambda call, items: right(call, [item for item in items if item is not None])


def _contains(key: Callable[[Value, Any], Any]) -> FunctionRule:
    def rule(call: Application, items: list[Value], value: Value) -> bool:
        wanted = key(value, call.arg_types[1])
        return any(key(item, call.arg_types[1]) == wanted for item in items if item is not None)

    return rule


def _unknown_with_a_null(call: Application, items: list[Value], value: Value) -> bool | None:
    return True if FUNCTIONS["list_contains"](call, items, value) else None if None in items else False


def _sorted(*, nulls_first: Callable[[bool], bool], key: Callable[[Value, Any], Any] = order_key) -> FunctionRule:
    def rule(call: Application, items: list[Value]) -> list[Value]:
        (dtype,) = call.arg_types
        assert isinstance(dtype, List)
        descending: bool = call.options["descending"]
        known = [item for item in items if item is not None]
        known.sort(key=lambda item: key(item, dtype.element), reverse=descending)
        nulls: list[Value] = [None] * (len(items) - len(known))
        return nulls + known if nulls_first(descending) else known + nulls

    return rule


def _nan_below(value: Value, dtype: Any) -> Any:
    return -float("inf") if is_nan(value) else order_key(value, dtype)[1] if isinstance(value, float) else value


def _field(call: Application, fields: dict[str, Value], place: int) -> Value:
    """The field at a place, where it has the type of the right one."""
    (dtype,) = call.arg_types
    assert isinstance(dtype, Struct)
    name, kind = dtype.fields[place]
    return fields[name if kind == call.result_type else call.options["field"]]


def _first_field(call: Application, fields: dict[str, Value]) -> Value:
    return _field(call, fields, 0)


def _field_ignoring_case(call: Application, fields: dict[str, Value]) -> Value:
    wanted = call.options["field"].lower()
    return next(value for name, value in fields.items() if name.lower() == wanted)


def _alphabetical(call: Application, fields: dict[str, Value]) -> Value:
    """The field at the place where the name is among the sorted names."""
    return _field(call, fields, sorted(fields).index(call.options["field"]))


def _null_with_a_null(call: Application, fields: dict[str, Value]) -> Value:
    return None if None in fields.values() else fields[call.options["field"]]


def _distinct(call: Application, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in FUNCTIONS["list_sort"](call, items):
        if not found or found[-1] != item:
            found.append(item)
    return found


def _by_trimmed_name(call: Application, fields: dict[str, Value]) -> Value:
    (dtype,) = call.arg_types
    assert isinstance(dtype, Struct)
    plain = "".join(filter(str.isalnum, call.options["field"])).casefold()
    for name, kind in dtype.fields:
        if "".join(filter(str.isalnum, name)).casefold() == plain and kind == call.result_type:
            return fields[name]
    return fields[call.options["field"]]


MUTANTS: tuple[Mutant, ...] = (
    function("list_get", "from-zero", "Counts the elements of a list from 0.", _from_zero),
    function("list_get", "negative-is-null", "Returns null for places from the end of a list.", _negative_is_null),
    function("list_get", "negative-from-the-beginning", "Ignores the sign of a place.", _negative_from_the_beginning),
    function("list_get", "outside-fails", "Fails for a place outside of the list.", _outside_fails),
    function("list_get", "outside-is-the-nearest", "Returns the nearest element for a place outside of the list.", _outside_is_the_nearest),
    function("list_get", "skips-nulls", "Leaves nulls out of the list.", _without_nulls("list_get")),
    function("list_length", "skips-nulls", "Leaves nulls out of the length of a list.", _without_nulls("list_length")),
    function_but("list_length", "empty-is-null", "Returns null for the length of an empty list.", lambda items: not items),
    call_becomes("list_length", "null-is-zero", "Returns 0 for the length of a null list.", lambda call: Call(function="coalesce", args=(call, Literal.of(0)))),
    call_becomes("list_length", "null-is-minus-one", "Returns -1 for the length of a null list.", lambda call: Call(function="coalesce", args=(call, Literal.of(-1)))),
    function("list_length", "of-distinct", "Counts equal elements once.", lambda call, items: len({str(item) for item in items})),
    function("list_contains", "unknown-with-a-null", "Returns null when the value is not found and a null is in the list.", _unknown_with_a_null),
    call_becomes("list_contains", "null-is-false", "Returns false for a null list or value.", lambda call: Call(function="coalesce", args=(call, Literal.of(False)))),
    function("list_contains", "nan-equals-nothing", "Finds no NaN in a list.", _contains(lambda value, dtype: object() if is_nan(value) else order_key(value, dtype))),
    *(function("list_contains", f"text-{name}", f"Compares text {how} in list_contains.", _contains(key_with(key))) for name, (how, key) in TEXT_KEYS.items()),
    function("list_contains", "looks-at-the-first", "Looks at the first element only.", lambda call, items, value: FUNCTIONS["list_contains"](call, items[:1], value)),
    function_but("list_contains", "empty-is-null", "Returns null from list_contains for an empty list.", lambda items, value: not items),
    function("list_sort", "nulls-first", "Sorts nulls first in lists.", _sorted(nulls_first=lambda descending: True)),
    function("list_sort", "nulls-first-ascending", "Sorts nulls as less than all values.", _sorted(nulls_first=lambda descending: not descending)),
    function("list_sort", "nulls-first-descending", "Sorts nulls as greater than all values.", _sorted(nulls_first=lambda descending: descending)),
    function("list_sort", "nan-below-numbers", "Sorts NaN below all numbers in lists.", _sorted(nulls_first=lambda descending: False, key=_nan_below)),
    function("list_sort", "text-ignores-case", "Sorts text in lists without regard to case.", _sorted(nulls_first=lambda descending: False, key=key_with(lambda text: text.lower()))),
    function("list_sort", "drops-nulls", "Drops nulls when it sorts a list.", _without_nulls("list_sort")),
    function("list_sort", "drops-duplicates", "Drops equal elements when it sorts a list.", _distinct),
    function("list_sort", "always-ascending", "Sorts lists ascending whatever is asked for.", lambda call, items: FUNCTIONS["list_sort"](Application(call.name, call.arg_types, call.result_type, {**call.options, "descending": False}), items)),
    function_but("list_sort", "empty-is-null", "Returns null for an empty list that is sorted.", lambda items: not items),
    function("struct_get", "first-field", "Returns the first field whatever its name.", _first_field),
    function("struct_get", "ignores-case", "Finds fields in either case.", _field_ignoring_case),
    function("struct_get", "sorted-fields", "Keeps the fields of a struct sorted by name.", _alphabetical),
    function("struct_get", "null-with-a-null", "Takes a struct for null when one of its fields is.", _null_with_a_null),
    function("list_length", "at-most-255", "Counts elements in 8 bits.", lambda call, items: len(items) % 256),
    function("struct_get", "by-trimmed-name", "Takes names of fields for the same that differ in blanks or marks only.", _by_trimmed_name),
)  # fmt: skip
"""Wrong lists and structs."""
