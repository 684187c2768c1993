"""How the mutants of functions, casts and aggregations are made: the right rule, wrong for some values only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from onefold.contract import cast_capability
from onefold.types import DataType, Decimal, parse_type
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.aggregations.catalogue import AGGREGATIONS
from onefold_conformance.oracle.casts import CASTS
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import (
    AggregationRule,
    Application,
    CastRule,
    Entry,
    FunctionRule,
    ValueFailure,
)
from onefold_conformance.oracle.values import Value

__all__ = [
    "aggregation",
    "aggregation_but",
    "cast",
    "cast_but",
    "fail",
    "function",
    "function_but",
    "null_on_error",
    "values_of",
]


def function(of: str, name: str, what: str, rule: FunctionRule) -> Mutant:
    """Return a mutant with another rule for a function.

    Args:
        of: The function.
        name: The end of the mutant's name, which begins with that of the function.
        what: What it gets wrong.
        rule: The wrong rule.
    """
    return Mutant(f"{of.replace('_', '-')}-{name}", what, functions={of: rule})


def function_but(
    of: str, name: str, what: str, when: Callable[..., bool], then: Callable[..., Value] = lambda *args: None
) -> Mutant:
    """Return a mutant that is right about a function, but for some arguments.

    Args:
        of: The function.
        name: The end of the mutant's name.
        what: What it gets wrong.
        when: Tells for which arguments it is wrong.
        then: Gives the wrong value for the arguments; null when left out.
    """
    right = FUNCTIONS[of]
    return function(of, name, what, lambda call, *args: then(*args) if when(*args) else right(call, *args))


def null_on_error(of: str) -> Mutant:
    """Return a mutant that gives null where a function is an error."""
    right = FUNCTIONS[of]

    def rule(call: Application, *args: Value) -> Value:
        try:
            return right(call, *args)
        except ValueFailure:
            return None

    return function(of, "error-is-null", f"Returns null where {of} is an error.", rule)


def cast(source: str, target: str, name: str, what: str, rule: CastRule) -> Mutant:
    """Return a mutant with another rule for a conversion.

    Args:
        source: The kind of type that is converted, as in the oracle's table.
        target: The kind of the result.
        name: The end of the mutant's name, which begins with those of the types.
        what: What it gets wrong.
        rule: The wrong rule.
    """
    capability = cast_capability(_type(source), _type(target))
    prefix = capability.replace(".", "-").replace("_", "-")
    return Mutant(f"{prefix}-{name}", what, touches=(capability,), casts={(source, target): rule})


def cast_but(  # noqa: PLR0917 - a table of them reads best without names
    source: str, target: str, name: str, what: str, when: Callable[[Value], bool], then: Callable[[Value], Value]
) -> Mutant:
    """Return a mutant that is right about a conversion, but for some values.

    Args:
        source: The kind of type that is converted.
        target: The kind of the result.
        name: The end of the mutant's name.
        what: What it gets wrong.
        when: Tells for which values it is wrong.
        then: Gives the wrong result for the value.
    """
    right = CASTS[source, target]
    return cast(source, target, name, what, lambda v, *types: then(v) if when(v) else right(v, *types))


def _type(kind: str) -> DataType:
    return Decimal(1, 0) if kind == "decimal" else parse_type(kind)


def aggregation(of: str, name: str, what: str, rule: AggregationRule) -> Mutant:
    """Return a mutant with another rule for an aggregation.

    Args:
        of: The aggregation.
        name: The end of the mutant's name, which begins with that of the aggregation.
        what: What it gets wrong.
        rule: The wrong rule.
    """
    return Mutant(f"{of.replace('_', '-')}-{name}", what, aggregations={of: rule})


def aggregation_but(
    of: str, name: str, what: str, when: Callable[[Sequence[Entry]], bool], then: Callable[[Sequence[Entry]], Value]
) -> Mutant:
    """Return a mutant that is right about an aggregation, but for some groups.

    Args:
        of: The aggregation.
        name: The end of the mutant's name.
        what: What it gets wrong.
        when: Tells for which entries it is wrong.
        then: Gives the wrong value for the entries.
    """
    right = AGGREGATIONS[of]
    return aggregation(of, name, what, lambda call, es: then(es) if when(es) else right(call, es))


def values_of(entries: Sequence[Entry]) -> list[Value]:
    """Return the values of the first argument."""
    return [entry.args[0] for entry in entries]


def fail(*args: Value) -> NoReturn:
    """Fail, where the catalogue knows no error.

    Raises:
        ValueFailure: Always.
    """
    raise ValueFailure("a value that is an error to this mutant")
