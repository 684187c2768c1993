"""Mutants of windows over rows: partitions, orders, rankings, neighbours, frames."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import math
from collections.abc import Callable
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from onefold.plan import (  # fmt: skip
    AggCall,
    Call,
    Column,
    Filter,
    Frame,
    NamedExpression,
    Project,
    RankCall,
    SortKey,
    Window,
    WindowMeasure,
)
from onefold.types import FLOAT64
from onefold_conformance.mutants.groups import calls
from onefold_conformance.mutants.habits import is_nan
from onefold_conformance.mutants.keys import IDENTITIES, ORDERS, TIES
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import RIGHT, node_becomes, of_step, rows_in, rows_out, under
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.result import Result
from onefold_conformance.oracle.values import Row

__all__ = ["MUTANTS"]

_FAR = 2**62
_DAY = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_Measure: TypeAlias = Callable[[WindowMeasure, Window], WindowMeasure]
_MaybeFrame: TypeAlias = Frame | None
_Distance: TypeAlias = Callable[[int, int, "int | None", "int | None"], bool]

_numbers = itertools.count()


# -- other measures


def _measures(name: str, what: str, change: _Measure) -> Mutant:
    """Return a mutant that computes other measures: ``change(measure, node)``."""
    return node_becomes(
        Window,
        name,
        what,
        lambda node: node.replace(measures=tuple(change(measure, node) for measure in node.measures)),
    )


def _framed(name: str, what: str, change: Callable[[Frame, Window], _MaybeFrame], unit: str = "") -> Mutant:
    """Return a mutant that sees other frames where one is stated."""

    def changed(measure: WindowMeasure, node: Window) -> WindowMeasure:
        if measure.frame is None or unit not in {"", measure.frame.unit}:
            return measure
        return measure.model_copy(update={"frame": change(measure.frame, node)})

    return _measures(f"frame-{name}", what, changed)


def _with(frame: Frame, **changes: Any) -> Frame:
    """Return a frame with other ends; one that would end before it starts is as short as can be."""
    other = frame.model_copy(update=changes)
    if other.start is not None and other.end is not None and other.start > other.end:
        return other.model_copy(update={"start": other.end})
    return other


def _mirrored(frame: Frame, node: Window) -> Frame:
    """Return the frame that looks the other way."""
    ends = {"start": None if frame.end is None else -frame.end, "end": None if frame.start is None else -frame.start}
    return frame.model_copy(update=ends)


def _mirrored_descending(frame: Frame, node: Window) -> Frame:
    descending = bool(node.order_by) and node.order_by[0].descending
    return _mirrored(frame, node) if descending else frame


def _low(bound: int | None) -> int | None:
    """Return what is left of the end of a frame in 32 bits."""
    return None if bound is None else (bound + 2**31) % 2**32 - 2**31


def _no_frame(name: str, what: str, frame: Frame) -> Mutant:
    """Return a mutant that sees another frame where none is stated."""

    def changed(measure: WindowMeasure, node: Window) -> WindowMeasure:
        if measure.frame is not None or not isinstance(measure.call, AggCall):
            return measure
        return measure.model_copy(update={"frame": frame})

    return _measures(f"default-frame-{name}", what, changed)


def _rows_frame(name: str, what: str, frame: Callable[[int, int, int | None, int | None], range]) -> Mutant:
    """Return a mutant that finds other rows for frames of rows: ``frame(position, rows, start, end)``."""
    return under(Window, f"frame-{name}", what, rows_frame=lambda rules, *args: frame(*args))


def _shifts(name: str, what: str, shifted: Callable[[int, int, int], int | None]) -> Mutant:
    """Return a mutant that finds another neighbour: ``shifted(position, rows, offset)``."""
    return under(Window, f"shift-{name}", what, shifted=lambda rules, *args: shifted(*args))


def _other_function(**others: str) -> _Measure:
    """Return what computes one ranking for another."""

    def change(measure: WindowMeasure, node: Window) -> WindowMeasure:
        call = measure.call
        if not isinstance(call, RankCall) or call.function not in others:
            return measure
        return measure.model_copy(update={"call": call.replace(function=others[call.function])})

    return change


def _known_neighbour(measure: WindowMeasure, node: Window) -> WindowMeasure:
    """Lag and lead step over nulls."""
    call = measure.call
    if not isinstance(call, RankCall) or call.arg is None or call.options["offset"] != 1:
        return measure
    lag = call.function == "lag"
    frame = Frame(unit="rows", start=None if lag else 1, end=-1 if lag else None)
    other = AggCall(function="last" if lag else "first", args=(call.arg,))
    return measure.model_copy(update={"call": other, "frame": frame})


def _of_the_column(measure: WindowMeasure, node: Window) -> WindowMeasure:
    """The neighbour's argument is the first column of its type that it reads."""
    call = measure.call
    if not isinstance(call, RankCall) or call.arg is None or isinstance(call.arg, Column):
        return measure
    reads = node.input.output
    names = [name for name in sorted(call.arg.columns) if reads[name].dtype == call.infer(reads).dtype]
    return measure.model_copy(update={"call": call.replace(arg=Column(name=names[0]))}) if names else measure


