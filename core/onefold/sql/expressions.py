"""Expressions of a plan as sqlglot syntax trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import ErrorLevel, Generator
from sqlglot import expressions as exp
from sqlglot.dialects import Dialect

from onefold.errors import PlanError, UnsupportedOperation
from onefold.plan import Call, Case, Cast, Column, Expression, Literal, WhenThen, get_function, infer
from onefold.sql.casts import CASTS, CastLowering, lower_cast
from onefold.sql.functions import FUNCTIONS
from onefold.sql.literals import lower_literal
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.sql.types import SqlTypes, sql_types
from onefold.types import DataType, Schema

__all__ = ["ExpressionCompiler", "column", "print_sql"]

MAX_SQL_SIZE = 250_000
"""How many nodes the SQL of one expression may have. Lowerings may mention an argument more than once, so nested
calls can multiply."""

MAX_SQL_DEPTH = 60
"""How deep a syntax tree may be: sqlglot prints recursively. Deeper parts are kept as text."""


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a reference to a column, always quoted, so that any name works and none can inject."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table and exp.to_identifier(table, quoted=True))


def print_sql(node: exp.Expr, dialect: str, *, pretty: bool = False) -> str:
    """Return the text of a syntax tree, broken into lines for people when ``pretty``; the tree may be changed by it.

    Raises:
        sqlglot.errors.UnsupportedError: If the dialect can not say it; nothing is left out silently.

    Examples:
        >>> print_sql(column("order", "t"), "duckdb")
        '"t"."order"'
    """
    generator = _generator(dialect)(dialect=dialect, unsupported_level=ErrorLevel.RAISE, comments=False, pretty=pretty)
    return generator.generate(node, copy=False)


@lru_cache
def _generator(dialect: str) -> type[Generator]:
    """Return what writes a dialect, and where nulls go in every order: the default is a setting of some engines."""
    known = Dialect.get_or_raise(dialect).generator_class

    class Explicit(known):  # type: ignore[valid-type, misc]
        def ordered_sql(self, expression: exp.Ordered) -> str:
            text: str = super().ordered_sql(expression)
            place = "NULLS FIRST" if expression.args.get("nulls_first") else "NULLS LAST"
            return text if text.endswith(place) else f"{text} {place}"

    return Explicit


@dataclass(slots=True)
class _Lowered:
    sql: exp.Expression
    dtype: DataType
    size: int = 1


class ExpressionCompiler:
    """Turns expressions into SQL of one dialect.

    Args:
        dialect: The dialect's name in sqlglot.
        functions: How each catalogue function is written in it; those that are left out are not offered.
        types: How it writes types; those known for the dialect when left out.
        casts: How it writes conversions.
        engine: The name of the engine, for errors; the dialect's name when left out.

    Examples:
        >>> from onefold.plan import Call, Column, Literal
        >>> from onefold.types import Schema
        >>> compiler = ExpressionCompiler("duckdb")
        >>> half = Call(function="divide", args=(Column(name="x"), Literal.of(2.0)))
        >>> print_sql(compiler.compile(half, Schema.of(x="float64"), table="t"), "duckdb")
        '"t"."x" / NULLIF(CAST(2.0e0 AS DOUBLE), 0)'
    """

    def __init__(
        self,
        dialect: str,
        functions: Mapping[str, Lowering] = FUNCTIONS,
        *,
        types: SqlTypes | None = None,
        casts: Mapping[tuple[str, str], CastLowering] = CASTS,
        engine: str | None = None,
    ) -> None:
        self.dialect = dialect
        self.functions = functions
        self.types = types or sql_types(dialect)
        self.casts = casts
        self.engine = engine or dialect

    def compile(self, expression: Expression, schema: Schema, *, table: str | None = None) -> exp.Expression:
        """Return an expression over rows of a schema as SQL.

        Args:
            expression: The expression.
            schema: The columns that it reads.
            table: The name or alias in front of each column, when it needs one.

        Returns:
            A new syntax tree; see :func:`print_sql`. Beside an operator, put it through
            :func:`onefold.sql.template.atom`.

        Raises:
            PlanError: If a type does not fit, or the SQL would be too large.
            UnsupportedOperation: If the engine does not offer a function.
        """
        infer(expression, schema)
        # Parents after children, without recursion: expressions may be nested deeper than Python's stack is.
        order: list[Expression] = []
        pending = [expression]
        while pending:
            node = pending.pop()
            order.append(node)
            pending.extend(child for child in node.children if isinstance(child, Expression))
        done: list[_Lowered] = []
        for node in reversed(order):
            first = len(done) - len(node.children)
            children = done[first:]
            del done[first:]
            lowered = self._lower(node, children, schema, table)
            done.append(self._limited(lowered) if children else lowered)
            if done[-1].size > MAX_SQL_SIZE:
                raise PlanError(
                    f"Written out as SQL the expression has more than {MAX_SQL_SIZE:,} parts. "
                    "Compute parts of it as columns first.",
                    path=(_shown(node),),
                )
        return done[0].sql

    def _limited(self, lowered: _Lowered) -> _Lowered:
        """Return the same SQL with its size, as text where the tree is so deep that printing it could overflow."""
        size, height = 0, 0
        pending: list[tuple[exp.Expr, int]] = [(lowered.sql, 1)]
        while pending:
            node, depth = pending.pop()
            size += 1 if not isinstance(node, exp.Var) else 1 + len(node.name) // 8
            height = max(height, depth)
            for child in node.iter_expressions():
                # A chain of ANDs or ORs is printed in a loop.
                flat = isinstance(child, exp.Connector) and type(child) is type(node)
                pending.append((child, depth if flat else depth + 1))
        if height > MAX_SQL_DEPTH:
            text = exp.Var(this=print_sql(lowered.sql, self.dialect))
            return _Lowered(exp.Paren(this=text), lowered.dtype, size)
        return _Lowered(lowered.sql, lowered.dtype, size)

    def _lower(self, node: Expression, children: list[_Lowered], schema: Schema, table: str | None) -> _Lowered:
        match node:
            case Column(name=name):
                return _Lowered(column(name, table), schema[name].dtype)
            case Literal():
                return _Lowered(lower_literal(node, self.types), node.dtype)
            case Call():
                return self._call(node, children)
            case Cast():
                arg = children[0]
                sql = lower_cast(
                    arg.sql, arg.dtype, node.to, on_failure=node.on_failure, types=self.types, casts=self.casts
                )
                return _Lowered(sql, node.to)
            case WhenThen():
                return _Lowered(exp.If(this=children[0].sql, true=children[1].sql), children[1].dtype)
            case Case():
                branches = [child.sql for child in children[: len(node.branches)]]
                default = None if node.otherwise is None else children[-1].sql
                return _Lowered(exp.Case(ifs=branches, default=default), children[0].dtype)
        raise AssertionError(f"{type(node).__name__} has no lowering to SQL")

    def _call(self, node: Call, args: list[_Lowered]) -> _Lowered:
        lowering = self.functions.get(node.function)
        entry = get_function(node.function)
        if lowering is None:
            raise UnsupportedOperation(
                node=entry.capability,
                engine=self.engine,
                reason="the engine has no way to compute it with the portable meaning",
                way_out="Run this part on another engine, or write the value with other functions.",
            )
        arg_types = tuple(arg.dtype for arg in args)
        result = entry.result_type(arg_types, node.options)
        call = LoweredCall([arg.sql for arg in args], arg_types, result, self.types, node.options)
        return _Lowered(render(lowering, call), result)


def _shown(node: Expression) -> str:
    return node.function if isinstance(node, Call) else node.kind
