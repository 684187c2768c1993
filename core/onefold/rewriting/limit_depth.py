"""Deep expressions are computed in steps, for engines that can not read them in one piece."""

from __future__ import annotations

from collections.abc import Iterator

from onefold.plan import (
    Aggregate,
    Column,
    Expression,
    Filter,
    NamedExpression,
    Node,
    Project,
    Relation,
    WhenThen,
    Window,
)
from onefold.rewriting.mapping import map_relations, replace_parts
from onefold.types.naming import fresh

__all__ = ["limit_depth"]


def limit_depth(plan: Relation, depth: int) -> Relation:
    """Return a plan in which no expression is nested deeper; parts of those that were are columns of projections.

    Args:
        plan: The plan; aggregates, windows, filters and projections hold its expressions.
        depth: How deep an expression may be, at least 2.

    Examples:
        >>> from onefold.plan import Call, Input
        >>> from onefold.types import Schema
        >>> deep = Column(name="x")
        >>> for _ in range(9):
        ...     deep = Call(function="negate", args=(deep,))
        >>> rows = Input(name="rows", columns=Schema.of(x="int64"))
        >>> plan = limit_depth(Project(input=rows, columns=(NamedExpression(name="y", expression=deep),)), 5)
        >>> [
        ...     max(column.expression.depth for column in step.columns)
        ...     for step in plan.walk()
        ...     if isinstance(step, Project)
        ... ]
        [4, 4, 4]
        >>> plan.output.names
        ('y',)
    """
    return map_relations(plan, lambda relation: _limited(relation, depth))


def _limited(relation: Relation, depth: int) -> Relation:
    if not isinstance(relation, Project | Filter | Aggregate | Window):
        return relation
    steps = _Steps(depth, relation.input)
    shallow = {id(expression): steps.shallow(expression) for expression in _expressions(relation)}
    if not steps.levels:
        return relation
    rows = relation.input
    for level in steps.levels:
        rows = Project(input=rows, columns=(*_kept(rows.output.names), *level))
    changed = replace_parts(relation, lambda part: rows if isinstance(part, Relation) else shallow[id(part)])
    if isinstance(relation, Filter | Window):  # these give all columns of their input
        return Project(input=changed, columns=_kept(relation.output.names))
    return changed


def _expressions(node: Node) -> Iterator[Expression]:
    """Yield the outermost expressions of a relation, those of its aggregations included."""
    for child in node.children:
        if isinstance(child, Expression):
            yield child
        elif not isinstance(child, Relation):
            yield from _expressions(child)


def _kept(names: tuple[str, ...]) -> tuple[NamedExpression, ...]:
    return tuple(NamedExpression(name=name, expression=Column(name=name)) for name in names)


class _Steps:
    """The parts of a relation's expressions that are computed before it, each once.

    ``levels`` are the columns of the projections, innermost first: a part can read those before it.
    """

    def __init__(self, depth: int, below: Relation) -> None:
        self.levels: list[list[NamedExpression]] = []
        self._depth = depth
        self._taken = list(below.output.names)
        self._columns: dict[str, tuple[Column, int]] = {}

    def shallow(self, expression: Expression) -> Expression:
        """Return an expression that is not too deep, and has the same value over the last projection."""
        # On a stack of our own, children first: expressions may be nested deeper than Python's stack allows.
        done: dict[int, tuple[Expression, int]] = {}
        pending = [expression]
        while pending:
            node = pending[-1]
            deep = [child for child in node.children if isinstance(child, Expression) and id(child) not in done]
            if node.depth >= self._depth and deep:
                pending.extend(deep)
                continue
            pending.pop()
            done[id(node)] = (node, 0) if node.depth < self._depth else self._cut(node, done)
        return done[id(expression)][0]

    def _cut(self, expression: Expression, done: dict[int, tuple[Expression, int]]) -> tuple[Expression, int]:
        """Return an expression over parts that are done, and how many projections it needs below it."""
        needed = 0

        def part(child: Relation | Expression) -> Expression:
            nonlocal needed
            cut, level = done[id(child)]
            # One level to spare: the branch of a case is no value that could be a column by itself.
            if cut.depth >= self._depth - 1 and not isinstance(cut, Column | WhenThen):
                cut, level = self._column(cut, level)
            needed = max(needed, level)
            return cut

        return replace_parts(expression, part), needed

    def _column(self, expression: Expression, level: int) -> tuple[Column, int]:
        if expression.fingerprint not in self._columns:
            name = fresh("part", self._taken)
            self._taken.append(name)
            if len(self.levels) == level:
                self.levels.append([])
            self.levels[level].append(NamedExpression(name=name, expression=expression))
            self._columns[expression.fingerprint] = (Column(name=name), level + 1)
        return self._columns[expression.fingerprint]
