"""What a catalogue entry states about a scalar function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from onefold.errors import PlanError, listed
from onefold.plan.functions.signature import Signature, resolve_signature
from onefold.types import DataType

__all__ = ["Example", "Function", "Option", "Rows", "checked_options"]

Rows = tuple[Any, ...]
"""Values of one column, as Python holds them (None is null)."""

Accuracy = Literal["exact", "0ulp", "4ulp", "16ulp"]


@dataclass(frozen=True, slots=True)
class Option:
    """A named constant that changes what a function does.

    Args:
        kind: The Python type of its value: ``bool``, ``int``, ``float`` or ``str``.
        description: What it means, with unit and range.
        default: Its value when left out; ``...`` when it must be given.
        choices: The allowed values, when they are few.
        check: Returns a sentence about what is wrong with a value, or None.
    """

    kind: type
    description: str
    default: Any = ...
    choices: tuple[Any, ...] | None = None
    check: Callable[[Any], str | None] | None = None


def checked_options(function: str, options: Mapping[str, Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options of a call with defaults filled in, in the order of their declaration.

    Raises:
        PlanError: If an option is unknown, missing, of the wrong type, or out of range.
    """
    for name in given:
        if name not in options:
            raise PlanError(f"{function!r} has no option {name!r}. {listed(name, options, what='options')}")
    checked = {}
    for name, option in options.items():
        if name not in given:
            if option.default is ...:
                raise PlanError(f"{function!r} needs the option {name!r}: {option.description}")
            checked[name] = option.default
            continue
        value = given[name]
        if option.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not option.kind:
            raise PlanError(
                f"The option {name!r} of {function!r} is of type {option.kind.__name__}, got {value!r:.60}."
            )
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise PlanError(f"The option {name!r} of {function!r} does not fit in int64.")
        if option.choices is not None and value not in option.choices:
            raise PlanError(
                f"The option {name!r} of {function!r} can not be {value!r:.60}. "
                f"{listed(str(value), map(str, option.choices), what='choices')}"
            )
        if option.check is not None and (problem := option.check(value)) is not None:
            raise PlanError(f"The option {name!r} of {function!r} can not be {value!r:.60}: {problem}")
        checked[name] = value
    return checked


@dataclass(frozen=True, slots=True)
class Example:
    """Input columns and the result of a function over them; the tests run each on every engine.

    Args:
        args: ``(type text, values)`` for each argument.
        result: The expected values.
        options: The options of the call.
    """

    args: tuple[tuple[str, Rows], ...]
    result: Rows
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function of the catalogue.

    Args:
        name: Its name in plans; Substrait's name where it has one.
        family: The group it belongs to, for the documentation.
        signatures: Each combination of argument types and its result type.
        description: Its meaning in a paragraph, the cases where engines disagree included.
        example: Inputs and results, run by the tests.
        nulls: ``"propagate"`` when the result is null as soon as an argument is; ``"own"`` when the description says.
        can_be_null: Whether the result can be null although no argument is (a division by zero, say).
        options: Its named constants.
        accuracy: ``"exact"``, or how far engines may differ.
        substrait: The name of the Substrait function with this meaning, when there is one.
    """

    name: str
    family: str
    signatures: tuple[Signature, ...]
    description: str
    example: Example
    nulls: Literal["propagate", "own"] = "propagate"
    can_be_null: bool = False
    options: Mapping[str, Option] = field(default_factory=dict)
    accuracy: Accuracy = "exact"
    substrait: str | None = None

    @property
    def capability(self) -> str:
        """The name under which a backend declares that it offers this function."""
        return f"function.{self.name}"

    def result_type(self, args: tuple[DataType, ...], options: Mapping[str, Any]) -> DataType:
        """Return the type of the result for exactly these argument types.

        Raises:
            PlanError: If no signature takes them.
        """
        return resolve_signature(self.name, self.signatures, args, options)
