"""Putting expressions in the place of columns."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.plan import Call, Case, Cast, Column, Expression, WhenThen

__all__ = ["substitute"]


def substitute(expression: Expression, columns: Mapping[str, Expression]) -> Expression:
    """Return an expression with the named columns replaced.

    Args:
        expression: The expression.
        columns: What each column stands for; columns that are not named are kept.

    Examples:
        >>> from onefold.plan import Call, Column
        >>> late = Call(function="is_null", args=(Column(name="x"),))
        >>> substitute(late, {"x": Column(name="delay")}).args[0].name
        'delay'
    """
    match expression:
        case Column(name=name):
            return columns.get(name, expression)
        case Call():
            args = tuple(substitute(arg, columns) for arg in expression.args)
            return Call(function=expression.function, args=args, options=expression.options)
        case Cast():
            arg = substitute(expression.arg, columns)
            return Cast(arg=arg, to=expression.to, on_failure=expression.on_failure)
        case Case():
            otherwise = expression.otherwise
            return Case(
                branches=tuple(
                    WhenThen(when=substitute(b.when, columns), then=substitute(b.then, columns))
                    for b in expression.branches
                ),
                otherwise=None if otherwise is None else substitute(otherwise, columns),
            )
    return expression
