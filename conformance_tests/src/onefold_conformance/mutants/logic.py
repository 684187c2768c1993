"""Mutants of truth values, of null handling and of case."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from onefold.plan import Call, Case, Expression, Literal, WhenThen
from onefold_conformance.mutants.habits import TEXT_KEYS, is_nan, key_with, saturated, single
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.plans import call_becomes, case_becomes, cast_becomes
from onefold_conformance.mutants.wrong import function, function_but
from onefold_conformance.oracle.functions.boolean import all_of, any_of
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.values import Value

__all__ = ["MUTANTS"]


def _or(expression: Expression, value: bool) -> Call:
    return Call(function="coalesce", args=(expression, Literal.of(value)))


def _args_or_false(call: Call) -> Call:
    return call.replace(args=tuple(_or(arg, False) for arg in call.args))


def _first_known(call: Application, *values: bool | None) -> bool | None:
    """The nulls left out, as aggregations do."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return all_of(*known) if call.name == "and" else any_of(*known)


def _through_float(value: Value) -> Value:
    return saturated(int(float(value))) if isinstance(value, int) and not isinstance(value, bool) else value


def _nulls_swapped(call: Application, value: Value, unwanted: Value) -> Value:
    return FUNCTIONS["nullif"](call, unwanted, value)


def _nullif_by(text: Callable[[str], Any]) -> FunctionRule:
    """The rule with another equality of text."""
    key = key_with(text)

    def rule(call: Application, value: Value, unwanted: Value) -> Value:
        if value is None or unwanted is None:
            return value
        return None if key(value, call.arg_types[0]) == key(unwanted, call.arg_types[0]) else value

    return rule


def _null_condition_holds(case: Case) -> Case:
    return case.replace(branches=tuple(WhenThen(when=_or(b.when, True), then=b.then) for b in case.branches))


def _null_condition_is_null(case: Case) -> Case:
    """A null condition ends the search, and the result is null."""
    branches = []
    for branch in case.branches:
        unknown = Call(function="is_null", args=(branch.when,))
        never = WhenThen(when=Literal.of(False), then=branch.then)
        nothing = Case(branches=(never,))
        branches += [WhenThen(when=unknown, then=nothing), branch]
    return case.replace(branches=tuple(branches))


def _last_branch_first(case: Case) -> Case:
    return case.replace(branches=case.branches[::-1])


def _without_else(case: Case) -> Case:
    return case.replace(otherwise=case.branches[-1].then) if case.otherwise is None else case


def _eager(case: Case) -> Case:
    """All results are computed, so that a failing one fails the run although it is not taken."""
    results = [branch.then for branch in case.branches] + ([] if case.otherwise is None else [case.otherwise])
    computed = [Call(function="or", args=(Call(function="is_null", args=(r,)), Literal.of(True))) for r in results]
    first, *rest = case.branches
    when = Call(function="and", args=(first.when, *computed))
    return case.replace(branches=(WhenThen(when=when, then=first.then), *rest))


_AND_OR = ("and", "or")


def _text_of_one_length(case: Case) -> Case:
    first, *rest = case.branches
    if not isinstance(first.then, Literal) or not isinstance(first.then.python_value, str):
        return case
    count = len(first.then.python_value)

    def cut(expression: Expression) -> Call:
        return Call(function="left", args=(expression,), options={"count": count})

    branches = (first, *(WhenThen(when=branch.when, then=cut(branch.then)) for branch in rest))
    return case.replace(branches=branches, otherwise=None if case.otherwise is None else cut(case.otherwise))


