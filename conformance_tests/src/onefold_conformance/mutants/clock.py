"""Mutants of exact lengths of time, wall clocks, their text, and numbers since 1970."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from typing import Any

from onefold.types import TIMESTAMP
from onefold_conformance.mutants.habits import saturated, wrapped
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.wrong import fail, function, function_but, null_on_error
from onefold_conformance.oracle.civil import DAY, civil, date_number, days_in_month, split
from onefold_conformance.oracle.functions.catalogue import FUNCTIONS
from onefold_conformance.oracle.functions.clock import formatted
from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64

__all__ = ["MUTANTS"]

_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _in_years_of_python(value: int) -> bool:
    return -(2**55) < value < 2**55


def _offset(zone: str, value: int) -> dt.timedelta:
    offset = (_EPOCH + dt.timedelta(microseconds=value)).astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def _local(change: Callable[[str, int], dt.timedelta]) -> FunctionRule:
    """Wall clocks by another offset of a zone at an instant."""

    def rule(call: Application, value: int) -> int:
        if not _in_years_of_python(value):
            return FUNCTIONS["local_time"](call, value)  # type: ignore[no-any-return]
        return checked_int64(value + change(call.options["zone"], value) // _MICROSECOND)

    return rule


def _standard(zone: str, value: int) -> dt.timedelta:
    """The offset without the summer time."""
    moment = (_EPOCH + dt.timedelta(microseconds=value)).astimezone(zoneinfo.ZoneInfo(zone))
    return (moment.utcoffset() or dt.timedelta()) - (moment.dst() or dt.timedelta())


def _of_today(zone: str, value: int) -> dt.timedelta:
    """The offset of January 2024, at all times."""
    return _offset(zone, 1_704_067_200_000_000)


def _whole_minutes(zone: str, value: int) -> dt.timedelta:
    offset = _offset(zone, value)
    return dt.timedelta(minutes=offset // dt.timedelta(minutes=1))


def _whole_hours(zone: str, value: int) -> dt.timedelta:
    return dt.timedelta(hours=round(_offset(zone, value) / dt.timedelta(hours=1)))


def _backwards(zone: str, value: int) -> dt.timedelta:
    return -_offset(zone, value)


def _as_if_local(zone: str, value: int) -> dt.timedelta:
    """The offset of the wall clock that has the same number, which changes hours too early or too late."""
    return _offset(zone, value - _standard(zone, value) // _MICROSECOND)


def _without_padding(form: Callable[[dict[str, int]], dict[str, str]]) -> FunctionRule:
    """Formats with another text of their parts."""

    def rule(call: Application, value: int) -> str:
        days, time = split(value, call.arg_types[0])
        year, month, day = civil(days)
        seconds, micro = divmod(time, 1_000_000)
        parts = {
            "Y": year,
            "m": month,
            "d": day,
            "H": seconds // 3600,
            "M": seconds // 60 % 60,
            "S": seconds % 60,
            "f": micro,
        }
        texts = {**{name: formatted(days, time, f"%{name}") for name in parts}, **form(parts)}
        return re.sub("%(.)", lambda found: texts[found[1]], call.options["format"])

    return rule


def _strftime_cut(call: Application, value: int) -> str:
    """Times before 1970 by divisions that cut."""
    days, time = split(value, call.arg_types[0])
    return formatted(days + (1 if days < 0 and time else 0), time, call.options["format"])


_DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}


def _parsed(text: str, form: str, digits: dict[str, str]) -> dict[str, int] | None:
    """The numbers of a text in a format, with another form of some of them."""
    patterns = {name: f"[0-9]{{{count}}}" for name, count in _DIGITS.items()} | digits
    names = re.findall("%(.)", form)
    pattern = re.sub("%(.)", lambda found: f"({patterns[found[1]]})", re.escape(form))
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    values = dict.fromkeys("HMSf", 0)
    for name, part in zip(names, found.groups(), strict=True):
        values[name] = int(part.ljust(6, "0")) if name == "f" else int(part)
    return values


def _reads(of: str, change: Callable[[str, str], dict[str, int] | None]) -> FunctionRule:
    """Reading dates and times that the right rule takes for none."""
    right = FUNCTIONS[of]

    def rule(call: Application, text: str) -> int | None:
        value: int | None = right(call, text)
        if value is not None:
            return value
        found = change(text, call.options["format"])
        if found is None or not 1 <= found["Y"] <= 9999:
            return None
        years, months = divmod(found["m"] - 1, 12)
        days = date_number(found["Y"] + years, months + 1, 1) + found["d"] - 1
        if of == "to_date":
            return days
        return days * DAY + ((found["H"] * 60 + found["M"]) * 60 + found["S"]) * 1_000_000 + found["f"]

    return rule


def _valid(found: dict[str, int] | None) -> dict[str, int] | None:
    """Only dates and times that exist."""
    if found is None or not (1 <= found["m"] <= 12 and 1 <= found["Y"] <= 9999):
        return None
    day = 1 <= found["d"] <= days_in_month(found["Y"], found["m"])
    return found if day and found["H"] < 24 and found["M"] < 60 and found["S"] < 60 else None


_SHORT = {name: f"[0-9]{{1,{count}}}" for name, count in _DIGITS.items() if name not in "Yf"}

_LENIENT: dict[str, tuple[str, Callable[[str, str], dict[str, int] | None]]] = {
    "missing-zeros": ("Reads numbers without their zeros", lambda text, form: _valid(_parsed(text, form, _SHORT))),
    "blanks-around": ("Ignores blanks around the text", lambda text, form: _valid(_parsed(text.strip(), form, {}))),
    "rolls-over": ("Takes a day that does not exist for a later one", lambda text, form: _clock_exists(_parsed(text, form, {}))),
    "text-behind": ("Ignores what stands behind the format", lambda text, form: _valid(_first_match(text, form))),
    "two-digit-years": ("Reads years of two digits", lambda text, form: _valid(_of_this_century(_parsed(text, form, {"Y": "[0-9]{2}"})))),
    "other-digits": ("Reads digits of other scripts", lambda text, form: _valid(_parsed(text, form, {n: rf"\d{{{c}}}" for n, c in _DIGITS.items()}))),
    "signs": ("Reads a sign for a digit", lambda text, form: _valid(_parsed(text, form, {n: f"[+ 0-9][0-9]{{{c - 1}}}" for n, c in _DIGITS.items() if n != "f"}))),
}  # fmt: skip


def _clock_exists(found: dict[str, int] | None) -> dict[str, int] | None:
    return found if found and found["H"] < 24 and found["M"] < 60 and found["S"] < 60 else None


def _first_match(text: str, form: str) -> dict[str, int] | None:
    for end in range(len(text), 0, -1):
        found = _parsed(text[:end], form, {})
        if found is not None:
            return found
    return None


def _of_this_century(found: dict[str, int] | None) -> dict[str, int] | None:
    return found and {**found, "Y": found["Y"] + (2000 if found["Y"] < 70 else 1900)}


def _lenient(of: str) -> list[Mutant]:
    return [function(of, name, f"{what} in {of}.", _reads(of, change)) for name, (what, change) in _LENIENT.items()]


def _unreadable_fails(of: str) -> FunctionRule:
    right = FUNCTIONS[of]

    def rule(call: Application, text: str) -> Any:
        value = right(call, text)
        return fail() if value is None else value

    return rule


def _midnight_at_the_end(text: str, form: str) -> dict[str, int] | None:
    found = _parsed(text, form, {})
    clock = found and (found["H"], found["M"], found["S"], found["f"])
    return found if found and clock == (24, 0, 0, 0) and _valid({**found, "H": 0}) else None


def _leap_second(text: str, form: str) -> dict[str, int] | None:
    found = _parsed(text, form, {})
    return found if found and found["S"] == 60 and _valid({**found, "S": 59}) else None


def _short_fraction(text: str, form: str) -> dict[str, int] | None:
    return _valid(_parsed(text, form, {"f": "[0-9]{1,6}"}))


def _any_separator(text: str, form: str) -> dict[str, int] | None:
    return _valid(_parsed(text.replace("T", " "), form.replace("T", " "), {}))


def _epoch(of: str, change: Callable[[int, int], int]) -> FunctionRule:
    length = {"epoch_seconds": 1_000_000, "epoch_milliseconds": 1_000, "epoch_microseconds": 1}[of]
    return lambda call, value: change(value, length)


def _cut(value: int, length: int) -> int:
    return value // length if value >= 0 else -(-value // length)


_FROM = {"from_epoch_seconds": 1_000_000, "from_epoch_milliseconds": 1_000, "from_epoch_microseconds": 1}


def _bucket(origin: int) -> FunctionRule:
    def rule(call: Application, value: int) -> int:
        return checked_int64(value - (value - origin) % int(call.options["every"]))

    return rule


def _bucket_of_the_day(call: Application, value: int) -> int:
    """Buckets that begin anew at midnight."""
    days, time = divmod(value, DAY)
    every: int = call.options["every"]
    return days * DAY + time - time % every if every < DAY else FUNCTIONS["time_bucket"](call, value)


def _bucket_cut(call: Application, value: int) -> int:
    return _cut(value, call.options["every"]) * int(call.options["every"])


def _bucket_left_open(call: Application, value: int) -> int:
    every: int = call.options["every"]
    start: int = FUNCTIONS["time_bucket"](call, value - 1 if value % every == 0 else value)
    return start


_JANUARY_3_2000 = 946_857_600_000_000
_JANUARY_1_2000 = 946_684_800_000_000


def _later(value: int) -> int:
    """Return the instant at which New York shows what UTC shows at another."""
    return value - _offset("America/New_York", value) // _MICROSECOND if _in_years_of_python(value) else value


def _of_local_clocks(of: str) -> FunctionRule:
    right = FUNCTIONS[of]

    def rule(call: Application, value: int) -> int:
        return right(call, _later(value) if call.arg_types[0] == TIMESTAMP else value)  # type: ignore[no-any-return]

    return rule


def _hour_that_is_skipped(call: Application, value: int, length: int) -> int:
    later: int = FUNCTIONS["add_duration"](call, value, length)
    if call.arg_types[0] != TIMESTAMP or not _in_years_of_python(later):
        return later
    wall = _EPOCH.replace(tzinfo=zoneinfo.ZoneInfo("America/New_York")) + dt.timedelta(microseconds=later)
    shown = wall.astimezone(dt.UTC).astimezone(wall.tzinfo).replace(tzinfo=dt.UTC)
    return (shown - _EPOCH) // _MICROSECOND


MUTANTS: tuple[Mutant, ...] = (
    function("add_duration", "in-milliseconds", "Cuts durations to milliseconds.", lambda call, value, length: FUNCTIONS["add_duration"](call, value, _cut(length, 1_000) * 1_000)),
    function("add_duration", "wraps", "Lets timestamps wrap around at 64 bits.", lambda call, value, length: wrapped(value + length)),
    function("add_duration", "saturates", "Cuts timestamps off at the ends of 64 bits.", lambda call, value, length: saturated(value + length)),
    function("add_duration", "in-float", "Adds durations in floats.", lambda call, value, length: saturated(int(float(value) + float(length)))),
    null_on_error("add_duration"),
    function("duration_between", "reversed", "Measures from the second timestamp to the first.", lambda call, start, end: FUNCTIONS["duration_between"](call, end, start)),
    function("duration_between", "absolute", "Ignores the sign of a duration.", lambda call, start, end: checked_int64(abs(end - start))),
    function("duration_between", "in-milliseconds", "Measures whole milliseconds.", lambda call, start, end: _cut(FUNCTIONS["duration_between"](call, start, end), 1_000) * 1_000),
    function("duration_between", "in-seconds-as-float", "Measures seconds in floats.", lambda call, start, end: saturated(int((end - start) / 1e6 * 1e6))),
    function("local_time", "without-summer-time", "Ignores summer time.", _local(_standard)),
    function("local_time", "offset-of-today", "Takes one offset for all times.", _local(_of_today)),
    function("local_time", "whole-minutes", "Cuts offsets to whole minutes.", _local(_whole_minutes)),
    function("local_time", "whole-hours", "Rounds offsets to whole hours.", _local(_whole_hours)),
    function("local_time", "backwards", "Takes the offset of a zone the wrong way.", _local(_backwards)),
    function("local_time", "changes-at-the-wrong-hour", "Takes the instant for a wall clock when it looks up the offset.", _local(_as_if_local)),
    function("local_time", "utc", "Ignores the zone.", _local(lambda zone, value: dt.timedelta())),
    function("strftime", "without-zeros", "Leaves out zeros at the beginning of months, days and hours.", _without_padding(lambda p: {n: str(p[n]) for n in "mdH"})),
    function("strftime", "short-year", "Leaves out zeros at the beginning of years.", _without_padding(lambda p: {"Y": str(p["Y"])})),
    function("strftime", "milliseconds", "Writes milliseconds for microseconds.", _without_padding(lambda p: {"f": f"{p['f'] // 1000:03}"})),
    function("strftime", "nanoseconds", "Writes nanoseconds for microseconds.", _without_padding(lambda p: {"f": f"{p['f'] * 1000:09}"})),
    function("strftime", "trims-the-fraction", "Leaves out zeros at the end of the fraction.", _without_padding(lambda p: {"f": f"{p['f']:06}".rstrip("0") or "0"})),
    function("strftime", "minutes-are-months", "Takes minutes for months.", _without_padding(lambda p: {"M": f"{p['m']:02}"})),
    function("strftime", "twelve-hours", "Counts hours to 12 in strftime.", _without_padding(lambda p: {"H": f"{(p['H'] - 1) % 12 + 1:02}"})),
    function("strftime", "cut-before-1970", "Takes days before 1970 for the next one in strftime.", _strftime_cut),
    *_lenient("to_date"),
    *_lenient("to_timestamp"),
    *(function(name, "unreadable-fails", f"Fails for text that {name} can not read.", _unreadable_fails(name)) for name in ("to_date", "to_timestamp")),
    function("to_timestamp", "short-fraction", "Reads fractions of fewer than six digits.", _reads("to_timestamp", _short_fraction)),
    function("to_timestamp", "midnight-at-the-end", "Reads 24:00:00 as the next day.", _reads("to_timestamp", _midnight_at_the_end)),
    function("to_timestamp", "leap-second", "Reads second 60 as the next minute.", _reads("to_timestamp", _leap_second)),
    function("to_timestamp", "any-separator", "Takes T and a blank for the same.", _reads("to_timestamp", _any_separator)),
    function("to_timestamp", "without-fraction", "Loses the fraction of a second.", lambda call, text: None if FUNCTIONS["to_timestamp"](call, text) is None else FUNCTIONS["to_timestamp"](call, text) // 1_000_000 * 1_000_000),
    function("to_date", "month-and-day-swapped", "Reads the day for the month.", lambda call, text: FUNCTIONS["to_date"](Application(call.name, call.arg_types, call.result_type, {"format": call.options["format"].replace("%m", "%?").replace("%d", "%m").replace("%?", "%d")}), text)),
    *(function(name, "cut-before-1970", f"Cuts {name} before 1970 towards 1970.", _epoch(name, _cut)) for name in ("epoch_seconds", "epoch_milliseconds")),
    *(function(name, "rounds", f"Rounds {name} to the nearest.", _epoch(name, lambda value, length: (2 * value + length) // (2 * length))) for name in ("epoch_seconds", "epoch_milliseconds")),
    *(function(name, "in-float", f"Computes {name} in floats.", _epoch(name, lambda value, length: saturated(int(float(value) // length)))) for name in ("epoch_seconds", "epoch_milliseconds", "epoch_microseconds")),
    function("epoch_microseconds", "in-milliseconds", "Cuts microseconds since 1970 to milliseconds.", _epoch("epoch_microseconds", lambda value, length: value // 1_000 * 1_000)),
    *(function_but(name, "negative-is-null", f"Returns null from {name} before 1970.", lambda number: number < 0) for name in _FROM),
    *(function(name, "wraps", f"Lets {name} wrap around at 64 bits.", lambda call, number, length=length: wrapped(number * length)) for name, length in _FROM.items() if length > 1),
    *(null_on_error(name) for name, length in _FROM.items() if length > 1),
    *(function_but(name, "beyond-32-bits-is-null", f"Returns null from {name} for more than 32 bits.", lambda number: not -(2**31) <= number < 2**31) for name in _FROM),
    function_but("from_epoch_microseconds", "in-float", "Reads microseconds since 1970 as floats.", lambda number: True, lambda number: saturated(int(float(number)))),
    function("time_bucket", "cut-before-1970", "Cuts buckets before 1970 towards 1970.", _bucket_cut),
    function("time_bucket", "from-monday", "Aligns buckets to Monday, 2000-01-03.", _bucket(_JANUARY_3_2000)),
    function("time_bucket", "from-2000", "Aligns buckets to 2000-01-01.", _bucket(_JANUARY_1_2000)),
    function("time_bucket", "from-midnight", "Begins the buckets of a day at its midnight.", _bucket_of_the_day),
    function("time_bucket", "left-open", "Takes the start of a bucket for the end of the one before.", _bucket_left_open),
    function("time_bucket", "end", "Returns the end of the bucket.", lambda call, value: FUNCTIONS["time_bucket"](call, value) + call.options["every"]),
    function("add_duration", "skips-an-hour", "Moves wall clocks that a zone skips to the next hour.", _hour_that_is_skipped),
    *(function(name, "of-local-clocks", f"Takes wall clocks for those of a local zone in {name}.", _of_local_clocks(name)) for name in ("epoch_seconds", "epoch_milliseconds", "epoch_microseconds")),
    function("from_epoch_seconds", "of-a-local-zone", "Counts seconds from the midnight of a local zone.", lambda call, number: _later(FUNCTIONS["from_epoch_seconds"](call, number))),
    function("from_epoch_seconds", "of-milliseconds", "Takes large numbers of seconds for milliseconds.", lambda call, number: number * 1_000 if 10**11 < abs(number) < 10**15 else FUNCTIONS["from_epoch_seconds"](call, number)),
    function("local_time", "in-nanoseconds", "Holds times in 64 bits of nanoseconds, which end with 2262.", lambda call, value: wrapped(FUNCTIONS["local_time"](call, value) * 1_000) // 1_000),
    function("strftime", "without-directives-is-null", "Returns null for a format without directives.", lambda call, value: FUNCTIONS["strftime"](call, value) if "%" in call.options["format"] else None),
    function("to_timestamp", "of-a-local-zone", "Takes text for a time of a local zone.", lambda call, text: None if (value := FUNCTIONS["to_timestamp"](call, text)) is None else _later(value)),
)  # fmt: skip
"""Wrong clocks."""
