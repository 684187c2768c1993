"""Rules of functions that users made: a call goes to the function that the session knows under the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import unknown_function
from onefold_snowflake_emulator.session import Function, Session, TableFunction, qualify

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


def find(parts: list[str], session: Session) -> Function | TableFunction | None:
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
    if isinstance(function, TableFunction) and _is_source(node):
        return node  # the rule of SELECT knows the rest of the call
    if isinstance(function, TableFunction):
        raise unknown_function(called(found[1]) if found is not None else "")
    if function is None and isinstance(node, exp.Anonymous) and isinstance(node.this, exp.Identifier):
        raise unknown_function(node.name)  # in quotes it is none of Snowflake's own
    if found is None or function is None:
        return node
    return exp.Anonymous(this=function.physical, expressions=found[1].expressions)


def _is_source(node: exp.Expr) -> bool:
    """Return whether a call stands in TABLE(…), perhaps with an OVER clause."""
    called_in = node.parent
    if isinstance(called_in, exp.Window) and node.arg_key == "this":
        called_in = called_in.parent
    return isinstance(called_in, exp.TableFromRows)


RULES: Final[Mapping[type[exp.Expr], Callable[[exp.Expr, Session], exp.Expr]]] = {
    exp.Anonymous: _call,
    exp.Dot: _call,
}
