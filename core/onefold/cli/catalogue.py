"""The catalogue as ``onefold functions`` shows it: functions and aggregations in one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefold.errors import PlanError, listed
from onefold.plan import AGGREGATIONS, FUNCTIONS, Aggregation, Function

__all__ = ["Item", "find", "select"]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the catalogue.

    Args:
        entry: The function or aggregation.
    """

    entry: Function | Aggregation

    @property
    def name(self) -> str:
        """Its name."""
        return self.entry.name

    @property
    def kind(self) -> str:
        """``"function"`` or ``"aggregation"``."""
        return "function" if isinstance(self.entry, Function) else "aggregation"

    @property
    def family(self) -> str:
        """The group it belongs to."""
        return self.entry.family

    @property
    def meaning(self) -> str:
        """What it means, in a paragraph."""
        return self.entry.description

    @property
    def first_sentence(self) -> str:
        """The beginning of its meaning."""
        head, dot, _ = self.entry.description.partition(". ")
        return head + (dot.strip() or "")

    @property
    def signatures(self) -> tuple[str, ...]:
        """What it takes and gives."""
        return tuple(str(signature) for signature in self.entry.signatures)

    @property
    def options(self) -> dict[str, dict[str, Any]]:
        """Its named constants: type, meaning, default and choices."""
        found = {}
        for name, option in self.entry.options.items():
            about: dict[str, Any] = {"type": option.kind.__name__, "description": option.description}
            if option.default is not ...:
                about["default"] = option.default
            if option.choices is not None:
                about["choices"] = list(option.choices)
            found[name] = about
        return found

    @property
    def facts(self) -> dict[str, str]:
        """What else is stated about it: nulls, order, exactness."""
        if isinstance(self.entry, Function):
            nulls = "null when an argument is null" if self.entry.nulls == "propagate" else "as the meaning says"
            exact = "exact, the same on every engine"
            if self.entry.accuracy != "exact":
                exact = (
                    f"engines may differ by {self.entry.accuracy}"
                    if self.entry.accuracy != "0ulp"
                    else "the same bits on every engine"
                )
            return {"nulls": nulls, "accuracy": exact}
        return {
            "over no values": "0" if self.entry.empty == "zero" else "null",
            "accuracy": f"approximate: {self.entry.error_bound}" if self.entry.error_bound else "exact",
            "order of rows": "matters: by time, then sequence, then value"
            if self.entry.order_sensitive
            else "does not matter",
            "in tiles": self.entry.merge or "not possible",
        }

    @property
    def example(self) -> Mapping[str, Any]:
        """Arguments (types and values by row), options, and the result: by row, or one value for an aggregation."""
        shown = self.entry.example
        return {
            "args": [{"type": dtype, "values": list(values)} for dtype, values in shown.args],
            "options": dict(shown.options),
            "result": list(shown.result) if isinstance(self.entry, Function) else shown.result,
        }

    @property
    def example_text(self) -> str:
        """The example in one line."""
        options = [f"{name}={value!r}" for name, value in self.entry.example.options.items()]
        args = [str(list(values)) for _, values in self.entry.example.args]
        result = self.example["result"]
        return f"{self.name}({', '.join([*args, *options])}) = {result!r}" + (
            ", row by row" if isinstance(self.entry, Function) else ""
        )

    def as_json(self) -> dict[str, Any]:
        """Return what ``onefold functions --json`` prints for it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "family": self.family,
            "signatures": list(self.signatures),
            "meaning": self.meaning,
            "options": self.options,
            **{name.replace(" ", "_"): value for name, value in self.facts.items()},
            "example": self.example,
        }


def select(family: str | None) -> list[Item]:
    """Return all entries, or those of one family, in the order of the catalogue.

    Args:
        family: A family, or ``"function"`` or ``"aggregation"`` for all of that kind.

    Raises:
        PlanError: If there is no such family.
    """
    items = [*map(Item, FUNCTIONS.values()), *map(Item, AGGREGATIONS.values())]
    if family is None:
        return items
    wanted = family.lower().removesuffix("s")
    chosen = [item for item in items if wanted in (item.kind, item.family.removesuffix("s"))]
    if not chosen:
        families = [*dict.fromkeys(item.family for item in items), "function", "aggregation"]
        raise PlanError(f"There is no family {family!r}. {listed(family, families, what='families')}")
    return chosen


def find(name: str, family: str | None = None) -> list[Item]:
    """Return the entries of a name: one, or a function and an aggregation.

    Raises:
        PlanError: If there is none; the message gives near matches.
    """
    items = select(family)
    found = [item for item in items if item.name == name.lower()]
    if not found:
        raise PlanError(
            f"There is no function {name!r}. {listed(name, dict.fromkeys(item.name for item in items), what='functions')}"
        )
    return found
