"""Case files: several cases about one topic, and the tables that they share, in one JSON file.

Files have one canonical form, which :func:`written` writes: a row on a line, so that a difference can be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefold.errors import ConfigurationError
from onefold.types import Schema
from onefold_conformance.case.model import Case, ExpectedError, ExpectedRows, natural_order
from onefold_conformance.case.sources import SourceFile
from onefold_conformance.case.stored import StoredCase, built
from onefold_conformance.case.values import read_table, table_document
from onefold_conformance.oracle.tolerance import Tolerance

__all__ = [
    "CASES",
    "all_cases",
    "case_document",
    "read_cases",
    "read_document",
    "stored_cases",
    "suite_hash",
    "written",
]

CASES = Path(str(files("onefold_conformance"))) / "cases"
"""The folder of all case files: ``<number>-<level>/<topic>.json``."""


@lru_cache(maxsize=1)
def all_cases() -> tuple[Case, ...]:
    """Return every case of the suite, by level, then by file."""
    return tuple(case for path in sorted(CASES.glob("*/*.json")) for case in read_cases(path))


def suite_hash() -> str:
    """Return a SHA-256 over all case files."""
    digest = hashlib.sha256()
    for path in sorted(CASES.glob("*/*.json")):
        digest.update(f"{path.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stored_cases(folder: Path | None = None) -> tuple[StoredCase, ...]:
    """Return the cases in a folder, those of the suite when None, as they are stored: quick, because none is built."""
    paths = sorted(CASES.glob("*/*.json")) if folder is None else sorted(folder.rglob("*.json"))
    return tuple(case for path in paths for case in _stored(_document(path), str(path)))


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases in a file.

    Raises:
        ConfigurationError: If the file can not be read, or a case in it does not fit together.
    """
    return read_document(_document(path), where=str(path))


def read_document(document: Mapping[str, Any], *, where: str) -> tuple[Case, ...]:
    """Return the cases in the content of a file.

    Args:
        document: The content.
        where: What the file is, for errors.
    """
    stored = _stored(document, where)
    tables = {name: read_table(table, where=f"{where}: {name}") for name, table in document["tables"].items()}
    return tuple(built(case, tables) for case in stored)


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"The case file {str(path)!r} can not be read: {error}") from error


def _stored(document: Mapping[str, Any], where: str) -> tuple[StoredCase, ...]:
    try:
        level, topic, tables = document["level"], document["topic"], document["tables"]
        found = tuple(StoredCase(level, topic, item, tables, where) for item in document["cases"])
        ids = [case.id for case in found]
    except (KeyError, TypeError) as error:
        raise ConfigurationError(f"{where} does not have the form of a case file: {error!r}") from error
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise ConfigurationError(f"{where} has more than one case {twice[0]!r}.")
    return found


def case_document(case: Case, *, shared: Mapping[str, tuple[pa.Table, Schema]] | None = None) -> dict[str, Any]:
    """Return a case as it stands in a file.

    Args:
        case: The case.
        shared: Tables of the file: inputs that are one of these, under their own name, are left out.
    """
    shared = shared or {}
    inputs = {
        name: table_document(table, schema)
        for name, (table, schema) in case.inputs.items()
        if not (name in shared and table_document(*shared[name]) == table_document(table, schema))
    }
    document: dict[str, Any] = {
        "name": case.id.rpartition("/")[2],
        "since": case.since,
        "tags": list(case.tags),
        "why": case.why,
        "inputs": inputs,
        "sources": {name: _source_document(source) for name, source in case.sources.items()},
        "plan": case.document,
        "order": "" if case.order == natural_order(case.plan) else case.order,
        "expect": None if case.expect is None else _expected_document(case.expect),
        "tolerances": {
            name: {part: value for part, value in _parts(tolerance).items() if value}
            for name, tolerance in case.tolerances.items()
        },
        "derivation": case.derivation,
        "smoke": case.smoke,
        "kills": list(case.kills),
        "superseded_by": case.superseded_by,
    }
    return {name: value for name, value in document.items() if value not in (None, "", [], {}, False)}


def _parts(tolerance: Tolerance) -> dict[str, float]:
    return {"ulps": tolerance.ulps, "absolute": tolerance.absolute, "relative": tolerance.relative}


def _source_document(source: SourceFile) -> dict[str, Any]:
    content = {
        name: value if isinstance(value, str) else table_document(value, source.columns.select(value.schema.names))
        for name, value in source.files.items()
    }
    document = {
        "format": source.format,
        "columns": {field.name: str(field.dtype) for field in source.columns},
        "files": content,
        "stored": dict(source.stored),
        "paths": list(source.paths),
        "options": dict(source.options),
    }
    return {name: value for name, value in document.items() if value not in ([], {})}


def _expected_document(expect: ExpectedRows | ExpectedError) -> dict[str, Any]:
    if isinstance(expect, ExpectedError):
        return {"error": expect.kind}
    written = {name: table_document(*value) for name, value in expect.written.items()}
    return {**table_document(expect.table, expect.schema), **({"written": written} if written else {})}


def written(level: int, topic: str, tables: Mapping[str, tuple[pa.Table, Schema]], cases: Iterable[Case]) -> str:
    """Return the canonical text of a case file.

    Args:
        level: The level of its cases.
        topic: What they are about.
        tables: The tables that they share; those that none reads are left out.
        cases: The cases.
    """
    cases = list(cases)
    used = {name for case in cases for name in case.inputs}
    shared = {name: table for name, table in tables.items() if name in used}
    document = {
        "level": level,
        "topic": topic,
        "tables": {name: table_document(*table) for name, table in shared.items()},
        "cases": [case_document(case, shared=shared) for case in cases],
    }
    return _text(document, 0) + "\n"


def _text(value: Any, depth: int, key: str = "") -> str:
    """Return JSON with one member, row or case on a line, and what is short on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value:
        return flat
    structural = key in ("tables", "cases", "rows", "inputs", "sources", "files", "written") or depth == 0
    if (len(flat) + 2 * depth <= 110 and not structural) or key == "row":
        return flat
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        items = [inner + _text(item, depth + 1, "row" if key == "rows" else "case") for item in value]
        return "[\n" + ",\n".join(items) + f"\n{outer}]"
    members = [
        f"{inner}{json.dumps(name, ensure_ascii=False)}: {_text(item, depth + 1, name)}" for name, item in value.items()
    ]
    return "{\n" + ",\n".join(members) + f"\n{outer}}}"
