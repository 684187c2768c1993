"""Lists and structs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.errors import PlanError, listed
from onefold.plan.functions.entry import Example, Function, Option, Rows
from onefold.plan.functions.signature import sig
from onefold.types import DataType, Struct

__all__ = ["FUNCTIONS"]

_LISTS: Rows = ([3, 1, None, 2], [5], [None], [], None)


def _index_problem(index: int) -> str | None:
    return None if index != 0 and abs(index) < 2**31 else "elements count from 1, or from -1 at the end."


def _field_type(args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
    (given,), name = args, options["field"]
    assert isinstance(given, Struct)
    found = given.field(name)
    if found is None:
        names = [field for field, _ in given.fields]
        raise PlanError(f"{given} has no field {name!r}. {listed(name, names, what='fields')}")
    return found


FUNCTIONS = (
    Function(
        name="list_get",
        family="nested",
        signatures=(sig("(list<T>) -> T"),),
        description=(
            "The element at a place of the list, from 1, or from the end when negative (-1 is the last). Null when "
            "the list has no such place."
        ),
        example=Example((("list<int64>", _LISTS),), (1, None, None, None, None), {"index": 2}),
        can_be_null=True,
        options={"index": Option(int, "The place, from 1, or from -1 at the end.", check=_index_problem)},
    ),
    Function(
        name="list_length",
        family="nested",
        signatures=(sig("(list<T>) -> int64"),),
        description="The number of elements, nulls included; 0 for an empty list.",
        example=Example((("list<int64>", _LISTS),), (4, 1, 1, 0, None)),
    ),
    Function(
        name="list_contains",
        family="nested",
        signatures=(sig("(list<O>, O) -> bool"),),
        description=(
            "Whether the value is equal to an element of the list. Null elements are equal to nothing. NaN is equal "
            "to NaN. Null when the list or the value is null."
        ),
        example=Example(
            (("list<int64>", (*_LISTS, [1])), ("int64", (2, 1, 1, 1, 1, None))), (True, False, False, False, None, None)
        ),
    ),
    Function(
        name="list_sort",
        family="nested",
        signatures=(sig("(list<O>) -> list<O>"),),
        description="The elements in order, nulls last either way; NaN is greater than every number.",
        example=Example((("list<int64>", _LISTS),), ([1, 2, 3, None], [5], [None], [], None), {"descending": False}),
        options={"descending": Option(bool, "Whether the greatest comes first.", False)},
    ),
    Function(
        name="struct_get",
        family="nested",
        signatures=(sig("(struct) -> the field's type", _field_type),),
        description="The value of a field of the struct. Null when the struct is null.",
        example=Example(
            (("struct<key: string, value: int64>", ({"key": "a", "value": 1}, {"key": "b", "value": None}, None)),),
            (1, None, None),
            {"field": "value"},
        ),
        can_be_null=True,
        options={"field": Option(str, "The name of the field.")},
    ),
)
