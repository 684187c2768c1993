"""Write docs/reference/functions.md and aggregations.md from the catalogue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from onefold.plan import AGGREGATIONS, FUNCTIONS, Aggregation, Function
from onefold.plan.functions.entry import Option

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

FUNCTIONS_HEAD = """\
# Functions

<!-- Written by scripts/generate_reference.py. Do not edit. -->

The scalar functions of the catalogue: each has one meaning, the same on every engine. In Python most of them are
operators and methods of expressions; every one can be called by its name, such as `of.call("nullif", "x", 0)`, and
`onefold functions` shows this list in a terminal.

In signatures, `T` and `U` stand for any type, `O` and `P` for any type with an order (not a list or struct), `decimal`
for any decimal, and `...` for one or more of the last argument. Unless it says otherwise, a function of a null is null.
[Semantics](../explanation/semantics.md) says why the meanings are what they are.
"""

AGGREGATIONS_HEAD = """\
# Aggregations

<!-- Written by scripts/generate_reference.py. Do not edit. -->

The aggregations of the catalogue, for trailing windows (`of.sum("x").over("7d")`), groups and windows over rows. Each
takes `where=`, a condition on the rows that count, and `by=`, a secondary key: the result is then a list of
`struct<key, value>`, one entry for each different key that is not null, ascending by key.

Rows with a null argument are skipped unless the option `nulls="keep"` says otherwise. Over no values the counts are 0,
and everything else is null, lists included. Rows are ordered by time, then by the source's `sequence` columns, then by
the value itself. The times of the examples are one second apart.
"""


def pages() -> dict[str, str]:
    """Return the text of each page, by file name."""
    return {"functions.md": _functions(), "aggregations.md": _aggregations()}


def _functions() -> str:
    parts = [FUNCTIONS_HEAD, _contents(FUNCTIONS.values())]
    for family, entries in groupby(FUNCTIONS.values(), key=lambda entry: entry.family):
        parts.append(f"## {_title(family)}\n")
        for entry in entries:
            notes = []
            if entry.accuracy not in ("exact", "0ulp"):
                notes.append(
                    f"Engines may differ by up to {entry.accuracy.removesuffix('ulp')} units in the last place."
                )
            if entry.substrait is not None and entry.substrait != entry.name:
                notes.append(f"Substrait: `{entry.substrait}`.")
            example = entry.example
            shown = [
                f"{_call(entry.name, [values[row] for _, values in example.args], example.options)} = {_value(result)}"
                for row, result in enumerate(example.result)
            ]
            parts.append(_entry(entry, notes, shown))
    return "\n".join(parts)


def _aggregations() -> str:
    parts = [AGGREGATIONS_HEAD, _contents(AGGREGATIONS.values())]
    for family, entries in groupby(AGGREGATIONS.values(), key=lambda entry: entry.family):
        parts.append(f"## {_title(family)}\n")
        for entry in entries:
            notes = [f"Approximate: {entry.error_bound}."] if entry.error_bound else []
            if entry.order_sensitive:
                notes.append("Depends on the order of the rows.")
            if entry.partial:
                state = ", ".join(f"`{partial.name}`" for partial in entry.partial)
                notes.append(f"Can be kept in tiles, as {state}: {entry.merge}")
            values = [list(column) for _, column in entry.example.args]
            shown = [f"{_call(entry.name, values, entry.example.options)} = {_value(entry.example.result)}"]
            parts.append(_entry(entry, notes, shown))
    return "\n".join(parts)


def _contents(entries: Iterable[Function | Aggregation]) -> str:
    lines = []
    for family, members in groupby(entries, key=lambda entry: entry.family):
        names = ", ".join(f"[`{entry.name}`](#{entry.name})" for entry in members)
        lines.append(f"- {_title(family)}: {names}")
    return "\n".join(lines) + "\n"


def _entry(entry: Function | Aggregation, notes: list[str], shown: list[str]) -> str:
    signatures = "\n".join(f"{entry.name}{signature}" for signature in entry.signatures)
    text = f"### {entry.name}\n\n```text\n{signatures}\n```\n\n{entry.description}\n"
    if entry.options:
        text += "\n" + "\n".join(_option(name, option) for name, option in entry.options.items()) + "\n"
    if notes:
        text += "\n" + " ".join(notes) + "\n"
    return text + "\n```text\n" + "\n".join(shown) + "\n```\n"


def _option(name: str, option: Option) -> str:
    default = "required" if option.default is ... else f"default `{option.default!r}`"
    choices = f"; one of {', '.join(f'`{choice!r}`' for choice in option.choices)}" if option.choices else ""
    return f"- `{name}` ({option.kind.__name__}, {default}{choices}): {option.description}"


def _call(name: str, args: list[Any], options: Mapping[str, Any]) -> str:
    return f"{name}({', '.join([*map(_value, args), *(f'{key}={value!r}' for key, value in options.items())])})"


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value) if isinstance(value, bytes) else str(value)


def _title(family: str) -> str:
    return family.replace("_", " ").capitalize()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
