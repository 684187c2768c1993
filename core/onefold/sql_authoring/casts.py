"""Casts: those that databases do alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import expressions as exp

from onefold.features.constructors import lit
from onefold.features.deferred import Convert, Invoke
from onefold.features.expressions import Expr
from onefold.sql_authoring.constants import portable_type, timed
from onefold.sql_authoring.parts import Parts
from onefold.types import DATE, FLOAT64, INT64, STRING, Decimal

if TYPE_CHECKING:
    from onefold.sql_authoring.expressions import ExpressionReader

__all__ = ["cast"]

_WHOLE = ("round", "round_half_even", "floor", "ceil", "trunc", "sign")
"""Functions whose value is whole, so that a cast to BIGINT has nothing to round."""


def cast(reader: ExpressionReader, node: exp.Expr, parts: Parts) -> Expr:
    """Return ``CAST(x AS TYPE)`` or ``TRY_CAST(x AS TYPE)``; of a constant text, the date or time that it means."""
    tried = isinstance(node, exp.TryCast)
    value, to = parts.take("this"), portable_type(reader.query, parts.take("to"))
    for name in ("safe", "_type"):
        parts.take(name)
    if isinstance(value, exp.Literal) and value.is_string and (to.is_time or to == DATE) and not tried:
        return lit(timed(reader.query, value.this, to, node), to)
    arg = reader.read(value)
    with reader.query.at(node):
        dtype = reader.dtype(arg)
    whole = isinstance(arg.node, Invoke) and arg.node.function in _WHOLE and not arg.node.options.get("digits")
    if to == INT64 and (dtype == FLOAT64 or isinstance(dtype, Decimal)) and not whole:
        raise reader.query.error(
            "A number with a fraction is rounded by this cast in some databases and cut in others. Say which: "
            "CAST(round(x) AS BIGINT) or CAST(trunc(x) AS BIGINT).",
            node,
        )
    if to == STRING and dtype is not None and dtype.is_time:
        raise reader.query.error(
            "How a time is written depends on the database. Say it: strftime(t, '%Y-%m-%d %H:%M:%S').", node
        )
    return reader.typed(Expr(Convert(arg.node, to, "null" if tried else "error")), node)
