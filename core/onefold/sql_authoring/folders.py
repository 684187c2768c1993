"""Folders of views: each a query in SQL, and a declaration beside it that says what is made of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onefold.errors import DefinitionError, SourceError, SqlError, listed
from onefold.features.entity import Entity
from onefold.features.service import FeatureService
from onefold.features.sources import Source
from onefold.features.table import Table
from onefold.features.view import FeatureView
from onefold.plan import Join, Scan
from onefold.sql_authoring.declarations import Declared, DeclaredView
from onefold.sql_authoring.files import SUFFIXES, read_declaration
from onefold.sql_authoring.query import read_query
from onefold.sql_authoring.text import SqlText

__all__ = ["SHARED", "ViewFolder"]

SHARED = "sources"
"""The name of the file, without its suffix, that declares sources, entities and services."""


class _Read(Mapping[str, Table]):
    """The sources by name, as tables; it notes which of them a query reads, and opens no others."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self.names: list[str] = []

    def __getitem__(self, name: str) -> Table:
        source = self._sources[name]
        if name not in self.names:
            self.names.append(name)
        return Table(source.relation, source.bindings)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@dataclass(frozen=True, slots=True)
class ViewFolder:
    """A folder of views.

    Args:
        shared: The file that declares sources, entities and services.
        declared: What it says.
        files: The declaration of each view, by the view's name, which is that of the file.
    """

    shared: Path
    declared: Declared
    files: Mapping[str, Path]

    @classmethod
    def of(cls, folder: Path) -> ViewFolder:
        """Return the views of a folder.

        Raises:
            DefinitionError: If a file is missing, exists twice, or can not be read.
        """
        shared = _only(folder, SHARED)
        assert shared is not None
        found: dict[str, Path] = {}
        stems = sorted(
            {file.stem for file in folder.iterdir() if file.suffix in (*SUFFIXES, ".sql")} - {SHARED, "onefold"}
        )
        for stem in stems:
            file = _only(folder, stem)
            if file is None:
                raise DefinitionError(
                    f"{folder / stem}.sql has no declaration. Write {stem}.toml beside it: the entity, and the features or "
                    "attributes that are made of its rows."
                )
            found[stem] = file
        if not found:
            raise DefinitionError(f"{folder} has no views. Write NAME.sql and NAME.toml into it.")
        return cls(shared, read_declaration(shared, Declared), found)

    def view(self, name: str) -> FeatureView:
        """Return a view.

        Raises:
            DefinitionError: If its declaration or its query is wrong; the message names the file.
            SourceError: If a source can not be read.
        """
        file = self.files[name]
        declared = read_declaration(file, DeclaredView)
        query = file.with_suffix(".sql")
        with _in_file(file, self.shared):
            entity = self._entity(declared.entity)
            source: Source | Table
            rows: Table | None = None
            if query.is_file():
                source, rows = self._read(query, declared)
            elif declared.source is None:
                raise DefinitionError(f"There is no query {query.name} beside it, and no source. Write one of them.")
            else:
                source = self._source(declared.source)
            made = rows
            return FeatureView(
                name,
                source=source,
                entity=entity,
                transform=None if made is None else lambda _: made,
                time=declared.time,
                features=None if declared.features is None else [one.expression() for one in declared.features],
                attributes=declared.attributes,
                engine=declared.engine,
                fallback=declared.fallback or None,
                max_age=declared.max_age,
                include_exact=declared.include_exact,
                static=declared.static,
                options=declared.options or None,
                owner=declared.owner,
                description=declared.description,
                tags=declared.tags,
            )

    def notes(self, view: FeatureView) -> tuple[str, ...]:
        """Return what has to be meant in the query of a view: a join of rows that have a time of their own."""
        main = view.source.name if isinstance(view.source, Source) else None
        joined = {
            scan.table.name
            for join in view.events.walk()
            if isinstance(join, Join)
            for scan in join.walk()
            if isinstance(scan, Scan)
        }
        return tuple(
            f"its query joins {name!r}, whose rows have a time: nothing keeps rows of later times out"
            for name, source in sorted(self.declared.sources.items())
            if name in joined and name != main and source.time is not None
        )

    def services(self, views: Mapping[str, FeatureView]) -> dict[str, FeatureService]:
        """Return the services, of views that were made.

        Raises:
            DefinitionError: If a service names a view that there is not.
        """
        made = {}
        for name, service in self.declared.services.items():
            with _in_file(self.shared):
                for view in service.views:
                    if view not in views:
                        raise DefinitionError(
                            f"The service {name!r} names the view {view!r}. {listed(view, views, what='views')}"
                        )
                made[name] = FeatureService(
                    name,
                    [views[view] for view in service.views],
                    owner=service.owner,
                    description=service.description,
                    tags=service.tags,
                )
        return made

    def _read(self, file: Path, declared: DeclaredView) -> tuple[Source | Table, Table]:
        """Return the source whose clock counts, and the rows of the query."""
        sources = {name: self._source(name) for name in self.declared.sources}
        tables = _Read(sources)
        rows = read_query(SqlText(file.read_text(encoding="utf-8"), str(file)), tables)
        main = declared.source
        if main is None and len(tables.names) == 1:
            main = tables.names[0]
        if main is None:
            raise DefinitionError(
                f"{file.name} reads {', '.join(tables.names)}. Say which of them the events are, whose time counts: source = "
                f"'{tables.names[0]}'."
            )
        if main not in tables.names:
            raise DefinitionError(f"source is {main!r}, but {file.name} reads {', '.join(tables.names)}.")
        for name in tables.names:
            if name != main and sources[name].delay:
                raise DefinitionError(
                    f"{file.name} joins {name!r}, whose rows become known later than they happen (delay): joined "
                    "in a query, they would be known too early. Make a view of its own of it."
                )
        return sources[main], rows

    def _source(self, name: str) -> Source:
        if name not in self.declared.sources:
            raise DefinitionError(
                f"{self.shared.name} declares no source {name!r}. {listed(name, self.declared.sources, what='sources')}"
            )
        with _in_file(self.shared):
            return self.declared.sources[name].source(name, self.shared.parent)

    def _entity(self, name: str) -> Entity:
        if name not in self.declared.entities:
            raise DefinitionError(
                f"{self.shared.name} declares no entity {name!r}. {listed(name, self.declared.entities, what='entities')}"
            )
        with _in_file(self.shared):
            return self.declared.entities[name].entity(name)


@contextmanager
def _in_file(*files: Path) -> Iterator[None]:
    """Give errors inside of the block the name of the first file, unless they begin with the name of one already."""
    named = tuple(str(file) for file in files)
    try:
        yield
    except SqlError:
        raise
    except (DefinitionError, SourceError) as error:
        if str(error).startswith(named):
            raise
        kind = SourceError if isinstance(error, SourceError) else DefinitionError
        raise kind(f"{files[0]}: {error}") from error


def _only(folder: Path, stem: str) -> Path | None:
    """Return the one declaration of a name, or None.

    Raises:
        DefinitionError: If there are several.
    """
    found = [folder / f"{stem}{suffix}" for suffix in SUFFIXES if (folder / f"{stem}{suffix}").is_file()]
    if len(found) > 1:
        raise DefinitionError(f"{found[0]} and {found[1].name} declare the same. Remove one of them.")
    return found[0] if found else None
