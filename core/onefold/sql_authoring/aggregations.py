"""Aggregations as SQL writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlglot import expressions as exp

from onefold.errors import PlanError, listed
from onefold.features.aggregations import AggExpr, aggregate
from onefold.features.deferred import ColumnRef
from onefold.features.expressions import Expr
from onefold.plan import AGGREGATIONS, SortKey, get_aggregation
from onefold.sql_authoring.calls import called
from onefold.sql_authoring.constants import constant
from onefold.sql_authoring.expressions import ExpressionReader
from onefold.sql_authoring.functions import ALIASES
from onefold.sql_authoring.ordering import sort_key
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.refusals import type_advice

__all__ = ["AggregationReader", "aggregations_in", "is_aggregation"]

_WITHIN_GROUP = {"percentile_cont": "quantile", "percentile_disc": "quantile_disc", "mode": "mode"}


def is_aggregation(node: exp.Expr) -> bool:
    """Whether a syntax node is an aggregation, with all that belongs to it."""
    if isinstance(node, exp.Filter | exp.WithinGroup):
        return True
    if not isinstance(node, exp.Anonymous):
        return False
    name = str(node.name).lower()
    return ALIASES.get(name, name) in AGGREGATIONS or name in _WITHIN_GROUP


def aggregations_in(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the aggregations in an expression; of window functions those in their arguments and keys only."""
    if isinstance(node, exp.Query):
        return
    if is_aggregation(node):
        yield node
        return
    children = list(node.iter_expressions())
    if isinstance(node, exp.Window):
        function = node.this
        while isinstance(function, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            function = function.this
        children = [*function.iter_expressions(), *(child for child in children if child is not node.this)]
    for child in children:
        yield from aggregations_in(child)


class AggregationReader:
    """Reads aggregations over some rows.

    Args:
        reader: Reads the expressions inside of them.
    """

    def __init__(self, reader: ExpressionReader) -> None:
        self._reader = reader
        self._query = reader.query

    def read(self, node: exp.Expr, *, within_window: bool = False) -> AggExpr:
        """Return an aggregation.

        Args:
            node: It, with FILTER and WITHIN GROUP around it.
            within_window: Whether the window orders its rows.

        Raises:
            SqlError: If there is no such aggregation, or its types do not fit.
        """
        inner, where, within = node, None, None
        while isinstance(inner, exp.Filter | exp.WithinGroup):
            parts = Parts(self._query, inner)
            below = parts.take("this")
            if isinstance(inner, exp.Filter):
                condition = Parts(self._query, parts.take("expression"))
                where = self._reader.read(condition.take("this"))
                condition.finish()
            else:
                within = parts.take("expression")
            parts.finish()
            inner = below
        if not isinstance(inner, exp.Anonymous):
            raise self._query.error("FILTER and WITHIN GROUP follow an aggregation.", inner)
        made = self._call(inner, where, within, within_window=within_window)
        entry = get_aggregation(made.function)
        if entry.order_sensitive and not made.order and not within_window:
            raise self._query.error(
                f"{made.function.upper()} depends on the order of the rows, and a group has none. Say it: "
                f"{made.function}(x ORDER BY t NULLS LAST).",
                node,
            )
        if made.order and within_window:
            raise self._query.error(
                "In a window, OVER (... ORDER BY ...) orders the rows. Leave this ORDER BY out.", node
            )
        self._check_types(node, made)
        return made

    def _call(
        self, node: exp.Anonymous, where: Expr | None, within: exp.Order | None, *, within_window: bool
    ) -> AggExpr:
        written = str(node.name).lower()
        name = _WITHIN_GROUP[written] if written in _WITHIN_GROUP and within is not None else called(self._query, node)
        if written in ("percentile_cont", "percentile_disc") and within is None:
            raise self._query.error(f"Write {written}(0.5) WITHIN GROUP (ORDER BY x).", node)
        if name not in AGGREGATIONS:
            raise self._query.error(
                f"There is no aggregation {name.upper()}. {listed(name, AGGREGATIONS, what='aggregations')}", node
            )
        parts = Parts(self._query, node)
        parts.take("this")
        arguments = list(parts.take("expressions") or [])
        parts.finish()
        order: tuple[SortKey, ...] = ()
        if arguments and isinstance(arguments[-1], exp.Order):
            order, arguments[-1] = self._order(arguments[-1])
        if within is not None:
            arguments = [self._percentile_argument(within), *arguments]
        if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
            name, arguments = self._distinct(name, arguments[0], node)
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            Parts(self._query, arguments[0]).finish()
            arguments = []
        return self._built(node, name, arguments, where, order)

    def _distinct(self, name: str, node: exp.Distinct, place: exp.Expr) -> tuple[str, list[exp.Expr]]:
        parts = Parts(self._query, node)
        arguments = list(parts.take("expressions") or [])
        parts.finish()
        if name in ("min", "max"):
            return name, arguments
        if name != "count" or len(arguments) != 1:
            raise self._query.error(
                "DISTINCT is understood in COUNT(DISTINCT x), of one value. Otherwise SELECT DISTINCT in a subquery first.",
                place,
            )
        return "count_distinct", arguments

    def _order(self, node: exp.Order) -> tuple[tuple[SortKey, ...], exp.Expr]:
        parts = Parts(self._query, node)
        argument, keys = parts.take("this"), parts.take("expressions")
        parts.finish()
        return tuple(self._sort_key(key) for key in keys), argument

    def _sort_key(self, key: exp.Ordered) -> SortKey:
        value = self._reader.read(key.this)
        if not isinstance(value.node, ColumnRef):
            raise self._query.error("An aggregation is ordered by columns. Compute this one in a subquery first.", key)
        field = self._reader.rows.schema[value.node.name]
        return sort_key(self._query, key, field.name, nullable=field.nullable)

    def _percentile_argument(self, within: exp.Order) -> exp.Expr:
        parts = Parts(self._query, within)
        keys: Sequence[exp.Ordered] = parts.take("expressions")
        parts.finish()
        if len(keys) != 1 or keys[0].args.get("desc"):
            raise self._query.error(
                "A percentile is of one value, in ascending order: WITHIN GROUP (ORDER BY x).", within
            )
        found: exp.Expr = keys[0].this
        return found

    def _built(
        self, node: exp.Expr, name: str, arguments: Sequence[exp.Expr], where: Expr | None, order: tuple[SortKey, ...]
    ) -> AggExpr:
        entry = get_aggregation(name)
        named = {part.this.name.lower(): part for part in arguments if isinstance(part, exp.Kwarg)}
        plain = [part for part in arguments if not isinstance(part, exp.Kwarg)]
        if len(named) + len(plain) != len(arguments):
            raise self._query.error("An argument is named twice.", node)
        by = named.pop("by", None)
        options: dict[str, Any] = {}
        for option, part in named.items():
            if option not in entry.options:
                known = [*entry.options, "by"]
                raise self._query.error(
                    f"{name} has no argument {option!r}. {listed(option, known, what='named arguments')}", part
                )
            options[option] = constant(self._query, part.expression, what=option)
        most = max(len(signature.args) for signature in entry.signatures)
        rest = [option for option in entry.options if option not in options]
        if len(plain) - most > len(rest):
            raise self._query.error(f"{name} is written {name}({', '.join([*'xy'[:most], *entry.options])}).", node)
        for option, value in zip(rest, plain[most:], strict=False):
            options[option] = constant(self._query, value, what=f"The {option} of {name}")
        if "q" in options:
            options["q"] = float(options["q"])
        args = [self._reader.read(part) for part in plain[:most]]
        with self._query.at(node):
            made = aggregate(
                name, *args, where=where, by=None if by is None else self._reader.read(by.expression), **options
            )
        return AggExpr(made.function, made.args, made.where, made.by, made.options, order=order)

    def _check_types(self, node: exp.Expr, made: AggExpr) -> None:
        try:
            made.bind(self._reader.rows.schema)
        except PlanError as error:
            types = tuple(self._reader.dtype(Expr(arg)) for arg in made.args)
            raise self._query.error(f"{error.message} {type_advice(types, [])}".strip(), node) from error
