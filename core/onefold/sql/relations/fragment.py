"""A query under construction: one level of ``SELECT``, into which simple steps fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import expressions as exp

from onefold.sql.expressions import column
from onefold.types import Schema

__all__ = ["Fragment", "aliased", "table_named"]

_ALIAS = "rows"


def table_named(name: str, alias: str | None = None) -> exp.Table:
    """Return a table by its name, always quoted."""
    table = exp.Table(this=exp.to_identifier(name, quoted=True))
    if alias is not None:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    return table


def aliased(value: exp.Expression, name: str) -> exp.Expression:
    """Return a value under a name, always quoted."""
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


@dataclass(frozen=True, slots=True)
class Fragment:
    """One level of a query.

    Syntax trees in it are shared between fragments and copied when the query is written out.

    Args:
        source: What stands behind ``FROM``; its columns are those of ``scope``.
        scope: The columns that expressions at this level can name.
        columns: The output columns by name, in order; None when they are exactly those of ``scope``.
        where: Conditions that all hold.
        order: The order of the rows.
        limit: How many rows (None: all of them), after skipping how many.
        heavy: Whether computing it costs more than reading it again (a join, a sort, an aggregate).
    """

    source: exp.Expression
    scope: Schema
    columns: Mapping[str, exp.Expression] | None = None
    where: tuple[exp.Expression, ...] = ()
    order: tuple[exp.Ordered, ...] = ()
    limit: tuple[int | None, int] | None = None
    heavy: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it is all rows and columns of a named table."""
        return (
            isinstance(self.source, exp.Table)
            and isinstance(self.source.this, exp.Identifier)
            and self.columns is None
            and not self.where
            and not self.order
            and self.limit is None
        )

    def keeps(self, names: Iterable[str]) -> bool:
        """Whether output columns of these names are the columns of the same names in ``scope``."""
        if self.columns is None:
            return True
        return all(
            isinstance(found := self.columns[name], exp.Column) and found.name == name and name in self.scope
            for name in names
        )

    def with_where(self, condition: exp.Expression) -> Fragment:
        """Return the fragment with one more condition."""
        return replace(self, where=(*self.where, condition))

    @property
    def _hides_order(self) -> bool:
        """Whether an output column has the name of another column that the rows are ordered by."""
        names = {reference.name for key in self.order for reference in key.find_all(exp.Column)}
        return not self.keeps(names & set(self.columns or ()))

    def select(self) -> exp.Select:
        """Return the query as a syntax tree of its own."""
        if self.columns is None:
            items: list[exp.Expression] = [column(name) for name in self.scope.names]
        else:
            items = [_named(value.copy(), name) for name, value in self.columns.items()]
        source, order = self.source.copy(), [key.copy() for key in self.order]
        if self._hides_order:
            # ORDER BY would take an output column for a source column of the same name.
            source.set("alias", exp.TableAlias(this=exp.to_identifier(_ALIAS, quoted=True)))
            for key in order:
                for reference in key.find_all(exp.Column):
                    reference.set("table", exp.to_identifier(_ALIAS, quoted=True))
        query = exp.Select(expressions=items).from_(source, copy=False)
        if self.where:
            query.where(*map(_condition, self.where), copy=False)
        if order:
            query.set("order", exp.Order(expressions=order))
        if self.limit is not None:
            count, offset = self.limit
            if count is not None:
                query.limit(count, copy=False)
            if offset:
                query.offset(offset, copy=False)
        return query


def _condition(value: exp.Expression) -> exp.Expression:
    """Return a condition of its own; a bare name in parentheses could be read as ``FROM table AS where (name)``."""
    return value.copy() if isinstance(value, exp.Column | exp.Boolean) else exp.paren(value, copy=True)


def _named(value: exp.Expression, name: str) -> exp.Expression:
    if isinstance(value, exp.Column) and value.name == name:
        return value
    return aliased(value, name)
