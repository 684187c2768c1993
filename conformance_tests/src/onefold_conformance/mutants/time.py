"""Mutants of the time rules: the clock of an event, what is known, the ends of windows, grids, ages and buckets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from onefold.plan import TrailingWindow
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.oracle.rules import Rules

__all__ = ["AS_OF", "BUCKETS", "MUTANTS", "TRAILING", "of_rules"]

TRAILING = "relation.trailing_aggregate"
AS_OF = "relation.as_of_join"
BUCKETS = "relation.time_buckets"

_SECOND = 1_000_000
_HOUR = 3600 * _SECOND
_DAY = 24 * _HOUR
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_RIGHT = Rules()


def of_rules(name: str, what: str, *touches: str, **methods: Callable[..., Any]) -> Mutant:
    """Return a mutant in whose rules some methods are others.

    Args:
        name: Its name.
        what: What it gets wrong.
        touches: The relations that it is wrong about.
        methods: The other methods; each takes the rules first.
    """
    rules: Rules = type("Wrong", (Rules,), methods)()
    return Mutant(name, what, touches=touches, rules=rules)


class _Known(int):
    """When an event became known, that remembers when it happened: ages are counted from there."""

    time: int

    @classmethod
    def at(cls, time: int, delay: int) -> _Known:
        known = cls(time + delay)
        known.time = time
        return known

    def __rsub__(self, other: int) -> int:
        return other - self.time


def _end(name: str, what: str, end: Callable[[int, TrailingWindow], int]) -> Mutant:
    """Return a mutant that is wrong about the end of windows, and with it about their start."""
    return of_rules(name, what, TRAILING, window_end=lambda rules, at, window: end(at, window))


def _grid(name: str, what: str, aligned: Callable[[int, int], int]) -> Mutant:
    """Return a mutant that aligns the ends of windows to another grid."""
    return _end(
        f"every-{name}",
        what,
        lambda at, window: (at if window.every is None else aligned(at, window.every)) - window.offset,
    )


def _start(name: str, what: str, start: Callable[[int, int], int | None]) -> Mutant:
    """Return a mutant that is wrong about the start of windows that have one."""
    return of_rules(
        f"window-{name}",
        what,
        TRAILING,
        window_start=lambda rules, end, window: None if window.size is None else start(end, window.size),
    )


def _inside(name: str, what: str, inside: Callable[[int, int | None, int, TrailingWindow], bool]) -> Mutant:
    """Return a mutant that is wrong about which events are in a window."""
    return of_rules(f"window-{name}", what, TRAILING, is_inside=lambda rules, known, *bounds: inside(known, *bounds))


def _but(known: int, start: int | None, end: int, window: TrailingWindow, **changes: Any) -> bool:
    return _RIGHT.is_inside(known, start, end, window.model_copy(update=changes))


def _closed(name: str, what: str, closed: dict[str, str]) -> Mutant:
    """Return a mutant that takes one way in which windows are closed for another."""
    return _inside(
        name, what, lambda known, start, end, w: _but(known, start, end, w, closed=closed.get(w.closed, w.closed))
    )


def _in_units(name: str, unit: int) -> Mutant:
    """Return a mutant that cuts all times to a coarser unit."""
    return of_rules(
        f"times-in-{name}",
        f"Cuts times to {name} before it compares them.",
        TRAILING,
        AS_OF,
        is_inside=lambda rules, known, start, end, window: _RIGHT.is_inside(
            known // unit, None if start is None else start // unit, end // unit, window
        ),
        is_known=lambda rules, known, at, include_exact: _RIGHT.is_known(
            known // unit, at // unit, include_exact=include_exact
        ),
    )


def _in_nanoseconds(time: int, delay: int) -> int:
    """Return a time that went through nanoseconds in 64 bits, which end in 1677 and 2262."""
    return ((time + delay) * 1000 + 2**63) % 2**64 // 1000 - 2**63 // 1000


def _local_days(zone: str) -> Callable[[int, int], int]:
    """Return the start of a window whose days are those of a local clock, with 23 to 25 hours."""

    def start(end: int, size: int) -> int:
        if size % _DAY or not -(10**16) < end - size < end < 10**17:
            return end - size
        local = (_EPOCH + dt.timedelta(microseconds=end)).astimezone(ZoneInfo(zone))
        begin = (local.replace(tzinfo=None) - dt.timedelta(microseconds=size)).replace(tzinfo=local.tzinfo)
        return (begin - _EPOCH) // dt.timedelta(microseconds=1)

    return start


def _months(end: int, size: int) -> int:
    """Return the start of a window in which thirty days are a month of the calendar, and 365 a year."""
    months = {30 * _DAY: 1, 365 * _DAY: 12}.get(size)
    if months is None:
        return end - size
    moment = _EPOCH + dt.timedelta(microseconds=end)
    index = moment.year * 12 + moment.month - 1 - months
    begin = moment.replace(year=index // 12, month=index % 12 + 1, day=min(moment.day, 28))
    return (begin - _EPOCH) // dt.timedelta(microseconds=1)


def _truncated(value: int, every: int) -> int:
    return -(-value // every * every) if value < 0 else value // every * every


def _rounded(value: int, every: int) -> int:
    return (2 * value + every) // (2 * every) * every


def _daily(value: int, every: int) -> int:
    """Return the grid that begins anew at every midnight."""
    return value // _DAY * _DAY + value % _DAY // every * every if every < _DAY else value // every * every


def _after_offset(at: int, window: TrailingWindow) -> int:
    return at - window.offset if window.every is None else (at - window.offset) // window.every * window.every


def _offset_by(change: Callable[[int], int]) -> Callable[[int, TrailingWindow], int]:
    return lambda at, window: _RIGHT.window_end(at, window) + window.offset - change(window.offset)


def _last(name: str, what: str, keep: Callable[[Sequence[Any], int], Sequence[Any]]) -> Mutant:
    return of_rules(f"last-rows-{name}", what, TRAILING, last_rows=lambda rules, events, count: keep(events, count))


def _known(name: str, what: str, known: Callable[[int, int], int], *touches: str) -> Mutant:
    return of_rules(name, what, *touches, known_at=lambda rules, time, delay: known(time, delay))


def _age(name: str, what: str, too_old: Callable[[int, int], bool]) -> Mutant:
    return of_rules(
        f"max-age-{name}",
        what,
        AS_OF,
        too_old=lambda rules, age, max_age: max_age is not None and too_old(age, max_age),
    )


def _bucket(name: str, what: str, start: Callable[[int, int], int]) -> Mutant:
    return of_rules(f"bucket-{name}", what, BUCKETS, bucket=lambda rules, known, every: start(known, every))


_ON_EVENT_TIME = {"known_at": lambda rules, time, delay: _Known.at(time, delay)}

MUTANTS: tuple[Mutant, ...] = (
    # -- the ends of windows
    _closed("start-open", "Leaves out an event exactly at the start of a window, which belongs to it.", {"left": "neither", "both": "right"}),
    _closed("start-closed", "Counts an event exactly at the start of a window that does not belong to it.", {"right": "both", "neither": "left"}),
    _closed("end-closed", "Counts an event exactly at the end of a window that does not belong to it: the row sees its own event.", {"left": "both", "neither": "right"}),
    _closed("end-open", "Leaves out an event exactly at the end of a window, which belongs to it.", {"right": "neither", "both": "left"}),
    _closed("ends-swapped", "Takes the start for the end where only one of them belongs to the window.", {"left": "right", "right": "left"}),
    _closed("always-left", "Closes all windows at their start only.", {"right": "left", "both": "left", "neither": "left"}),
    _closed("both-is-left", "Closes a window at its start only that has both its ends.", {"both": "left"}),
    _closed("neither-is-left", "Closes a window at its start that has neither of its ends.", {"neither": "left"}),
    _inside("without-a-start", "Drops the start of windows: an interval becomes unbounded.", lambda known, start, end, w: _RIGHT.is_inside(known, None, end, w)),
    _inside("without-an-end", "Drops the end of windows: they see the future.", lambda known, start, end, w: _RIGHT.is_inside(known, start, max(known + 1, end), w)),
    _start("a-microsecond-early", "Begins windows one microsecond early.", lambda end, size: end - size - 1),
    _start("a-microsecond-late", "Begins windows one microsecond late.", lambda end, size: end - size + 1),
    _start("starts-on-a-second", "Begins windows on a full second.", lambda end, size: (end - size) // _SECOND * _SECOND),
    _start("starts-on-a-day", "Begins windows of whole days at midnight.", lambda end, size: (end - size) // _DAY * _DAY if size % _DAY == 0 else end - size),
    _start("twice-as-long", "Doubles the length of windows.", lambda end, size: end - 2 * size),
    _start("in-full-seconds", "Cuts the length of windows to full seconds.", lambda end, size: end - (size // _SECOND * _SECOND or 1)),
    _start("in-32-bits", "Holds the length of windows as microseconds in 32 bits.", lambda end, size: end - (size % 2**32 or 2**32)),
    _start("in-local-days", "Counts days of 23 and 25 hours where the clocks of Berlin change.", _local_days("Europe/Berlin")),
    _start("in-days-of-new-york", "Counts days of 23 and 25 hours where the clocks of New York change.", _local_days("America/New_York")),
    _start("in-months", "Takes thirty days for a month of the calendar, and 365 for a year.", _months),
    _start("not-before-1970", "Begins no window before 1970.", lambda end, size: max(0, end - size)),
    _start("not-beyond-nanoseconds", "Cuts the length of windows off where nanoseconds in 64 bits end.", lambda end, size: end - min(size, 2**63 // 1000)),
    _end("window-end-a-microsecond-early", "Ends windows one microsecond early.", lambda at, w: _RIGHT.window_end(at, w) - 1),
    _end("window-end-a-microsecond-late", "Ends windows one microsecond late.", lambda at, w: _RIGHT.window_end(at, w) + 1),
    _end("window-end-of-the-hour", "Takes the time of the spine for a local one, an hour off.", lambda at, w: _RIGHT.window_end(at + _HOUR, w)),
    _end("window-end-on-a-second", "Ends windows on a full second.", lambda at, w: _RIGHT.window_end(at // _SECOND * _SECOND, w)),
    _end("window-end-on-a-day", "Ends windows of whole days at midnight, without being asked to.", lambda at, w: _RIGHT.window_end(at // _DAY * _DAY if w.size and w.size % _DAY == 0 else at, w)),
    _in_units("milliseconds", 1000),
    _in_units("seconds", _SECOND),
    _in_units("days", _DAY),
    # -- lifetimes
    of_rules("lifetime-from-1970", "Begins a lifetime in 1970.", TRAILING, window_start=lambda rules, end, w: 0 if w.size is None else end - w.size),
    of_rules("lifetime-of-a-year", "Takes a lifetime for a year.", TRAILING, window_start=lambda rules, end, w: end - (w.size or 365 * _DAY)),
    of_rules("lifetime-of-a-century", "Takes a lifetime for a hundred years.", TRAILING, window_start=lambda rules, end, w: end - (w.size or 36525 * _DAY)),
    of_rules("lifetime-beyond-its-end", "Gives a lifetime no end either.", TRAILING, is_inside=lambda rules, known, start, end, w: start is None or _RIGHT.is_inside(known, start, end, w)),
    of_rules("lifetime-end-closed", "Counts an event exactly at the end of every lifetime.", TRAILING, is_inside=lambda rules, known, start, end, w: _but(known, start, end, w, closed="right" if w.size is None else w.closed)),
    of_rules("lifetime-end-open", "Counts no event exactly at the end of a lifetime.", TRAILING, is_inside=lambda rules, known, start, end, w: _but(known, start, end, w, closed="left" if w.size is None else w.closed)),
    of_rules("lifetime-ignores-offset", "Ignores the offset of a lifetime.", TRAILING, window_end=lambda rules, at, w: _RIGHT.window_end(at, w) + (w.offset if w.size is None else 0)),
    # -- offsets
    _end("offset-ignored", "Ignores the offset.", _offset_by(lambda offset: 0)),
    _end("offset-doubled", "Applies the offset two times.", _offset_by(lambda offset: 2 * offset)),
    _end("offset-into-the-future", "Shifts windows into the future.", _offset_by(lambda offset: -offset)),
    _end("offset-in-hours", "Cuts the offset to full hours.", _offset_by(lambda offset: offset // _HOUR * _HOUR)),
    of_rules("offset-moves-the-end-only", "Leaves the start of a window where it was without the offset.", TRAILING, window_start=lambda rules, end, w: None if w.size is None else end + w.offset - w.size),
    of_rules("offset-moves-the-start-only", "Leaves the end of a window where it was without the offset.", TRAILING, window_end=lambda rules, at, w: _RIGHT.window_end(at, w) + w.offset, window_start=lambda rules, end, w: None if w.size is None else end - w.offset - w.size),
    # -- grids
    _grid("ignored", "Ignores the grid.", lambda at, every: at),
    _grid("truncates", "Aligns towards zero, which before 1970 is the future.", _truncated),
    _grid("rounds-up", "Aligns to the next point of the grid.", lambda at, every: -(-at // every) * every),
    _grid("rounds", "Aligns to the nearest point of the grid.", _rounded),
    _grid("strictly-before", "Takes a time on the grid one step back.", lambda at, every: (at - 1) // every * every),
    _grid("from-midnight", "Begins the grid anew every day.", _daily),
    _grid("from-monday", "Begins the grid on a Monday.", lambda at, every: (at - 4 * _DAY) // every * every + 4 * _DAY),
    _grid("in-a-local-zone", "Aligns to the midnight of another zone.", lambda at, every: (at + 5 * _HOUR) // every * every - 5 * _HOUR),
    _grid("in-seconds", "Aligns in full seconds.", lambda at, every: at // _SECOND // max(1, every // _SECOND) * max(1, every // _SECOND) * _SECOND),
    _grid("from-year-1", "Begins the grid in the year 1.", lambda at, every: (at + 719162 * _DAY) // every * every - 719162 * _DAY),
    _end("every-after-offset", "Applies the offset before it aligns.", _after_offset),
    of_rules("every-moves-the-start-only", "Aligns the start of a window, and ends it at T.", TRAILING, window_end=lambda rules, at, w: at - w.offset, window_start=lambda rules, end, w: None if w.size is None else _RIGHT.window_end(end + w.offset, w) - w.size),
    of_rules("every-aligns-events", "Aligns the times of the events as well.", TRAILING, is_inside=lambda rules, known, start, end, w: _RIGHT.is_inside(known if w.every is None else known // w.every * w.every, start, end, w)),
    # -- the last rows
    _last("ignored", "Ignores the number of rows.", lambda events, count: events),
    _last("from-the-front", "Keeps the first rows of a window.", lambda events, count: events[:count]),
    _last("one-more", "Keeps one row more.", lambda events, count: events[-count - 1 :]),
    _last("one-fewer", "Keeps one row fewer.", lambda events, count: events[1 - count :] if count > 1 else []),
    _last("with-ties", "Keeps all rows whose time is that of the last row that fits.", lambda events, count: [e for e in events if e.known_at >= events[-count].known_at]),
    _last("of-the-latest-time", "Keeps the rows of the last times, however many each has.", lambda events, count: [e for e in events if e.known_at in sorted({e.known_at for e in events})[-count:]]),
    # -- the delay
    _known("delay-ignored", "Ignores the delay.", lambda time, delay: time, TRAILING, AS_OF, BUCKETS),
    _known("delay-twice", "Applies the delay two times.", lambda time, delay: time + 2 * delay, TRAILING, AS_OF, BUCKETS),
    _known("delay-negative", "Takes the delay off the times of events: the spine is delayed instead.", lambda time, delay: time - delay, TRAILING, AS_OF, BUCKETS),
    _known("delay-in-hours", "Rounds the delay up to full hours.", lambda time, delay: time - -delay // _HOUR * _HOUR, TRAILING, AS_OF, BUCKETS),
    _known("delay-not-below-a-millisecond", "Ignores delays below a millisecond.", lambda time, delay: time + delay // 1000 * 1000, TRAILING, AS_OF),
    _known("times-beyond-nanoseconds-wrap", "Holds times as nanoseconds in 64 bits, which end in 1677 and 2262.", _in_nanoseconds, TRAILING, AS_OF, BUCKETS),
    of_rules("delay-only-hides", "Counts windows from when events happened, and hides those that are not known yet.", TRAILING, **_ON_EVENT_TIME, is_inside=lambda rules, known, start, end, w: _RIGHT.is_inside(known.time, start, end, w) and _RIGHT.is_inside(int(known), None, end, w)),
    of_rules("delay-moves-no-start", "Counts the start of windows from when events happened.", TRAILING, **_ON_EVENT_TIME, is_inside=lambda rules, known, start, end, w: (start is None or known.time > start or (w.include_start and known.time == start)) and _RIGHT.is_inside(int(known), None, end, w)),
    of_rules("ages-on-event-time", "Counts ages from when an event happened.", TRAILING, **_ON_EVENT_TIME),
    # -- what is known as of T
    of_rules("as-of-always-exact", "Takes an event exactly at T without being asked to.", AS_OF, is_known=lambda rules, known, at, include_exact: known <= at),
    of_rules("as-of-never-exact", "Never takes an event exactly at T.", AS_OF, is_known=lambda rules, known, at, include_exact: known < at),
    of_rules("as-of-knows-the-future", "Takes the latest event of all.", AS_OF, is_known=lambda rules, known, at, include_exact: True),
    of_rules("as-of-a-microsecond-late", "Knows an event one microsecond before it does.", AS_OF, is_known=lambda rules, known, at, include_exact: _RIGHT.is_known(known, at + 1, include_exact=include_exact)),
    of_rules("as-of-a-microsecond-early", "Knows an event one microsecond late.", AS_OF, is_known=lambda rules, known, at, include_exact: _RIGHT.is_known(known, at - 1, include_exact=include_exact)),
    of_rules("as-of-the-hour", "Takes the time of the spine for a local one, an hour off.", AS_OF, is_known=lambda rules, known, at, include_exact: _RIGHT.is_known(known, at + _HOUR, include_exact=include_exact)),
    of_rules("as-of-from-1970", "Knows nothing that was known before 1970.", AS_OF, is_known=lambda rules, known, at, include_exact: known >= 0 and _RIGHT.is_known(known, at, include_exact=include_exact)),
    # -- ages
    _age("ignored", "Ignores the greatest age.", lambda age, bound: False),
    _age("open", "Does not use an event of exactly the greatest age.", lambda age, bound: age >= bound),
    _age("a-microsecond-more", "Uses an event that is one microsecond too old.", lambda age, bound: age > bound + 1),
    _age("in-seconds", "Counts ages in full seconds.", lambda age, bound: age // _SECOND > bound // _SECOND),
    _age("in-floats", "Compares ages as floats.", lambda age, bound: float(age) > float(bound)),
    _age("zero-is-none", "Takes a greatest age of zero for none.", lambda age, bound: bound > 0 and age > bound),
    of_rules("max-age-on-event-time", "Counts the age of the latest event from when it happened.", AS_OF, **_ON_EVENT_TIME, too_old=lambda rules, age, bound: bound is not None and age > bound),
    # -- buckets
    _bucket("truncates", "Puts events before 1970 into the bucket after theirs.", _truncated),
    _bucket("labelled-by-its-end", "Names a bucket by its end.", lambda known, every: known // every * every + every),
    _bucket("labelled-by-its-middle", "Names a bucket by its middle.", lambda known, every: known // every * every + every // 2),
    _bucket("closed-at-its-end", "Puts an event at the end of a bucket into it, and one at its start into the one before.", lambda known, every: (known - 1) // every * every),
    _bucket("rounds", "Puts events into the bucket whose start is nearest.", _rounded),
    _bucket("from-midnight", "Begins buckets anew every day.", _daily),
    _bucket("from-monday", "Begins buckets on a Monday.", lambda known, every: (known - 4 * _DAY) // every * every + 4 * _DAY),
    _bucket("in-a-local-zone", "Begins days at the midnight of another zone.", lambda known, every: (known + 5 * _HOUR) // every * every - 5 * _HOUR),
    _bucket("in-seconds", "Begins buckets on full seconds.", lambda known, every: known // every * every // _SECOND * _SECOND),
    _bucket("a-microsecond-late", "Begins buckets one microsecond late.", lambda known, every: (known - 1) // every * every + 1),
)  # fmt: skip
"""Wrong time rules."""
