"""Expressions over the columns of a row, from SQL to those of the Python API."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sqlglot import expressions as exp

from onefold.errors import PlanError
from onefold.features.binding import bind_node
from onefold.features.constructors import When, col, lit, when
from onefold.features.deferred import Constant, Deferred, Invoke
from onefold.features.expressions import Expr
from onefold.plan import get_function
from onefold.plan.functions import checked_options
from onefold.sql_authoring.calls import at_zone, extracted, function_call, position, substring, trimmed
from onefold.sql_authoring.casts import cast
from onefold.sql_authoring.constants import Length, constant, interval, number
from onefold.sql_authoring.parts import Parts
from onefold.sql_authoring.patterns import like_pattern
from onefold.sql_authoring.refusals import refusal, type_advice
from onefold.sql_authoring.text import SqlText
from onefold.types import INT64, STRING, DataType, Schema

__all__ = ["ExpressionReader", "Rows"]

_OPERATORS: Mapping[type[exp.Expr], tuple[str, str]] = {
    exp.Add: ("add", "+"),
    exp.Sub: ("subtract", "-"),
    exp.Mul: ("multiply", "*"),
    exp.Div: ("divide", "/"),
    exp.IntDiv: ("int_divide", "DIV"),
    exp.Mod: ("modulo", "%"),
    exp.DPipe: ("concat", "||"),
    exp.EQ: ("equal", "="),
    exp.NEQ: ("not_equal", "<>"),
    exp.LT: ("lt", "<"),
    exp.LTE: ("lte", "<="),
    exp.GT: ("gt", ">"),
    exp.GTE: ("gte", ">="),
    exp.NullSafeEQ: ("is_not_distinct_from", "IS NOT DISTINCT FROM"),
    exp.NullSafeNEQ: ("is_distinct_from", "IS DISTINCT FROM"),
    exp.And: ("and", "AND"),
    exp.Or: ("or", "OR"),
}
_COMPARISONS = ("equal", "not_equal", "lt", "lte", "gt", "gte")


class Rows(ABC):
    """The rows over which an expression is read: what its names mean."""

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """The columns of the rows."""

    @abstractmethod
    def column(self, node: exp.Column) -> str:
        """Return the column that a name means."""

    @abstractmethod
    def computed(self, node: exp.Expr) -> Expr | None:
        """Return the column that holds a part of an expression already; None: it is computed from its own parts."""


class ExpressionReader:
    """Reads the expressions of a query over some rows.

    Args:
        query: The query, for errors.
        rows: The rows.
    """

    def __init__(self, query: SqlText, rows: Rows) -> None:
        self.query = query
        self.rows = rows

    def read(self, node: exp.Expr) -> Expr:
        """Return the expression of a syntax tree; its types are checked.

        Raises:
            SqlError: If it contains something that is not understood, or its types do not fit.
        """
        while isinstance(node, exp.Paren):
            node = node.this
        if (known := self.rows.computed(node)) is not None:
            return known
        method = self._METHODS.get(type(node))
        if method is None:
            raise self.query.error(refusal(node), node)
        parts = Parts(self.query, node)
        made = method(self, node, parts)
        parts.finish()
        return made

    def dtype(self, expression: Expr) -> DataType | None:
        """Return the type of an expression that was read; None for a null without one."""
        return bind_node(expression.node, self.rows.schema).dtype

    # -- names and constants -----------------------------------------------------------------------------------------

    def _column(self, node: exp.Expr, parts: Parts) -> Expr:
        for name in ("this", "table"):
            parts.take(name)
        parts.finish()
        if isinstance(node.this, exp.Star):
            raise self.query.error(refusal(node.this), node)
        assert isinstance(node, exp.Column)
        return col(self.rows.column(node))

    def _literal(self, node: exp.Expr, parts: Parts) -> Expr:
        assert isinstance(node, exp.Literal)
        for name in ("this", "is_string"):
            parts.take(name)
        if node.is_string:
            return lit(node.this)
        value = number(self.query, node)
        if isinstance(value, int) and value == 2**63:  # fits only with a sign before it
            raise self.query.error(f"{value} does not fit in 64 bits. Write it with a point: {value}.0", node)
        return lit(value)

    def _boolean(self, node: exp.Expr, parts: Parts) -> Expr:
        return lit(bool(parts.take("this")))

    def _null(self, node: exp.Expr, parts: Parts) -> Expr:
        return lit(None)

    # -- operators ---------------------------------------------------------------------------------------------------

    def _operator(self, node: exp.Expr, parts: Parts) -> Expr:
        function, sign = _OPERATORS[type(node)]
        left, right = parts.take("this"), parts.take("expression")
        for name in ("typed", "safe"):  # the parser's notes on other dialects
            parts.take(name)
        if function in _COMPARISONS:
            self._not_null(left, right, sign)
        if isinstance(left, exp.Interval) or isinstance(right, exp.Interval):
            return self._moved(node, function, left, right)
        operands = self.read(left), self.read(right)
        types = tuple(self.dtype(operand) for operand in operands)
        if function == "divide" and types == (INT64, INT64):
            raise self.query.error(
                "The quotient of two whole numbers is whole in some databases and has a fraction in others. Write "
                "int_divide(a, b) for the one, and CAST(a AS DOUBLE PRECISION) / b for the other.",
                node,
            )
        if function == "add" and types == (STRING, STRING):
            raise self.query.error("Texts are put together with ||, not with +.", node)
        return self.invoked(node, sign, function, *operands)

    def _not_null(self, left: exp.Expr, right: exp.Expr, sign: str) -> None:
        for operand in (left, right):
            if isinstance(operand, exp.Null):
                raise self.query.error(
                    f"Comparing with NULL is never true. Write IS NULL, IS NOT NULL or IS DISTINCT FROM, not {sign} NULL.",
                    operand,
                )

    def _moved(self, node: exp.Expr, function: str, left: exp.Expr, right: exp.Expr) -> Expr:
        """Return a time that an interval moves."""
        if function == "add" and isinstance(left, exp.Interval):
            left, right = right, left
        if function not in ("add", "subtract") or not isinstance(right, exp.Interval) or isinstance(left, exp.Interval):
            raise self.query.error("An interval is added to a time, or subtracted from one, and nothing else.", node)
        length: Length = interval(self.query, right)
        if function == "subtract":
            length = length.negated()
        time = self.read(left)
        if length.months:
            return self.invoked(node, "+ INTERVAL", "add_months", time, lit(length.months))
        return self.invoked(node, "+ INTERVAL", "add_duration", time, lit(length.micros))

    def _negated(self, node: exp.Expr, parts: Parts) -> Expr:
        operand = parts.take("this")
        if isinstance(operand, exp.Literal) and not operand.is_string:
            return lit(-number(self.query, operand))
        return self.invoked(node, "-", "negate", self.read(operand))

    def _not(self, node: exp.Expr, parts: Parts) -> Expr:
        operand = parts.take("this")
        if isinstance(operand, exp.Is) and isinstance(operand.expression, exp.Null):
            inner = Parts(self.query, operand)
            value = self.read(inner.take("this"))
            inner.take("expression")
            inner.finish()
            return value.is_not_null()
        return self.invoked(node, "NOT", "not", self.read(operand))

    def _is(self, node: exp.Expr, parts: Parts) -> Expr:
        value, what = self.read(parts.take("this")), parts.take("expression")
        if isinstance(what, exp.Null):
            return self.invoked(node, "IS NULL", "is_null", value)
        if isinstance(what, exp.Boolean):
            return self.invoked(node, "IS", "is_not_distinct_from", value, lit(bool(what.this)))
        raise self.query.error("IS is followed by NULL, TRUE, FALSE or DISTINCT FROM.", node)

    def _between(self, node: exp.Expr, parts: Parts) -> Expr:
        values = [parts.take(name) for name in ("this", "low", "high")]
        self._not_null(values[1], values[2], "BETWEEN")
        return self.invoked(node, "BETWEEN", "between", *(self.read(value) for value in values))

    def _in(self, node: exp.Expr, parts: Parts) -> Expr:
        if node.args.get("query") is not None:
            raise self.query.error(
                "IN (SELECT ...) is understood only as a condition of WHERE that stands by itself or beside others with "
                "AND. Otherwise join the table, with LEFT JOIN.",
                node,
            )
        values = [self.read(value) for value in (parts.take("expressions") or [])]
        return self.invoked(node, "IN", "is_in", self.read(parts.take("this")), *values)

    def _like(self, node: exp.Expr, parts: Parts) -> Expr:
        return self._matched(node, parts, None)

    def _escape(self, node: exp.Expr, parts: Parts) -> Expr:
        inner, escape = parts.take("this"), parts.take("expression")
        if not isinstance(inner, exp.Like):
            raise self.query.error(refusal(inner), inner)
        within = Parts(self.query, inner)
        made = self._matched(node, within, constant(self.query, escape, what="What follows ESCAPE"))
        within.finish()
        return made

    def _matched(self, node: exp.Expr, like: Parts, escape: object) -> Expr:
        value, pattern, negated = like.take("this"), like.take("expression"), like.take("negate")
        text = constant(self.query, pattern, what="The pattern of LIKE")
        options = {"pattern": like_pattern(self.query, pattern, text, escape)}
        made = self.invoked(node, "LIKE", "like", self.read(value), options=options)
        return ~made if negated else made

    def _case(self, node: exp.Expr, parts: Parts) -> Expr:
        subject, branches, default = parts.take("this"), parts.take("ifs"), parts.take("default")
        chain: Any = None
        for branch in branches:
            inner = Parts(self.query, branch)
            condition, value = inner.take("this"), inner.take("true")
            inner.finish()
            if subject is None:
                test = self.read(condition)
            else:
                self._not_null(subject, condition, "WHEN")
                test = self.invoked(condition, "WHEN", "equal", self.read(subject), self.read(condition))
            started: When = when(test) if chain is None else chain.when(test)
            chain = started.then(self.read(value))
        made: Expr = chain if default is None else chain.otherwise(self.read(default))
        return self.typed(made, node)

    # -- checks ------------------------------------------------------------------------------------------------------

    def invoked(
        self, node: exp.Expr, written: str, function: str, *args: Expr, options: Mapping[str, Any] | None = None
    ) -> Expr:
        """Return a catalogue function of arguments.

        Args:
            node: Where it is written.
            written: How it is written.
            function: Its name in the catalogue.
            args: Its arguments.
            options: Its options.

        Raises:
            SqlError: If the types do not fit.
        """
        entry = get_function(function)
        with self.query.at(node):
            checked_options(entry.name, entry.options, options or {})
            made = Expr(Invoke(function, tuple(arg.node for arg in args), dict(options or {})))
        try:
            bind_node(made.node, self.rows.schema)
        except PlanError as error:
            types = tuple(self.dtype(arg) for arg in args)
            given = ", ".join("null" if dtype is None else str(dtype) for dtype in types)
            takes = "; ".join(str(signature) for signature in entry.signatures)
            advice = type_advice(types, [_text_constant(arg.node) for arg in args])
            raise self.query.error(f"{written} does not take ({given}). It takes {takes}. {advice}", node) from error
        return made

    def typed(self, made: Expr, node: exp.Expr) -> Expr:
        """Return an expression whose types fit.

        Raises:
            SqlError: If they do not.
        """
        with self.query.at(node):
            bind_node(made.node, self.rows.schema)
        return made

    _METHODS: ClassVar[Mapping[type[exp.Expr], Callable[[ExpressionReader, exp.Expr, Parts], Expr]]] = {
        exp.Column: _column,
        exp.Literal: _literal,
        exp.Boolean: _boolean,
        exp.Null: _null,
        **dict.fromkeys(_OPERATORS, _operator),
        exp.Neg: _negated,
        exp.Not: _not,
        exp.Is: _is,
        exp.Between: _between,
        exp.In: _in,
        exp.Like: _like,
        exp.Escape: _escape,
        exp.Case: _case,
        exp.Cast: cast,
        exp.TryCast: cast,
        exp.Anonymous: function_call,
        exp.Substring: substring,
        exp.Trim: trimmed,
        exp.StrPosition: position,
        exp.Extract: extracted,
        exp.AtTimeZone: at_zone,
    }


def _text_constant(node: Deferred) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, str)
