"""Joins, aggregation, and windows over rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field as Required

from onefold.errors import PlanError, listed
from onefold.plan.aggregations import AggCall, Measure
from onefold.plan.expressions import Expression, OptionValue
from onefold.plan.functions.entry import Option, checked_options
from onefold.plan.node import Node, Part
from onefold.plan.relations.base import Relation, require_columns, require_ordered
from onefold.plan.typing import Typed, infer
from onefold.plan.windows import Frame, SortKey
from onefold.types import DATE, FLOAT64, INT64, DataType, Field, Schema

__all__ = ["RANKINGS", "Aggregate", "Join", "RankCall", "Window", "WindowMeasure"]


class Join(Relation):
    """Rows of two relations with equal keys; a null key matches nothing, NaN equals NaN.

    The output has the left columns, then the right columns without its keys. For ``full`` the key columns hold
    whichever side exists; ``semi`` and ``anti`` give only left rows and columns.

    Args:
        left: The left relation.
        right: The right relation.
        left_on: The key columns on the left.
        right_on: The key columns on the right, as many and of the same types.
        how: ``inner``, ``left``, ``full``, ``semi``, ``anti`` or ``cross`` (no keys).
        suffix: Appended to right columns whose names the left already has.
    """

    kind: ClassVar[str] = "join"
    left: Relation
    right: Relation
    left_on: tuple[str, ...] = ()
    right_on: tuple[str, ...] = ()
    how: Literal["inner", "left", "full", "semi", "anti", "cross"] = "inner"
    suffix: str = "_right"

    @cached_property
    def right_columns(self) -> tuple[tuple[str, str], ...]:
        """The right columns that come out, as ``(name on the right, name in the output)``."""
        if self.how in ("semi", "anti"):
            return ()
        taken = set(self.left.output.names)
        return tuple(
            (name, name + self.suffix if name in taken else name)
            for name in self.right.output.names
            if name not in self.right_on
        )

    @cached_property
    def output(self) -> Schema:
        if (self.how == "cross") != (not self.left_on) or len(self.left_on) != len(self.right_on):
            raise PlanError(
                f"A {self.how} join has {len(self.left_on)} left and {len(self.right_on)} right keys. "
                "A cross join has none; every other join has as many on the left as on the right."
            )
        require_columns(self.left.output, self.left_on, what="The left keys")
        require_columns(self.right.output, self.right_on, what="The right keys")
        for left_name, right_name in zip(self.left_on, self.right_on, strict=True):
            check_key_pair(self.left.output[left_name], self.right.output[right_name])
        left_nullable, right_nullable = self.how == "full", self.how in ("left", "full")
        right = self.right.output
        return Schema(
            [
                *(Field(f.name, f.dtype, f.nullable or left_nullable) for f in self.left.output),
                *(
                    Field(out, right[name].dtype, right[name].nullable or right_nullable)
                    for name, out in self.right_columns
                ),
            ]
        )


def check_key_pair(left: Field, right: Field) -> None:
    """Raise a PlanError unless two key columns can be compared."""
    if left.dtype != right.dtype:
        raise PlanError(
            f"The key {left.name!r} is {left.dtype} on the left and {right.name!r} is {right.dtype} on the right. "
            "Cast one of them to the other's type."
        )
    if not left.dtype.is_ordered:
        raise PlanError(f"The key {left.name!r} is a {left.dtype}: lists and structs are not compared.")


class Aggregate(Relation):
    """One row per distinct combination of keys (null is a key), with aggregates over its rows.

    Without keys there is exactly one row, also for an empty input.
    """

    kind: ClassVar[str] = "aggregate"
    input: Relation
    by: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()

    @cached_property
    def output(self) -> Schema:
        schema = self.input.output
        require_ordered(schema, self.by, what="The group keys")
        if not self.by and not self.measures:
            raise PlanError("An aggregate needs keys or measures.")
        return Schema([*(schema[name] for name in self.by), *(_measure_field(m, schema) for m in self.measures)])


def _measure_field(measure: Measure, schema: Schema) -> Field:
    try:
        if measure.call.entry.order_sensitive and not measure.call.order:
            raise PlanError(
                f"{measure.call.function!r} depends on the order of the rows, and a group has none. "
                "Name the columns to order by.",
                path=(measure.call.function,),
            )
        require_ordered(schema, tuple(key.column for key in measure.call.order), what="The order keys")
        if measure.call.entry.family == "decay" and not schema[measure.call.order[0].column].dtype.is_time:
            raise PlanError(
                f"{measure.call.function!r} measures ages from the first order key, which has to be a time; "
                f"{measure.call.order[0].column!r} is {schema[measure.call.order[0].column].dtype}.",
                path=(measure.call.function,),
            )
        typed = measure.call.infer(schema)
    except PlanError as error:
        raise error.within(repr(measure.name)) from None
    return Field(measure.name, typed.dtype, typed.nullable)


_OFFSET = Option(
    int, "How many rows, above zero.", default=1, check=lambda n: None if n > 0 else "it must be above zero."
)

RANKINGS: Mapping[str, tuple[str, bool, Mapping[str, Option]]] = {
    "row_number": ("The position of the row in its partition, from 1.", False, {}),
    "rank": ("The position of the first row with equal order keys, from 1.", False, {}),
    "dense_rank": ("The number of different order keys up to this one.", False, {}),
    "percent_rank": ("(rank - 1) / (rows in the partition - 1); 0 for a single row.", False, {}),
    "cume_dist": (
        "The share of rows in the partition up to and including the last row with equal order keys.",
        False,
        {},
    ),
    "lag": (
        "The value of the argument so many rows before this one; null when there is none.",
        True,
        {"offset": _OFFSET},
    ),
    "lead": (
        "The value of the argument so many rows after this one; null when there is none.",
        True,
        {"offset": _OFFSET},
    ),
}
"""The window functions that are not aggregations: meaning, whether they take an argument, options."""


class RankCall(Node):
    """A window function that is not an aggregation: its name, an argument for lag and lead, and options."""

    kind: ClassVar[str] = "rank_call"
    function: Literal["row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "lag", "lead"]
    arg: Expression | None = None
    options: Mapping[str, OptionValue] = Required(default_factory=dict)

    def model_post_init(self, context: object) -> None:
        """Check the argument and fill in the options."""
        _, takes_argument, options = RANKINGS[self.function]
        if takes_argument != (self.arg is not None):
            raise PlanError(f"{self.function!r} takes {'one argument' if takes_argument else 'no argument'}.")
        object.__setattr__(self, "options", checked_options(self.function, options, self.options))

    def infer(self, schema: Schema) -> Typed:
        """Return the type of the result over rows of a schema."""
        if self.arg is not None:
            return Typed(infer(self.arg, schema).dtype, True)
        dtype: DataType = FLOAT64 if self.function in ("percent_rank", "cume_dist") else INT64
        return Typed(dtype, False)


class WindowMeasure(Part):
    """A named window function, or an aggregation over a frame (the whole partition up to peers when left out)."""

    name: str
    call: AggCall | RankCall
    frame: Frame | None = None


class Window(Relation):
    """All rows and columns of the input, and a value for each row from the rows around it.

    Args:
        input: The rows.
        partition_by: Rows with equal values here see each other; null is a value.
        order_by: The order within a partition. Row-wise functions and ``rows`` frames need an order without ties:
            rows that the keys leave equal are ordered by all columns of the input, ascending, nulls first.
        measures: What is computed.
    """

    kind: ClassVar[str] = "window"
    input: Relation
    partition_by: tuple[str, ...] = ()
    order_by: tuple[SortKey, ...] = ()
    measures: tuple[WindowMeasure, ...] = Required(min_length=1)

    @cached_property
    def output(self) -> Schema:
        schema = self.input.output
        require_ordered(schema, self.partition_by, what="The partition keys")
        require_ordered(schema, tuple(key.column for key in self.order_by), what="The order keys")
        return Schema([*schema, *(self._field(measure, schema) for measure in self.measures)])

    def _field(self, measure: WindowMeasure, schema: Schema) -> Field:
        try:
            if isinstance(measure.call, RankCall) and measure.frame is not None:
                raise PlanError(f"{measure.call.function!r} takes no frame.")
            if isinstance(measure.call, AggCall) and measure.call.order:
                raise PlanError("Inside of a window the window's own order counts: leave out the call's.")
            if measure.frame is not None:
                self._check_frame(measure.frame, schema)
            if isinstance(measure.call, AggCall) and measure.call.entry.family == "decay":
                self._check_ages(measure.call, schema)
            typed = measure.call.infer(schema)
        except PlanError as error:
            raise error.within(repr(measure.name)) from None
        return Field(measure.name, typed.dtype, typed.nullable)

    def _check_ages(self, call: AggCall, schema: Schema) -> None:
        """Raise unless the rows of a frame have a time, from the latest of which values age."""
        key = self.order_by[0] if self.order_by else None
        if key is None or key.descending or not schema[key.column].dtype.is_time:
            found = "none" if key is None else f"{key} of type {schema[key.column].dtype}"
            raise PlanError(
                f"{call.function!r} measures ages from the first order key of the window, which has to be an ascending "
                f"time, not {found}.",
                path=(call.function,),
            )

    def _check_frame(self, frame: Frame, schema: Schema) -> None:
        if not self.order_by:
            raise PlanError("A frame needs an order: name the columns to order by.")
        if frame.unit == "range" and (frame.start or frame.end):
            key = self.order_by[0]
            dtype = schema[key.column].dtype
            if len(self.order_by) != 1 or key.descending or not (dtype in (INT64, DATE) or dtype.is_time):
                raise PlanError(
                    "A range frame with distances needs exactly one ascending order key of type int64, date32 or "
                    f"timestamp, not {', '.join(map(str, self.order_by)) or 'none'} of type {dtype}. "
                    f"{listed('rows', ['rows'], what='other units')}"
                )
