"""What stands beside queries: sources and entities once, and a view for each query."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from onefold.errors import DefinitionError
from onefold.features.aggregations import AggExpr, aggregate, lifetime
from onefold.features.entity import Entity
from onefold.features.sources import CsvSource, JsonSource, ParquetSource, Source
from onefold.registry import DEFAULT_ENGINE
from onefold.sql_authoring.files import Declaration
from onefold.types import parse_duration

__all__ = ["Declared", "DeclaredEntity", "DeclaredFeature", "DeclaredService", "DeclaredSource", "DeclaredView"]

_FORMATS: dict[str, type[ParquetSource | CsvSource | JsonSource]] = {
    "parquet": ParquetSource,
    "csv": CsvSource,
    "json": JsonSource,
}


class DeclaredEntity(Declaration):
    """An entity; see :class:`~onefold.features.Entity`."""

    keys: list[str]
    description: str = ""

    def entity(self, name: str) -> Entity:
        """Return the entity."""
        return Entity(name, keys=self.keys, description=self.description)


class DeclaredSource(Declaration):
    """A source of files; see :class:`~onefold.features.ParquetSource`. Paths begin at the folder of the declaration."""

    path: str | list[str]
    format: Literal["parquet", "csv", "json"] | None = None
    time: str | None = None
    sequence: list[str] = Field(default_factory=list)
    delay: str | None = None
    unique: bool = False
    time_zone: str | None = None
    columns: list[str] | None = None
    schema_: dict[str, str] | None = Field(default=None, alias="schema")
    options: dict[str, bool | int | float | str] = Field(default_factory=dict)

    def source(self, name: str, folder: Path) -> Source:
        """Return the source.

        Args:
            name: Its name.
            folder: Where relative paths begin.

        Raises:
            DefinitionError: If its format can not be told.
        """
        paths = [self.path] if isinstance(self.path, str) else self.path
        format = self.format or Path(paths[0] if paths else "").suffix.removeprefix(".").replace("jsonl", "json")
        if format not in _FORMATS:
            raise DefinitionError(
                f"The format of the source {name!r} can not be told from {self.path!r}. Say it: format = 'parquet', 'csv' or 'json'."
            )
        made: Source = _FORMATS[format](
            name,
            [path if "://" in path else str(folder / path) for path in paths],
            time=self.time,
            sequence=self.sequence,
            delay=self.delay,
            unique=self.unique,
            time_zone=self.time_zone,
            columns=self.columns,
            schema=self.schema_,
            options=self.options or None,
        )
        return made


class DeclaredService(Declaration):
    """A service; see :class:`~onefold.features.FeatureService`."""

    views: list[str]
    owner: str = ""
    description: str = ""
    tags: dict[str, str] = Field(default_factory=dict)


class Declared(Declaration):
    """What all views of a folder share."""

    entities: dict[str, DeclaredEntity] = Field(default_factory=dict)
    sources: dict[str, DeclaredSource] = Field(default_factory=dict)
    services: dict[str, DeclaredService] = Field(default_factory=dict)


class DeclaredFeature(Declaration):
    """An aggregation over windows; see :func:`~onefold.features.aggregate`.

    What is aggregated is a column of the query: computations belong into it.
    """

    aggregation: str
    column: str | None = None
    columns: list[str] = Field(default_factory=list)
    windows: list[str] = Field(default_factory=list)
    name: str | None = None
    where: str | None = None
    by: str | None = None
    offset: str | None = None
    every: str | None = None
    last_rows: int | None = None
    options: dict[str, bool | int | float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> DeclaredFeature:
        if self.column is not None and self.columns:
            raise ValueError("give either column or columns")
        if not self.windows and (self.offset or self.every):
            raise ValueError("offset and every need windows")
        return self

    def expression(self) -> AggExpr:
        """Return the aggregation with its windows and its name.

        Raises:
            DefinitionError: If there is no such aggregation, or a window is no duration.
        """
        options: dict[str, Any] = dict(self.options)
        if isinstance(options.get("half_life"), str):
            options["half_life"] = parse_duration(options["half_life"], what="half_life")
        columns = self.columns if self.column is None else [self.column]
        made = aggregate(self.aggregation, *columns, where=self.where, by=self.by, **options)
        if self.windows or self.last_rows is not None:
            windows = [lifetime if window == "lifetime" else window for window in self.windows]
            made = made.over(*windows, offset=self.offset, every=self.every, last_rows=self.last_rows)
        return made if self.name is None else made.named(self.name)


class DeclaredView(Declaration):
    """A feature view; see :class:`~onefold.features.FeatureView`."""

    entity: str
    source: str | None = None
    time: str | None = None
    features: list[DeclaredFeature] | None = None
    attributes: list[str] | Literal["*"] | None = None
    engine: str | None = None
    fallback: str | Literal[False] = DEFAULT_ENGINE
    max_age: str | None = None
    include_exact: bool = False
    static: bool = False
    options: dict[str, dict[str, Any]] = Field(default_factory=dict)
    owner: str = ""
    description: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