def _step_by_one(measure: WindowMeasure, node: Window) -> WindowMeasure:
    call = measure.call
    if not isinstance(call, RankCall) or call.arg is None:
        return measure
    return measure.model_copy(update={"call": call.replace(options={"offset": 1})})


def _frame_of_the_first(node: Window) -> Window:
    frames = [measure.frame for measure in node.measures if measure.frame is not None]
    measures = tuple(m if m.frame is None else m.model_copy(update={"frame": frames[0]}) for m in node.measures)
    return node.replace(measures=measures)


# -- other values in some rows


def _is_range(measure: WindowMeasure) -> bool:
    return measure.frame is not None and measure.frame.unit == "range"


def _in_null_rows(name: str, what: str, frame: Frame) -> Mutant:
    """Return a mutant that sees another frame in rows with a null order key, where distances are measured."""

    def step(context: Context, node: Window, right: Step) -> Result:
        result = right(context, node)
        names = [measure.name for measure in node.measures if _is_range(measure)]
        if not names or not node.order_by:
            return result
        measures = tuple(m.model_copy(update={"frame": frame}) if _is_range(m) else m for m in node.measures)
        others = right(context, node.replace(measures=measures)).rows
        rows = [
            {**row, **({n: other[n] for n in names} if row[node.order_by[0].column] is None else {})}
            for row, other in zip(result.rows, others, strict=True)
        ]
        return dataclasses.replace(result, rows=rows)

    return of_step(Window, f"range-{name}", what, step)


def _found(rows: list[Row], node: Window) -> dict[str, Row]:
    """Return rows by the values that they have in the columns of the input."""
    return {repr([row[name] for name in node.input.output.names]): row for row in rows}


def _taken(result: Result, node: Window, names: list[str], rows: list[Row]) -> Result:
    """Return a result with the values that other rows have in some columns, where they are there."""
    found = _found(rows, node)
    changed = []
    for row in result.rows:
        other = found.get(repr([row[name] for name in node.input.output.names]), row)
        changed.append({**row, **{name: other[name] for name in names}})
    return dataclasses.replace(result, rows=changed)


def _nulls_of_their_own(context: Context, node: Window, right: Step) -> Result:
    """Rows with null order keys are no part of the ranges of others, and see nothing but each other."""
    result = right(context, node)
    names = [measure.name for measure in node.measures if _is_range(measure)]
    if not names or not node.order_by:
        return result
    columns = [NamedExpression(name=n, expression=Column(name=n)) for n in node.input.output.names]
    is_null = Call(function="is_null", args=(Column(name=node.order_by[0].column),))
    flagged = Project(input=node.input, columns=(*columns, NamedExpression(name="is null", expression=is_null)))
    apart = node.replace(input=flagged, partition_by=(*node.partition_by, "is null"))
    return _taken(result, node, names, right(context, apart).rows)


def _across_partitions(context: Context, node: Window, right: Step) -> Result:
    """Neighbours are looked for beyond the partition."""
    result = right(context, node)
    names = [m.name for m in node.measures if isinstance(m.call, RankCall) and m.call.arg is not None]
    if not names or not node.partition_by:
        return result
    keys = tuple(SortKey(column=name, nulls="first") for name in node.partition_by)
    one = node.replace(partition_by=(), order_by=(*keys, *node.order_by))
    return _taken(result, node, names, right(context, one).rows)


