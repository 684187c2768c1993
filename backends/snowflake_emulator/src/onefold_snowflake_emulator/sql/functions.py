"""Rules of functions that users made: a call goes to the function that the session knows under the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unknown_function
from onefold_snowflake_emulator.session import Function, Session, qualify

_LONGEST: Final = 3
"""A database, a schema and a name."""


def call_parts(node: exp.Expr) -> tuple[list[str], exp.Anonymous] | None:
    """Return the parts of the name of a call that may be a user's function, and the call.

    Args:
        node: A call, or a dotted name that ends with one.

    Returns:
        The parts in the case in which they count, or None if the node is no such call.
    """
    parts = list(node.flatten()) if isinstance(node, exp.Dot) else [node]
    call = parts[-1]
    if not isinstance(call, exp.Anonymous) or not all(isinstance(each, exp.Identifier) for each in parts[:-1]):
        return None
    return [*(each.name for each in parts[:-1]), called(call)], call


def called(node: exp.Anonymous) -> str:
    """Return the name by which a function is called, in the case in which it counts.

    Args:
        node: The call.
    """
    this = node.this
    if isinstance(this, exp.Identifier):
        return this.name if this.args.get("quoted") else this.name.upper()
    return str(this).upper()


def find(parts: list[str], session: Session) -> Function | None:
    """Return the user's function of a name.

    Args:
        parts: The parts of the name.
        session: The session that calls it.
    """
    if not session.functions or len(parts) > _LONGEST:
        return None
    return session.functions.get(qualify(parts, session))


def _call(node: exp.Expr, session: Session) -> exp.Expr:
    if isinstance(node.parent, exp.Dot):
        return node  # the whole name decides
    found = call_parts(node)
    function = find(found[0], session) if found is not None else None
    if function is None and isinstance(node, exp.Anonymous) and isinstance(node.this, exp.Identifier):
        raise unknown_function(node.name)  # in quotes it is none of Snowflake's own
    if found is None or function is None:
        return node
    return exp.Anonymous(this=function.physical, expressions=found[1].expressions)


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Anonymous: _call,
    exp.Dot: _call,
}
