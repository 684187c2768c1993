"""The golden statements, with tables that they can be compiled over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from onefold.types import parse_type
from onefold_snowflake.dialect import DIALECT

__all__ = ["Golden", "golden_statements"]

FOLDER = Path(__file__).parents[1] / "golden"

TABLES: Mapping[str, Mapping[str, str]] = {
    "events": {
        "k": "string", "t": "timestamp[us, UTC]", "day": "date32", "i": "int64", "x": "float64", "y": "float64",
        "b": "bool", "n": "decimal128(10, 2)",
    },
    "other": {"key": "string", "z": "int64"},
}  # fmt: skip
"""Those that statements about relations read. What others read is named ``t`` or ``lists``, and their titles say its types."""

_TYPE = re.compile(
    r"(?:list|struct)<.*>|decimal128\(\d+, \d+\)|timestamp\[us(?:, UTC)?\]|\b(?:int64|float64|string|bool|date32|binary)\b"
)


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden statement.

    Args:
        name: Its file and its title, which no other one has.
        text: The statement.
    """

    name: str
    text: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.name.split("/")[1]

    def tables(self) -> Iterator[tuple[str, str]]:
        """Yield the tables that it reads, each with the definition of its columns."""
        types = _TYPE.findall(self.name.split("/", 2)[2].partition("=")[0])
        columns = {chr(97 + index): text for index, text in enumerate(types)} or {"a": "bool"}
        tables = {**TABLES, "t": columns, "lists": {"k": "string", "v": "".join(types[:1])}}
        for name, fields in tables.items():
            if f'FROM "{name}"' in self.text or f'JOIN "{name}"' in self.text:
                yield name, ", ".join(f'"{column}" {_defined(text)}' for column, text in fields.items())


def golden_statements() -> Iterator[Golden]:
    """Yield all golden statements, in the order of their files."""
    for file in sorted(FOLDER.glob("*.sql")):
        seen: Counter[str] = Counter()
        for block in file.read_text("utf-8").split("\n\n-- "):
            title, _, rest = block.removeprefix("-- ").partition("\n")
            text = "\n".join(line for line in rest.splitlines() if not line.startswith("-- http"))
            seen[title] += 1
            again = f" ({seen[title]})" if seen[title] > 1 else ""
            yield Golden(f"golden/{file.stem}/{title}{again}", text.strip().removesuffix(";"))


def _defined(dtype: str) -> str:
    return str(DIALECT.types(parse_type(dtype)).sql("snowflake"))