def _counted_after_conditions(context: Context, node: Window, right: Step) -> Result:
    """Frames of rows count the rows only that meet the condition."""
    result = right(context, node)
    for measure in node.measures:
        frame = measure.frame
        if not isinstance(measure.call, AggCall) or measure.call.where is None or frame is None or frame.unit != "rows":
            continue
        kept = Filter(input=node.input, predicate=measure.call.where)
        alone = right(context, node.replace(input=kept, measures=(measure,)))
        result = _taken(result, node, [measure.name], alone.rows)
    return result


def _by_difference(context: Context, node: Window, right: Step) -> Result:
    """Sums of frames are differences of running sums: what has left the frame leaves its rounding behind."""
    result = right(context, node)
    rows = [dict(row) for row in result.rows]
    for measure in node.measures:
        call, frame = measure.call, measure.frame
        if not isinstance(call, AggCall) or call.function != "sum" or frame is None or frame.start is None:
            continue
        if node.output[measure.name].dtype != FLOAT64:
            continue
        sums = []
        for end in (frame.end, frame.start - 1):
            other = measure.model_copy(update={"frame": frame.model_copy(update={"start": None, "end": end})})
            sums.append([row[measure.name] for row in right(context, node.replace(measures=(other,))).rows])
        for row, whole, gone in zip(rows, *sums, strict=True):
            if row[measure.name] is not None:
                row[measure.name] = whole - (gone or 0.0)
    return dataclasses.replace(result, rows=rows)


def _overflow_of_all(context: Context, node: Window, right: Step) -> Result:
    """Sums that no frame has may overflow."""
    whole = Frame(unit="rows", start=None, end=0)
    sums = [m for m in node.measures if isinstance(m.call, AggCall) and m.call.function == "sum"]
    if sums:
        right(context, node.replace(measures=tuple(m.model_copy(update={"frame": whole}) for m in sums)))
    return right(context, node)


def _conditions_filter(context: Context, node: Window, right: Step) -> Result:
    """Rows that do not meet the condition of a measure disappear."""
    result = right(context, node)
    conditions = [m.call.where for m in node.measures if isinstance(m.call, AggCall) and m.call.where is not None]
    holds = [context.compile(condition, node.input.output) for condition in conditions]
    rows = [row for row in result.rows if all(hold(row) is True for hold in holds)]
    return dataclasses.replace(result, rows=rows)


def _condition_of_this_row(context: Context, node: Window, right: Step) -> Result:
    """Measures are null in rows that do not meet their condition."""
    result = right(context, node)
    rows = [dict(row) for row in result.rows]
    for measure in node.measures:
        if isinstance(measure.call, AggCall) and measure.call.where is not None:
            holds = context.compile(measure.call.where, node.input.output)
            for row in rows:
                row[measure.name] = row[measure.name] if holds(row) is True else None
    return dataclasses.replace(result, rows=rows)


# -- other rows


def _null_partitions(rows: list[Row], node: Window) -> list[Row]:
    return [row for row in rows if all(row[name] is not None for name in node.partition_by)]


def _measures_of_null_partitions(rows: list[Row], node: Window) -> list[Row]:
    """Measures are null in rows with a null partition key."""
    nothing = dict.fromkeys(measure.name for measure in node.measures)
    return [{**row, **nothing} if any(row[name] is None for name in node.partition_by) else row for row in rows]


def _sorted_measures(rows: list[Row], node: Window) -> list[Row]:
    """Measures in the order of their names, bound by their place."""
    names = [measure.name for measure in node.measures]
    if any(node.output[a].dtype != node.output[b].dtype for a, b in zip(sorted(names), names, strict=True)):
        return rows
    return [{**row, **{b: row[a] for a, b in zip(sorted(names), names, strict=True)}} for row in rows]


def _once(rows: list[Row], node: Window) -> list[Row]:
    return list(_found(rows, node).values())


def _nested_cleared(rows: list[Row], node: Window) -> list[Row]:
    return [{n: None if isinstance(v, list | dict) and not v else v for n, v in row.items()} for row in rows]


