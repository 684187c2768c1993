"""Plans as lazy frames: each distinct relation is lowered once, whatever the number of places that read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import polars as pl

from onefold.plan import (
    Aggregate,
    Deduplicate,
    Distinct,
    Filter,
    Input,
    Join,
    Limit,
    Project,
    Relation,
    Scan,
    Sort,
    Union,
    Unnest,
)
from onefold_polars.relations import aggregate, joins, rows

__all__ = ["STEPS", "Leaves", "Step", "compile_plan"]


class Leaves(Protocol):
    """Where rows come from."""

    def input(self, leaf: Input) -> pl.LazyFrame:
        """Return the bound data of an input."""
        ...

    def scan(self, scan: Scan) -> pl.LazyFrame:
        """Return the rows of a source, in their declared types."""
        ...


Step = Callable[[Any, Sequence[pl.LazyFrame]], pl.LazyFrame]
"""Lowers one kind of relation, over the frames of the relations below it."""

STEPS: Mapping[type[Relation], Step] = MappingProxyType(
    {
        Project: rows.lower_project,
        Filter: rows.lower_filter,
        Sort: rows.lower_sort,
        Limit: rows.lower_limit,
        Distinct: rows.lower_distinct,
        Deduplicate: rows.lower_deduplicate,
        Unnest: rows.lower_unnest,
        Union: joins.lower_union,
        Join: joins.lower_join,
        Aggregate: aggregate.lower_aggregate,
    }
)
"""How each kind of relation is lowered, but for those that bring rows in."""


def compile_plan(plan: Relation, leaves: Leaves) -> pl.LazyFrame:
    """Return a plan of ordinary relations as one lazy frame, its columns in order.

    Args:
        plan: The plan.
        leaves: Where rows come from.
    """
    order = list(_below_first(plan))
    readers = Counter(child.fingerprint for relation in order for child in relation.inputs)
    done: dict[str, pl.LazyFrame] = {}
    for relation in order:
        key = relation.fingerprint
        match relation:
            case Scan():
                done[key] = leaves.scan(relation)
                continue  # whether it is better to read it twice, with other conditions, Polars decides
            case Input():
                frame = leaves.input(relation)
            case _:
                frame = STEPS[type(relation)](relation, [done[child.fingerprint] for child in relation.inputs])
        done[key] = frame.cache() if readers[key] > 1 else frame
    return done[plan.fingerprint]


def _below_first(plan: Relation) -> Iterator[Relation]:
    """Yield each distinct relation of a plan after those that it reads."""
    seen: set[str] = set()
    stack: list[tuple[Relation, bool]] = [(plan, False)]
    while stack:
        relation, ready = stack.pop()
        if ready:
            yield relation
        elif relation.fingerprint not in seen:
            seen.add(relation.fingerprint)
            stack.append((relation, True))
            stack.extend((child, False) for child in relation.inputs)
