"""Filters move towards the sources, and into them."""

from __future__ import annotations

from onefold.plan import Column, Filter, Project, Relation, Scan, Sort, Union
from onefold.rewriting.guard_failures import both
from onefold.rewriting.mapping import map_relations
from onefold.rewriting.substitution import substitute

__all__ = ["push_down_filters"]


def push_down_filters(root: Relation) -> Relation:
    """Return the plan with filters merged, moved below projections, sorts and unions, and put into scans.

    Examples:
        >>> from onefold.plan import Column, Filter, Scan, Table
        >>> from onefold.types import Schema
        >>> table = Table(name="t", format="parquet", paths=("t.parquet",), columns=Schema.of(k="string", late="bool"))
        >>> push_down_filters(Filter(input=Scan(table=table), predicate=Column(name="late"))).predicate.name
        'late'
    """
    return map_relations(root, lambda node: _push(node) if isinstance(node, Filter) else node)


def _push(node: Filter) -> Relation:
    below = node.input
    if isinstance(below, Scan):
        return below.replace(predicate=both(below.predicate, node.predicate))
    if isinstance(below, Filter):
        return _push(Filter(input=below.input, predicate=both(below.predicate, node.predicate)))
    if isinstance(below, Sort):
        return below.replace(input=_push(Filter(input=below.input, predicate=node.predicate)))
    if isinstance(below, Union):
        return Union(relations=tuple(_push(Filter(input=r, predicate=node.predicate)) for r in below.relations))
    if isinstance(below, Project):
        columns = {column.name: column.expression for column in below.columns}
        # Only plain columns: a computed one would be computed twice, and might fail on rows that are filtered out.
        if all(isinstance(columns[name], Column) for name in node.predicate.columns):
            moved = Filter(input=below.input, predicate=substitute(node.predicate, columns))
            return below.replace(input=_push(moved))
    return node
