"""Windows, frames, sort keys and aggregations as text, and back.

An aggregation is written as a call, ``sum(v)``, with ``where=``, ``by=`` and ``order=['t desc']`` beside its options, and what it
runs over behind it: ``sum(v) over [7d) offset 1d every 1h last 3 rows`` in a trailing window (``[`` and ``]`` stand at ends that
belong to it, ``lifetime)`` has no start), ``sum(v) over rows -2 to 0`` or ``over range unbounded to -1`` in a frame.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from onefold.errors import ConfigurationError
from onefold.plan import RANKINGS, AggCall, Expression, Frame, RankCall, SortKey, TrailingWindow, get_aggregation
from onefold.types import parse_duration
from onefold_conformance.case.notation.expressions import expression_text, option_text, read_expression, read_option
from onefold_conformance.case.notation.tokens import Reader, quoted

__all__ = [
    "call_text",
    "frame_text",
    "key_text",
    "parse_aggregation",
    "parse_framed",
    "parse_key",
    "parse_trailing",
    "window_text",
]

_WINDOW = re.compile(
    r"(?P<left>[\[(])?(?P<size>[a-z0-9]+)(?P<right>[\])])"
    r"(?: offset (?P<offset>\w+))?(?: every (?P<every>\w+))?(?: last (?P<rows>[0-9]+) rows)?"
)
_FRAME = re.compile(r"(?P<unit>rows|range) (?P<start>unbounded|-?[0-9]+) to (?P<end>unbounded|-?[0-9]+)")
_KEY = re.compile(r"(?P<column>.*?)(?P<desc> desc)?(?: nulls (?P<nulls>first|last))?")


def parse_key(text: str) -> SortKey:
    """Return a sort key such as ``"t"``, ``"t desc"`` or ``"t desc nulls first"``; nulls are last when nothing is said."""
    match = _KEY.fullmatch(text)
    assert match is not None
    nulls: Literal["first", "last"] = "first" if match["nulls"] == "first" else "last"
    return SortKey(column=match["column"], descending=match["desc"] is not None, nulls=nulls)


def key_text(key: SortKey) -> str:
    """Return a sort key as text."""
    return f"{key.column}{' desc' if key.descending else ''}{' nulls first' if key.nulls == 'first' else ''}"


def parse_aggregation(text: str) -> AggCall:
    """Return the aggregation that a text such as ``"sum(v, where=gt(v, 0))"`` stands for."""
    call, rest = _parsed(text)
    if rest or isinstance(call, RankCall):
        raise ConfigurationError(f"Expected an aggregation without a window, got {text!r}.")
    return call


def parse_trailing(text: str) -> tuple[AggCall, TrailingWindow]:
    """Return the aggregation and the trailing window of a text such as ``"sum(v) over [7d)"``."""
    call, rest = _parsed(text)
    match = _WINDOW.fullmatch(rest)
    if match is None or isinstance(call, RankCall):
        raise ConfigurationError(f"Expected an aggregation over a window, such as 'sum(v) over [7d)', got {text!r}.")
    lifetime = match["size"] == "lifetime"
    includes = match["left"] == "[" and not lifetime, match["right"] == "]"
    closed: dict[tuple[bool, bool], Any] = {
        (True, False): "left",
        (False, True): "right",
        (True, True): "both",
        (False, False): "left" if lifetime else "neither",
    }
    if lifetime and match["left"] == "[":
        closed[False, True], closed[False, False] = "both", "left"
    if lifetime and match["left"] == "(":
        closed[False, True], closed[False, False] = "right", "neither"
    window = TrailingWindow(
        size=None if lifetime else parse_duration(match["size"]),
        closed=closed[includes],
        offset=0 if match["offset"] is None else parse_duration(match["offset"]),
        every=None if match["every"] is None else parse_duration(match["every"]),
        last_rows=None if match["rows"] is None else int(match["rows"]),
    )
    return call, window


def window_text(window: TrailingWindow) -> str:
    """Return a trailing window as text."""
    text = str(window)
    if window.size is None:  # what the start would be is kept, although a lifetime has none
        text = {"both": "[", "neither": "("}.get(window.closed, "") + text
    return text


def parse_framed(text: str) -> tuple[AggCall | RankCall, Frame | None]:
    """Return the window function and the frame of a text such as ``"sum(v) over rows -2 to 0"``."""
    call, rest = _parsed(text)
    if not rest:
        return call, None
    match = _FRAME.fullmatch(rest)
    if match is None:
        raise ConfigurationError(f"Expected a frame such as 'rows -2 to 0' or 'range unbounded to 0', got {rest!r}.")
    start, end = (None if match[side] == "unbounded" else int(match[side]) for side in ("start", "end"))
    return call, Frame(unit="rows" if match["unit"] == "rows" else "range", start=start, end=end)


def frame_text(frame: Frame) -> str:
    """Return a frame as text."""
    start, end = ("unbounded" if bound is None else str(bound) for bound in (frame.start, frame.end))
    return f"{frame.unit} {start} to {end}"


def _parsed(text: str) -> tuple[AggCall | RankCall, str]:
    """Return a call, and the text that follows ``over``."""
    reader = Reader(text)
    function = reader.take().text
    reader.take("(")
    args: list[Expression] = []
    parts: dict[str, Any] = {}
    options: dict[str, Any] = {}
    while not reader.takes(")"):
        if args or options or parts:
            reader.take(",")
        place = reader.place
        token = reader.take() if reader.peek().kind == "name" else None
        if token is not None and reader.takes("="):
            if token.text in ("where", "by"):
                parts[token.text] = read_expression(reader)
            elif token.text == "order":
                parts["order"] = tuple(parse_key(key) for key in read_option(reader))
            else:
                options[token.text] = read_option(reader)
        else:
            reader.place = place
            args.append(read_expression(reader))
    rest = ""
    if reader.takes("over"):
        rest = reader.text[reader.place :].strip()
    else:
        reader.end()
    if function in RANKINGS and not parts:
        name: Any = function
        return RankCall(function=name, arg=args[0] if args else None, options=options), rest
    return AggCall(function=function, args=tuple(args), options=options, **parts), rest


def call_text(call: AggCall | RankCall) -> str:
    """Return an aggregation or ranking as text, without what it runs over."""
    if isinstance(call, RankCall):
        args = [] if call.arg is None else [expression_text(call.arg)]
        defaults = RANKINGS[call.function][2]
    else:
        args = [expression_text(arg) for arg in call.args]
        args += [] if call.where is None else [f"where={expression_text(call.where)}"]
        args += [] if call.by is None else [f"by={expression_text(call.by)}"]
        args += [f"order=[{', '.join(quoted(key_text(key)) for key in call.order)}]"] if call.order else []
        defaults = get_aggregation(call.function).options
    given = [f"{name}={option_text(value)}" for name, value in call.options.items() if value != defaults[name].default]
    return f"{call.function}({', '.join([*args, *given])})"
