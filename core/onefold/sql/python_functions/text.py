"""Text, patterns and hashes in Python."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["TEXT"]


def _substring(text: str, start: int, length: int) -> str:
    first = start - 1 if start >= 0 else len(text) + start
    return text[max(first, 0) : None if length < 0 else max(first + length, 0)]


@lru_cache(maxsize=1024)
def _like(pattern: str) -> re.Pattern[str]:
    parts = re.findall(r"!?.", pattern, re.DOTALL)
    return re.compile("".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts), re.DOTALL)


def _matches(text: str, pattern: str) -> bool:
    # Arrow's engine takes time linear in the text; Python's own can take exponential time.
    return bool(pc.match_substring_regex(pa.scalar(text), pattern).as_py())


@lru_cache(maxsize=1024)
def _with_named_groups(pattern: str) -> str:
    """Return a pattern in a group named ``g0``, its own groups named ``g1`` and so on."""
    number = count(1)
    parts = r"\\.|\[\^?\]?(?:\\.|[^\]])*\]|\("
    named = re.sub(parts, lambda m: f"(?P<g{next(number)}>" if m[0] == "(" else m[0], pattern, flags=re.DOTALL)
    return f"(?P<g0>{named})"


def _extracted(text: str, pattern: str, group: int) -> str | None:
    found = pc.extract_regex(pa.scalar(text), _with_named_groups(pattern)).as_py()
    return None if found is None else found[f"g{group}"] or ""


def _replaced(text: str, pattern: str, replacement: str) -> str:
    return str(pc.replace_substring_regex(pa.scalar(text), pattern, replacement))


def _md5(value: str | bytes) -> str:
    return hashlib.md5(value if isinstance(value, bytes) else value.encode(), usedforsecurity=False).hexdigest()


TEXT: Mapping[str, Callable[..., Any]] = {
    "upper": lambda a: a.encode().upper().decode(),  # of bytes, it changes ASCII letters only
    "lower": lambda a: a.encode().lower().decode(),
    "trim": lambda a, characters: a.strip(characters),
    "ltrim": lambda a, characters: a.lstrip(characters),
    "rtrim": lambda a, characters: a.rstrip(characters),
    "length": len,
    "octet_length": lambda a: len(a if isinstance(a, bytes) else a.encode()),
    "concat_ws": lambda *args, separator: separator.join(a for a in args if a is not None),
    "substring": _substring,
    "left": lambda a, count: a[:count],
    "right": lambda a, count: a[max(len(a) - count, 0) :],
    "lpad": lambda a, length, fill: a[:length].rjust(length, fill),
    "rpad": lambda a, length, fill: a[:length].ljust(length, fill),
    "replace": lambda a, search, replacement: a.replace(search, replacement),
    "starts_with": lambda a, b: a.startswith(b),
    "ends_with": lambda a, b: a.endswith(b),
    "contains": lambda a, b: b in a,
    "position": lambda a, b: a.find(b) + 1,
    "split_part": lambda a, separator, index: dict(enumerate(a.split(separator), 1)).get(index, ""),
    "repeat": lambda a, count: a * count,
    "like": lambda a, pattern: bool(_like(pattern).fullmatch(a)),
    "regexp_matches": _matches,
    "regexp_extract": _extracted,
    "regexp_replace": _replaced,
    "md5": _md5,
    "sha256": lambda a: hashlib.sha256(a if isinstance(a, bytes) else a.encode()).hexdigest(),
    "hash_bucket": lambda a, buckets: int(_md5(a)[:15], 16) % buckets,
}
"""Functions of text and bytes as Python has them."""
