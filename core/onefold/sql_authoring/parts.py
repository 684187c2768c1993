"""The parts of a syntax node, taken one by one, so that none is passed over in silence."""

from __future__ import annotations

from typing import Any

from sqlglot import expressions as exp

from onefold.sql_authoring.text import SqlText

__all__ = ["Parts"]

_WORDS = {
    "all": "ALL",
    "cluster": "CLUSTER BY",
    "connect": "CONNECT BY",
    "cube": "CUBE",
    "db": "A name with two points",
    "distribute": "DISTRIBUTE BY",
    "except_": "EXCLUDE",
    "exclude": "EXCLUDE",
    "format": "FORMAT",
    "grouping_sets": "GROUPING SETS",
    "hint": "a hint",
    "into": "INTO",
    "kind": "SELECT AS",
    "laterals": "LATERAL",
    "locks": "FOR UPDATE",
    "match": "MATCH_RECOGNIZE",
    "materialized": "MATERIALIZED",
    "method": "NATURAL or another method of joining",
    "on": "ON",
    "pivots": "PIVOT",
    "recursive": "RECURSIVE",
    "rename": "RENAME",
    "replace": "REPLACE",
    "rollup": "ROLLUP",
    "sample": "TABLESAMPLE",
    "sort": "SORT BY",
    "symmetric": "SYMMETRIC",
    "totals": "WITH TOTALS",
    "unnest": "UNNEST",
    "version": "a version of a table",
    "windows": "a named WINDOW",
    "with_fill": "WITH FILL",
    "with_ties": "WITH TIES",
}
"""What the parts of nodes are called in SQL, for errors."""


class Parts:
    """The parts of one node. What is not taken before :meth:`finish` is an error: it would change the meaning."""

    def __init__(self, query: SqlText, node: exp.Expr) -> None:
        self.node = node
        self._query = query
        self._left: dict[str, Any] = {
            name: value for name, value in node.args.items() if value is not None and value is not False and value != []
        }

    def take(self, name: str) -> Any:
        """Return a part, or None when it was not written."""
        return self._left.pop(name, None)

    def finish(self) -> None:
        """Refuse the node when something in it was not taken.

        Raises:
            SqlError: If so; it names the first part that is left.
        """
        for name, value in self._left.items():
            one = value[0] if isinstance(value, list) else value
            place = one if isinstance(one, exp.Expr) else self.node
            raise self._query.error(
                f"{_WORDS.get(name, name.rstrip('_').upper().replace('_', ' '))} is not understood here. Leave it out.",
                place,
            )
