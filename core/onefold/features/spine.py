"""Spines: the rows that features are added to, in whatever form they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onefold.errors import DefinitionError
from onefold.execution import Placement, prepare
from onefold.features.sources import ArrowSource, CsvSource, ParquetSource, Source
from onefold.features.sources.timing import check_time, check_time_zone
from onefold.features.table import Table
from onefold.plan import AggCall, Aggregate, Cast, Column, Input, Measure, NamedExpression, Project, Scan
from onefold.types import TIMESTAMP_UTC

__all__ = ["SPINE", "span_of", "spine_table"]

SPINE = "spine"
"""The name of a spine in memory, in plans and messages."""


def spine_table(spine: Any, *, time: str, time_zone: str | None = None) -> Table:
    """Return a spine as a lazy table whose time is an instant.

    Args:
        spine: A pyarrow table or reader, a polars or pandas frame, a mapping of columns, a source, a lazy table, or
            the path of a Parquet or CSV file.
        time: The column that says when each prediction is made.
        time_zone: ``"UTC"`` states that a ``time`` column without a zone is in UTC.

    Raises:
        DefinitionError: If the time is missing or no instant.
        SourceError: If the data can not be read or converted.

    Examples:
        >>> import datetime as dt
        >>> print(spine_table({"user": ["a"], "t": [dt.datetime(2025, 1, 1)]}, time="t", time_zone="UTC").schema)
        user: string, t: timestamp[us, UTC]
    """
    check_time_zone(time_zone, what="the spine")
    if isinstance(spine, Table | Source):
        table = spine if isinstance(spine, Table) else Table(spine.relation, spine.bindings)
        if check_time(table.schema, time, what="the spine", time_zone=time_zone, of="spine"):
            columns = tuple(
                NamedExpression(
                    name=name,
                    expression=Cast(arg=Column(name=name), to=TIMESTAMP_UTC) if name == time else Column(name=name),
                )
                for name in table.columns
            )
            table = Table(Project(input=table.relation, columns=columns), table.bindings)
        return table
    if isinstance(spine, str | Path):
        return spine_table(_file_source(str(spine)), time=time, time_zone=time_zone)
    if spine is None:
        raise DefinitionError("The spine is None. Give a table with the keys, the time, and a row per prediction.")
    untimed = ArrowSource(SPINE, spine)
    if not check_time(untimed.schema, time, what="the spine", time_zone=time_zone, of="spine"):
        return Table(untimed.relation, untimed.bindings)
    source = ArrowSource(SPINE, untimed.table, time=time, time_zone=time_zone)
    return Table(source.relation, source.bindings)


def span_of(spine: Table, time: str, default: Placement) -> tuple[int, int] | None:
    """Return the first and last time in a spine, in microseconds since 1970; None when it has no times.

    Args:
        spine: The spine; a table in an engine is asked there, so that nothing but the answer leaves it.
        time: Its time column.
        default: Where all else is read.
    """
    relation = spine.relation
    data = spine.bindings.get(relation.name) if isinstance(relation, Input) else None
    if isinstance(data, pa.Table):
        bounds = pc.min_max(data[time].cast(pa.timestamp("us", tz="UTC")))
        first, last = bounds["min"], bounds["max"]
    else:
        homes = [leaf.table.home for leaf in relation.walk() if isinstance(leaf, Scan) and leaf.table.home is not None]
        place = Placement(homes[0], options=default.options) if homes else default
        measures = tuple(
            Measure(name=name, call=AggCall(function=name, args=(Column(name=time),))) for name in ("min", "max")
        )
        question = Aggregate(input=relation, measures=measures)
        row = prepare(question, inputs=spine.bindings, default=place).start().read_all()
        first, last = row["min"][0], row["max"][0]
    if not first.is_valid:
        return None
    return first.cast(pa.int64()).as_py(), last.cast(pa.int64()).as_py()


def _file_source(path: str) -> Source:
    if path.endswith(CsvSource.suffixes):
        return CsvSource(SPINE, path)
    if path.endswith(ParquetSource.suffixes) or Path(path).is_dir():
        return ParquetSource(SPINE, path)
    raise DefinitionError(
        f"The spine {path!r} is neither a Parquet file (.parquet) nor a CSV file (.csv). "
        "For another format, give a source or a table."
    )
