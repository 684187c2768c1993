"""What a catalogue entry states about an aggregation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from onefold.plan.functions.entry import Option, Rows
from onefold.plan.functions.signature import Signature, resolve_signature
from onefold.types import DataType

__all__ = ["Aggregation", "AggregationExample", "Partial"]


@dataclass(frozen=True, slots=True)
class AggregationExample:
    """The values of one group, in the order of their times (one second apart), and the result.

    Args:
        args: ``(type text, values)`` for each argument.
        result: The expected value.
        options: The options of the call.
    """

    args: tuple[tuple[str, Rows], ...]
    result: Any
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partial:
    """One field of the state that stands for a set of values until it is merged with others.

    Args:
        name: The field's name.
        function: The aggregation that computes it.
        of: What it is computed from: the arguments, or the times of the rows whose arguments are not null.
        options: Options of that aggregation; a string value names an option of the call to pass on.
    """

    name: str
    function: str
    of: Literal["args", "time"] = "args"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """An aggregation of the catalogue.

    Every aggregation skips rows with a null argument unless an option says otherwise. Over no values the counts
    are 0 and everything else is null.

    Args:
        name: Its name in plans.
        family: The group it belongs to, for the documentation.
        signatures: Each combination of argument types and its result type.
        description: Its meaning in a paragraph.
        example: Values and result, run by the tests.
        options: Its named constants.
        order_sensitive: Whether the order of the rows (time, then sequence, then value) matters.
        error_bound: None when exact (floats: within rounding); else the bound that an approximate engine must keep.
        empty: What it gives over no values.
        partial: The state that stands for it in a tile; empty when it can not be tiled.
        merge: How two states become one, and a state becomes the value.
    """

    name: str
    family: str
    signatures: tuple[Signature, ...]
    description: str
    example: AggregationExample
    options: Mapping[str, Option] = field(default_factory=dict)
    order_sensitive: bool = False
    error_bound: str | None = None
    empty: Literal["zero", "null"] = "null"
    partial: tuple[Partial, ...] = ()
    merge: str = ""

    @property
    def capability(self) -> str:
        """The name under which a backend declares that it offers this aggregation."""
        return f"aggregation.{self.name}"

    def result_type(self, args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
        """Return the type of the result for exactly these argument types.

        Raises:
            PlanError: If no signature takes them.
        """
        return resolve_signature(self.name, self.signatures, args, options)
