"""The patterns of LIKE: those of the standard, written with the catalogue's escape character."""

from __future__ import annotations

from sqlglot import expressions as exp

from onefold.sql_authoring.text import SqlText

__all__ = ["like_pattern"]


def like_pattern(query: SqlText, node: exp.Expr, pattern: object, escape: object) -> str:
    """Return the pattern of the catalogue's ``like``, whose escape character is ``!``.

    Args:
        query: The query, for errors.
        node: Where the pattern is written.
        pattern: The pattern.
        escape: What ESCAPE says; None when it was not written.

    Raises:
        SqlError: If its meaning depends on the database.
    """
    if not isinstance(pattern, str):
        raise query.error("The pattern of LIKE is text.", node)
    if escape is None:
        if "\\" in pattern:
            raise query.error(
                "A backslash in a pattern escapes what follows in some databases, and is a character in others. Say "
                "which: LIKE 'a!%' ESCAPE '!' has an escape character, LIKE '\\' ESCAPE '!' a backslash.",
                node,
            )
        return pattern.replace("!", "!!")
    if not isinstance(escape, str) or len(escape) != 1:
        raise query.error("What follows ESCAPE is one character.", node)
    made, letters = "", iter(pattern)
    for letter in letters:
        if letter == escape:
            following = next(letters, "")
            if following not in ("%", "_", escape) or not following:
                raise query.error(f"In a pattern, {escape!r} stands before %, _ or itself.", node)
            made += following if following not in "%_!" else "!" + following
        else:
            made += "!!" if letter == "!" else letter
    return made
