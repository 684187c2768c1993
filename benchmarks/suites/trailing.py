"""Workloads of trailing aggregates: one view of one source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchmarks.cases import LIFETIME, MEASURES, Case, Feature, View, Window, parse_windows
from benchmarks.data_sets import Events, Spine, generate
from benchmarks.suites.workload import Setting, Workload, so_many

__all__ = ["SUMS", "TRAILING", "features"]

_COLUMNS: Final = {"count": "", "distinct": "category"}

SUMS: Final = ("count", "sum", "mean", "stddev")
_MANY: Final = 30

_KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "sums": ("count, sum, mean, stddev", SUMS),
    "minmax": ("min, max", ("min", "max")),
    "distinct": ("count of different values", ("distinct",)),
    "median": ("exact median", ("median",)),
    "last-10": ("lists of the 10 latest values", ("last_10",)),
    "all": ("all measures together", MEASURES),
}


def features(measures: tuple[str, ...], windows: tuple[Window, ...]) -> tuple[Feature, ...]:
    """Return measures of amounts, counts of different categories, all over the same windows."""
    return tuple(Feature(measure, measure, _COLUMNS.get(measure, "amount"), windows) for measure in measures)


def _case(setting: Setting, events: Events, spine: Spine, wanted: tuple[Feature, ...]) -> Case:
    view = View("activity", str(generate(events, setting.folder)), events.key, wanted)
    return Case(str(generate(spine, setting.folder)), (view,), unique=setting.unique)


def _trailing(measures: tuple[str, ...], choose: Callable[[Setting], tuple[Window, ...]]) -> Callable[[Setting], Case]:
    def case(setting: Setting) -> Case:
        windows = choose(setting)
        scale = setting.scale
        # Thirty windows of large scales would be about the size of the result.
        share = 10 if len(windows) >= _MANY and scale.name in "ML" else 1
        events = Events(scale.events // share, scale.keys // share, setting.seed)
        return _case(setting, events, Spine(scale.spine // share, (events,), setting.seed), features(measures, windows))

    return case


def _first(count: int) -> Callable[[Setting], tuple[Window, ...]]:
    return lambda setting: so_many(setting.windows, count)


def _long_series(setting: Setting) -> Case:
    scale = setting.scale
    events = Events(scale.events, 100, setting.seed, skew=0.0)
    wanted = features(("count", "sum", "mean", "min", "max", "last"), so_many(setting.windows, 6))
    return _case(setting, events, Spine(scale.spine, (events,), setting.seed), wanted)


def _keys(heavy: float) -> Callable[[Setting], Case]:
    def case(setting: Setting) -> Case:
        scale = setting.scale
        events = Events(scale.events, scale.keys, setting.seed, skew=0.0, heavy=heavy)
        spine = Spine(scale.spine, (events,), setting.seed)
        return _case(setting, events, spine, features(SUMS, so_many(setting.windows, 6)))

    return case


def _wide(setting: Setting) -> Case:
    scale = setting.scale
    # Key, time and three values are in every file; nine days are a twentieth of the range of times.
    events = Events(scale.events // 5, scale.keys, setting.seed, wide=55)
    spine = Spine(scale.spine // 10, (events,), setting.seed, days=9)
    return _case(setting, events, spine, features(("count", "sum", "mean"), parse_windows("1h,1d")))


def _limited(setting: Setting) -> Case:
    case = _trailing(SUMS, _first(6))(setting)
    return Case(case.spine, case.views, memory_mib=1024, unique=case.unique)


TRAILING: Final = (
    *(
        Workload(
            f"{name}-{count}",
            f"{title}; {count} window{'s' * (count > 1)}",
            _trailing(measures, _first(count)),
        )
        for name, (title, measures) in _KINDS.items()
        for count in (1, 6, _MANY)
    ),
    Workload("sums-lifetime", "count, sum, mean, stddev; from the beginning", _trailing(SUMS, lambda _: (LIFETIME,))),
    Workload("long-series", "100 entities with very many events each; 6 windows", _long_series),
    Workload("even-keys", "sums; entities of equal shares; 6 windows", _keys(0.0), patience=20.0),
    Workload("heavy-key", "sums; one entity has a fifth of all rows; 6 windows", _keys(0.2), patience=20.0),
    Workload("wide", "3 of 60 columns, a twentieth of the range of times", _wide),
    Workload("larger-than-memory", "sums; 6 windows; memory limit 1 GiB", _limited, scales=("T", "L")),
)
