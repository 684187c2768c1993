"""``group_by(...).agg(...)``: one row per combination of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from onefold.errors import DefinitionError, PlanError
from onefold.features.aggregations import AggExpr
from onefold.features.projecting import added_columns, flat, named_expressions
from onefold.plan import Aggregate, Column, Measure, Project, Relation, get_aggregation

__all__ = ["GroupBy"]

_Made = TypeVar("_Made")


class GroupBy(Generic[_Made]):
    """A table with keys, waiting for aggregations."""

    def __init__(
        self, rows: Relation, keys: Sequence[Any], named: Mapping[str, Any], make: Callable[[Relation], _Made]
    ) -> None:
        bound = named_expressions(keys, named, rows.output, verb="group_by") if keys or named else ()
        self._keys = tuple(column.name for column in bound)
        computed = tuple(
            column
            for column in bound
            if not (isinstance(column.expression, Column) and column.expression.name == column.name)
        )
        self._rows = rows
        if computed:
            self._rows = Project(input=rows, columns=added_columns(rows.output, computed))
        self._make = make

    def agg(self, *aggregations: Any, **named: Any) -> _Made:
        """Return the keys and one column per aggregation, one row per combination of keys.

        Args:
            aggregations: Such as ``mean("dep_delay")``, named ``dep_delay_mean`` unless ``.named(...)`` says otherwise.
            named: Aggregations by name.

        Raises:
            DefinitionError: If one is no aggregation, has windows, or two have one name.
            PlanError: If a column does not exist or a type does not fit.

        Examples:
            >>> from onefold.features import count, max, table
            >>> table({"k": ["a", "a"], "x": [1, 2]}).group_by("k").agg(count(), biggest=max("x")).columns
            ('k', 'count', 'biggest')
        """
        wanted = [(None, item) for item in flat(aggregations)] + list(named.items())
        measures: list[Measure] = []
        for name, item in wanted:
            if not isinstance(item, AggExpr):
                raise DefinitionError(
                    f"agg takes aggregations such as of.mean('dep_delay'), not {type(item).__name__} ({item!r:.60})."
                )
            measures.append(self._measure(item.output_name if name is None else name, item))
        names = [*self._keys, *(measure.name for measure in measures)]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise DefinitionError(
                f"agg would make two columns named {twice!r}. Name one of them: agg(new_name=...) or .named('new_name')."
            )
        return self._make(Aggregate(input=self._rows, by=self._keys, measures=tuple(measures)))

    def _measure(self, name: str, item: AggExpr) -> Measure:
        if item.windows:
            raise DefinitionError(
                f"{item!r} has a window: windows that end at a time are for feature views. Here rows are grouped by "
                "keys; leave out .over(...), or filter the rows by time first."
            )
        if get_aggregation(item.function).order_sensitive and not item.order:
            raise DefinitionError(
                f"{item!r} depends on the order of the rows, and a group has none. "
                f"Name the columns to order by: {item.function}(..., order_by='time')."
            )
        try:
            return Measure(name=name, call=item.bind(self._rows.output))
        except PlanError as error:
            raise error.within("agg", repr(name)) from None

    def __repr__(self) -> str:
        return f"GroupBy({', '.join(self._keys)})"
