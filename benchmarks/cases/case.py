"""One job for one tool: which files, which features, where the result goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

from benchmarks.cases.windows import Window

__all__ = ["LISTS", "MEASURES", "Case", "Feature", "View"]

MEASURES: Final = ("count", "sum", "mean", "stddev", "min", "max", "last", "last_10", "distinct", "median")
"""``count`` counts events; all others are over the values of a column that are not null. ``last_10`` is a list, the
latest last, and null over no values; ``distinct`` is the number of different values."""

LISTS: Final = ("last_10",)


@dataclass(frozen=True)
class Feature:
    """A measure over windows, or a column of the latest event before the spine's time.

    Args:
        name: The start of the names of its columns; all of the name where there are no windows.
        measure: One of :data:`MEASURES`, or ``latest``: the column as it is in the latest event, nulls included.
        column: What is measured; for ``count`` it is not looked at.
        windows: One column each; none for ``latest``.
    """

    name: str
    measure: str
    column: str
    windows: tuple[Window, ...] = ()

    @cached_property
    def outputs(self) -> dict[str, Window | None]:
        """The columns that it makes, and the window of each."""
        return {f"{self.name}_{window.name}": window for window in self.windows} or {self.name: None}


@dataclass(frozen=True)
class View:
    """Features of one entity from one file.

    Args:
        name: Its name.
        events: The Parquet file: the key, ``ts`` (an instant), and value columns. No key has two events at one time.
        key: The column of the entity, in the events and in the spine.
        features: What is computed: all ``latest``, or none.
    """

    name: str
    events: str
    key: str
    features: tuple[Feature, ...]

    @property
    def latest(self) -> bool:
        """Whether it takes columns of the latest event, and has no windows."""
        return self.features[0].measure == "latest"

    @property
    def columns(self) -> tuple[str, ...]:
        """The value columns that it needs, each once."""
        return tuple(dict.fromkeys(feature.column for feature in self.features if feature.measure != "count"))

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows that it needs, each once."""
        return tuple(dict.fromkeys(window for feature in self.features for window in feature.windows))

    @property
    def reach(self) -> int | None:
        """The length of the longest window in microseconds; None when there is no limit to how far it looks back."""
        lengths = [window.micros for window in self.windows]
        return None if not lengths or None in lengths else max(length for length in lengths if length is not None)

    def only(self, *measures: str) -> View | None:
        """Return the view with the features of these measures only; None when there are none."""
        kept = tuple(feature for feature in self.features if feature.measure in measures)
        return View(self.name, self.events, self.key, kept) if kept else None


@dataclass(frozen=True)
class Case:
    """One job for one tool.

    Args:
        spine: The Parquet file of spine rows: ``row`` (0, 1, 2, ...), the keys of all views, ``ts``.
        views: What is computed.
        output: A path for the result (Parquet: one file or a directory): ``row`` and the columns of all features, in
            any order of rows.
        scratch: A folder for temporary files.
        memory_mib: How much memory an engine may use before it spills, for those that can be told; None: as it likes.
        unique: Whether the tool may be told that no key has two events at one time (which is so).
        threads: How many threads engines use; None: as many as there are processors.
    """

    spine: str
    views: tuple[View, ...]
    output: str = ""
    scratch: str = ""
    memory_mib: int | None = None
    unique: bool = False
    threads: int | None = None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the computed columns."""
        return tuple(name for view in self.views for feature in view.features for name in feature.outputs)

    @property
    def measures(self) -> frozenset[str]:
        """The measures that are computed."""
        return frozenset(feature.measure for view in self.views for feature in view.features)

    @property
    def sources(self) -> tuple[View, ...]:
        """The views, those with windows over the same file in one, as who writes queries by hand would have them."""
        merged: dict[tuple[str, str, bool], View] = {}
        for view in self.views:
            place = (view.events, view.key, view.latest)
            known = merged.get(place)
            features = (*(known.features if known else ()), *view.features)
            merged[place] = View(known.name if known else view.name, view.events, view.key, features)
        return tuple(merged.values())

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of the spine."""
        return tuple(dict.fromkeys(view.key for view in self.views))

    def to_json(self) -> dict[str, Any]:
        """Return the case as a document."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Case:
        """Return the case of a document."""
        views = tuple(
            View(
                view["name"],
                view["events"],
                view["key"],
                tuple(
                    Feature(**{**feature, "windows": tuple(Window(**window) for window in feature["windows"])})
                    for feature in view["features"]
                ),
            )
            for view in document["views"]
        )
        return cls(**{**document, "views": views})
