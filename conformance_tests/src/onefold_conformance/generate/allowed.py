"""What may be drawn: the catalogue as far as a backend offers it, filtered before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from onefold.contract import Capabilities, cast_capability, required_capabilities, type_capability
from onefold.plan import AGGREGATIONS, RANKINGS, Relation
from onefold.types import FLOAT64, DataType
from onefold_conformance.generate.instances import (
    Instance,
    aggregation_instances,
    cast_pairs,
    function_instances,
    nested_types,
)
from onefold_conformance.generate.values import ORDERED, TYPES

__all__ = ["JOINS", "RELATIONS", "Allowed", "allowed", "is_inexact"]

RELATIONS = (
    "input",
    "project",
    "filter",
    "union",
    "distinct",
    "deduplicate",
    "sort",
    "limit",
    "unnest",
    "join",
    "aggregate",
    "window",
    "as_of_join",
    "trailing_aggregate",
    "time_buckets",
)
"""The kinds of relations that are drawn: all but those that reach outside of the plan (files, sinks, native queries,
Python functions)."""

JOINS = ("inner", "left", "full", "semi", "anti", "cross")
"""The kinds of joins."""

_INEXACT_FAMILIES = ("moments", "decay", "quantiles")


@dataclass(frozen=True)
class Allowed:
    """What may be drawn.

    Args:
        capabilities: What a backend offers; None for everything.
        without: Capabilities that are left out all the same.
    """

    capabilities: Capabilities | None = None
    without: frozenset[str] = frozenset()

    def offers(self, capability: str) -> bool:
        """Return whether a capability may be used."""
        if capability in self.without:
            return False
        return self.capabilities is None or self.capabilities.offers(capability)

    def permits(self, plan: Relation) -> bool:
        """Return whether a whole plan uses nothing else."""
        return all(map(self.offers, required_capabilities(plan)))

    def has_type(self, dtype: DataType) -> bool:
        """Return whether values of a type may occur."""
        return all(self.offers(type_capability(part)) for part in nested_types(dtype))

    @cached_property
    def types(self) -> tuple[DataType, ...]:
        """The types of columns."""
        return tuple(filter(self.has_type, TYPES))

    @cached_property
    def ordered(self) -> tuple[DataType, ...]:
        """The types of keys."""
        return tuple(filter(self.has_type, ORDERED))

    @cached_property
    def relations(self) -> frozenset[str]:
        """The kinds of relations."""
        return frozenset(kind for kind in RELATIONS if self.offers(f"relation.{kind}"))

    @cached_property
    def joins(self) -> tuple[str, ...]:
        """The kinds of joins."""
        return tuple(how for how in JOINS if self.offers(f"join.{how}"))

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """The units of frames."""
        return tuple(unit for unit in ("rows", "range") if self.offers(f"frame.{unit}"))

    @cached_property
    def rankings(self) -> tuple[str, ...]:
        """The window functions that are not aggregations."""
        return tuple(name for name in RANKINGS if self.offers(f"window.{name}"))

    @cached_property
    def casts(self) -> tuple[tuple[DataType, DataType], ...]:
        """The pairs of types of a cast."""
        if not self.offers("expression.cast"):
            return ()
        return tuple(
            (source, target)
            for source, target in cast_pairs()
            if self.offers(cast_capability(source, target)) and self.has_type(source) and self.has_type(target)
        )

    @cached_property
    def conversions(self) -> tuple[tuple[tuple[DataType, DataType], ...], ...]:
        """The same pairs, those of one capability together: decimals have many, and are not more likely for it."""
        found: dict[str, list[tuple[DataType, DataType]]] = {}
        for pair in self.casts:
            found.setdefault(cast_capability(*pair), []).append(pair)
        return tuple(map(tuple, found.values()))

    @cached_property
    def calls(self) -> Mapping[str, tuple[Instance, ...]]:
        """The functions, by name."""
        return self._grouped(function_instances(), "function")

    @cached_property
    def calls_to(self) -> Mapping[DataType, Mapping[str, tuple[Instance, ...]]]:
        """The functions by the type of their results, then by name."""
        found: dict[DataType, dict[str, tuple[Instance, ...]]] = {}
        for name, instances in self.calls.items():
            for instance in instances:
                names = found.setdefault(instance.result, {})
                names[name] = (*names.get(name, ()), instance)
        return found

    def aggregations(self, group: str, *, inexact: bool) -> Mapping[str, tuple[Instance, ...]]:
        """Return the aggregations of a relation, by name.

        Args:
            group: ``aggregation``, ``window`` or ``trailing``.
            inexact: Also those on which engines may differ within a bound.
        """
        instances = self._aggregations[group]
        if inexact:
            return instances
        exact = {name: tuple(found for found in of if not is_inexact(found, group)) for name, of in instances.items()}
        return {name: of for name, of in exact.items() if of}

    @cached_property
    def _aggregations(self) -> Mapping[str, Mapping[str, tuple[Instance, ...]]]:
        instances = aggregation_instances()
        return {group: self._grouped(instances, group) for group in ("aggregation", "window", "trailing")}

    def _grouped(self, instances: tuple[Instance, ...], group: str) -> Mapping[str, tuple[Instance, ...]]:
        found: dict[str, list[Instance]] = {}
        for instance in instances:
            if self.offers(f"{group}.{instance.name}") and all(map(self.has_type, (*instance.args, instance.result))):
                found.setdefault(instance.name, []).append(instance)
        return {name: tuple(of) for name, of in found.items()}


def allowed(capabilities: Capabilities | None = None, *, without: Iterable[str] = ()) -> Allowed:
    """Return what may be drawn.

    Args:
        capabilities: What a backend offers; everything may be drawn when left out.
        without: Capabilities that are left out all the same, such as those with a known defect.
    """
    return Allowed(capabilities, frozenset(without))


def is_inexact(instance: Instance, group: str) -> bool:
    """Return whether engines may differ in the result of an aggregation, so that nothing may consume it."""
    entry = AGGREGATIONS[instance.name]
    if instance.name == "quantile_disc":
        return False
    if entry.error_bound is not None or entry.family in _INEXACT_FAMILIES or instance.name == "mean":
        return True
    return instance.name == "sum" and instance.result == FLOAT64 and group != "trailing"
