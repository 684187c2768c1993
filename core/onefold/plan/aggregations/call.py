"""An aggregation applied: arguments, condition, secondary key, options, order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from pydantic import Field, model_validator

from onefold.errors import PlanError
from onefold.plan.aggregations.catalogue import get_aggregation
from onefold.plan.aggregations.entry import Aggregation
from onefold.plan.expressions import Expression, OptionValue
from onefold.plan.functions.entry import checked_options
from onefold.plan.node import Node, Part
from onefold.plan.typing import Typed, infer
from onefold.plan.windows import SortKey, TrailingWindow
from onefold.types import BOOL, List, Schema, Struct

__all__ = ["AggCall", "Measure", "TrailingMeasure"]


class AggCall(Node):
    """A catalogue aggregation over the rows of a group, window or frame.

    Args:
        function: The name of a catalogue entry.
        args: The arguments, over the columns of the events; ``count`` may have none and then counts rows.
        where: Only rows for which this bool is true take part (null is not true).
        by: A secondary key: the result is then a list of ``struct<key, value>``, one entry per distinct non-null
            key among the rows that take part, ascending by key; null when there is none.
        options: The named constants of the aggregation.
        order: The order of the rows, for order-sensitive aggregations inside of ``Aggregate``, where no time gives
            one. Ties are settled by the value itself.
    """

    kind: ClassVar[str] = "agg_call"
    function: str
    args: tuple[Expression, ...] = ()
    where: Expression | None = None
    by: Expression | None = None
    options: Mapping[str, OptionValue] = Field(default_factory=dict)
    order: tuple[SortKey, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> AggCall:
        entry = get_aggregation(self.function)
        object.__setattr__(self, "options", checked_options(entry.name, entry.options, self.options))
        return self

    @property
    def entry(self) -> Aggregation:
        """The catalogue entry of the aggregation."""
        return get_aggregation(self.function)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of all columns that the call reads."""
        parts = [*self.args, *(part for part in (self.where, self.by) if part is not None)]
        return frozenset[str]().union(*(part.columns for part in parts), (key.column for key in self.order))

    def infer(self, schema: Schema) -> Typed:
        """Return the type of the result over rows of a schema.

        Raises:
            PlanError: If a column is missing or a type does not fit.
        """
        try:
            args = tuple(infer(arg, schema).dtype for arg in self.args)
            dtype = self.entry.result_type(args, self.options)
            for sort_key in self.order:
                schema[sort_key.column]
            if self.where is not None and (found := infer(self.where, schema).dtype) != BOOL:
                raise PlanError(f"A condition is a bool, not {found}.", path=("where",))
            if self.by is None:
                return Typed(dtype, self.entry.empty == "null")
            key = infer(self.by, schema).dtype
            if not key.is_ordered:
                raise PlanError(f"A secondary key can not be a {key}: lists and structs have no order.", path=("by",))
            return Typed(List(Struct((("key", key), ("value", dtype)))), True)
        except PlanError as error:
            raise error.within(self.function) from None


class Measure(Part):
    """A named aggregation."""

    name: str = Field(min_length=1)
    call: AggCall


class TrailingMeasure(Part):
    """A named aggregation over a trailing window."""

    name: str = Field(min_length=1)
    call: AggCall
    window: TrailingWindow
