"""What the lowerings of relations share while one plan becomes one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from sqlglot import expressions as exp

from onefold.plan import Expression, Input, MapBatches, Relation, Scan
from onefold.rewriting import parents_first
from onefold.sql.dialect import SqlDialect
from onefold.sql.expressions import ExpressionCompiler
from onefold.sql.relations.fragment import Fragment, table_named
from onefold.types import DataType, Schema

__all__ = ["Context", "Leaves", "TransformLeaves"]


class Leaves(Protocol):
    """Where rows come from: what a backend adds to the shared lowering."""

    def scan(self, scan: Scan, context: Context) -> Fragment:
        """Return the fragment that reads a source, its columns in their declared types."""
        ...

    def input(self, leaf: Input) -> Fragment:
        """Return the fragment that reads bound Arrow data."""
        ...

    def native(self, query: str, declared: Schema) -> dict[str, exp.Expression]:
        """Return the declared columns of a query that its author wrote, each converted to its declared type.

        Args:
            query: The query; it can be described without any data.
            declared: The declared columns.

        Raises:
            PlanError: If a column is missing, or has another type than declared.
        """
        ...


@runtime_checkable
class TransformLeaves(Protocol):
    """What leaves may offer beyond :class:`Leaves`: Python transforms as parts of queries."""

    def transform(self, node: MapBatches, context: Context) -> Fragment:
        """Return the fragment that calls the function of a transform."""
        ...


@dataclass(slots=True)
class _Named:
    """A subquery in the ``WITH`` clause."""

    name: str
    query: exp.Query
    materialised: bool | None


class Context:
    """The state of one compilation.

    Args:
        plan: The plan.
        dialect: The engine's dialect.
        leaves: How the engine reads sources and inputs.
    """

    def __init__(self, plan: Relation, dialect: SqlDialect, leaves: Leaves) -> None:
        self.dialect = dialect
        self.leaves = leaves
        self.order = tuple(reversed(list(parents_first(plan))))
        self._expressions = ExpressionCompiler(
            dialect.name, dialect.functions, types=dialect.types, casts=dialect.casts, engine=dialect.engine
        )
        self._uses = Counter(child.fingerprint for relation in self.order for child in relation.inputs)
        self._done: dict[str, Fragment] = {}
        self._named: list[_Named] = []
        self._counts: Counter[str] = Counter()

    def finish(self, relation: Relation, fragment: Fragment) -> None:
        """Remember what a relation was lowered to; one that is read in several places becomes a named subquery."""
        self._done[relation.fingerprint] = fragment
        if self._uses[relation.fingerprint] > 1:
            self.table(relation)

    def query(self, plan: Relation) -> exp.Query:
        """Return the complete query of a lowered plan."""
        query: exp.Query = self._done[plan.fingerprint].select()
        for named in self._named:
            query = query.with_(
                exp.to_identifier(named.name, quoted=True),
                as_=named.query,
                materialized=named.materialised,
                copy=False,
            )
        return query

    def fragment(self, relation: Relation) -> Fragment:
        """Return what a relation below was lowered to."""
        return self._done[relation.fingerprint]

    def table(self, relation: Relation, *, twice: bool = False) -> str:
        """Return the name of a table with the rows of a relation below; it becomes a named subquery if needed.

        Args:
            relation: The relation below.
            twice: Whether the step reads it more than once.
        """
        fragment = self._done[relation.fingerprint]
        if fragment.is_table:
            return str(fragment.source.this.name)
        shared = twice or self._uses[relation.fingerprint] > 1
        # A shared scan or filter is better read twice: each reader then skips what it does not need.
        name = self.named(fragment.select(), relation.kind, materialised=fragment.heavy if shared else None)
        self._done[relation.fingerprint] = Fragment(table_named(name), relation.output, heavy=fragment.heavy)
        return name

    def foldable(self, relation: Relation, names: frozenset[str], *, below_limit: bool = False) -> Fragment:
        """Return a fragment of a relation below to which a step can be added at the same level.

        Args:
            relation: The relation below.
            names: The columns that the step reads.
            below_limit: Whether the step takes effect before a limit would.
        """
        fragment = self._done[relation.fingerprint]
        if fragment.keeps(names) and not (below_limit and fragment.limit is not None):
            return fragment
        return Fragment(table_named(self.table(relation)), relation.output, heavy=fragment.heavy)

    def named(self, query: exp.Query, kind: str, *, materialised: bool | None = None) -> str:
        """Put a query into the ``WITH`` clause and return its name.

        Args:
            query: The query.
            kind: What the name starts with.
            materialised: Whether the engine should keep its rows; None leaves that to the engine.
        """
        self._counts[kind] += 1
        name = f"{kind}_{self._counts[kind]}"
        self._named.append(_Named(name, query, materialised if self.dialect.hints_materialisation else None))
        return name

    def expression(self, expression: Expression, schema: Schema, *, table: str | None = None) -> exp.Expression:
        """Return an expression over rows of a schema as SQL."""
        return self._expressions.compile(expression, schema, table=table)

    def typed(self, value: exp.Expression, dtype: DataType) -> exp.Expression:
        """Return a value cast to a type; a plain column, or a cast to just this type, stays as it is."""
        if not self.dialect.types.casts:
            return value
        target = self.dialect.types(dtype)
        if isinstance(value, exp.Column) or (type(value) is exp.Cast and value.to == target):
            return value
        return exp.Cast(this=value, to=target)
