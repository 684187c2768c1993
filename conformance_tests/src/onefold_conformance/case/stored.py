"""A case as a file holds it: known by its name at once, and built only when it is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from onefold.errors import ConfigurationError, OnefoldError
from onefold.types import Schema
from onefold_conformance.case.model import LEVELS, Case, ExpectedError, ExpectedRows, changed, natural_order
from onefold_conformance.case.sources import SourceFile
from onefold_conformance.case.transforms import FUNCTIONS
from onefold_conformance.case.values import read_table
from onefold_conformance.oracle.tolerance import Tolerance

__all__ = ["StoredCase", "built"]

_MEMBERS = {
    "name", "since", "tags", "why", "inputs", "sources", "plan", "order", "expect", "tolerances", "derivation", "smoke",
    "kills", "superseded_by",
}  # fmt: skip


@dataclass(frozen=True)
class StoredCase:
    """A case as a file holds it.

    Args:
        level: Its level.
        topic: What the cases in its file are about.
        item: Its members.
        tables: The tables that its file has for all of its cases.
        where: What the file is, for errors.
    """

    level: int
    topic: str
    item: Mapping[str, Any]
    tables: Mapping[str, Any]
    where: str

    @property
    def id(self) -> str:
        """``<level>/<topic>/<name>``."""
        return f"{LEVELS[self.level]}/{self.topic}/{self.item['name']}"

    @property
    def since(self) -> int:
        """The revision of the suite in which it was added, or its expectation was last changed."""
        return int(self.item["since"])

    @property
    def why(self) -> str:
        """What it is about."""
        return str(self.item["why"])

    @property
    def kills(self) -> tuple[str, ...]:
        """The mutants that it is known to catch."""
        return tuple(self.item.get("kills", ()))

    @property
    def is_superseded(self) -> bool:
        """Whether another case took its place."""
        return "superseded_by" in self.item

    def build(self) -> Case:
        """Return the case.

        Raises:
            ConfigurationError: If it does not fit together.
        """
        return built(
            self, {name: read_table(self.tables[name], where=f"{self.where}: {name}") for name in self._shared}
        )

    def to_json(self) -> str:
        """Return it as one line of JSON, for another process."""
        tables = {name: self.tables[name] for name in self._shared}
        return json.dumps([self.level, self.topic, self.item, tables, self.where])

    @classmethod
    def from_json(cls, text: str) -> StoredCase:
        """Return the case that a line of JSON holds."""
        return cls(*json.loads(text))

    @property
    def _shared(self) -> set[str]:
        """The tables of its file that it reads."""
        given = self.item.get("inputs", {})
        named = {table for table in given.values() if isinstance(table, str)}
        return {*named, *_names_in(self.item["plan"], set(self.tables) - set(given))}


def built(stored: StoredCase, tables: Mapping[str, tuple[pa.Table, Schema]]) -> Case:
    """Return a case whose shared tables have been read already.

    Args:
        stored: The case.
        tables: The tables of its file, those at least that it reads.
    """
    item, name, where = stored.item, stored.id, stored.where
    if unknown := set(item) - _MEMBERS:
        raise ConfigurationError(f"{where}: the case {name!r} has the unknown member {min(unknown)!r}.")
    try:
        given = item.get("inputs", {})
        own = {
            key: read_table(table, where=f"{name}: {key}") if isinstance(table, dict) else tables[table]
            for key, table in given.items()
        }
        used = {**tables, **own}
        sources = {key: _source(value, f"{name}: {key}") for key, value in item.get("sources", {}).items()}
        case = Case(
            id=name,
            level=stored.level,
            since=item["since"],
            why=item["why"],
            document=item["plan"],
            inputs={key: used[key] for key in sorted(_names_in(item["plan"], set(used)))},
            expect=None,
            derivation=item.get("derivation", ""),
            tags=tuple(item.get("tags", ())),
            sources=sources,
            functions=FUNCTIONS,
            tolerances={key: Tolerance(**value) for key, value in item.get("tolerances", {}).items()},
            smoke=item.get("smoke", False),
            kills=tuple(item.get("kills", ())),
            superseded_by=item.get("superseded_by"),
        )
        expect = _expected(item["expect"], name) if "expect" in item else None
        order = item.get("order", natural_order(case.plan))
        case = changed(case, expect=expect, order=order)
        case.check()
    except OnefoldError as error:
        raise ConfigurationError(f"{where}: the case {name!r}: {error}") from error
    return case


def _names_in(document: Any, known: set[str]) -> Iterator[str]:
    """Yield the names of tables that a plan reads."""
    if isinstance(document, str):
        if document in known:
            yield document
    elif isinstance(document, dict) and document:
        kind, below = next(iter(document.items()))
        if kind == "scan":
            return
        for item in below if isinstance(below, list) else [below]:
            yield from _names_in(item, known)


def _source(document: Mapping[str, Any], where: str) -> SourceFile:
    content = {
        name: value if isinstance(value, str) else read_table(value, where=f"{where}: {name}")[0]
        for name, value in document["files"].items()
    }
    return SourceFile(
        format=document["format"],
        columns=Schema.of(**document["columns"]),
        files=content,
        stored=document.get("stored", {}),
        paths=tuple(document.get("paths", ())),
        options=document.get("options", {}),
    )


def _expected(document: Mapping[str, Any], where: str) -> ExpectedRows | ExpectedError:
    sinks = {
        name: read_table(value, where=f"{where}: what is written to {name!r}")
        for name, value in document.get("written", {}).items()
    }
    if "error" in document:
        return ExpectedError(document["error"], sinks)
    table, schema = read_table(document, where=f"{where}: what is expected")
    return ExpectedRows(table, schema, sinks)
