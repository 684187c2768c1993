"""Lists and structs as Spark writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.literals import lower_value
from onefold.sql.template import LoweredCall, Lowering, atom, render
from onefold.types import STRING

__all__ = ["LOWERINGS"]


def _list_sort(call: LoweredCall) -> exp.Expression:
    # The one puts nulls last, the other does so only in descending order.
    return render("SORT_ARRAY({0}, FALSE)" if call.options["descending"] else "ARRAY_SORT({0})", call)


def _struct_get(call: LoweredCall) -> exp.Expression:
    # In brackets: behind a dot, a column could be taken for a table of the same name.
    field = lower_value(call.options["field"], STRING, call.types)
    return exp.Bracket(this=atom(call.args[0]), expressions=[field])


LOWERINGS: Mapping[str, Lowering] = {
    "list_get": "TRY_ELEMENT_AT({0}, {index})",
    "list_length": "CAST(ARRAY_SIZE({0}) AS {type})",
    # It says null, not false, for a value that is not in a list with nulls.
    "list_contains": (
        "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN COALESCE(ARRAY_CONTAINS({0}, {1}), FALSE) END"
    ),
    "list_sort": _list_sort,
    "struct_get": _struct_get,
}
