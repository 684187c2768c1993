"""What every aggregation builder returns: an aggregation that can be given windows and a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from onefold.errors import DefinitionError, PlanError
from onefold.features.aggregations.windows import Lifetime, WindowSpec, window_specs
from onefold.features.binding import bind, bind_node, fit_arguments, require_bool
from onefold.features.deferred import Deferred, label, shown
from onefold.features.expressions import as_column
from onefold.features.naming import checked_name
from onefold.features.ordering import sort_keys
from onefold.plan import AggCall, SortKey, get_aggregation
from onefold.plan.functions import checked_options
from onefold.types import Duration, Schema

__all__ = ["AggExpr", "Feature", "aggregate"]

_LONGEST_LABEL = 48
"""Expressions with longer labels need a name of their own: nobody wants to read those columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One feature of a view: a name, an aggregation, and a window (None: lifetime)."""

    name: str
    aggregation: AggExpr
    window: WindowSpec | None


@dataclass(frozen=True, slots=True, eq=False)
class AggExpr:
    """An aggregation over the rows of a window or group; made by :func:`sum`, :func:`count` and the other builders.

    Default names are made of these parts, joined by ``_``: the condition (``late``, ``not_late``), the argument, the
    aggregation, ``by_<key>``, and the window as it was written. ``sum("amount").over("7d")`` is ``amount_sum_7d``,
    ``count(where="late").over("7d")`` is ``late_count_7d``. Without ``over`` the window is lifetime and leaves no
    trace in the name. Arguments that are not plain columns are spelled out (``delay_gt_15``); long ones need
    :meth:`named`.

    Examples:
        >>> from onefold.features import count, sum
        >>> sum("amount").over("1d", "7d").names
        ('amount_sum_1d', 'amount_sum_7d')
        >>> count(where="late").over("7d").names
        ('late_count_7d',)
    """

    function: str
    args: tuple[Deferred, ...] = ()
    where: Deferred | None = None
    by: Deferred | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    order: tuple[SortKey, ...] = ()
    windows: tuple[WindowSpec, ...] = ()
    name: str | None = None

    @property
    def aggregation_name(self) -> str:
        """The name of the aggregation in the catalogue."""
        return self.function

    def over(
        self,
        *windows: Duration | Lifetime,
        offset: Duration | None = None,
        every: Duration | None = None,
        last_rows: int | None = None,
    ) -> AggExpr:
        """Return the aggregation over trailing windows that end at the spine's time; one feature for each.

        A window of length w as of T holds the events with ``T - w <= t < T`` (with ``include_exact`` on the view:
        ``T - w < t <= T``). Called again, it adds more windows.

        Args:
            windows: Lengths such as ``"1h"``, ``"7d"``, ``timedelta(days=7)``, or ``lifetime``; a day is 24 hours.
            offset: Shifts the windows into the past: ``over("7d", offset="7d")`` is the week before the last.
            every: Aligns the end of the windows down to a grid since 1970-01-01T00:00Z: with ``"1d"``, only whole UTC
                days count.
            last_rows: At most the last so many rows of each window count, whatever ``where`` says of them.

        Raises:
            DefinitionError: If a window is no duration, is negative or is empty.

        Examples:
            >>> from onefold.features import lifetime, mean
            >>> mean("delay").over("1d").over("1d", offset="7d").over(last_rows=10).names
            ('delay_mean_1d', 'delay_mean_1d_offset_7d', 'delay_mean_last_10_rows')
        """
        specs = window_specs(windows, offset=offset, every=every, last_rows=last_rows)
        return replace(self, windows=(*self.windows, *specs))

    def named(self, name: str) -> AggExpr:
        """Return the aggregation under a name.

        Args:
            name: The name of the feature. With several windows each name ends with its window (``x_1d``, ``x_7d``);
                ``"{window}"`` in the name says where else the window goes.

        Examples:
            >>> from onefold.features import sum
            >>> sum("distance").over("1d", "7d").named("miles").names
            ('miles_1d', 'miles_7d')
            >>> sum("distance").over("1d", "7d").named("miles_of_{window}_flown").names
            ('miles_of_1d_flown', 'miles_of_7d_flown')
        """
        return replace(self, name=checked_name(name, what="a feature"))

    alias = named

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the features, one for each window."""
        return tuple(feature.name for feature in self.features())

    def features(self) -> tuple[Feature, ...]:
        """Return one feature for each window.

        Raises:
            DefinitionError: If a default name would be too long.
        """
        if not self.windows:
            name = self.output_name.replace("{window}", "lifetime")
            return (Feature(name, self, None),)
        return tuple(Feature(self._name_over(spec), self, spec) for spec in self.windows)

    def _name_over(self, spec: WindowSpec) -> str:
        if self.name is not None and "{window}" in self.name:
            return self.name.replace("{window}", spec.suffix)
        if self.name is not None and len(self.windows) == 1:
            return self.name
        return f"{self.output_name}_{spec.suffix}"

    @property
    def output_name(self) -> str:
        """The name without a window: what ``group_by(...).agg(...)`` uses."""
        if self.name is not None:
            return self.name
        parts = [] if self.where is None else [label(self.where)]
        parts += [label(arg) for arg in self.args]
        if long := [part for part in parts if len(part) > _LONGEST_LABEL]:
            raise DefinitionError(
                f"{self!r} needs a name: the one made of its parts would contain {long[0]!r}. "
                'Write .named("..."), or compute the expression as a column first.'
            )
        parts.append(self.title or self.function)
        if self.by is not None:
            parts.append(f"by_{label(self.by)}")
        return "_".join(parts)

    def bind(self, schema: Schema) -> AggCall:
        """Return the aggregation over rows of a schema, with implicit conversions written in.

        Raises:
            PlanError: If a column does not exist or a type does not fit.
        """
        entry = get_aggregation(self.function)
        try:
            options = checked_options(entry.name, entry.options, self.options)
            parts = [bind_node(arg, schema) for arg in self.args]
            args, _ = fit_arguments(
                entry.name, entry.signatures, parts, entry.result_type, options, text=lambda: repr(self)
            )
            where = None if self.where is None else require_bool(self.where, schema, what="The condition (where)")
            by = None if self.by is None else bind(self.by, schema)
        except PlanError as error:
            raise error.within(self.function) from None
        return AggCall(function=entry.name, args=args, where=where, by=by, options=options, order=self.order)

    def _no_arithmetic(self, other: object) -> NoReturn:
        raise DefinitionError(
            f"{self!r} can not be combined with {other!r:.60}: an aggregation is one feature. Make each a feature (or a "
            "column with group_by(...).agg(...)), and combine the columns afterwards."
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _no_arithmetic
    __lt__ = __le__ = __gt__ = __ge__ = _no_arithmetic

    def __repr__(self) -> str:
        parts = [shown(arg) for arg in self.args]
        parts += [f"{name}={value!r}" for name, value in self.options.items()]
        parts += [f"where={shown(self.where)}"] if self.where is not None else []
        parts += [f"by={shown(self.by)}"] if self.by is not None else []
        text = f"{self.function}({', '.join(parts)})"
        if self.windows:
            text += f".over({', '.join(repr(spec.suffix) for spec in self.windows)})"
        return text if self.name is None else f"{text}.named({self.name!r})"


def aggregate(
    function: str,
    *args: Any,
    where: Any = None,
    by: Any = None,
    order_by: Any = None,
    title: str = "",
    **options: Any,
) -> AggExpr:
    """Return any aggregation of the catalogue; the named builders are made with this.

    Args:
        function: The catalogue name.
        args: What is aggregated: expressions, or column names as text.
        where: Only rows for which this is true count: an expression, or the name of a bool column.
        by: A second key: the value becomes a list of ``{key, value}`` with one entry per key, ascending.
        order_by: The order of rows in ``group_by(...).agg(...)``; windows order by time themselves.
        title: The aggregation's part of the default name; its own name when empty.
        options: The named constants of the aggregation.

    Examples:
        >>> aggregate("sum", "amount").over("7d").names
        ('amount_sum_7d',)
    """
    return AggExpr(
        function=get_aggregation(function).name,
        args=tuple(as_column(arg) for arg in args),
        where=None if where is None else as_column(where),
        by=None if by is None else as_column(by),
        options=options,
        title=title,
        order=() if order_by is None else sort_keys(order_by, nulls="first"),
    )
