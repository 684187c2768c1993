"""Mutants of projections: which columns are read, and how expressions are taken apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from onefold.plan import (
    Call,
    Case,
    Cast,
    Column,
    Expression,
    Filter,
    Literal,
    NamedExpression,
    Node,
    Project,
    Relation,
    WhenThen,
    infer,
)
from onefold.types import BOOL, FLOAT64, INT64, STRING, Schema
from onefold_conformance.mutants.model import Execute, Mutant
from onefold_conformance.mutants.steps import node_becomes, of_step, plan_becomes, rows_out
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row

__all__ = ["MUTANTS"]


# -- columns


def _one_after_another(*, backwards: bool = False) -> Callable[[Context, Project, Step], Result]:
    """Return a step in which columns see those that were computed before them, under their new names."""

    def step(context: Context, node: Project, right: Step) -> Result:
        below = context.result(node.input)
        reads = node.input.output
        items = node.columns[::-1] if backwards else node.columns
        computed = [(item.name, context.compile(item.expression, reads)) for item in items]
        rows = []
        for row in below.rows:
            seen, new = dict(row), {}
            for name, compute in computed:
                new[name] = compute(seen)
                if name in reads and reads[name].dtype == node.output[name].dtype:
                    seen[name] = new[name]
            rows.append({name: new[name] for name in node.output.names})
        return dataclasses.replace(right(context, node), rows=rows)

    return step


def _in_the_order_of(names_of: Callable[[Project], list[str]]) -> Callable[[list[Row], Project], list[Row]]:
    """Return what gives the columns in another order, bound by their place where that fits their types."""

    def change(rows: list[Row], node: Project) -> list[Row]:
        names, schema = names_of(node), node.output
        if any(schema[a].dtype != schema[b].dtype for a, b in zip(names, schema.names, strict=True)):
            return rows
        return [{b: row[a] for a, b in zip(names, schema.names, strict=True)} for row in rows]

    return change


def _places_below(node: Project) -> list[str]:
    places = node.input.output.names
    known = [i.name for i in node.columns if isinstance(i.expression, Column)]
    by_source = sorted(
        known,
        key=lambda name: places.index(next(i.expression.name for i in node.columns if i.name == name)),  # type: ignore[attr-defined]
    )
    moved = iter(by_source)
    return [next(moved) if item.name in known else item.name for item in node.columns]


def _by_place(context: Context, node: Project, right: Step) -> Result:
    """Columns that are only named come from their place in the input."""
    result = right(context, node)
    reads = node.input.output
    source = context.result(node.input).rows
    fits = {
        item.name: reads.names[place]
        for place, item in enumerate(node.columns)
        if isinstance(item.expression, Column)
        and place < len(reads)
        and reads[reads.names[place]].dtype == node.output[item.name].dtype
    }
    rows = [
        {**row, **{name: old[column] for name, column in fits.items()}}
        for row, old in zip(result.rows, source, strict=True)
    ]
    return dataclasses.replace(result, rows=rows)


def _once_each(rows: list[Row], node: Project) -> list[Row]:
    """A column that is taken several times comes out under its last name, and is null under the others."""
    last = {i.expression.name: i.name for i in node.columns if isinstance(i.expression, Column)}
    lost = [i.name for i in node.columns if isinstance(i.expression, Column) and last[i.expression.name] != i.name]
    return [{**row, **dict.fromkeys(lost)} for row in rows]


def _kept_names(context: Context, node: Project, right: Step) -> Result:
    """A column of the input stays where its name is given to another one."""
    result = right(context, node)
    reads = node.input.output
    kept = [n for n in node.output.names if n in reads and reads[n].dtype == node.output[n].dtype]
    rows = [
        {**row, **{name: old[name] for name in kept}}
        for row, old in zip(result.rows, context.result(node.input).rows, strict=True)
    ]
    return dataclasses.replace(result, rows=rows)


def _constants_once(rows: list[Row], node: Project) -> list[Row]:
    constant = not any(item.expression.columns for item in node.columns)
    return rows[:1] if constant else rows


def _without_the_one_below(node: Project) -> Project:
    """Columns of a projection below are those that had their names before."""
    below = node.input
    if not isinstance(below, Project):
        return node
    before, after = below.input.output, below.output
    used = {name for item in node.columns for name in item.expression.columns}
    if not all(name in before and before[name].dtype == after[name].dtype for name in used):
        return node
    return node.replace(input=below.input)


def _computed_for_all(context: Context, node: Project, right: Step) -> Result:
    """Columns are computed for the rows too that a filter below drops."""
    if isinstance(node.input, Filter):
        right(context, node.replace(input=node.input.input))
    return right(context, node)


def _duplicates(rows: list[Row], node: Project) -> list[Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(repr(row), row)
    return list(found.values())


def _at_most(count: int) -> Callable[[list[Row], Project], list[Row]]:
    return lambda rows, node: [
        {name: value if place < count else None for place, (name, value) in enumerate(row.items())} for row in rows
    ]


def _handed_out(name: str, what: str, change: Callable[[Project], Project]) -> Mutant:
    """Return a mutant that hands out the columns of another projection, where that is all that is left to do."""

    def spoil(execute: Execute) -> Execute:
        def wrong(plan: Relation, inputs: Mapping[str, Any], **more: Any) -> pa.RecordBatchReader:
            return execute(change(plan) if isinstance(plan, Project) else plan, inputs, **more)

        return wrong

    return Mutant(f"project-{name}", what, touches=("relation.project",), spoil=spoil)


def _with_all_others(node: Project) -> Project:
    others = [name for name in node.input.output.names if name not in node.output]
    more = (NamedExpression(name=name, expression=Column(name=name)) for name in others)
    return node.replace(columns=(*node.columns, *more))


def _in_the_order_below(node: Project) -> Project:
    """Columns that are only renamed come out in the order that they have in the input."""
    places = node.input.output.names

    def place(item: NamedExpression) -> int:
        return places.index(item.expression.name) if isinstance(item.expression, Column) else len(places)

    return node.replace(columns=tuple(sorted(node.columns, key=place)))


# -- expressions


def _calls(name: str, what: str, change: Callable[[Call, Schema], Expression], *functions: str) -> Mutant:
    """Return a mutant that computes another expression in place of calls of some functions."""

    def changed(node: Node, reads: Schema | None) -> Node:
        return change(node, reads) if isinstance(node, Call) and node.function in functions and reads else node

    return plan_becomes(f"expression-{name}", what, changed, *(f"function.{function}" for function in functions))


def _flat(call: Call, function: str, place: int) -> Call | None:
    """Return the argument at a place when it is a call of two arguments of a function."""
    inner = call.args[place] if len(call.args) == 2 else None
    return inner if isinstance(inner, Call) and inner.function == function and len(inner.args) == 2 else None


def _without_brackets(outer: str, inner: str, result: str) -> Callable[[Call, Schema], Expression]:
    """Return what reads ``a outer (b inner c)`` as ``(a outer b) result c``."""

    def change(call: Call, reads: Schema) -> Expression:
        found = _flat(call, inner, 1)
        if found is None:
            return call
        first = Call(function=outer, args=(call.args[0], found.args[0]))
        return Call(function=result, args=(first, found.args[1]))

    return change


def _binding_weaker(outer: str, inner: str) -> Callable[[Call, Schema], Expression]:
    """Return what reads ``(a inner b) outer c`` as ``a inner (b outer c)``."""

    def change(call: Call, reads: Schema) -> Expression:
        found = _flat(call, inner, 0)
        if found is None:
            return call
        last = Call(function=outer, args=(found.args[1], call.args[1]))
        return Call(function=inner, args=(found.args[0], last))

    return change


def _of_floats(change: Callable[[Call, Schema], Expression]) -> Callable[[Call, Schema], Expression]:
    return lambda call, reads: change(call, reads) if infer(call, reads).dtype == FLOAT64 else call


def _cancelled(call: Call, reads: Schema) -> Expression:
    """What is multiplied and divided by one number is left alone."""
    found = _flat(call, "multiply", 0) or _flat(call, "int_divide", 0)
    if found is None or found.args[1] != call.args[1]:
        return call
    return found.args[0] if infer(found.args[0], reads).dtype == infer(call, reads).dtype else call


def _moved_over(call: Call, reads: Schema) -> Expression:
    """A factor in a comparison with a constant is moved to the other side."""
    right = call.args[1]
    found = _flat(call, "multiply", 0) or _flat(call, "int_divide", 0)
    if found is None or not isinstance(right, Literal) or infer(right, reads).dtype != INT64:
        return call
    other = "int_divide" if found.function == "multiply" else "multiply"
    return Call(function="equal", args=(found.args[0], Call(function=other, args=(right, found.args[1]))))


def _pulled_out(call: Call, reads: Schema) -> Expression:
    """A quotient of a product is the product of a quotient."""
    found = _flat(call, "multiply", 0)
    if found is None:
        return call
    return Call(
        function="multiply", args=(found.args[0], Call(function="int_divide", args=(found.args[1], call.args[1])))
    )


def _not_of_the_first(call: Call, reads: Schema) -> Expression:
    """A negation is about the first part of what it stands before."""
    inner = call.args[0]
    if not isinstance(inner, Call) or inner.function not in {"and", "or"}:
        return call
    return inner.replace(args=(Call(function="not", args=inner.args[:1]), *inner.args[1:]))


def _negated_first(call: Call, reads: Schema) -> Expression:
    """A minus is about the first part of the sum that it stands before."""
    inner = call.args[0]
    if not isinstance(inner, Call) or inner.function not in {"add", "subtract"}:
        return call
    return inner.replace(args=(Call(function="negate", args=inner.args[:1]), *inner.args[1:]))


def _comment(call: Call, reads: Schema) -> Expression:
    """Two minus signs after one another begin a comment."""
    inner = call.args[0]
    double = isinstance(inner, Call) and inner.function == "negate"
    return call if not double else inner


def _minus_minus(call: Call, reads: Schema) -> Expression:
    """A minus sign before a negative constant begins a comment, and only what is before it stays."""
    left, right = call.args
    negative = isinstance(right, Literal) and isinstance(right.value, int | float) and right.value < 0
    return left if negative and infer(left, reads).dtype == infer(call, reads).dtype else call


def _deep_is_null(deepest: int) -> Callable[[Node, Schema | None], Node]:
    def change(node: Node, reads: Schema | None) -> Node:
        if (
            isinstance(node, Expression)
            and node.depth == deepest
            and reads is not None
            and not isinstance(node, WhenThen)
        ):
            return Literal.of(None, infer(node, reads).dtype)
        return node

    return change


def _first_args(count: int) -> Callable[[Call, Schema], Expression]:
    return lambda call, reads: call.replace(args=call.args[:count])


# -- cases


def _cases(name: str, what: str, change: Callable[[Case, Schema], Expression]) -> Mutant:
    def changed(node: Node, reads: Schema | None) -> Node:
        return change(node, reads) if isinstance(node, Case) and reads is not None else node

    return plan_becomes(f"case-{name}", what, changed, "expression.case")


def _cut_to_the_first(case: Case, reads: Schema) -> Expression:
    """Text of branches is as long as that of the first at most."""
    first = case.branches[0].then
    if not isinstance(first, Literal) or not isinstance(first.value, str) or first.dtype != STRING:
        return case
    return Call(function="left", args=(case,), options={"count": len(first.value)})


def _null_is_false(case: Case, reads: Schema) -> Expression:
    if infer(case, reads).dtype != BOOL:
        return case
    return Call(function="coalesce", args=(case, Literal.of(False)))


def _conditions_first(case: Case, reads: Schema) -> Expression:
    """All conditions are computed, so that one that is not reached can fail."""
    whens = [branch.when for branch in case.branches]
    computed = [Call(function="or", args=(Call(function="is_null", args=(w,)), Literal.of(True))) for w in whens]
    first, *rest = case.branches
    when = Call(function="and", args=(first.when, *computed))
    return case.replace(branches=(WhenThen(when=when, then=first.then), *rest))


def _failures_are_null(case: Case, reads: Schema) -> Expression:
    """Conversions in branches give null where they fail."""

    def lenient(expression: Expression) -> Expression:
        return expression.replace(on_failure="null") if isinstance(expression, Cast) else expression

    branches = tuple(WhenThen(when=branch.when, then=lenient(branch.then)) for branch in case.branches)
    return case.replace(branches=branches, otherwise=case.otherwise and lenient(case.otherwise))


def _nested_else(case: Case, reads: Schema) -> Expression:
    """A case in a branch ends the case around it."""
    inner = case.otherwise
    return case.replace(otherwise=inner.otherwise) if isinstance(inner, Case) else case


def _otherwise_is_null(case: Case, reads: Schema) -> Expression:
    return case.replace(otherwise=None)


MUTANTS: tuple[Mutant, ...] = (
    # -- columns
    of_step(Project, "one-after-another", "Reads a new column where an old one of its name is asked for.", _one_after_another()),
    of_step(Project, "one-after-another-backwards", "Reads a new column that stands further behind for an old one of its name.", _one_after_another(backwards=True)),
    rows_out(Project, "by-name", "Returns the columns in the order of their names.", _in_the_order_of(lambda node: sorted(node.output.names))),
    rows_out(Project, "in-the-order-of-the-input", "Returns the columns in the order that they have in the input.", _in_the_order_of(_places_below)),
    of_step(Project, "by-place", "Takes columns from the same place of the input.", _by_place),
    rows_out(Project, "once-each", "Returns a column once that is asked for several times.", _once_each),
    of_step(Project, "keeps-names", "Keeps a column where its name is given to another.", _kept_names),
    rows_out(Project, "constants-once", "Returns one row where nothing but constants is asked for.", _constants_once),
    rows_out(Project, "drops-duplicates", "Drops rows that are alike after a projection.", _duplicates),
    rows_out(Project, "at-most-100", "Loses the values of columns after the hundredth.", _at_most(100)),
    rows_out(Project, "nothing-is-a-row", "Returns a row of nulls when there is none.", lambda rows, node: rows or [dict.fromkeys(node.output.names)]),
    node_becomes(Project, "without-the-one-below", "Forgets a projection below another one.", _without_the_one_below),
    of_step(Project, "computes-what-is-dropped", "Computes columns for rows that a filter below drops.", _computed_for_all),
    _handed_out("with-all-others", "Returns all columns of the input beside those that are asked for.", _with_all_others),
    _handed_out("renames-in-place", "Leaves columns that are renamed where they are in the input.", _in_the_order_below),
    # -- expressions
    _calls("difference-without-brackets", "Reads a - (b - c) as a - b - c.", _without_brackets("subtract", "subtract", "subtract"), "subtract"),
    _calls("quotient-without-brackets", "Reads a / (b / c) as a / b / c.", _without_brackets("int_divide", "int_divide", "int_divide"), "int_divide"),
    _calls("modulo-without-brackets", "Reads a % (b % c) as a % b % c.", _without_brackets("modulo", "modulo", "modulo"), "modulo"),
    _calls("product-of-sum-without-brackets", "Reads (a + b) * c as a + b * c.", _binding_weaker("multiply", "add"), "multiply"),
    _calls("product-of-quotient-without-brackets", "Reads a * (b / c) as a * b / c.", _without_brackets("multiply", "int_divide", "int_divide"), "multiply"),
    _calls("and-of-or-without-brackets", "Reads (a or b) and c as a or b and c.", _binding_weaker("and", "or"), "and"),
    _calls("not-of-the-first", "Negates the first part of a condition only.", _not_of_the_first, "not"),
    _calls("negates-the-first", "Negates the first part of a sum only.", _negated_first, "negate"),
    _calls("minus-minus-is-one", "Takes two minus signs for one.", _comment, "negate"),
    _calls("minus-minus-is-a-comment", "Takes a minus before a negative constant for a comment.", _minus_minus, "subtract"),
    _calls("sums-rearranged", "Adds floats in another order.", _of_floats(_without_brackets("add", "add", "add")), "add"),
    _calls("sums-of-constants-first", "Adds the constants of a sum of floats first.", _of_floats(_binding_weaker("add", "add")), "add"),
    _calls("differences-cancelled", "Leaves out what is added and subtracted again.", lambda call, reads: (f.args[0] if (f := _flat(call, "add", 0)) and f.args[1] == call.args[1] else call), "subtract"),
    _calls("factors-cancelled", "Leaves out what is multiplied and divided again.", _cancelled, "divide", "multiply"),
    _calls("factors-moved", "Moves a factor to the other side of an equation.", _moved_over, "equal"),
    _calls("factors-pulled-out", "Divides one factor of a product.", _pulled_out, "int_divide"),
    _calls("at-most-100-arguments", "Looks at the first hundred arguments only.", _first_args(100), "greatest", "least", "coalesce", "concat", "and", "or", "is_in"),
    plan_becomes("expression-deep-is-null", "Returns null for what is nested fifty deep.", _deep_is_null(50), "function.add", "function.subtract", "function.not", "function.negate", "expression.case"),
    # -- cases
    _cases("cut-to-the-first", "Cuts text of all branches to the length of the first.", _cut_to_the_first),
    _cases("null-is-false", "Returns false for a null case of truth values.", _null_is_false),
    _cases("conditions-first", "Computes all conditions of a case, so that one that is not reached can fail.", _conditions_first),
    _cases("failures-are-null", "Returns null where a conversion in a branch fails.", _failures_are_null),
    _cases("at-most-255", "Looks at the first 255 branches of a case only.", lambda case, reads: case.replace(branches=case.branches[:255])),
    _cases("nested-else", "Leaves out a case that is the else of another.", _nested_else),
    _cases("else-is-null", "Returns null for the else of a case.", _otherwise_is_null),
)  # fmt: skip
"""Wrong projections."""
