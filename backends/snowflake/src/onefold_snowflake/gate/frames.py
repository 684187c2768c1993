"""The rules of windows: which functions slide along frames, and which frames exist.

They are those of https://docs.snowflake.com/en/sql-reference/functions-window-syntax; that of the longest frame of rows
is known from an error of the service (see https://github.com/ibis-project/ibis/pull/8433).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import expressions as exp

from onefold_snowflake.gate.allowed import FRAMES

__all__ = ["LONGEST_FRAME", "problems_of_window"]

LONGEST_FRAME = 1000
"""How many rows a frame of rows may be long."""


def problems_of_window(window: exp.Window) -> Iterator[str]:
    """Yield what Snowflake would refuse about a window."""
    function = window.this
    if isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    if isinstance(function, exp.WithinGroup):
        function = function.this
    name = str(function.this).upper() if isinstance(function, exp.Anonymous) else function.sql_name()
    frames = FRAMES.get(name, "no order")
    distinct = isinstance(function, exp.Anonymous) and any(
        isinstance(argument, exp.Distinct) for argument in function.expressions
    )
    order = window.args.get("order")
    spec = window.args.get("spec")
    if order is not None and (frames == "no order" or distinct):
        yield f"{name}{' of different values' if distinct else ''} takes no order within a window"
    if frames == "ranking" and order is None:
        yield f"{name} needs an order within its window"
    if spec is None:
        return
    if order is None:
        yield "a frame needs an order"
    elif frames == "ranking":
        yield f"{name} takes no frame"
    else:
        yield from _problems_of_frame(name, frames, spec, len(order.expressions))


def _problems_of_frame(name: str, frames: str, spec: exp.WindowSpec, keys: int) -> Iterator[str]:
    kind = spec.args.get("kind")
    if kind not in ("ROWS", "RANGE"):
        yield f"there are no frames of {kind}"
    if spec.args.get("exclude"):
        yield "frames exclude no rows"
    ends = [(spec.args.get(end), spec.args.get(f"{end}_side")) for end in ("start", "end")]
    offsets = [(size, side) for size, side in ends if isinstance(size, exp.Expr)]
    if not offsets:
        return
    if any(isinstance(size, exp.Neg) for size, _ in offsets):
        yield "the bounds of a frame are not negative"
    elif kind == "ROWS":
        places = [_place(size, side) for size, side in ends]
        known = [place for place in places if place is not None]
        if any(abs(place) > LONGEST_FRAME for place in known) or (
            len(known) == len(places) and known[1] - known[0] >= LONGEST_FRAME
        ):
            yield f"a frame of rows is at most {LONGEST_FRAME} rows long"
    else:
        if frames != "ranges":
            yield f"{name} does not slide along ranges"
        if keys != 1:
            yield "a range needs exactly one key"
        if len({isinstance(size, exp.Interval) for size, _ in offsets}) > 1:
            yield "the bounds of a range are both numbers or both intervals"


def _place(size: object, side: object) -> int | None:
    """Return where a frame of rows begins or ends, counted from its row; None without a bound."""
    if size == "CURRENT ROW":
        return 0
    if not isinstance(size, exp.Literal):
        return None
    return int(size.name) if side == "FOLLOWING" else -int(size.name)
