"""The text of a query, and errors that show the place in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlglot import expressions as exp

from onefold.errors import DefinitionError, PlanError, SqlError

__all__ = ["START", "SqlText"]

START = "start"
"""Under which key of a syntax node's ``meta`` its first character is noted."""


@dataclass(frozen=True, slots=True)
class SqlText:
    """The text of a query.

    Args:
        text: The query.
        origin: The file that it was read from, for errors; None when it was given as text.
    """

    text: str
    origin: str | None = None

    def error(self, message: str, place: exp.Expr | int) -> SqlError:
        r"""Return an error that shows where in the query it is.

        Args:
            message: What is wrong, and what to write instead.
            place: The construct, or the position of a character.

        Examples:
            >>> print(SqlText("select a\nfrom").error("The query ends too early.", 9))
            line 2, column 1: The query ends too early.
              2 | from
                | ^
        """
        start = place if isinstance(place, int) else _start(place)
        start = min(start, len(self.text))
        line = self.text.count("\n", 0, start) + 1
        begin = self.text.rfind("\n", 0, start) + 1
        written = self.text[begin:].split("\n", 1)[0]
        column = start - begin + 1
        number = str(line)
        blank = "".join("\t" if letter == "\t" else " " for letter in written[: column - 1])
        where = (
            f"line {line}, column {column}" if self.origin is None else f"{self.origin}, line {line}, column {column}"
        )
        shown = f"{where}: {message}\n  {number} | {written.rstrip()}\n  {' ' * len(number)} | {blank}^"
        return SqlError(shown, message=message, line=line, column=column)

    @contextmanager
    def at(self, place: exp.Expr | int) -> Iterator[None]:
        """Give an error of the Python API inside of the block the place in the query."""
        try:
            yield
        except SqlError:
            raise
        except DefinitionError as error:
            raise self.error(error.message if isinstance(error, PlanError) else str(error), place) from error


def _start(node: exp.Expr) -> int:
    """Return where a construct begins; where the parser has not noted it, that of what it is a part of."""
    found: list[int] = [part.meta[START] for part in node.walk() if START in part.meta]
    if found:
        return min(found)
    return 0 if node.parent is None else _start(node.parent)
