"""The check of generated statements: what Snowflake would refuse, or nobody has thought about, is not sent to it.

Statements are parsed with functions left as they are written, so that each has the name that Snowflake will see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import expressions as exp
from sqlglot.dialects import Dialect
from sqlglot.errors import ParseError, TokenError

from onefold.errors import UnsupportedOperation
from onefold_snowflake.gate.allowed import FUNCTIONS, TYPES
from onefold_snowflake.gate.frames import problems_of_window

__all__ = ["check_statement"]

_STATEMENTS = (exp.Query, exp.Create, exp.Insert, exp.Merge, exp.Delete, exp.Drop, exp.Copy)
_SYNTAX = (exp.Cast, exp.TryCast, exp.Case, exp.If, exp.Exists, exp.And, exp.Or, exp.Xor, exp.JSONExtract)
"""What sqlglot takes for functions, and is syntax."""

_OWN = re.compile(r"ONEFOLD_[0-9A-F]{32}")
"""The names of the functions that are made for transforms."""


def check_statement(sql: str, *, written: Sequence[str] = ()) -> None:
    """Raise if a generated statement holds something that is not known to be Snowflake's.

    Args:
        sql: One statement.
        written: Texts that the author of a view wrote, as they stand in the statement; they are not checked.

    Raises:
        UnsupportedOperation: If it is not a statement that reads or fills a table, or has a function, a type or a
            window that is not known.

    Examples:
        >>> check_statement('SELECT SUM("x") FROM "t"')
        >>> try:
        ...     check_statement('SELECT LIST_SUM("x") FROM "t"')
        ... except UnsupportedOperation as refused:
        ...     print(refused)
        'snowflake' does not offer this statement: the function LIST_SUM is not \
in the list of those whose meaning is known. Report it with the view's definition; an engine such as rift can run \
the view.
    """
    for text in written:
        sql = sql.replace(text, "SELECT 1")
    for problem in _problems(sql):
        raise UnsupportedOperation(
            node="this statement",
            engine="snowflake",
            reason=problem,
            way_out="Report it with the view's definition; an engine such as rift can run the view.",
        )


def _problems(sql: str) -> Iterator[str]:
    known = Dialect.get_or_raise("snowflake")
    parser = known.parser()
    parser.FUNCTIONS = {}
    parser.FUNCTION_PARSERS = {name: parser.FUNCTION_PARSERS[name] for name in ("CAST", "TRY_CAST")}
    try:
        statements = [tree for tree in parser.parse(known.tokenize(sql), sql) if tree is not None]
    except (ParseError, TokenError) as error:
        yield f"it can not be parsed ({error})"
        return
    if len(statements) != 1 or not isinstance(statements[0], _STATEMENTS):
        yield "it is not one statement that reads or fills a table"
        return
    for node in statements[0].walk():
        yield from _problems_of(node)


def _is_own(node: exp.Expr) -> bool:
    """Return whether a call is that of a function that is made for a transform."""
    return (
        isinstance(node, exp.Anonymous)
        and isinstance(node.this, exp.Identifier)
        and _OWN.fullmatch(node.this.name) is not None
    )


def _problems_of(node: exp.Expr) -> Iterator[str]:
    match node:
        case exp.Command():
            yield f"the command {node.name} is not one that reads or fills a table"
        case exp.Anonymous() if str(node.this).upper() == "TABLE":
            if not all(isinstance(called, exp.Window) and _is_own(called.this) for called in node.expressions):
                yield "it reads from a table function that is not made for a transform"
        case exp.Anonymous() if _is_own(node):
            if not isinstance(node.parent, exp.Window) or not isinstance(node.parent.parent, exp.Anonymous):
                yield "a function of a transform is called for something else than the rows of partitions"
        case exp.Anonymous():
            if (name := str(node.this).upper()) not in FUNCTIONS:
                yield f"the function {name} is not in the list of those whose meaning is known"
        case exp.Window():
            yield from problems_of_window(node)
        case exp.DataType():
            if (name := node.this.name if isinstance(node.this, exp.DType) else str(node.this)) not in TYPES:
                yield f"the type {node.sql('snowflake')} is not in the list of those whose meaning is known"
        case exp.Filter():
            yield "an aggregate has a FILTER"
        case exp.Func() if not isinstance(node, _SYNTAX):
            yield f"the function {node.sql_name()} is not in the list of those whose meaning is known"
