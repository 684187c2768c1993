"""Sources that are tables of an engine: a warehouse, a lakehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onefold.errors import DefinitionError, SourceError, listed
from onefold.execution import session_for
from onefold.features.sources.base import SchemaLike, Source, as_schema
from onefold.plan import Relation, Scan, Table
from onefold.registry import get_backend
from onefold.types import Duration, Schema

__all__ = ["TableSource"]


class TableSource(Source):
    """Rows of a table that an engine holds.

    What is filtered and projected directly above it, and native SQL in the engine's dialect, runs where the table lives,
    whatever engine computes the view: only the rows and columns that are needed leave it.

    Args:
        name: Its name in messages, plans and native SQL.
        table: The table's qualified name, as the engine's SQL has it.
        engine: The engine that holds it, such as ``"snowflake"``.
        time: The column that says when each row happened; an instant. None for rows without a time.
        sequence: Columns that order rows of one key and time, ascending; the greatest is the latest.
        delay: How long after its time a row becomes known, such as ``"5m"``.
        unique: Whether (key, time) is known to be unique, which spares sorting by value; a tie is then an error.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.
        schema: Names and types when the engine is not to be asked for them now.
        columns: Only these columns; None for all.
        options: Options of the session that is asked, such as ``{"connection": "dev"}``. How the table is read later is
            said by the options of the view, the project or the call.

    Examples:
        >>> TableSource(
        ...     "flights",
        ...     "RAW.PUBLIC.FLIGHTS",
        ...     engine="snowflake",
        ...     time="departed_at",
        ...     schema={"tail": "string", "departed_at": "timestamp[us, UTC]"},
        ... )
        TableSource('flights', 'RAW.PUBLIC.FLIGHTS', engine='snowflake', time='departed_at')
    """

    def __init__(
        self,
        name: str,
        table: str,
        *,
        engine: str,
        time: str | None = None,
        sequence: str | Iterable[str] = (),
        delay: Duration | None = None,
        unique: bool = False,
        time_zone: str | None = None,
        schema: SchemaLike | None = None,
        columns: Iterable[str] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            name,
            time=time,
            sequence=sequence,
            delay=delay,
            unique=unique,
            time_zone=time_zone,
            columns=columns,
        )
        named: tuple[tuple[str, object], ...] = (("table", table), ("engine", engine))
        for what, value in named:
            if not isinstance(value, str) or not value.strip():
                raise DefinitionError(f"{what} of {self.title} is a name, not {value!r:.60}.")
        self.table = table.strip()
        self.engine = engine.strip()
        self._options = dict(options or {})
        self._declared = None if schema is None else as_schema(schema, what=self.title)

    def _raw_schema(self) -> Schema:
        schema = self._declared
        if schema is None:
            if not get_backend(self.engine).capabilities.offers("source.table"):
                raise SourceError(
                    f"{self.title} is said to be a table of {self.engine!r}, which has no tables. Name the engine that holds "
                    "it, or use a file source."
                )
            schema = session_for(self.engine, self._options).schema_of(self._table(Schema()))
        if self.columns is None:
            return schema
        for name in self.columns:
            if name not in schema:
                raise SourceError(f"{self.title} has no column {name!r}. {listed(name, schema.names, what='columns')}")
        return schema.select(self.columns)

    def _table(self, schema: Schema) -> Table:
        return Table(name=self.name, format="table", paths=(self.table,), columns=schema, home=self.engine)

    def _leaf(self, schema: Schema) -> Relation:
        return Scan(table=self._table(schema))

    def _shown(self) -> str:
        return f", {self.table!r}, engine={self.engine!r}"
