"""Lists and structs as Snowflake writes them: arrays and objects of variants (see :mod:`onefold_snowflake.variants`)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import List
from onefold_snowflake.variants.elements import decoded, encoded

__all__ = ["LOWERINGS"]

_ELEMENT = "ONEFOLD_ELEMENT"
"""The argument of lambda expressions. It hides a column of the name."""


def _list_get(call: LoweredCall) -> exp.Expression:
    index = call.options["index"]
    place = str(index - 1) if index > 0 else f"ARRAY_SIZE({{0}}) - {-index}"
    return render(decoded(f"GET({{0}}, {place})", call.result_type), call)


def _list_contains(call: LoweredCall) -> exp.Expression:
    # Equality is that of values, whatever texts stand for them.
    same = f"FILTER({{0}}, {_ELEMENT} -> {decoded(_ELEMENT, call.arg_types[1])} = {{1}})"
    return render(f"CASE WHEN {{1}} IS NOT NULL THEN ARRAY_SIZE({same}) > 0 END", call)


def _list_sort(call: LoweredCall) -> exp.Expression:
    assert isinstance(call.result_type, List)
    dtype = call.result_type.element
    # As SQL nulls the null elements go where they are told to, unlike JSON nulls.
    values = f"TRANSFORM({{0}}, {_ELEMENT} -> {decoded(_ELEMENT, dtype)})"
    ordered = f"ARRAY_SORT({values}, {'FALSE' if call.options['descending'] else 'TRUE'}, FALSE)"
    value = f"CAST({_ELEMENT} AS {call.types(dtype).sql('snowflake')})"
    return render(f"TRANSFORM({ordered}, {_ELEMENT} -> {encoded(value, dtype)})", call)


def _struct_get(call: LoweredCall) -> exp.Expression:
    return render(decoded("GET({0}, {field})", call.result_type), call)


LOWERINGS: Mapping[str, Lowering] = {
    "list_get": _list_get,
    "list_length": "CAST(ARRAY_SIZE({0}) AS {type})",
    "list_contains": _list_contains,
    "list_sort": _list_sort,
    "struct_get": _struct_get,
}
