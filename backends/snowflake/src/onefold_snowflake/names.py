"""Names of columns and tables: what Snowflake makes of them, and what onefold calls them.

Snowflake changes names that are not quoted into capitals, and nearly all of its tables have such columns. So a name that
is all in capitals there is in small letters here, and the other way round, as in most tools around Snowflake; any other
name is the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, TokenError

from onefold.errors import ConfigurationError

__all__ = ["column_in", "columns_of", "literal", "quoted", "stored_names", "table_of", "unquoted"]

_UNQUOTED = re.compile(r"[A-Z_][A-Z0-9_$]*")


def quoted(name: str) -> str:
    """Return a name as an identifier that means exactly it.

    Examples:
        >>> print(quoted('the "best" one'))
        "the ""best"" one"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    r"""Return a text as a constant; a backslash begins an escape in it.

    Examples:
        >>> print(literal("it's a \\"))
        'it''s a \\'
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def columns_of(names: Iterable[str]) -> dict[str, str]:
    """Return what columns are called here, and in Snowflake.

    Examples:
        >>> columns_of(["CARRIER", "Delay", "TOTAL", "total"])
        {'carrier': 'CARRIER', 'Delay': 'Delay', 'TOTAL': 'TOTAL', 'total': 'total'}
    """
    stored = list(names)
    called = {}
    for name in stored:
        lower = name.lower()
        called[lower if _UNQUOTED.fullmatch(name) and lower not in stored else name] = name
    return called


def column_in(name: str, stored: Collection[str]) -> str | None:
    """Return the name of a column in Snowflake by the name that it has here; None when there is no such column."""
    if name in stored:
        return name
    upper = unquoted(name)
    return upper if upper in stored else None


def unquoted(name: str) -> str:
    """Return what a name is in Snowflake when it is not quoted there; a name with other letters must be quoted.

    Examples:
        >>> unquoted("carrier"), unquoted("Delay")
        ('CARRIER', 'Delay')
    """
    upper = name.upper()
    return upper if name == name.lower() and _UNQUOTED.fullmatch(upper) else name


def stored_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names that columns get in a new table, so that analysts need no quotes, by the names that they have here.

    Examples:
        >>> stored_names(["carrier", "Delay", "total", "TOTAL"])
        {'carrier': 'CARRIER', 'Delay': 'Delay', 'total': 'total', 'TOTAL': 'TOTAL'}
    """
    called = list(names)
    return {name: name if (stored := unquoted(name)) in called else stored for name in called}


def table_of(path: str, *, what: str) -> exp.Table:
    """Return a table by its qualified name as it is written in SQL, such as ``raw.flights`` or ``DB."Mixed".flights``.

    Names that are not quoted become capitals; so the result means one table, and is quoted.

    Args:
        path: The text.
        what: What names it, for errors.

    Raises:
        ConfigurationError: If the text is not the name of a table.

    Examples:
        >>> table_of('db.raw."Flights"', what="a test").sql("snowflake")
        '"DB"."RAW"."Flights"'
    """
    try:
        table = sqlglot.parse_one(path, read="snowflake", into=exp.Table)
    except (ParseError, TokenError):
        table = None
    parts = table.parts if isinstance(table, exp.Table) else []
    identifiers = [part for part in parts if isinstance(part, exp.Identifier)]
    if table is None or not 1 <= len(parts) <= 3 or len(identifiers) < len(parts):
        raise _no_name(path, what)
    if any(value for key, value in table.args.items() if key not in ("this", "db", "catalog")):
        raise _no_name(path, what)
    exact = [exp.to_identifier(one.name if one.quoted else one.name.upper(), quoted=True) for one in identifiers]
    places: list[exp.Identifier | None] = [None] * (3 - len(exact)) + exact
    return exp.Table(catalog=places[0], db=places[1], this=places[2])


def _no_name(path: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{what} names the table {path!r:.100}, which is not the name of one. Write it as in SQL: TABLE, SCHEMA.TABLE or "
        "DATABASE.SCHEMA.TABLE, with parts in mixed letters in double quotes."
    )
