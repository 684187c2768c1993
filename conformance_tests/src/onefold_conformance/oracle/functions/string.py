"""Text: lengths and positions count code points from 1, upper and lower case are those of ASCII."""

from __future__ import annotations

import string
from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule

__all__ = ["RULES"]

_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def upper(call: Application, text: str) -> str:
    """Return the text with a to z turned into A to Z."""
    return text.translate(_UPPER)


def lower(call: Application, text: str) -> str:
    """Return the text with A to Z turned into a to z."""
    return text.translate(_LOWER)


def trim(call: Application, text: str) -> str:
    """Return the text without the listed characters at its ends."""
    return text.strip(call.options["characters"])


def ltrim(call: Application, text: str) -> str:
    """Return the text without the listed characters at its beginning."""
    return text.lstrip(call.options["characters"])


def rtrim(call: Application, text: str) -> str:
    """Return the text without the listed characters at its end."""
    return text.rstrip(call.options["characters"])


def length(call: Application, text: str) -> int:
    """Return the number of code points."""
    return len(text)


def octet_length(call: Application, value: str | bytes) -> int:
    """Return the number of bytes."""
    return len(value.encode() if isinstance(value, str) else value)


def concat(call: Application, *texts: str) -> str:
    """Return the texts one after the other."""
    return "".join(texts)


def concat_ws(call: Application, *texts: str | None) -> str:
    """Return the texts that are not null, with a separator between them."""
    separator: str = call.options["separator"]
    return separator.join(text for text in texts if text is not None)


def substring(call: Application, text: str) -> str:
    """Return the part of the text that begins at a position, up to a length."""
    start, count = call.options["start"], call.options["length"]
    begin = start - 1 if start > 0 else len(text) + start  # below zero when it is before the beginning
    end = len(text) if count == -1 else begin + count
    return text[max(begin, 0) : max(end, 0)]


def left(call: Application, text: str) -> str:
    """Return the first code points of the text."""
    return text[: call.options["count"]]


def right(call: Application, text: str) -> str:
    """Return the last code points of the text."""
    return text[max(len(text) - call.options["count"], 0) :]


def lpad(call: Application, text: str) -> str:
    """Return the text filled up on its left to a length, or cut to it."""
    return text[: call.options["length"]].rjust(call.options["length"], call.options["fill"])


def rpad(call: Application, text: str) -> str:
    """Return the text filled up on its right to a length, or cut to it."""
    return text[: call.options["length"]].ljust(call.options["length"], call.options["fill"])


def replace(call: Application, text: str) -> str:
    """Return the text with every occurrence of one text replaced by another."""
    return text.replace(call.options["search"], call.options["replacement"])


def starts_with(call: Application, text: str, part: str) -> bool:
    """Return whether the first text begins with the second."""
    return text.startswith(part)


def ends_with(call: Application, text: str, part: str) -> bool:
    """Return whether the first text ends with the second."""
    return text.endswith(part)


def contains(call: Application, text: str, part: str) -> bool:
    """Return whether the second text occurs in the first."""
    return part in text


def position(call: Application, text: str, part: str) -> int:
    """Return where the second text first occurs in the first, from 1; 0 when it does not."""
    return text.find(part) + 1


def split(call: Application, text: str) -> list[str]:
    """Return the parts of the text when it is cut at each separator."""
    return text.split(call.options["separator"])


def split_part(call: Application, text: str) -> str:
    """Return the part with a number, from 1; empty when there are fewer."""
    parts = split(call, text)
    index: int = call.options["index"]
    return parts[index - 1] if index <= len(parts) else ""


def repeat(call: Application, text: str) -> str:
    """Return the text several times, one after the other."""
    return text * int(call.options["count"])


RULES: Mapping[str, FunctionRule] = {
    "upper": upper,
    "lower": lower,
    "trim": trim,
    "ltrim": ltrim,
    "rtrim": rtrim,
    "length": length,
    "octet_length": octet_length,
    "concat": concat,
    "concat_ws": concat_ws,
    "substring": substring,
    "left": left,
    "right": right,
    "lpad": lpad,
    "rpad": rpad,
    "replace": replace,
    "starts_with": starts_with,
    "ends_with": ends_with,
    "contains": contains,
    "position": position,
    "split_part": split_part,
    "split": split,
    "repeat": repeat,
}
