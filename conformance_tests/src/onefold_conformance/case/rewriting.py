"""Changing case files in place, in their canonical form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from onefold_conformance.case.files import CASES, read_cases, written
from onefold_conformance.case.model import Case, changed
from onefold_conformance.case.values import read_table

__all__ = ["note_kills", "rewrite"]


def rewrite(path: Path, change: Callable[[Case], Case]) -> Sequence[Case]:
    """Change every case in a file, write it back in canonical form if it differs, and return the cases.

    Args:
        path: The file.
        change: Returns what becomes of a case.
    """
    text = path.read_text("utf-8")
    document = json.loads(text)
    cases = [change(case.with_plan(case.plan)) for case in read_cases(path)]
    tables = {name: read_table(table, where=f"{path}: {name}") for name, table in document["tables"].items()}
    new = written(document["level"], document["topic"], tables, cases)
    if new != text:
        path.write_text(new, "utf-8")
    return cases


def note_kills(kills: Mapping[str, tuple[str, ...]], folder: Path | None = None) -> None:
    """Note in the case files which mutants each case catches.

    Args:
        kills: The mutants that each case catches, by the case's id; other cases keep what they say.
        folder: Where the files are; those of the suite when None.
    """
    for path in sorted((folder or CASES).rglob("*.json")):
        rewrite(path, lambda case: changed(case, kills=kills.get(case.id, case.kills)))
