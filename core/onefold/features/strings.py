"""Methods for text: ``col("carrier").str.upper()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onefold.features.deferred import Convert, Invoke
from onefold.types import DATE, TIMESTAMP

if TYPE_CHECKING:
    from onefold.features.expressions import Expr

__all__ = ["TextMethods"]


class TextMethods:
    """What ``expr.str`` offers. Text in arguments is text; null gives null. Lengths and positions count code points."""

    __slots__ = ("_expr",)

    def __init__(self, expr: Expr) -> None:
        self._expr = expr

    def upper(self) -> Expr:
        """Return the text with ASCII letters in upper case."""
        return self._expr.apply("upper")

    def lower(self) -> Expr:
        """Return the text with ASCII letters in lower case."""
        return self._expr.apply("lower")

    def strip(self, characters: str = " ") -> Expr:
        """Return the text without some characters (blanks) at both ends."""
        return self._expr.apply("trim", characters=characters)

    def lstrip(self, characters: str = " ") -> Expr:
        """Return the text without some characters (blanks) at its beginning."""
        return self._expr.apply("ltrim", characters=characters)

    def rstrip(self, characters: str = " ") -> Expr:
        """Return the text without some characters (blanks) at its end."""
        return self._expr.apply("rtrim", characters=characters)

    def len(self) -> Expr:
        """Return the number of code points."""
        return self._expr.apply("length")

    def len_bytes(self) -> Expr:
        """Return the number of bytes in UTF-8, or of a binary value."""
        return self._expr.apply("octet_length")

    def slice(self, offset: int, length: int | None = None) -> Expr:
        """Return a part of the text.

        Args:
            offset: Where it begins: 0 is the first character, -1 the last.
            length: How many characters at most; None for all.

        Examples:
            >>> from onefold.features import col
            >>> col("tailnum").str.slice(0, 1)
            substring(col('tailnum'), start=1, length=1)
        """
        start = offset + 1 if offset >= 0 else offset
        return self._expr.apply("substring", start=start, length=-1 if length is None else length)

    def head(self, n: int) -> Expr:
        """Return the first n characters."""
        return self._expr.apply("left", count=n)

    def tail(self, n: int) -> Expr:
        """Return the last n characters."""
        return self._expr.apply("right", count=n)

    def pad_start(self, length: int, fill: str = " ") -> Expr:
        """Return the text filled up on its left; a longer text is cut to the length."""
        return self._expr.apply("lpad", length=length, fill=fill)

    def pad_end(self, length: int, fill: str = " ") -> Expr:
        """Return the text filled up on its right; a longer text is cut to the length."""
        return self._expr.apply("rpad", length=length, fill=fill)

    def replace_all(self, search: str, replacement: str) -> Expr:
        """Return the text with every occurrence of a plain text replaced; for a pattern see :meth:`regexp_replace`."""
        return self._expr.apply("replace", search=search, replacement=replacement)

    def starts_with(self, prefix: Any) -> Expr:
        """Whether the text begins with another."""
        return self._expr.apply("starts_with", prefix)

    def ends_with(self, suffix: Any) -> Expr:
        """Whether the text ends with another."""
        return self._expr.apply("ends_with", suffix)

    def contains(self, part: Any) -> Expr:
        """Whether the text contains another, as plain text; for a pattern see :meth:`matches`."""
        return self._expr.apply("contains", part)

    def position(self, part: Any) -> Expr:
        """Return where another text first occurs, from 1; 0 when it does not."""
        return self._expr.apply("position", part)

    def split(self, separator: str) -> Expr:
        """Return the list of the parts between separators."""
        return self._expr.apply("split", separator=separator)

    def split_part(self, separator: str, index: int) -> Expr:
        """Return one part between separators, counted from 1; empty text when there are fewer."""
        return self._expr.apply("split_part", separator=separator, index=index)

    def repeat(self, count: int) -> Expr:
        """Return the text several times over."""
        return self._expr.apply("repeat", count=count)

    def concat(self, *others: Any) -> Expr:
        """Return the text followed by others; null when one is null. ``+`` does the same."""
        return self._expr.apply("concat", *others)

    def like(self, pattern: str) -> Expr:
        """Whether the whole text has a form, with ``%`` for any text and ``_`` for one character; ``!`` escapes."""
        return self._expr.apply("like", pattern=pattern)

    def matches(self, pattern: str) -> Expr:
        """Whether a regular expression of the portable subset matches somewhere in the text.

        Args:
            pattern: Literals, ``.``, classes such as ``[0-9]``, groups, ``|``, ``^``, ``$`` and greedy quantifiers.
        """
        return self._expr.apply("regexp_matches", pattern=pattern)

    def extract(self, pattern: str, group: int = 0) -> Expr:
        """Return the first match of a regular expression, or one of its groups; null without a match.

        Args:
            pattern: A regular expression of the portable subset.
            group: 0 for the whole match, else the number of a group.
        """
        return self._expr.apply("regexp_extract", pattern=pattern, group=group)

    def regexp_replace(self, pattern: str, replacement: str) -> Expr:
        """Return the text with every match of a regular expression replaced by plain text."""
        return self._expr.apply("regexp_replace", pattern=pattern, replacement=replacement)

    def to_date(self, format: str | None = None) -> Expr:
        """Return the date that the text means.

        Args:
            format: Such as ``"%d/%m/%Y"``; a text of another form gives null. None demands ``YYYY-MM-DD``, and any
                other text is an error when it is read.
        """
        if format is None:
            return self._expr.wrapped(Convert(self._expr.node, DATE, "error"))
        return self._expr.apply("to_date", format=format)

    def to_datetime(self, format: str | None = None) -> Expr:
        """Return the wall clock that the text means; cast it to ``"timestamp[us, UTC]"`` when it is in UTC.

        Args:
            format: Such as ``"%Y-%m-%d %H:%M:%S"``; a text of another form gives null. None demands ISO 8601, and any
                other text is an error when it is read.
        """
        if format is None:
            return self._expr.wrapped(Convert(self._expr.node, TIMESTAMP, "error"))
        return self._expr.wrapped(Invoke("to_timestamp", (self._expr.node,), {"format": format}))
