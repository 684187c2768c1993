"""Lists and structs as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render

__all__ = ["LOWERINGS"]


def _list_sort(call: LoweredCall) -> exp.Expression:
    order = "DESC" if call.options["descending"] else "ASC"
    return render(f"LIST_SORT({{0}}, '{order}', 'NULLS LAST')", call)


LOWERINGS: Mapping[str, Lowering] = {
    "list_get": "LIST_EXTRACT({0}, {index})",
    "list_length": "LEN({0})",
    "list_contains": "LIST_CONTAINS({0}, {1})",
    "list_sort": _list_sort,
    "struct_get": "STRUCT_EXTRACT({0}, {field})",
}
