"""Mutants that hold zero, empty text or 1970 in place of null, each in the functions of one family."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.errors import PlanError
from onefold.plan import FUNCTIONS, Call, Cast, Expression, Node, infer
from onefold.types import List, Schema, Struct
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import running, zero
from onefold_conformance.oracle.functions import (
    arithmetic,
    calendar,
    clock,
    comparison,
    epoch,
    hash,
    logarithm,
    pattern,
    rounding,
    string,
    trigonometry,
)

__all__ = ["MUTANTS"]


def _known(argument: Expression, reads: Schema) -> Expression:
    """Return an argument with zero in place of null; one that has no zero, or whose columns are others', as it is."""
    try:
        dtype = infer(argument, reads).dtype
    except PlanError:
        return argument
    return argument if isinstance(dtype, List | Struct) else Call(function="coalesce", args=(argument, zero(dtype)))


def _of_calls(name: str, what: str, functions: Sequence[str]) -> Mutant:
    """A mutant that takes null for zero in the arguments of functions of which a null is null."""
    chosen = [function for function in functions if FUNCTIONS[function].nulls == "propagate"]

    def changed(node: Node, reads: Schema | None) -> Node:
        if not isinstance(node, Call) or node.function not in chosen or reads is None:
            return node
        return node.replace(args=tuple(_known(argument, reads) for argument in node.args))

    return Mutant(name, what, touches=tuple(f"function.{function}" for function in chosen), spoil=running(changed))


def _in_casts(node: Node, reads: Schema | None) -> Node:
    return node.replace(arg=_known(node.arg, reads)) if isinstance(node, Cast) and reads is not None else node


MUTANTS: tuple[Mutant, ...] = (
    _of_calls("arithmetic-takes-null-for-zero", "Takes null for zero in arithmetic.", tuple(arithmetic.RULES)),
    _of_calls("comparison-takes-null-for-zero", "Takes null for zero in comparisons.", tuple(comparison.RULES)),
    _of_calls("rounding-takes-null-for-zero", "Takes null for zero in rounding.", tuple(rounding.RULES)),
    _of_calls("logarithms-take-null-for-zero", "Takes null for zero in logarithms.", tuple(logarithm.RULES)),
    _of_calls("trigonometry-takes-null-for-zero", "Takes null for zero in trigonometry.", tuple(trigonometry.RULES)),
    _of_calls("text-takes-null-for-empty", "Takes null for empty text in functions of text.", tuple(string.RULES)),
    _of_calls("patterns-take-null-for-empty", "Takes null for empty text in patterns.", tuple(pattern.RULES)),
    _of_calls("hashes-take-null-for-empty", "Takes null for empty text in hashes.", tuple(hash.RULES)),
    _of_calls("calendar-takes-null-for-1970", "Takes null for 1970 in the calendar.", tuple(calendar.RULES)),
    _of_calls("clock-takes-null-for-1970", "Takes null for 1970 in clocks and formats.", tuple(clock.RULES)),
    _of_calls("epochs-take-null-for-1970", "Takes null for 1970 in numbers since then.", tuple(epoch.RULES)),
    Mutant("casts-take-null-for-zero", "Takes null for zero in conversions.", touches=("expression.cast",), spoil=running(_in_casts)),
)  # fmt: skip
"""Wrong nulls."""
