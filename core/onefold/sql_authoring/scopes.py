"""What the names of a query mean: the tables in FROM, and their columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlglot import expressions as exp

from onefold.errors import listed
from onefold.features.constructors import col
from onefold.features.expressions import Expr
from onefold.features.table import Table
from onefold.sql_authoring.expressions import Rows
from onefold.sql_authoring.text import SqlText
from onefold.types import Schema

__all__ = ["Scope", "Visible", "fresh_name", "matching", "output_name"]


def matching(written: exp.Identifier, names: Iterable[str]) -> list[str]:
    """Return the names that an identifier can mean: in quotes exactly that one, else regardless of capitals.

    Examples:
        >>> matching(exp.to_identifier("total"), ["Total", "other"])
        ['Total']
        >>> matching(exp.to_identifier("total", quoted=True), ["Total", "other"])
        []
    """
    if written.args.get("quoted"):
        return [name for name in names if name == written.this]
    return [name for name in names if name.lower() == written.this.lower()]


def output_name(identifier: exp.Identifier) -> str:
    """Return the name that a new column gets: as it is written."""
    return str(identifier.this)


def fresh_name(stem: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken yet."""
    used = set(taken)
    name = stem
    while name in used:
        name += "_"
    return name


@dataclass(frozen=True, slots=True)
class Visible:
    """A column that a query can name.

    Args:
        table: What stands before the point; None for a column that USING has merged.
        name: Its name there.
        column: The column of the rows that holds it.
        bare: Whether it can be named without its table.
        listed: Whether ``*`` contains it.
    """

    table: str | None
    name: str
    column: str
    bare: bool = True
    listed: bool = True


@dataclass(frozen=True)
class Scope(Rows):
    """The rows of FROM, and what can be named in them.

    Args:
        query: The query, for errors.
        table: The rows.
        visible: The columns that have names, in the order of ``*``.
        known: Columns that hold parts of the query already, by the identity of the syntax node.
    """

    query: SqlText
    table: Table
    visible: tuple[Visible, ...]
    known: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: SqlText, table: Table, name: str | None) -> Scope:
        """Return the scope of one table."""
        return cls(query, table, tuple(Visible(name, column, column) for column in table.columns))

    @property
    def schema(self) -> Schema:
        """The columns of the rows."""
        return self.table.schema

    def over(self, table: Table) -> Scope:
        """Return the same names over other rows that have the same columns, and perhaps more."""
        return replace(self, table=table)

    def computed(self, node: exp.Expr) -> Expr | None:
        """Return the column that holds a part of the query already."""
        name = self.known.get(id(node))
        return None if name is None else col(name)

    def find(self, node: exp.Column) -> list[Visible]:
        """Return the columns that a name can mean."""
        table = node.args.get("table")
        return [
            one
            for one in self.visible
            if matching(node.this, [one.name])
            and (one.bare if table is None else one.table is not None and bool(matching(table, [one.table])))
        ]

    def column(self, node: exp.Column) -> str:
        """Return the column that a name means.

        Raises:
            SqlError: If it means none, or several.
        """
        found = self.find(node)
        if len(found) == 1:
            return found[0].column
        written = node.sql()
        if len(found) > 1:
            if len({one.table for one in found}) > 1:
                forms = " or ".join(f"{one.table}.{one.name}" for one in found)
                raise self.query.error(f"{written} is ambiguous. Write {forms}.", node)
            forms = " or ".join(f'"{one.name}"' for one in found)
            raise self.query.error(f"{written} is ambiguous: capitals make the difference. Write {forms}.", node)
        tables = sorted({one.table for one in self.visible if one.table is not None})
        table = node.args.get("table")
        if table is not None and not matching(table, tables):
            raise self.query.error(
                f"There is no table {table.this!r} in FROM. {listed(table.this, tables, what='tables')} A field of a struct is "
                "written struct_get(x, 'field').",
                node,
            )
        names = [one.name for one in self.visible if table is None or one.table in matching(table, tables)]
        hint = " Text stands in single quotes." if node.this.args.get("quoted") else ""
        raise self.query.error(
            f"There is no column {node.this.this!r}. {listed(node.this.this, dict.fromkeys(names), what='columns')}{hint}",
            node,
        )

    def star(self, node: exp.Expr, table: exp.Identifier | None) -> list[Visible]:
        """Return the columns of ``*`` or ``table.*``."""
        found = [one for one in self.visible if one.listed]
        if table is not None:
            found = [one for one in self.visible if one.table is not None and matching(table, [one.table])]
            if not found:
                raise self.query.error(f"There is no table {table.this!r} in FROM.", node)
        return found
