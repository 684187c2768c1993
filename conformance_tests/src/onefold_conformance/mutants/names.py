"""Mutants of names: engines that read some of them as something else, and those for which two are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from onefold.plan import Column, Input, Node
from onefold.types import Schema
from onefold_conformance.mutants.model import Mutant
from onefold_conformance.mutants.steps import of_step, plan_becomes, rows_out
from onefold_conformance.oracle.context import Context, Step
from onefold_conformance.oracle.interface import ValueFailure
from onefold_conformance.oracle.result import Result

__all__ = ["MUTANTS"]

_WORDS = frozenset(
    [
        "select",
        "from",
        "where",
        "group",
        "order",
        "by",
        "null",
        "true",
        "table",
        "join",
        "on",
        "as",
        "left",
        "limit",
        "all",
        "distinct",
        "case",
        "end",
        "class",
        "def",
        "None",
        "True",
        "lambda",
        "import",
        "self",
        "__index_level_0__",
        "_1",
        "_c0",
        "col0",
        "column0",
        "__row__",
        "row_number",
        "_pos",
        "element",
    ]
)
"""Words that mean something in languages, and names that engines give to columns of their own."""


def _fails(name: str, what: str, bad: Callable[[str], bool]) -> Mutant:
    """Return a mutant that can not read inputs with some names of columns."""

    def step(context: Context, node: Input, right: Step) -> Result:
        if any(map(bad, node.output.names)):
            raise ValueFailure(f"the input {node.name!r} has a column with a bad name")
        return right(context, node)

    return of_step(Input, f"names-{name}", what, step)


def _bad_input(context: Context, node: Input, right: Step) -> Result:
    if node.name in _WORDS or node.name in node.output or re.search("[ \"']", node.name):
        raise ValueFailure(f"the name {node.name!r} means something else")
    return right(context, node)


def _first_like(schema: Schema, name: str, key: Callable[[str], str]) -> str:
    """Return the first column that has the same name but for what the key leaves out, and the same type."""
    return next(f.name for f in schema if key(f.name) == key(name) and f.dtype == schema[name].dtype)


def _merged(name: str, what: str, key: Callable[[str], str]) -> Mutant:
    """Return a mutant for which columns of an input are one whose names have the same key."""
    return rows_out(
        Input,
        f"names-{name}",
        what,
        lambda rows, node: [{n: row[_first_like(node.output, n, key)] for n in row} for row in rows],
    )


def _read_by(name: str, what: str, key: Callable[[str], str], *touches: str) -> Mutant:
    """Return a mutant whose expressions read the first column with the same key."""

    def change(node: Node, reads: Schema | None) -> Node:
        if not isinstance(node, Column) or reads is None or node.name not in reads:
            return node
        return Column(name=_first_like(reads, node.name, key))

    return plan_becomes(f"columns-{name}", what, change, *touches)


MUTANTS: tuple[Mutant, ...] = (
    _fails("with-marks-fail", "Fails for columns with marks and quotes in their names.", lambda name: bool(re.search(r"[\"'`.,;:?*#@$%/\\()\[\]{}-]", name))),
    _fails("that-are-words-fail", "Fails for columns whose names are words of a language, or of its own.", lambda name: name in _WORDS),
    _fails("that-begin-with-a-digit-fail", "Fails for columns whose names begin with a digit.", lambda name: name[0].isdigit()),
    _fails("beyond-ascii-fail", "Fails for columns whose names are not ASCII.", lambda name: not name.isascii()),
    _fails("with-capitals-fail", "Looks for columns in lower case, and finds none with capitals.", lambda name: name.isascii() and name != name.lower()),
    _merged("ignore-case", "Takes columns of an input for one whose names differ in case only.", str.lower),
    _merged("trimmed", "Takes columns of an input for one whose names differ in blanks only.", lambda name: name.strip() or name),
    _merged("cut", "Takes columns of an input for one whose names begin with the same 50 letters.", lambda name: name[:50].rstrip() or name),
    of_step(Input, "named-by-words-fails", "Fails for inputs whose names are words, or text, or the name of a column.", _bad_input),
    _read_by("ignore-case", "Reads the first column whose name is equal but for its case.", str.lower, "schema.case_sensitive_names"),
    _read_by("up-to-a-point", "Reads the first column whose name is equal up to a mark.", lambda name: re.split(r"[ .,;:\\\"'`-]", name)[0] or name, "function.add"),
    _read_by("cut-to-63", "Reads the first column whose name begins with the same 63 letters.", lambda name: name[:63], "function.add"),
    _read_by("trimmed", "Reads the first column whose name is equal but for blanks at its ends.", lambda name: name.strip() or name, "function.add"),
    _read_by("normalised", "Reads the first column whose name has the same composed form.", lambda name: unicodedata.normalize("NFC", name), "function.add"),
)  # fmt: skip
"""Wrong names."""
