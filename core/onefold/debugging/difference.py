"""What two engines gave for the features of a view, and where they differ: as an object, as text and as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.display import card, html_page, html_table, text_table
from onefold.errors import DefinitionError, listed

__all__ = ["Difference", "DifferentValue", "FeatureDifference"]


@dataclass(frozen=True, slots=True)
class FeatureDifference:
    """How far the values of one feature differ.

    Args:
        feature: The feature.
        promise: How equal the values have to be: ``exact``, ``within`` a relative difference, or ``approximate``.
        equal: How many rows are equal: NaN is equal to NaN, null to null, and there is one zero.
        close: How many are not, and within what is promised.
        different: How many differ beyond it.
        nulls: How many of those are null on one side only.
        largest: The largest absolute difference of two finite numbers, the close ones included; None: there is none.
        relative: The largest relative difference, ``|a - b| / max(|a|, |b|)``.
    """

    feature: str
    promise: str
    equal: int
    close: int
    different: int
    nulls: int
    largest: float | None
    relative: float | None


@dataclass(frozen=True, slots=True)
class DifferentValue:
    """One value that differs.

    Args:
        row: The position of the row in the spine, from 0.
        keys: The keys and the time of the row, by column.
        feature: The feature.
        values: What the two engines gave.
    """

    row: int
    keys: Mapping[str, Any]
    feature: str
    values: tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A view on two engines; prints as text, and as HTML in a notebook.

    Args:
        view: The view.
        engines: The two engines.
        rows: How many rows of the spine were compared.
        features: How far each feature differs.
        examples: The first values that differ, in the order of the spine.
        notes: What else is to be known.
    """

    view: str
    engines: tuple[str, str]
    rows: int
    features: tuple[FeatureDifference, ...]
    examples: tuple[DifferentValue, ...]
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether no value differs beyond what is promised."""
        return not any(feature.different for feature in self.features)

    def __getitem__(self, feature: str) -> FeatureDifference:
        """Return how far one feature differs.

        Raises:
            DefinitionError: If the view has no such feature.
        """
        found = {one.feature: one for one in self.features}
        if feature not in found:
            raise DefinitionError(f"There is no feature {feature!r}. {listed(feature, found, what='features')}")
        return found[feature]

    def _ipython_key_completions_(self) -> list[str]:
        return [one.feature for one in self.features]

    def to_html(self) -> str:
        """Return a whole HTML page, without scripts, that fits light and dark screens."""
        return html_page(f"onefold: {self.view}", self._repr_html_())

    def __str__(self) -> str:
        lines = [f"{self._title}: {self._subtitle}"]
        for title, names, rows in self._tables():
            lines += ["", *([title] if title else []), *(f"  {line}" for line in text_table(names, rows))]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = [
            (f'<div style="margin-top:.7em"><b>{title}</b></div>' if title else '<div style="height:.5em"></div>')
            + html_table(names, rows)
            for title, names, rows in self._tables()
        ]
        notes = [f'<div style="margin-top:.4em"><i>note: {html.escape(note)}</i></div>' for note in self.notes]
        return card(self._title, self._subtitle, *parts, *notes)

    @property
    def _title(self) -> str:
        return f"{self.view} on {self.engines[0]} and on {self.engines[1]}"

    @property
    def _subtitle(self) -> str:
        differ = sum(1 for feature in self.features if feature.different)
        told = f"{differ} of them differ{'s' if differ == 1 else ''}" if differ else "none differs"
        features = f"{len(self.features):,} feature{'s' * (len(self.features) != 1)}"
        return f"{self.rows:,} row{'s' * (self.rows != 1)}, {features}, {told}"

    def _tables(self) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
        names = [
            "feature",
            "demanded",
            "equal",
            "close",
            "different",
            "null on one side",
            "largest difference",
            "relative",
        ]
        rows = [
            [
                one.feature,
                one.promise,
                one.equal,
                one.close,
                one.different,
                one.nulls,
                *("" if value is None else f"{value:.3g}" for value in (one.largest, one.relative)),
            ]
            for one in self.features
        ]
        yield "", names, rows
        if self.examples:
            keys = list(self.examples[0].keys)
            yield (
                "The first values that differ",
                ["row", *keys, "feature", *self.engines],
                [[one.row, *one.keys.values(), one.feature, *one.values] for one in self.examples],
            )