MUTANTS: tuple[Mutant, ...] = (
    *(function_but(name, "null-with-a-null", f"Returns null from {name} as soon as one argument is null.", lambda *vs: None in vs) for name in _AND_OR),
    *(function(name, "null-is-false", f"Returns false from {name} where it is null.", lambda call, *vs: FUNCTIONS[call.name](call, *vs) is True) for name in _AND_OR),
    *(function(name, "leaves-nulls-out", f"Leaves nulls out of {name}.", _first_known) for name in _AND_OR),
    *(function(name, "of-two", f"Looks at the first two arguments of {name} only.", lambda call, *vs: FUNCTIONS[call.name](call, *vs[:2])) for name in _AND_OR),
    function_but("or", "null-or-null-is-true", "Returns true for null or null.", lambda *vs: all(v is None for v in vs), lambda *vs: True),
    call_becomes("not", "null-is-true", "Returns true for the negation of null.", lambda call: _or(call, True)),
    call_becomes("not", "null-is-false", "Returns false for the negation of null.", lambda call: _or(call, False)),
    function_but("not", "keeps-false", "Leaves false as it is.", lambda v: v is False, lambda v: False),
    function("xor", "is-or", "Returns true for both true.", lambda call, a, b: a or b),
    call_becomes("xor", "null-is-false", "Takes null for false in xor.", _args_or_false),
    call_becomes("xor", "with-null-is-false", "Returns false from xor when an argument is null.", lambda call: _or(call, False)),
    function("coalesce", "skips-nan", "Skips NaN as if it were null.", lambda call, *vs: FUNCTIONS["coalesce"](call, *(None if is_nan(v) else v for v in vs))),
    function("coalesce", "skips-empty-text", "Skips empty text as if it were null.", lambda call, *vs: FUNCTIONS["coalesce"](call, *(None if v == "" else v for v in vs))),
    function("coalesce", "skips-zero-and-false", "Skips zero and false as if they were null.", lambda call, *vs: FUNCTIONS["coalesce"](call, *(v if v or isinstance(v, str) else None for v in vs))),
    function("coalesce", "skips-empty-lists", "Skips empty lists as if they were null.", lambda call, *vs: FUNCTIONS["coalesce"](call, *(None if v == [] else v for v in vs))),
    function("coalesce", "of-two", "Looks at the first two arguments of coalesce only.", lambda call, *vs: FUNCTIONS["coalesce"](call, *vs[:2])),
    function("coalesce", "takes-the-last", "Returns the last argument that is not null.", lambda call, *vs: FUNCTIONS["coalesce"](call, *vs[::-1])),
    function("coalesce", "integers-through-float", "Rounds integers beyond 2^53.", lambda call, *vs: _through_float(FUNCTIONS["coalesce"](call, *vs))),
    function_but("nullif", "null-with-a-null", "Returns null when the second argument is null.", lambda v, unwanted: unwanted is None),
    function_but("nullif", "keeps-nan", "Takes NaN for unequal to itself.", lambda v, unwanted: is_nan(v), lambda v, unwanted: v),
    function_but("nullif", "null-is-the-second", "Returns the second argument when the first is null.", lambda v, unwanted: v is None, lambda v, unwanted: unwanted),
    function("nullif", "swapped", "Returns the second argument.", _nulls_swapped),
    function_but("nullif", "floats-in-32-bits", "Compares floats in 32 bits in nullif.", lambda a, b: isinstance(a, float) and isinstance(b, float) and math.isfinite(a) and single(a) == single(b)),
    function_but("nullif", "decimals-in-float", "Compares numbers as floats in nullif.", lambda a, b: a is not None and b is not None and not isinstance(a, str | bytes | float | bool) and float(a) == float(b)),
    *(function("nullif", f"text-{name}", f"Compares text {how} in nullif.", _nullif_by(key)) for name, (how, key) in TEXT_KEYS.items()),
    function_but("nan_to_null", "infinity-too", "Returns null for infinities as for NaN.", math.isinf),
    function_but("nan_to_null", "to-zero", "Returns 0.0 for NaN.", math.isnan, lambda v: 0.0),
    function("nan_to_null", "keeps-nan", "Leaves NaN as it is.", lambda call, v: v),
    case_becomes("null-condition-holds", "Takes a null condition of a case for true.", _null_condition_holds),
    case_becomes("null-condition-ends", "Returns null from a case when a condition is null.", _null_condition_is_null),
    case_becomes("last-branch-first", "Takes the last branch of a case whose condition is true.", _last_branch_first),
    case_becomes("without-else", "Takes the last branch of a case for its else.", _without_else),
    case_becomes("eager", "Computes all branches of a case, so that one that is not taken can fail.", _eager),
    cast_becomes("failure-is-null", "Returns null for what can not be converted, also where that is an error.", lambda cast: cast.replace(on_failure="null")),
    cast_becomes("failure-is-an-error", "Fails for what can not be converted, also where null is asked for.", lambda cast: cast.replace(on_failure="error")),
    case_becomes("text-of-one-length", "Cuts the texts of a case to the length of the first.", _text_of_one_length),
)  # fmt: skip
"""Wrong logic."""
