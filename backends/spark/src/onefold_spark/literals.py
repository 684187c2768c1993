"""Constants that can not be written in the way of most engines."""

from __future__ import annotations

__all__ = ["quoted"]


def quoted(text: str) -> str | None:
    r"""Return a text as Spark reads it; None where it is written as everywhere.

    A NUL is commonly written ``\0``, which before digits is another character in octal, and what stands in ``${`` is
    a variable to Spark, even in a text.

    Examples:
        >>> print(quoted("a\0" + "12"))
        'a\u000012'
        >>> print(quoted("${spark.master}"))
        '\u0024{spark.master}'
        >>> quoted("a")
    """
    if "\0" not in text and "${" not in text:
        return None
    escaped = text.replace("\\", r"\\").replace("'", r"\'").replace("\0", r"\u0000").replace("${", r"\u0024{")
    return f"'{escaped}'"
