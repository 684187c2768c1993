"""How large tables are, as Snowflake itself has counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from onefold.contract import TableStatistics
from onefold.plan import Table
from onefold_snowflake.names import literal, quoted, table_of

__all__ = ["statistics_of"]


def statistics_of(table: Table, rows_of: Callable[[str], Sequence[Sequence[Any]]]) -> TableStatistics | None:
    """Return the rows and bytes of a table; None when Snowflake has none, as of a view.

    Args:
        table: The table.
        rows_of: Runs a query and returns its rows.

    Raises:
        ConfigurationError: If its name is not that of a table.
    """
    place = table_of(table.paths[0], what=f"the source {table.name!r}")
    catalog = f"{quoted(place.catalog)}." if place.catalog else ""
    schema = literal(place.db) if place.db else "CURRENT_SCHEMA()"
    rows = rows_of(
        f"SELECT ROW_COUNT, BYTES FROM {catalog}INFORMATION_SCHEMA.TABLES "
        f"WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {literal(place.name)}"
    )
    if not rows or rows[0][0] is None:
        return None
    return TableStatistics(rows=int(rows[0][0]), bytes=None if rows[0][1] is None else int(rows[0][1]))
