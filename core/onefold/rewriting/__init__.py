"""Plan to plan: each rule is a pure function that keeps the values and makes the work smaller."""

from collections.abc import Callable

from onefold.plan import Relation
from onefold.rewriting.group_time_buckets import group_time_buckets
from onefold.rewriting.guard_failures import guard_failures
from onefold.rewriting.limit_depth import limit_depth
from onefold.rewriting.mapping import map_relations, parents_first, replace_relations
from onefold.rewriting.narrow_time_ranges import limit_times, narrow_time_ranges, reach
from onefold.rewriting.prune_columns import prune_columns
from onefold.rewriting.push_down_filters import push_down_filters
from onefold.rewriting.substitution import substitute

RULES: tuple[Callable[[Relation], Relation], ...] = (push_down_filters, prune_columns)
"""The rules that every plan goes through, in order."""

__all__ = [
    "RULES",
    "group_time_buckets",
    "guard_failures",
    "limit_depth",
    "limit_times",
    "map_relations",
    "narrow_time_ranges",
    "parents_first",
    "prune_columns",
    "push_down_filters",
    "reach",
    "replace_relations",
    "substitute",
]
