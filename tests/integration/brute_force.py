"""Trailing aggregates computed the slowest way: one spine row, one measure at a time, from lists of Python values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """The window of a measure in microseconds; see ``TrailingWindow``."""

    size: int | None = None
    closed: str = "left"
    offset: int = 0
    every: int | None = None
    last_rows: int | None = None


@dataclass(frozen=True)
class Wanted:
    """A measure: what is computed from which column, over which window."""

    function: str
    args: tuple[str, ...]
    window: Window
    where: str | None = None
    by: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


def order_of(value: Any) -> tuple[int, Any]:
    """Return a sort key: nulls first, NaN above every number."""
    if value is None:
        return (0, 0)
    if isinstance(value, float) and math.isnan(value):
        return (2, 0)
    return (1, value)


def same(value: Any) -> Any:
    """Return what stands for a value when values are told apart: NaN is one value."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def compute(
    wanted: Wanted, events: Sequence[Event], *, key: Any, at: int | None, sequence: str | None, delay: int
) -> Any:
    """Return one value of one measure.

    Args:
        wanted: The measure.
        events: All events, with ``key``, ``t`` (microseconds or None) and the columns that the measure reads.
        key: The key of the spine row.
        at: The time of the spine row in microseconds.
        sequence: The sequence column, when there is one.
        delay: How long after its time an event is known.
    """
    rows = [] if key is None or at is None else inside(wanted, events, key=key, at=at, sequence=sequence, delay=delay)
    if wanted.where is not None:
        rows = [row for row in rows if row[wanted.where] is True]
    end = None if at is None else end_of(wanted.window, at)
    if wanted.by is None:
        return reduce(wanted, rows, end, delay)
    groups: dict[Any, list[Event]] = {}
    for row in rows:
        if row[wanted.by] is not None:
            groups.setdefault(row[wanted.by], []).append(row)
    return [{"key": k, "value": reduce(wanted, groups[k], end, delay)} for k in sorted(groups)] or None


def size_of_terms(
    wanted: Wanted, events: Sequence[Event], *, key: Any, at: int | None, sequence: str | None, delay: int
) -> float:
    """Return the size of what a rounded function adds up in this very window: what its error is relative to.

    Variances and weights have no terms that cancel: 0, so that only a relative error is allowed.
    """
    if wanted.function.startswith(("var", "stddev", "decayed_count")):
        return 0.0
    if wanted.function in ("skewness", "kurtosis", "corr") or key is None or at is None:
        return 1.0
    rows = [
        row
        for row in inside(wanted, events, key=key, at=at, sequence=sequence, delay=delay)
        if (wanted.where is None or row[wanted.where] is True)
        and all(row[name] is not None and math.isfinite(row[name]) for name in wanted.args)
    ]
    if not rows or not wanted.args:
        return 0.0
    if wanted.function.startswith("covar"):
        spans = [max(row[name] for row in rows) - min(row[name] for row in rows) for name in wanted.args]
        return float(math.prod(spans))
    end = end_of(wanted.window, at)
    weights = [2.0 ** (-(end - row["t"] - delay) / wanted.options["half_life"]) for row in rows]
    total = math.fsum(abs(row[wanted.args[0]]) * weight for row, weight in zip(rows, weights, strict=True))
    # A secondary key may leave as little as one row to divide by.
    return total / min(weights) if wanted.function == "decayed_mean" else total