def _by_all_columns(node: Window) -> Window:
    """Without an order all columns order the rows, so that none are peers."""
    if node.order_by:
        return node
    ordered = [field.name for field in node.input.output if field.dtype.is_ordered]
    return node.replace(order_by=tuple(SortKey(column=name, nulls="first") for name in ordered))


# -- distances


def _distances(name: str, what: str, inside: _Distance) -> Mutant:
    """Return a mutant that measures distances in another way: ``inside(value, current, start, end)``."""
    return under(Window, f"range-{name}", what, in_distance=lambda rules, *args: inside(*args))


def _inside(value: float, current: float, start: int | None, end: int | None) -> bool:
    return (start is None or value >= current + start) and (end is None or value <= current + end)


def _overflow_fails(value: int, current: int, start: int | None, end: int | None) -> bool:
    for bound in (start, end):
        if bound is not None and not -(2**63) <= current + bound < 2**63:
            raise ValueFailure("the end of the frame does not fit in 64 bits")
    return _inside(value, current, start, end)


def _wrapped(value: int, current: int, start: int | None, end: int | None) -> bool:
    def end_of(bound: int) -> int:
        return (current + bound + 2**63) % 2**64 - 2**63

    return (start is None or value >= end_of(start)) and (end is None or value <= end_of(end))


def _in_local_days(value: int, current: int, start: int | None, end: int | None) -> bool:
    """Days have 23 and 25 hours where clocks change: in Berlin, and in New York."""

    def moved(bound: int, zone: str) -> int:
        if bound % _DAY or not 10**15 < abs(current) < 10**16:
            return current + bound
        local = (_EPOCH + dt.timedelta(microseconds=current)).astimezone(ZoneInfo(zone))
        other = (local.replace(tzinfo=None) + dt.timedelta(microseconds=bound)).replace(tzinfo=local.tzinfo)
        return (other - _EPOCH) // dt.timedelta(microseconds=1)

    return all(
        (start is None or value >= moved(start, zone)) and (end is None or value <= moved(end, zone))
        for zone in ("Europe/Berlin", "America/New_York")
    )


