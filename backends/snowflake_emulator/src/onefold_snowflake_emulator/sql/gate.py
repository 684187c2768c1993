"""Refuses what Snowflake refuses and DuckDB would run: the gate of a strict server.

What is refused is documented by Snowflake or has been seen from an account. That a statement passes the gate does not
prove that Snowflake runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import Token, TokenType, exp

from onefold_snowflake_emulator.errors import compilation_error, syntax_error, unknown_function, unsupported
from onefold_snowflake_emulator.session import Session
from onefold_snowflake_emulator.sql.catalogue import FUNCTIONS
from onefold_snowflake_emulator.sql.frames import check_window
from onefold_snowflake_emulator.sql.parsing import Parsed

_TYPES: Final = frozenset(
    [
        "NUMBER",
        "DECIMAL",
        "NUMERIC",
        "VARCHAR",
        "CHAR",
        "CHARACTER",
        "NCHAR",
        "NVARCHAR",
        "NVARCHAR2",
        "STRING",
        "TEXT",
        "BINARY",
        "VARBINARY",
        "TIME",
        "DATETIME",
        "TIMESTAMP",
        "TIMESTAMP_NTZ",
        "TIMESTAMP_LTZ",
        "TIMESTAMP_TZ",
        "TIMESTAMPNTZ",
        "TIMESTAMPLTZ",
        "TIMESTAMPTZ",
        "ARRAY",
        "OBJECT",
        "MAP",
        "VECTOR",
        "FLOAT",
        "DOUBLE",
        "REAL",
        "FLOAT4",
        "FLOAT8",
    ]
)
_NOT_CALLS: Final = frozenset(
    [
        "ALL",
        "AND",
        "ANY",
        "AS",
        "BETWEEN",
        "BY",
        "CUBE",
        "DISTINCT",
        "ELSE",
        "EXCEPT",
        "EXCLUDE",
        "EXISTS",
        "FILTER",
        "FROM",
        "GROUPING",
        "HAVING",
        "ILIKE",
        "IN",
        "INTERSECT",
        "INTO",
        "JOIN",
        "KEY",
        "LATERAL",
        "LIKE",
        "LIMIT",
        "MATCH_CONDITION",
        "MATCHED",
        "MINUS",
        "NOT",
        "OFFSET",
        "ON",
        "OR",
        "OVER",
        "OVERWRITE",
        "PARTITION",
        "PIVOT",
        "PRIMARY",
        "QUALIFY",
        "RENAME",
        "REPLACE",
        "ROLLUP",
        "SELECT",
        "SET",
        "SETS",
        "SAMPLE",
        "TABLESAMPLE",
        "TABLE",
        "THEN",
        "UNION",
        "UNIQUE",
        "UNPIVOT",
        "USING",
        "VALUES",
        "WHEN",
        "WHERE",
        "WITH",
        "WITHIN",
        "GROUP",
        "FILE_FORMAT",
        "PACKAGES",
        "IMPORTS",
        "TAG",
        "REFERENCES",
        "CHECK",
        "DEFAULT",
        "AT",
        "BEFORE",
        "CLUSTER",
        "IDENTIFIER",
        "ROW",
    ]
)
"""Words after which a parenthesis opens that is no call."""

_COMMANDS: Final = frozenset(("CREATE", "ALTER", "SHOW", "DESCRIBE", "COMMENT", "SET", "UNSET"))
"""What sqlglot does not parse and fakesnow knows; everything else would reach DuckDB as it is."""

_FOREIGN: Final = (exp.Pragma, exp.Analyze, exp.Attach, exp.Detach, exp.Cache, exp.Uncache, exp.Kill)
"""Statements of other engines that sqlglot parses whatever the dialect."""

_BEFORE_NAMES: Final = frozenset(
    ("TABLE", "VIEW", "INTO", "FUNCTION", "EXISTS", "UPDATE", "OVERWRITE", "AS", "REFERENCES")
)
"""Words after which a name comes whose parenthesis lists columns or arguments."""


def check(parsed: Parsed, session: Session) -> None:
    """Refuse a statement that Snowflake would refuse.

    Args:
        parsed: The statement.
        session: Who runs it, and which functions it has made.

    Raises:
        SnowflakeError: Snowflake would refuse it.
    """
    if isinstance(parsed.tree, exp.Command) and parsed.tree.name.upper() not in _COMMANDS:
        raise unsupported(f"the statement {parsed.tree.name.upper()}")
    if isinstance(parsed.tree, _FOREIGN):
        raise unsupported(f"the statement {type(parsed.tree).__name__.upper()}")
    _check_tree(parsed.tree)
    if isinstance(parsed.tree, exp.Command | exp.Show | exp.Describe | exp.Put | exp.Use):
        return
    own = {name[2].upper() for name in session.functions}
    for name in _calls(parsed.tokens):
        if name not in FUNCTIONS and name not in own:
            raise unknown_function(name)


def _check_tree(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Window):
            check_window(node)
        elif isinstance(node, exp.Filter):
            raise syntax_error("unexpected 'FILTER': Snowflake has no FILTER clause of aggregates.")
        elif isinstance(node, exp.Join):
            _check_join(node)
        elif isinstance(node, exp.Distinct) and node.args.get("on") is not None:
            raise syntax_error("unexpected 'ON': Snowflake has no DISTINCT ON.")
        elif isinstance(node, exp.OnConflict):
            raise syntax_error("unexpected 'ON CONFLICT': Snowflake has MERGE.")
        elif isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
            raise syntax_error("unexpected 'ORDER': ARRAY_AGG is ordered by WITHIN GROUP.")


def _check_join(join: exp.Join) -> None:
    if join.args.get("kind") in ("SEMI", "ANTI") or join.side in ("SEMI", "ANTI"):
        raise syntax_error(f"unexpected '{join.args.get('kind')}': Snowflake has no SEMI and ANTI JOIN; use EXISTS.")
    if join.method == "ASOF" and join.args.get("match_condition") is None:
        raise syntax_error("ASOF JOIN needs MATCH_CONDITION.")
    if join.method == "POSITIONAL":
        raise syntax_error("unexpected 'POSITIONAL'.")
    condition = join.args.get("match_condition")
    if condition is not None and not isinstance(condition.unnest(), exp.GTE | exp.GT | exp.LTE | exp.LT):
        raise compilation_error("002257", "MATCH_CONDITION must be one comparison with <, <=, > or >=.", "0A000")
    on = join.args.get("on")
    if condition is not None and on is not None and any(not isinstance(each, exp.EQ) for each in _terms(on)):
        raise compilation_error("002257", "The ON of an ASOF JOIN must be equalities joined by AND.", "0A000")


def _terms(condition: exp.Expr) -> Iterator[exp.Expr]:
    unnested = condition.unnest()
    if isinstance(unnested, exp.And):
        yield from _terms(unnested.this)
        yield from _terms(unnested.expression)
    else:
        yield unnested


def _calls(tokens: tuple[Token, ...]) -> Iterator[str]:
    """Yield the names of the functions that are called, from the tokens: a tree keeps sqlglot's names, not the text's."""
    for position in range(len(tokens) - 1):
        token = tokens[position]
        if tokens[position + 1].token_type != TokenType.L_PAREN or token.token_type in (
            TokenType.IDENTIFIER,
            TokenType.STRING,
            TokenType.NUMBER,
            TokenType.R_PAREN,
            TokenType.L_PAREN,
            TokenType.RAW_STRING,
        ):
            continue
        name = token.text.upper()
        if not name.replace("$", "_").isidentifier() or name in _NOT_CALLS or name in _TYPES:
            continue
        before = tokens[position - 1] if position else None
        if before is not None and (before.text.upper() in _BEFORE_NAMES or before.token_type == TokenType.DOT):
            continue
        if _aliased(tokens, position) or _defines(tokens, position):
            continue
        yield name


def _aliased(tokens: tuple[Token, ...], position: int) -> bool:
    """Return whether a name with a parenthesis is an alias with columns: `FROM (…) t (a, b)`."""
    before = tokens[position - 1] if position else None
    return before is not None and before.token_type == TokenType.R_PAREN


def _defines(tokens: tuple[Token, ...], position: int) -> bool:
    """Return whether a name with a parenthesis is a common table expression: `WITH t (a, b) AS (…)`."""
    depth = 0
    for index in range(position + 1, len(tokens)):
        kind = tokens[index].token_type
        depth += (kind == TokenType.L_PAREN) - (kind == TokenType.R_PAREN)
        if depth == 0:
            after = tokens[index + 1 : index + 3]
            return len(after) == 2 and after[0].text.upper() == "AS" and after[1].token_type == TokenType.L_PAREN
    return False