def end_of(window: Window, at: int) -> int:
    """Return the instant at which a window ends."""
    return (at if window.every is None else at // window.every * window.every) - window.offset


def inside(
    wanted: Wanted, events: Sequence[Event], *, key: Any, at: int, sequence: str | None, delay: int
) -> list[Event]:
    """Return the events in the window, in their order: time, sequence, then everything the measure reads."""
    window = wanted.window
    end = end_of(window, at)
    start = None if window.size is None else end - window.size
    rows = []
    for event in events:
        if event["key"] != key or event["t"] is None:
            continue
        t = event["t"] + delay
        before_end = t <= end if window.closed in ("right", "both") else t < end
        after_start = start is None or (t >= start if window.closed in ("left", "both") else t > start)
        if before_end and after_start:
            rows.append(event)
    tie = [*wanted.args, *(name for name in (wanted.by, wanted.where) if name is not None)]
    rows.sort(
        key=lambda row: (
            row["t"],
            order_of(row[sequence]) if sequence else (0, 0),
            [order_of(row[name]) for name in tie],
        )
    )
    return rows if window.last_rows is None else rows[-window.last_rows :]


def reduce(wanted: Wanted, rows: list[Event], end: int | None, delay: int) -> Any:
    """Return an aggregation over the rows of a window, in their order."""
    options = wanted.options
    if wanted.args and options.get("nulls") != "keep":
        rows = [row for row in rows if all(row[name] is not None for name in wanted.args)]
    if wanted.function in ("count", "count_distinct", "approx_count_distinct"):
        if wanted.function == "count":
            return len(rows)
        return len({same(row[wanted.args[0]]) for row in rows})
    if not rows:
        return None
    if wanted.function in ("corr", "covar_samp", "covar_pop"):
        return _pairs(wanted.function, [(row[wanted.args[0]], row[wanted.args[1]]) for row in rows])
    values = [row[wanted.args[0]] for row in rows] if wanted.args else []
    if wanted.function.startswith("decayed"):
        weights = [2.0 ** (-((end or 0) - row["t"] - delay) / options["half_life"]) for row in rows]
        total = math.fsum(weights)
        if wanted.function == "decayed_count":
            return total
        terms = [float(v) * w for v, w in zip(values, weights, strict=True)]
        weighted = _sum(terms)
        return weighted if wanted.function == "decayed_sum" else (weighted / total if total else None)
    return _ONE[wanted.function](values, options)


def _moment(values: list[float], mean: Fraction, power: int) -> Fraction:
    return sum(((Fraction(v) - mean) ** power for v in values), Fraction(0)) / len(values)


def _variance(values: list[float], sample: bool, root: bool) -> float | None:
    if len(values) < 1 + sample:
        return None
    if not all(math.isfinite(v) for v in values):
        return math.nan
    mean = sum(map(Fraction, values), Fraction(0)) / len(values)
    variance = _moment(values, mean, 2) * len(values) / (len(values) - sample)
    return math.sqrt(variance) if root else float(variance)


def _shape(values: list[float], power: int) -> float | None:
    if not all(math.isfinite(v) for v in values):
        return math.nan
    mean = sum(map(Fraction, values), Fraction(0)) / len(values)
    spread = float(_moment(values, mean, 2))
    if spread == 0:
        return None
    shape: float = float(_moment(values, mean, power)) / math.pow(spread, power / 2)
    return shape - 3 if power == 4 else shape


def _pairs(function: str, pairs: list[tuple[float, float]]) -> float | None:
    if len(pairs) < 2 and function != "covar_pop":
        return None
    if not all(math.isfinite(v) for pair in pairs for v in pair):
        return math.nan
    n = len(pairs)
    mx = sum((Fraction(x) for x, _ in pairs), Fraction(0)) / n
    my = sum((Fraction(y) for _, y in pairs), Fraction(0)) / n
    cov = sum(((Fraction(x) - mx) * (Fraction(y) - my) for x, y in pairs), Fraction(0))
    if function != "corr":
        return float(cov / (n - (function == "covar_samp")))
    sx = sum(((Fraction(x) - mx) ** 2 for x, _ in pairs), Fraction(0))
    sy = sum(((Fraction(y) - my) ** 2 for _, y in pairs), Fraction(0))
    return None if not sx or not sy else float(cov) / math.sqrt(float(sx)) / math.sqrt(float(sy))


def _sum(values: list[Any]) -> Any:
    if isinstance(values[0], int):
        return sum(values)
    if all(math.isfinite(v) for v in values):
        return math.fsum(values)
    return math.nan if any(map(math.isnan, values)) or len({v for v in values if math.isinf(v)}) > 1 else sum(values)


def _quantile(values: list[Any], q: float) -> float:
    ordered = sorted(values, key=order_of)
    h = q * (len(ordered) - 1)
    low, high = float(ordered[math.floor(h)]), float(ordered[min(math.floor(h) + 1, len(ordered) - 1)])
    share = h - math.floor(h)
    return low if low == high or not share else low + (high - low) * share


def _counts(values: list[Any]) -> list[tuple[Any, int]]:
    counts = Counter(map(same, values))
    kept = {same(value): value for value in values}
    return sorted(((kept[k], n) for k, n in counts.items()), key=lambda pair: order_of(pair[0]))


def _distinct(values: list[Any]) -> list[Any]:
    seen: dict[Any, Any] = {}
    for value in values:
        seen.setdefault(same(value), value)
    return list(seen.values())


def _entries(pairs: list[tuple[Any, int]]) -> list[dict[str, Any]]:
    return [{"key": key, "value": count} for key, count in pairs]


_ONE: dict[str, Callable[[list[Any], dict[str, Any]], Any]] = {
    "sum": lambda v, o: _sum(v),
    "mean": lambda v, o: float(_sum(v)) / len(v),
    "min": lambda v, o: min(v, key=order_of),
    "max": lambda v, o: max(v, key=order_of),
    "any": lambda v, o: any(v),
    "all": lambda v, o: all(v),
    "min_n": lambda v, o: sorted(v, key=order_of)[: o["n"]],
    "max_n": lambda v, o: sorted(v, key=order_of, reverse=True)[: o["n"]],
    "var_samp": lambda v, o: _variance(v, True, False),
    "var_pop": lambda v, o: _variance(v, False, False),
    "stddev_samp": lambda v, o: _variance(v, True, True),
    "stddev_pop": lambda v, o: _variance(v, False, True),
    "skewness": lambda v, o: _shape(v, 3),
    "kurtosis": lambda v, o: _shape(v, 4),
    "first": lambda v, o: v[0],
    "last": lambda v, o: v[-1],
    "first_n": lambda v, o: v[: o["n"]],
    "last_n": lambda v, o: v[-o["n"] :],
    "collect": lambda v, o: v[-o["limit"] :],
    "first_distinct_n": lambda v, o: _distinct(v)[: o["n"]],
    "last_distinct_n": lambda v, o: _distinct(v[::-1])[: o["n"]][::-1],
    "median": lambda v, o: _quantile(v, 0.5),
    "quantile": lambda v, o: _quantile(v, o["q"]),
    "approx_quantile": lambda v, o: _quantile(v, o["q"]),
    "quantile_disc": lambda v, o: sorted(v, key=order_of)[max(1, math.ceil(o["q"] * len(v))) - 1],
    "mode": lambda v, o: max(_counts(v), key=lambda pair: pair[1])[0],
    "top_k": lambda v, o: _entries(sorted(_counts(v), key=lambda pair: -pair[1])[: o["k"]]),
    "histogram": lambda v, o: _entries(_counts(v)),
}
