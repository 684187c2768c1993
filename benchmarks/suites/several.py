"""Workloads of several views: as-of joins, a large training set, many small views."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Final

from benchmarks.cases import Case, Feature, View, parse_windows
from benchmarks.data_sets import Events, Spine, generate
from benchmarks.suites.workload import Setting, Workload, so_many

__all__ = ["SEVERAL"]

_SMALL: Final = 1000


def _as_of(views: int) -> Callable[[Setting], Case]:
    def case(setting: Setting) -> Case:
        scale = setting.scale
        # No rows of the spine at the times of events: Feast's joins would take those in.
        share = {1: 1, 5: 5}.get(views, 10)
        shapes = [Events(scale.events // share, scale.keys, setting.seed + number) for number in range(views)]
        spine = Spine(scale.spine, (shapes[0],), setting.seed, at_events=0.0)
        return Case(
            str(generate(spine, setting.folder)),
            tuple(
                View(
                    f"view_{number}",
                    str(generate(shape, setting.folder)),
                    shape.key,
                    tuple(
                        Feature(f"view_{number}__{name}", "latest", name) for name in ("amount", "score", "category")
                    ),
                )
                for number, shape in enumerate(shapes)
            ),
            unique=setting.unique,
        )

    return case


# The views of each of the four sources: four measures, over five windows each.
_VIEWS: Final = (
    (("count", ""), ("sum", "amount"), ("mean", "amount"), ("stddev", "amount")),
    (("sum", "score"), ("mean", "score"), ("stddev", "score"), ("min", "score")),
    (("min", "amount"), ("max", "amount"), ("last", "amount"), ("distinct", "category")),
    (("max", "score"), ("last", "score"), ("min", "category"), ("max", "category")),
    (("last", "category"), ("sum", "category"), ("mean", "category"), ("stddev", "category")),
)


def _training_set(setting: Setting) -> Case:
    scale = setting.scale
    windows = so_many(setting.windows, 6)[-5:]
    shapes = [
        Events(scale.events // 4, max(1, scale.keys // 4**number), setting.seed + number, f"key_{number}")
        for number in range(4)
    ]
    views = tuple(
        View(
            f"v{source}{number}",
            str(generate(shape, setting.folder)),
            shape.key,
            tuple(
                Feature(f"v{source}{number}_{measure}_{column}", measure, column, windows)
                for measure, column in measures
            ),
        )
        for (source, shape), (number, measures) in product(enumerate(shapes), enumerate(_VIEWS))
    )
    spine = Spine(scale.spine, tuple(shapes), setting.seed)
    return Case(str(generate(spine, setting.folder)), views, unique=setting.unique)


def _small(views: int) -> Callable[[Setting], Case]:
    def case(setting: Setting) -> Case:
        shapes = [Events(_SMALL, _SMALL // 10, setting.seed + number) for number in range(views)]
        spine = Spine(_SMALL // 10, (shapes[0],), setting.seed)
        windows = parse_windows("7d,lifetime")
        made = tuple(
            View(
                f"small_{number}",
                str(generate(shape, setting.folder)),
                shape.key,
                tuple(Feature(f"s{number}_{measure}", measure, "amount", windows) for measure in ("sum", "max")),
            )
            for number, shape in enumerate(shapes)
        )
        return Case(str(generate(spine, setting.folder)), made, unique=setting.unique)

    return case


SEVERAL: Final = (
    *(
        Workload(
            f"as-of-{views}", f"3 columns of the latest row from each of {views} sources", _as_of(views), patience=40
        )
        for views in (1, 5, 20)
    ),
    Workload("training-set", "400 features of 20 views over 4 sources", _training_set),
    *(
        Workload(
            f"small-{views}",
            f"{views} views of {_SMALL} events each, in a process that has done it before",
            _small(views),
            scales=("T", "S", "M") if views == 10 else ("S", "M"),
            warm_ups=1,
        )
        for views in (10, 100)
    ),
)
