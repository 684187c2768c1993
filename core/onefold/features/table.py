"""The general lazy table: relational verbs in the words of Polars and Ibis, checked as they are written."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from onefold.errors import DefinitionError, PlanError, listed
from onefold.features.binding import require_bool
from onefold.features.cards import table_card
from onefold.features.expressions import as_column
from onefold.features.grouping import GroupBy
from onefold.features.joining import AsOf, join_keys, names_of
from onefold.features.ordering import Order, sort_keys
from onefold.features.projecting import added_columns, flat, named_expressions
from onefold.features.running import Runnable, merged_bindings
from onefold.features.sources import ArrowSource, SchemaLike, Source
from onefold.features.transforms import BatchFormat, BatchTransform, transform
from onefold.features.windowing import window_relation
from onefold.plan import (
    Column,
    Deduplicate,
    Distinct,
    Filter,
    Join,
    Limit,
    NamedExpression,
    Project,
    Relation,
    Sort,
    Union,
    Unnest,
)
from onefold.types import Duration

__all__ = ["Table", "concat", "table"]

_UNNAMED = itertools.count(1)
_Result = TypeVar("_Result")


class Table(Runnable):
    """Rows that are not computed yet; made by :func:`table`, and by every verb here.

    Each verb checks its columns and types at once and returns a new table. ``collect()``, ``batches()``,
    ``to_polars()``, ``to_pandas()`` and ``write_parquet()`` run everything. Rows have no order until ``sort``.

    Examples:
        >>> from onefold.features import col, mean
        >>> orders = table({"user": ["a", "b", "a"], "amount": [5.0, 2.0, 3.0]}, name="orders")
        >>> per_user = orders.filter(col("amount") > 2).group_by("user").agg(mean("amount"))
        >>> print(per_user.schema)
        user: string, amount_mean: float64
    """

    def _with(self, relation: Relation, *others: Runnable) -> Table:
        bindings = merged_bindings(self.bindings, *(other.bindings for other in others))
        return Table(relation, bindings)

    def select(self, *columns: Any, **named: Any) -> Table:
        """Return a table with exactly these columns, in this order.

        Args:
            columns: Column names and expressions; an unnamed expression is named after the first column it reads.
            named: Expressions by name.

        Examples:
            >>> from onefold.features import col
            >>> table({"a": [1], "b": [2]}).select("b", twice=col("a") * 2).columns
            ('b', 'twice')
        """
        new = named_expressions(columns, named, self.schema, verb="select")
        return self._with(Project(input=self.relation, columns=new))

    def with_columns(self, *columns: Any, **named: Any) -> Table:
        """Return the table with more columns; one with the name of an old one takes its place.

        All expressions see the columns as they were before.

        Args:
            columns: Expressions; an unnamed one is named after the first column it reads.
            named: Expressions by name.
        """
        new = named_expressions(columns, named, self.schema, verb="with_columns")
        return self._with(Project(input=self.relation, columns=added_columns(self.schema, new)))

    def filter(self, *predicates: Any) -> Table:
        """Return the rows for which all predicates are true; null is not true.

        Args:
            predicates: Bool expressions, or names of bool columns.
        """
        relation = self.relation
        for predicate in flat(predicates):
            try:
                bound = require_bool(as_column(predicate), self.schema, what="The predicate")
            except PlanError as error:
                raise error.within("filter") from None
            relation = Filter(input=relation, predicate=bound)
        return self._with(relation)

    def drop(self, *columns: Any) -> Table:
        """Return the table without some columns."""
        gone = self._existing(names_of(columns), "drop")
        kept = [name for name in self.columns if name not in gone]
        if not kept:
            raise DefinitionError("drop: a table keeps at least one column.")
        return self.select(*kept)

    def rename(self, names: Mapping[str, str]) -> Table:
        """Return the table with other column names.

        Args:
            names: New names by old names; other columns keep theirs.
        """
        self._existing(tuple(names), "rename")
        columns = tuple(
            NamedExpression(name=names.get(name, name), expression=Column(name=name)) for name in self.columns
        )
        return self._with(Project(input=self.relation, columns=columns))

    def group_by(self, *keys: Any, **named: Any) -> GroupBy[Table]:
        """Start an aggregation: ``group_by("carrier").agg(mean("dep_delay"))``.

        Args:
            keys: Column names and expressions; null is a key like any other. None: one row for the whole table.
            named: Expressions by name.
        """
        return GroupBy(self.relation, keys, named, self._with)

    def join(
        self,
        other: Table | Source,
        on: str | Sequence[str] | None = None,
        *,
        left_on: str | Sequence[str] | None = None,
        right_on: str | Sequence[str] | None = None,
        how: Literal["inner", "left", "full", "semi", "anti", "cross"] = "inner",
        suffix: str = "_right",
    ) -> Table:
        """Join rows with equal keys; a null key matches nothing.

        The result has the left columns, then the right ones without its keys.

        Args:
            other: The right table, or a source.
            on: Key columns that both have.
            left_on: Key columns of this table, when they differ.
            right_on: Key columns of the other table.
            how: ``"inner"``, ``"left"``, ``"full"``, ``"semi"`` (rows with a match), ``"anti"`` (rows without) or
                ``"cross"`` (all pairs, no keys).
            suffix: Appended to right columns whose names the left has too.
        """
        right = _as_table(other, verb="join")
        left_keys, right_keys = join_keys(on, left_on, right_on, how=how)
        relation = Join(
            left=self.relation,
            right=right.relation,
            left_on=left_keys,
            right_on=right_keys,
            how=how,
            suffix=suffix,
        )
        return self._with(relation, right)

    def join_asof(
        self,
        other: Table | Source,
        *,
        on: str | None = None,
        left_on: str | None = None,
        right_on: str | None = None,
        by: str | Sequence[str] | None = None,
        by_left: str | Sequence[str] | None = None,
        by_right: str | Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        sequence: str | Sequence[str] = (),
        delay: Duration | None = None,
        max_age: Duration | None = None,
        include_exact: bool = False,
        suffix: str = "_right",
    ) -> Table:
        """Add to each row the latest row of another table that was known as of its time: strictly before it.

        Every row comes out exactly once; without a match the new columns are null.

        Args:
            other: The table to look up, or a source.
            on: The time column of both; an instant.
            left_on: The time column of this table, when they differ.
            right_on: The time column of the other table.
            by: Key columns that both have; at least one.
            by_left: Key columns of this table, when they differ.
            by_right: Key columns of the other table.
            columns: What is taken from the other table; None for all but its keys and its time, when named as here.
            sequence: Columns of the other table that order rows of one key and time; the greatest is the latest.
            delay: How long after its time a row of the other table becomes known.
            max_age: Rows older than this are not used.
            include_exact: Whether a row at exactly the time is known already.
            suffix: Appended to columns whose names this table has too.
        """
        right = _as_table(other, verb="join_asof")
        relation = AsOf(
            time=join_keys(on, left_on, right_on, how="as-of", what="on"),
            keys=join_keys(by, by_left, by_right, how="as-of", what="by"),
            columns=None if columns is None else tuple(columns),
            sequence=(sequence,) if isinstance(sequence, str) else tuple(sequence),
            delay=delay,
            max_age=max_age,
            include_exact=include_exact,
            suffix=suffix,
        ).relation(self.relation, right.relation)
        return self._with(relation, right)

    def union(self, *others: Table | Source) -> Table:
        """Return the rows of all tables, duplicates kept; columns are matched by name."""
        return concat([self, *others])

    def distinct(self) -> Table:
        """Return each different row once; null equals null."""
        return self._with(Distinct(input=self.relation))

    unique = distinct

    def deduplicate(
        self,
        by: str | Sequence[str],
        *,
        order_by: Order | Sequence[Order] = (),
        keep: Literal["first", "last"] = "last",
    ) -> Table:
        """Return one row per key.

        Args:
            by: The key columns; null is a key like any other.
            order_by: The order within a key; rows that it leaves equal are ordered by all columns.
            keep: Which end of the order is kept.
        """
        keys = sort_keys(order_by, nulls="first")
        return self._with(Deduplicate(input=self.relation, by=names_of([by]), order=keys, keep=keep))

    def sort(self, *by: Any, descending: bool = False, nulls: Literal["first", "last"] = "last") -> Table:
        """Return the rows in an order.

        Args:
            by: Column names, or ``asc`` and ``desc`` of them.
            descending: Whether plain names are meant from the greatest to the smallest.
            nulls: Where nulls go, whatever the direction.
        """
        return self._with(Sort(input=self.relation, keys=sort_keys(flat(by), descending=descending, nulls=nulls)))

    def limit(self, count: int, offset: int = 0) -> Table:
        """Return at most ``count`` rows after skipping ``offset``; of a sorted table, the first ones."""
        return self._with(Limit(input=self.relation, count=count, offset=offset))

    def head(self, count: int = 5) -> Table:
        """Return at most ``count`` rows; of a sorted table, the first ones."""
        return self.limit(count)

    def explode(self, column: str) -> Table:
        """Return one row per element of a list column; rows with a null or empty list disappear."""
        return self._with(Unnest(input=self.relation, column=column))

    def with_window(
        self,
        *calls: Any,
        partition_by: str | Sequence[str] = (),
        order_by: Order | Sequence[Order] = (),
        rows: tuple[int | None, int | None] | None = None,
        preceding: Duration | None = None,
        **named: Any,
    ) -> Table:
        """Return the table with a value for each row from the rows around it.

        Args:
            calls: Aggregations such as ``sum("x")``, and ``row_number()``, ``rank()``, ``lag("x")``, ``lead("x")``.
            partition_by: Rows with equal values here see each other; null is a value.
            order_by: The order within a partition.
            rows: Which rows an aggregation sees, as distances from the row: ``(-6, 0)`` is the row and the six before
                it; None is no bound.
            preceding: An aggregation sees the rows at most so long before the row in its time order, and the row's
                own time.
            named: Calls by name.
        """
        relation = window_relation(
            self.relation,
            calls,
            named,
            partition_by=names_of([partition_by]),
            order_by=sort_keys(order_by),
            rows=rows,
            preceding=preceding,
        )
        return self._with(relation)

    def map_batches(
        self,
        function: Callable[[Any], Any] | BatchTransform,
        *,
        schema: SchemaLike | None = None,
        format: BatchFormat = "arrow",
    ) -> Table:
        """Return the rows that a Python function makes of batches; see :func:`~onefold.features.transform`.

        Args:
            function: A function, or what :func:`~onefold.features.transform` made of one.
            schema: What it returns; needed for a plain function.
            format: What it gets: ``"arrow"``, ``"polars"`` or ``"pandas"``.
        """
        if isinstance(function, BatchTransform):
            return self._with(function.relation(self.relation))
        if schema is None:
            raise DefinitionError(
                "map_batches needs the schema of what the function returns: schema={'column': 'type'}."
            )
        made: BatchTransform = transform(function, schema=schema, format=format)
        return self._with(made.relation(self.relation))

    def pipe(self, function: Callable[..., _Result], *args: Any, **options: Any) -> _Result:
        """Return ``function(table, *args, **options)``, so that own verbs read like others."""
        return function(self, *args, **options)

    def _existing(self, names: Sequence[str], verb: str) -> tuple[str, ...]:
        for name in names:
            if name not in self.schema:
                raise DefinitionError(
                    f"{verb}: there is no column {name!r}. {listed(name, self.columns, what='columns')}"
                )
        return tuple(names)

    def __repr__(self) -> str:
        fields = "".join(f"\n  {field.name}: {field.dtype}" for field in self.schema)
        return f"Table({len(self.schema)} columns, not computed yet){fields}"

    def _repr_html_(self) -> str:
        return table_card(self)


def table(data: Any, *, name: str | None = None) -> Table:
    """Return a lazy table over a source or over data in memory.

    Args:
        data: A source; a lazy table (returned as it is); a pyarrow table, a polars or pandas frame, anything with
            ``__arrow_c_stream__``, or a mapping of column names to values.
        name: The name of data in memory in plans; made up when left out.

    Raises:
        DefinitionError: If the data is none of those.
        SourceError: If it can not be read or converted.

    Examples:
        >>> table({"user": ["a"], "amount": [1]}, name="orders")
        Table(2 columns, not computed yet)
          user: string
          amount: int64
    """
    if isinstance(data, Table):
        return data
    if not isinstance(data, Source):
        if isinstance(data, str):
            raise DefinitionError(
                f"of.table takes a source or data, not text. For a file write of.table(of.ParquetSource('name', {data!r}))."
            )
        data = ArrowSource(name or f"table_{next(_UNNAMED)}", data)
    return Table(data.relation, data.bindings)


def concat(tables: Sequence[Table | Source]) -> Table:
    """Return the rows of all tables, duplicates kept; columns are matched by name, in the first table's order.

    Args:
        tables: At least one table or source; all have the same column names and types.
    """
    given = [_as_table(one, verb="concat") for one in tables]
    if not given:
        raise DefinitionError("concat takes at least one table.")
    if len(given) == 1:
        return given[0]
    relation = Union(relations=tuple(one.relation for one in given))
    return Table(relation, merged_bindings(*(one.bindings for one in given)))


def _as_table(value: Any, *, verb: str) -> Table:
    if isinstance(value, Table):
        return value
    if isinstance(value, Source):
        return table(value)
    raise DefinitionError(
        f"{verb} takes a lazy table, not {type(value).__name__}. Make one with of.table(source or data)."
    )
