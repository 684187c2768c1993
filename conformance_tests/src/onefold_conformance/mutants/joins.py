"""Mutants of joins: which keys are equal, which rows come out, and what is in their columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from onefold.plan import Filter, Input, Join, Literal, Union
from onefold.types import INT64, DataType, List, Struct
from onefold_conformance.mutants.habits import zero_of
from onefold_conformance.mutants.keys import EQUALITIES
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import node_becomes, of_step, rows_in, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.relations.rows import identity_of
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.rules import Rules
from onefold_conformance.oracle.values import Row, Value, order_key

__all__ = ["MUTANTS"]

_Match: TypeAlias = Callable[[Sequence[Value], Sequence[Value], Sequence[DataType]], bool]


def _matching(name: str, what: str, match: _Match) -> Mutant:
    return under(Join, f"keys-{name}", what, keys_match=lambda rules, left, right, types: match(left, right, types))


def _equal(left: Value, right: Value, dtype: DataType) -> bool:
    return left is not None and right is not None and order_key(left, dtype) == order_key(right, dtype)


def _compared_by(key: Callable[[Value, DataType], Any]) -> _Match:
    return lambda left, right, types: all(
        a is not None and b is not None and key(a, dtype) == key(b, dtype)
        for a, b, dtype in zip(left, right, types, strict=True)
    )


def _pairs(match: Callable[[list[bool], list[bool]], bool]) -> _Match:
    """Return what decides by which keys are equal, and which are null on both sides."""

    def matches(left: Sequence[Value], right: Sequence[Value], types: Sequence[DataType]) -> bool:
        equal = [_equal(a, b, dtype) for a, b, dtype in zip(left, right, types, strict=True)]
        null = [a is None and b is None for a, b in zip(left, right, strict=True)]
        return match(equal, null)

    return matches


def _either(equal: list[bool], null: list[bool]) -> bool:
    return all(a or b for a, b in zip(equal, null, strict=True))


def _zero_for_null(left: Sequence[Value], right: Sequence[Value], types: Sequence[DataType]) -> bool:
    def filled(values: Sequence[Value]) -> list[Value]:
        return [zero_of(dtype) if value is None else value for value, dtype in zip(values, types, strict=True)]

    return all(map(_equal, filled(left), filled(right), types))


def _run_together(left: Sequence[Value], right: Sequence[Value], types: Sequence[DataType]) -> bool:
    return None not in {*map(_is_known, (*left, *right))} and "".join(map(str, left)) == "".join(map(str, right))


def _is_known(value: Value) -> bool | None:
    return None if value is None else True


def _sorted_keys(node: Join) -> Join:
    """Keys are paired by the order of their names."""
    left, right = tuple(sorted(node.left_on)), tuple(sorted(node.right_on))
    types = [(node.left.output[a].dtype, node.right.output[b].dtype) for a, b in zip(left, right, strict=True)]
    return node.replace(left_on=left, right_on=right) if all(a == b for a, b in types) else node


def _kind(name: str, what: str, **becomes: str) -> Mutant:
    """Return a mutant that runs one kind of join as another that has the same columns."""
    return node_becomes(Join, name, what, lambda node: _as(node, becomes.get(node.how, node.how)))


def _as(node: Join, how: str) -> Join:
    return node.replace(how=how) if how != node.how else node


def _rule(how: str, name: str, what: str, **methods: Callable[[bool], bool]) -> Mutant:
    """Return a mutant that keeps other rows in one kind of join: ``method(matched)`` says which."""

    def method(wrong: Callable[[bool], bool], right: Callable[..., bool]) -> Callable[..., bool]:
        return lambda rules, kind, *, matched: wrong(matched) if kind == how else right(rules, kind, matched=matched)

    changed = {key: method(wrong, getattr(Rules, key)) for key, wrong in methods.items()}
    return under(Join, f"{how}-{name}", what, **changed)


def _for(how: Sequence[str], step: Callable[[Context, Join, Step], Result]) -> Callable[[Context, Join, Step], Result]:
    """Return a step that is wrong for some kinds of joins only."""
    return lambda context, node, right: step(context, node, right) if node.how in how else right(context, node)


def _semi_multiplies(context: Context, node: Join, right: Step) -> Result:
    """Left rows come out once for each match."""
    inner = right(context, node.replace(how="inner"))
    names = node.output.names
    return dataclasses.replace(inner, rows=[{name: row[name] for name in names} for row in inner.rows])


def _once(context: Context, node: Join, right: Step) -> Result:
    result = right(context, node)
    return dataclasses.replace(result, rows=list({repr(row): row for row in result.rows}.values()))


def _first_of_each_key(side: str, keys: str, *, last: bool = False) -> Callable[[list[Row], Join], list[Row]]:
    """Return what keeps one row of each key, and all rows with null keys."""

    def change(rows: list[Row], node: Join) -> list[Row]:
        names: tuple[str, ...] = getattr(node, keys)
        schema = getattr(node, side).output
        found: dict[Any, Row] = {}
        for place, row in enumerate(rows):
            key = identity_of(Rules(), row, names, schema)
            key = place if any(row[name] is None for name in names) else key
            if last:
                found[key] = row
            else:
                found.setdefault(key, row)
        return list(found.values())

    return change


def _one_match(context: Context, node: Join, right: Step) -> Result:
    """Each left row meets the first of its matches only."""
    if node.how in {"semi", "anti", "cross"}:
        return right(context, node)
    one = rows_in(Join, "-", "-", _first_of_each_key("right", "right_on"), "right").relations[Join]
    return one(context, node)


def _without_nulls(side: str, keys: str) -> Callable[[list[Row], Join], list[Row]]:
    return lambda rows, node: [row for row in rows if all(row[name] is not None for name in getattr(node, keys))]


def _anti_drops_nulls(context: Context, node: Join, right: Step) -> Result:
    result = right(context, node)
    return dataclasses.replace(result, rows=_without_nulls("left", "left_on")(result.rows, node))


def _not_in(context: Context, node: Join, right: Step) -> Result:
    """A null key on the right keeps all rows out."""
    result = right(context, node)
    unknown = any(None in (row[name] for name in node.right_on) for row in context.result(node.right).rows)
    return dataclasses.replace(result, rows=[] if unknown else result.rows)


def _keys_of(value: Callable[[Value, Value], Value]) -> Callable[[Context, Join, Step], Result]:
    """Return a step that gives other keys in full joins: ``value(key of the left row, key of the right row)``."""

    def step(context: Context, node: Join, right: Step) -> Result:
        types = [node.left.output[name].dtype for name in node.left_on]
        result = right(context, node)
        rows = []
        for number, row in enumerate(result.rows):
            mine = [row[name] for name in node.left_on]
            alone = number >= len(result.rows) - _rights_alone(context, node)
            matched = any(Rules().keys_match(mine, key, types) for key in _right_keys(context, node))
            lefts = [None] * len(mine) if alone else mine
            rights = mine if alone or matched else [None] * len(mine)
            rows.append({**row, **dict(zip(node.left_on, map(value, lefts, rights), strict=True))})
        return dataclasses.replace(result, rows=rows)

    return _for(["full"], step)


def _right_keys(context: Context, node: Join) -> list[list[Value]]:
    return [[row[name] for name in node.right_on] for row in context.result(node.right).rows]


def _rights_alone(context: Context, node: Join) -> int:
    """Return how many right rows come out alone: they are the last ones."""
    types = [node.left.output[name].dtype for name in node.left_on]
    lefts = [[row[name] for name in node.left_on] for row in context.result(node.left).rows]
    return sum(
        not any(Rules().keys_match(left, right, types) for left in lefts) for right in _right_keys(context, node)
    )


def _padded(side: str) -> Callable[[list[Row], Join], list[Row]]:
    """Return what takes a side without rows for a row of nulls."""
    return lambda rows, node: rows or [dict.fromkeys(getattr(node, side).output.names)]


def _ignoring_empty_right(context: Context, node: Join, right: Step) -> Result:
    """Without right rows the left ones come out, whatever the kind."""
    if context.result(node.right).rows:
        return right(context, node)
    left = context.result(node.left).rows
    rows = [{name: row.get(name) for name in node.output.names} for row in left]
    return dataclasses.replace(right(context, node), rows=rows)


def _nothing_of_empty(context: Context, node: Join, right: Step) -> Result:
    """Where one side has no rows nothing comes out, whatever the kind."""
    result = right(context, node)
    empty = not context.result(node.left).rows or not context.result(node.right).rows
    return dataclasses.replace(result, rows=[] if empty else result.rows)


def _reads_streams_once(context: Context, node: Join, right: Step) -> Result:
    """A stream that the left side has read is empty for the right one."""
    read = {leaf.name for leaf in node.left.walk() if isinstance(leaf, Input)}
    again = {leaf.name for leaf in node.right.walk() if isinstance(leaf, Input)} & read
    if not again:
        return right(context, node)
    inputs = {name: table.slice(0, 0) if name in again else table for name, table in context.inputs.items()}
    fresh = dataclasses.replace(context, inputs=inputs, _known={})
    known = {**context._known, node.left.fingerprint: context.result(node.left)}
    known[node.right.fingerprint] = fresh.result(node.right)
    if node.left.fingerprint == node.right.fingerprint:
        emptied = node.replace(right=Filter(input=node.right, predicate=Literal.of(False)))
        return right(context, emptied)
    return right(dataclasses.replace(context, _known=known), node)


def _row_by_row(context: Context, node: Join, right: Step) -> Result:
    """A relation joined with itself meets itself row by row."""
    if node.left.fingerprint != node.right.fingerprint or node.how in {"semi", "anti"}:
        return right(context, node)
    rows = [{**row, **{out: row[name] for name, out in node.right_columns}} for row in context.result(node.left).rows]
    return dataclasses.replace(right(context, node), rows=rows)


def _overwritten(rows: list[Row], node: Join) -> list[Row]:
    """Columns of the right take the place of left columns of their name."""
    same = [(name, out) for name, out in node.right_columns if name != out and name not in node.left_on]
    same = [pair for pair in same if node.left.output[pair[0]].dtype == node.right.output[pair[0]].dtype]
    return [{**row, **{name: row[out] for name, out in same}} for row in rows]


def _exchanged(rows: list[Row], node: Join) -> list[Row]:
    """The left column gets the suffix instead of the right one."""
    same = [(name, out) for name, out in node.right_columns if name != out and name not in node.left_on]
    same = [pair for pair in same if node.left.output[pair[0]].dtype == node.right.output[pair[0]].dtype]
    return [{**row, **{name: row[out] for name, out in same}, **{out: row[name] for name, out in same}} for row in rows]


def _left_for_suffix(rows: list[Row], node: Join) -> list[Row]:
    """A column with the suffix holds the value of the left."""
    same = [pair for pair in node.right_columns if pair[0] != pair[1]]
    same = [pair for pair in same if node.left.output[pair[0]].dtype == node.right.output[pair[0]].dtype]
    return [{**row, **{out: row[name] for name, out in same}} for row in rows]


def _filled_where_alone(fill: Callable[[DataType], Value]) -> Callable[[list[Row], Join], list[Row]]:
    """Return what fills the right columns of rows in which they are all null."""

    def change(rows: list[Row], node: Join) -> list[Row]:
        outs = {out: node.output[out].dtype for _, out in node.right_columns}
        if node.how not in {"left", "full"}:
            return rows
        return [
            {**row, **{out: fill(dtype) for out, dtype in outs.items()}}
            if outs and all(row[out] is None for out in outs)
            else row
            for row in rows
        ]

    return change


def _zero(dtype: DataType) -> Value:
    return None if isinstance(dtype, List | Struct) else zero_of(dtype)


def _nested(dtype: DataType) -> Value:
    if isinstance(dtype, List):
        return []
    return {name: None for name, _ in dtype.fields} if isinstance(dtype, Struct) else None


def _through_float(rows: list[Row], node: Join) -> list[Row]:
    whole = [f.name for f in node.output if f.dtype == INT64]
    beside_nulls = [name for name in whole if any(row[name] is None for row in rows)]
    return [
        {**row, **{name: None if row[name] is None else int(float(row[name])) for name in beside_nulls}} for row in rows
    ]


def _filter_lifted(context: Context, node: Join, right: Step) -> Result:
    """A filter of the right side is applied to what the join gives."""
    below = node.right
    if not isinstance(below, Filter) or node.how not in {"left", "full"}:
        return right(context, node)
    names = dict(node.right_columns) | dict(zip(node.right_on, node.left_on, strict=True))
    predicate = context.compile(below.predicate, below.output)
    result = right(context, node.replace(right=below.input))
    rows = [row for row in result.rows if predicate({name: row[out] for name, out in names.items()}) is True]
    return dataclasses.replace(result, rows=rows)


def _key_of_its_own(rows: list[Row], node: Join) -> list[Row]:
    """In full joins a left column that is named like a right key is filled as well."""
    if node.how != "full":
        return rows
    names = {r: a for a, r in zip(node.left_on, node.right_on, strict=True) if r != a and r in node.left.output}
    fits = {r: a for r, a in names.items() if node.output[r].dtype == node.output[a].dtype}
    return [{**row, **{r: row[a] if row[r] is None else row[r] for r, a in fits.items()}} for row in rows]


def _without_columns(context: Context, node: Join, right: Step) -> Result:
    """A right side without columns of its own multiplies no rows."""
    if node.right_columns or node.how not in {"inner", "left"}:
        return right(context, node)
    return right(context, node.replace(how="semi")) if node.how == "inner" else context.result(node.left)


def _names_cut(rows: list[Row], node: Join) -> list[Row]:
    """Columns whose names begin alike, up to a mark, are taken for one."""
    first: dict[tuple[str, Any], str] = {}
    for name in node.output.names:
        first.setdefault((name.split(" ")[0].split(".")[0].lower(), node.output[name].dtype), name)
    return [{n: row[first[n.split(" ")[0].split(".")[0].lower(), node.output[n].dtype]] for n in row} for row in rows]


def _set_below(node: Join) -> Join:
    """A union on the right is taken for a set."""
    return node.replace(right=node.right.relations[0]) if isinstance(node.right, Union) else node


def _pairs_once(rows: list[Row], node: Join) -> list[Row]:
    return [row for row in rows if node.how != "cross" or not all(row[a] == row[b] for a, b in node.right_columns if a != b) or not any(a != b for a, b in node.right_columns)]  # fmt: skip


MUTANTS: tuple[Mutant, ...] = (
    # -- keys
    *(_matching(name, f"Joins rows and {what}.", _compared_by(key)) for name, (what, key) in EQUALITIES.items()),
    _matching("null-matches-null", "Matches null keys with null keys.", _pairs(_either)),
    _matching("one-null-of-two-matches", "Matches null keys with null keys where another key is equal.", _pairs(lambda equal, null: _either(equal, null) and any(equal))),
    _matching("null-is-zero", "Matches null keys with zero, false and empty text.", _zero_for_null),
    _matching("null-matches-all", "Matches a null key with every key.", lambda left, right, types: all(a is None or b is None or _equal(a, b, t) for a, b, t in zip(left, right, types, strict=True))),
    _matching("first-only", "Compares the first key only.", lambda left, right, types: _equal(left[0], right[0], types[0]) if types else True),
    _matching("last-only", "Compares the last key only.", lambda left, right, types: _equal(left[-1], right[-1], types[-1]) if types else True),
    _matching("any-of-them", "Matches rows in which one of the keys is equal.", _pairs(lambda equal, null: any(equal) or not equal)),
    _matching("run-together", "Joins the keys of a row into one text to compare them.", _run_together),
    _matching("null-nan", "Matches NaN with null.", lambda left, right, types: all(_equal(a, b, t) or {str(a), str(b)} == {"None", "nan"} for a, b, t in zip(left, right, types, strict=True))),
    node_becomes(Join, "keys-paired-by-name", "Pairs the keys of both sides in the order of their names.", _sorted_keys),
    # -- kinds
    _kind("inner-is-left", "Keeps left rows without a match in inner joins.", inner="left"),
    _kind("left-is-inner", "Drops left rows without a match in left joins.", left="inner"),
    _kind("left-is-full", "Keeps right rows without a match in left joins.", left="full"),
    _kind("full-is-left", "Drops right rows without a match in full joins.", full="left"),
    _kind("full-is-inner", "Drops rows without a match in full joins.", full="inner"),
    _kind("anti-is-semi", "Keeps rows with a match in anti joins.", anti="semi"),
    _kind("semi-is-anti", "Keeps rows without a match in semi joins.", semi="anti"),
    _rule("full", "drops-the-left", "Drops left rows without a match in full joins.", keeps_left=lambda matched: False),
    _rule("full", "keeps-the-left-twice", "Returns left rows of full joins alone beside their matches.", keeps_left=lambda matched: True),
    _rule("full", "keeps-the-right-twice", "Returns right rows of full joins alone beside their matches.", keeps_right=lambda matched: True),
    _rule("left", "keeps-all-alone", "Returns left rows alone beside their matches.", keeps_left=lambda matched: True),
    _rule("semi", "keeps-all", "Keeps all left rows in semi joins.", keeps_left=lambda matched: True),
    _rule("anti", "keeps-all", "Keeps all left rows in anti joins.", keeps_left=lambda matched: True),
    _rule("anti", "keeps-none", "Keeps no rows in anti joins.", keeps_left=lambda matched: False),
    of_step(Join, "semi-multiplies", "Returns left rows of semi joins once for each match.", _for(["semi"], _semi_multiplies)),
    *(of_step(Join, f"{how}-drops-duplicates", f"Returns equal rows of {how} joins once.", _for([how], _once)) for how in ("inner", "left", "full", "semi", "anti", "cross")),
    of_step(Join, "first-match", "Joins each row with the first of its matches only.", _one_match),
    rows_in(Join, "one-of-each-left-key", "Keeps one left row of each key.", _first_of_each_key("left", "left_on"), "left"),
    rows_in(Join, "drops-null-keys-on-the-left", "Drops left rows with null keys.", _without_nulls("left", "left_on"), "left"),
    rows_in(Join, "drops-null-keys-on-the-right", "Drops right rows with null keys.", _without_nulls("right", "right_on"), "right"),
    of_step(Join, "anti-drops-null-keys", "Drops rows with null keys from anti joins.", _for(["anti"], _anti_drops_nulls)),
    of_step(Join, "anti-is-not-in", "Keeps no rows in anti joins when a key on the right is null.", _for(["anti"], _not_in)),
    node_becomes(Join, "union-on-the-right-is-its-first", "Reads the first input of a union on the right only.", _set_below),
    rows_out(Join, "cross-with-itself-without-pairs", "Leaves out pairs of equal rows in cross joins.", _pairs_once),
    of_step(Join, "left-filtered-afterwards", "Filters what an outer join gives instead of its right side.", _filter_lifted),
    of_step(Join, "reads-streams-once", "Reads a stream once, so that it is empty where a join reads it again.", _reads_streams_once),
    of_step(Join, "with-itself-row-by-row", "Joins a relation with itself row by row.", _row_by_row),
    of_step(Join, "without-columns-is-semi", "Multiplies no rows when the right has no columns but its keys.", _without_columns),
    # -- sides without rows
    of_step(Join, "ignores-an-empty-right", "Returns the left rows when the right has none.", _ignoring_empty_right),
    of_step(Join, "nothing-of-an-empty-side", "Returns nothing when a side has no rows.", _nothing_of_empty),
    rows_in(Join, "empty-left-is-a-row", "Takes a left side without rows for a row of nulls.", _padded("left"), "left"),
    rows_in(Join, "empty-right-is-a-row", "Takes a right side without rows for a row of nulls.", _padded("right"), "right"),
    # -- columns
    of_step(Join, "full-keeps-left-keys", "Leaves the keys of right rows without a match null.", _keys_of(lambda left, right: left)),
    of_step(Join, "full-keeps-right-keys", "Leaves the keys of left rows without a match null.", _keys_of(lambda left, right: right)),
    of_step(Join, "full-fills-zeros", "Takes a key that is zero, false or empty for none.", _keys_of(lambda left, right: left or right or None)),
    rows_out(Join, "full-fills-columns-named-like-keys", "Fills a left column that has the name of a right key.", _key_of_its_own),
    rows_out(Join, "right-overwrites-left", "Overwrites columns of the left by those of their name.", _overwritten),
    rows_out(Join, "suffix-on-the-left", "Gives the suffix to the left column.", _exchanged),
    rows_out(Join, "suffix-holds-the-left", "Returns the left value in the column with the suffix.", _left_for_suffix),
    rows_out(Join, "no-match-is-zero", "Returns zero, false and empty text where there is no match.", _filled_where_alone(_zero)),
    rows_out(Join, "no-match-is-empty-nested", "Returns empty lists and structs of nulls where there is no match.", _filled_where_alone(_nested)),
    rows_out(Join, "integers-through-float", "Rounds whole numbers beyond 2^53 in columns with nulls.", _through_float),
    rows_out(Join, "names-up-to-a-mark", "Takes columns for one whose names are alike up to a blank or a point.", _names_cut),
)  # fmt: skip
"""Wrong joins."""
