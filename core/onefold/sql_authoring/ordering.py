"""Sort keys: where nulls go is written down, because databases differ in it."""

from __future__ import annotations

from typing import Literal

from sqlglot import expressions as exp

from onefold.plan import SortKey
from onefold.sql_authoring.grammar import NULLS_STATED
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.text import SqlText

__all__ = ["sort_key"]


def sort_key(query: SqlText, node: exp.Ordered, column: str, *, nullable: bool) -> SortKey:
    """Return the sort key of a column.

    Args:
        query: The query, for errors.
        node: The key as it is written.
        column: The column that holds its value.
        nullable: Whether it can be null.

    Raises:
        SqlError: If it can be null, and the query does not say where nulls go.
    """
    parts = Parts(query, node)
    parts.take("this")
    descending, first = bool(parts.take("desc")), bool(parts.take("nulls_first"))
    parts.finish()
    if not node.meta.get(NULLS_STATED):
        if nullable:
            raise query.error(
                f"{node.this.sql()} can be null, and where nulls go by themselves depends on the database. Write NULLS FIRST "
                "or NULLS LAST behind it.",
                node,
            )
        first = False
    nulls: Literal["first", "last"] = "first" if first else "last"
    return SortKey(column=column, descending=descending, nulls=nulls)