def _in_milliseconds(value: int, current: int, start: int | None, end: int | None) -> bool:
    """Times are held in milliseconds; small numbers are no times."""
    if abs(current) < 10**11:
        return _inside(value, current, start, end)
    first, last = (None if bound is None else bound // 1000 for bound in (start, end))
    return _inside(value // 1000, current // 1000, first, last)


def _without_sign(value: int, current: int, start: int | None, end: int | None) -> bool:
    return start is None or end is None or abs(value - current) <= max(abs(start), abs(end))


MUTANTS: tuple[Mutant, ...] = (
    # -- partitions
    *(under(Window, f"partitions-{name}", f"Partitions rows and {what}.", identity=lambda rules, v, d, identity=identity: identity(v, d)) for name, (what, identity) in IDENTITIES.items()),
    node_becomes(Window, "ignores-partitions", "Takes all rows for one partition.", lambda node: node.replace(partition_by=())),
    node_becomes(Window, "partitions-first-key", "Partitions by the first key only.", lambda node: node.replace(partition_by=node.partition_by[:1])),
    node_becomes(Window, "partitions-last-key", "Partitions by the last key only.", lambda node: node.replace(partition_by=node.partition_by[-1:])),
    rows_in(Window, "drops-null-partitions", "Drops rows with a null partition key.", _null_partitions),
    rows_out(Window, "null-partitions-are-null", "Returns null in rows with a null partition key.", _measures_of_null_partitions),
    rows_out(Window, "measures-by-name", "Returns the measures of a window in the order of their names.", _sorted_measures),
    rows_out(Window, "drops-duplicates", "Drops rows that are alike in a window.", _once),
    rows_out(Window, "empty-nested-is-null", "Returns null for empty lists beside a window.", _nested_cleared),
    # -- orders
    *(under(Window, f"order-{name}", f"Orders the rows of a partition and {what}.", placed=lambda rules, v, d, key, placed=placed: placed(v, d, key)) for name, (what, placed) in ORDERS.items()),
    *(under(Window, f"ties-{name}", f"Orders the rows of a partition and {what}.", ascending=lambda rules, v, d, ascending=ascending: ascending(v, d)) for name, (what, ascending) in TIES.items()),
    node_becomes(Window, "ignores-order", "Ignores the order of a window.", lambda node: node if any(map(_is_range, node.measures)) else node.replace(order_by=())),
    node_becomes(Window, "first-order-key", "Orders a partition by the first order key only.", lambda node: node.replace(order_by=node.order_by[:1])),
    node_becomes(Window, "order-keys-turned-around", "Orders a partition by the last order key first.", lambda node: node.replace(order_by=node.order_by[::-1])),
    node_becomes(Window, "no-order-is-by-all-columns", "Takes no rows for peers where there is no order.", _by_all_columns),
    under(Window, "nulls-are-no-peers", "Takes no rows with null order keys for peers.", placed=lambda rules, v, d, key: (*RIGHT.placed(v, d, key), *([next(_numbers)] if v is None else []))),
    under(Window, "nan-are-no-peers", "Takes no rows whose order key is NaN for peers.", placed=lambda rules, v, d, key: (*RIGHT.placed(v, d, key), *([next(_numbers)] if is_nan(v) else []))),
    # -- rankings
    under(Window, "rank-is-of-the-last-peer", "Returns the position of the last peer as the rank.", rank=lambda rules, peers: peers.stop),
    under(Window, "rank-from-zero", "Counts ranks from 0.", rank=lambda rules, peers: peers.start),
    _measures("rank-is-dense", "Leaves no ranks out after peers.", _other_function(rank="dense_rank")),
    _measures("rank-is-row-number", "Tells peers apart in ranks.", _other_function(rank="row_number")),
    _measures("dense-rank-is-rank", "Leaves ranks out after peers in dense_rank.", _other_function(dense_rank="rank")),
    _measures("dense-rank-is-row-number", "Tells peers apart in dense_rank.", _other_function(dense_rank="row_number")),
    _measures("row-number-is-rank", "Gives peers one row_number.", _other_function(row_number="rank")),
    under(Window, "dense-rank-from-zero", "Counts dense_rank from 0.", dense_rank=lambda rules, before: before),
    under(Window, "percent-rank-of-all-rows", "Divides by all rows in percent_rank.", percent_rank=lambda rules, peers, rows: peers.start / rows),
    under(Window, "percent-rank-of-one-is-one", "Returns 1 as percent_rank of a single row.", percent_rank=lambda rules, peers, rows: peers.start / (rows - 1) if rows > 1 else 1.0),
    under(Window, "percent-rank-of-one-is-nan", "Returns NaN as percent_rank of a single row.", percent_rank=lambda rules, peers, rows: peers.start / (rows - 1) if rows > 1 else math.nan),
    under(Window, "percent-rank-of-last-peer", "Takes the last peer in percent_rank.", percent_rank=lambda rules, peers, rows: (peers.stop - 1) / (rows - 1) if rows > 1 else 0.0),
    _measures("percent-rank-is-cume-dist", "Returns cume_dist for percent_rank.", _other_function(percent_rank="cume_dist")),
    under(Window, "cume-dist-before-peers", "Leaves peers out of cume_dist.", cume_dist=lambda rules, peers, rows: peers.start / rows),
    under(Window, "cume-dist-of-the-first-peer", "Counts the first peer only in cume_dist.", cume_dist=lambda rules, peers, rows: (peers.start + 1) / rows),
    _measures("cume-dist-is-percent-rank", "Returns percent_rank for cume_dist.", _other_function(cume_dist="percent_rank")),
    # -- neighbours
    _shifts("to-the-end", "Returns the value of the last row where there is no neighbour.", lambda position, rows, offset: min(max(position + offset, 0), rows - 1)),
    _shifts("around", "Looks for neighbours from the other end of the partition on.", lambda position, rows, offset: (position + offset) % rows),
    _shifts("counts-from-the-end", "Counts negative positions from the end of the partition.", lambda position, rows, offset: (position + offset) % rows if -rows <= position + offset < rows else None),
    _shifts("own-value", "Returns the row's own value where there is no neighbour.", lambda position, rows, offset: position + offset if 0 <= position + offset < rows else position),
    _shifts("one-more", "Looks one row further for a neighbour.", lambda position, rows, offset: RIGHT.shifted(position, rows, offset + (1 if offset > 0 else -1))),
    _shifts("in-32-bits", "Holds the offset of neighbours in 32 bits.", lambda position, rows, offset: RIGHT.shifted(position, rows, _low(offset) or 0)),
    _measures("shift-by-one", "Ignores the offset of neighbours.", _step_by_one),
    _measures("lag-is-lead", "Takes lag for lead.", _other_function(lag="lead")),
    _measures("lead-is-lag", "Takes lead for lag.", _other_function(lead="lag")),
    _measures("shift-over-nulls", "Steps over nulls to find a neighbour.", _known_neighbour),
    _measures("shift-of-a-column", "Returns the column of a neighbour where an expression is asked for.", _of_the_column),
    of_step(Window, "shift-across-partitions", "Looks for neighbours beyond the partition.", _across_partitions),
    # -- frames
    _framed("start-one-later", "Begins frames of rows one row later.", lambda frame, node: frame if frame.start is None else _with(frame, start=frame.start + 1), "rows"),
    _framed("start-one-earlier", "Begins frames of rows one row earlier.", lambda frame, node: frame if frame.start is None else _with(frame, start=max(-_FAR, frame.start - 1)), "rows"),
    _framed("end-one-later", "Ends frames of rows one row later.", lambda frame, node: frame if frame.end is None else _with(frame, end=min(_FAR, frame.end + 1)), "rows"),
    _framed("end-one-earlier", "Ends frames of rows one row earlier.", lambda frame, node: frame if frame.end is None else _with(frame, end=frame.end - 1), "rows"),
    _framed("starts-with-the-partition", "Ignores the start of frames.", lambda frame, node: _with(frame, start=None)),
    _framed("ends-with-the-partition", "Ignores the end of frames.", lambda frame, node: _with(frame, end=None)),
    _framed("ends-at-this-row", "Ends all frames at this row.", lambda frame, node: _with(frame, end=0)),
    _framed("starts-at-this-row", "Begins frames at this row that begin behind it.", lambda frame, node: _with(frame, start=0) if frame.start is not None and frame.start > 0 else frame),
    _framed("mirrored", "Looks behind where it is to look ahead.", _mirrored),
    _framed("turned-around-descending", "Turns frames around in descending order.", _mirrored_descending),
    _framed("unbounded-is-this-row", "Takes an unbounded start for this row.", lambda frame, node: _with(frame, start=0) if frame.start is None else frame),
    _framed("ignored", "Ignores frames.", lambda frame, node: None),
    _framed("is-the-partition", "Sees the whole partition where a frame is stated.", lambda frame, node: _with(frame, start=None, end=None)),
    _framed("range-is-rows", "Counts rows where distances are to be measured.", lambda frame, node: frame.model_copy(update={"unit": "rows"})),
    _framed("rows-is-range", "Sees peers where rows are to be counted.", lambda frame, node: frame.model_copy(update={"unit": "range"}) if not frame.start and not frame.end else frame),
    node_becomes(Window, "frame-of-the-first", "Takes the frame of one measure for that of all.", _frame_of_the_first),
    _rows_frame("not-cut", "Returns nothing for frames that do not fit in the partition.", lambda p, rows, start, end: range(0) if (start is not None and p + start < 0) or (end is not None and p + end >= rows) else RIGHT.rows_frame(p, rows, start, end)),
    _rows_frame("cut-at-the-start-is-empty", "Returns nothing where a frame begins before its partition.", lambda p, rows, start, end: range(0) if start is not None and p + start < 0 else RIGHT.rows_frame(p, rows, start, end)),
    _rows_frame("moved-into-the-partition", "Moves frames outside of the partition to its nearest row.", lambda p, rows, start, end: range(0 if start is None else min(rows - 1, max(0, p + start)), rows if end is None else max(0, min(rows - 1, p + end)) + 1)),
    _rows_frame("empty-is-this-row", "Sees this row where a frame has none.", lambda p, rows, start, end: RIGHT.rows_frame(p, rows, start, end) or range(p, p + 1)),
    _rows_frame("in-32-bits", "Holds the ends of frames in 32 bits.", lambda p, rows, start, end: RIGHT.rows_frame(p, rows, _low(start), _low(end))),
    _rows_frame("without-this-row", "Leaves this row out where a frame ends at it.", lambda p, rows, start, end: RIGHT.rows_frame(p, rows, start, -1 if end == 0 else end)),
    # -- no frame
    _no_frame("is-of-rows", "Sees no peers behind the row without a frame.", Frame(unit="rows", start=None, end=0)),
    _no_frame("is-the-partition", "Sees the whole partition without a frame.", Frame(unit="rows", start=None, end=None)),
    _no_frame("is-the-row", "Sees the row alone without a frame.", Frame(unit="rows", start=0, end=0)),
    under(Window, "default-frame-is-the-peers", "Sees nothing but peers without a frame.", default_frame=lambda rules, position, peers: peers),
    under(Window, "default-frame-before-peers", "Sees what is before the peers without a frame.", default_frame=lambda rules, position, peers: range(peers.start) or peers),
    under(Window, "default-frame-from-the-row", "Sees this row and the peers behind it without a frame.", default_frame=lambda rules, position, peers: range(position, peers.stop)),
    # -- distances
    _distances("start-open", "Leaves out rows exactly at the start of a range.", lambda v, c, start, end: _inside(v, c, start, end) and (not start or v != c + start)),
    _distances("end-open", "Leaves out rows exactly at the end of a range.", lambda v, c, start, end: _inside(v, c, start, end) and (not end or v != c + end)),
    _distances("without-peers", "Leaves peers out of ranges.", lambda v, c, start, end: _inside(v, c, start, end) and v != c),
    _distances("one-wider", "Measures ranges one wider.", lambda v, c, start, end: _inside(v, c, start and start - 1, end and end + 1)),
    _distances("without-sign", "Measures distances in both directions.", _without_sign),
    _distances("in-float", "Measures distances in floats.", lambda v, c, start, end: _inside(float(v), float(c), start, end)),
    _distances("in-32-bits", "Holds distances in 32 bits.", lambda v, c, start, end: _inside(v, c, _low(start), _low(end))),
    _distances("overflow-fails", "Fails when the end of a range does not fit in 64 bits.", _overflow_fails),
    _distances("overflow-wraps", "Wraps around when the end of a range does not fit in 64 bits.", _wrapped),
    _distances("in-milliseconds", "Measures distances of times in milliseconds.", _in_milliseconds),
    _distances("in-local-days", "Measures days on clocks that change.", _in_local_days),
    _distances("towards-zero", "Measures distances of negative keys towards zero.", lambda v, c, start, end: _inside(abs(v), abs(c), start, end) if v < 0 and c < 0 else _inside(v, c, start, end)),
    _distances("not-across-zero", "Sees no rows on the other side of zero, or of 1970.", lambda v, c, start, end: _inside(v, c, start, end) and (v < 0) == (c < 0)),
    of_step(Window, "range-nulls-of-their-own", "Keeps null order keys out of all ranges but their own.", _nulls_of_their_own),
    _in_null_rows("null-sees-all", "Sees the whole partition in rows with a null order key.", Frame(unit="rows", start=None, end=None)),
    _in_null_rows("null-sees-nothing", "Sees no rows in rows with a null order key.", Frame(unit="rows", start=_FAR, end=_FAR)),
    _in_null_rows("null-sees-itself", "Sees the row alone in rows with a null order key.", Frame(unit="rows", start=0, end=0)),
    node_becomes(Window, "range-peers-by-the-first-key", "Takes rows for peers by the first order key only, in ranges.", lambda node: node.replace(order_by=node.order_by[:1]) if any(map(_is_range, node.measures)) else node),
    # -- conditions and sums
    node_becomes(Window, "ignores-conditions", "Ignores the conditions of measures over frames.", lambda node: calls(node, lambda call: call.replace(where=None))),
    of_step(Window, "conditions-drop-rows", "Drops rows that do not meet the condition of a measure.", _conditions_filter),
    of_step(Window, "conditions-of-this-row", "Returns null in rows that do not meet the condition of a measure.", _condition_of_this_row),
    of_step(Window, "frames-counted-after-conditions", "Counts in frames the rows only that meet the condition.", _counted_after_conditions),
    of_step(Window, "sums-by-difference", "Subtracts what leaves a frame from a running sum.", _by_difference),
    of_step(Window, "sums-overflow-on-the-way", "Overflows in sums that no frame has.", _overflow_of_all),
)  # fmt: skip
"""Wrong windows."""
