"""What an SQL engine declares about its dialect: everything in which it differs, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import expressions as exp

from onefold.sql.aggregations import AGGREGATIONS, AggregationLowering
from onefold.sql.casts import CASTS, CastLowering
from onefold.sql.functions import FUNCTIONS
from onefold.sql.template import Lowering
from onefold.sql.temporal.strategies import TemporalSql
from onefold.sql.types import SqlTypes
from onefold.types import DATE, TIMESTAMP, TIMESTAMP_UTC, DataType

__all__ = ["AGGREGATE_NAMES", "DISTANCES", "FRAMED", "Elements", "SqlDialect"]

AGGREGATE_NAMES = frozenset(
    {
        "ARBITRARY", "AVG", "BOOL_AND", "BOOL_OR", "CORR", "COUNT", "COVAR_POP", "COVAR_SAMP", "FSUM", "HISTOGRAM", "LIST",
        "MAX", "MIN", "STDDEV_POP", "STDDEV_SAMP", "SUM", "VAR_POP", "VAR_SAMP",
    }
)  # fmt: skip
"""The functions in the canonical lowerings that are aggregates: those that get ``FILTER`` and ``OVER``."""

FRAMED = frozenset(
    {
        *("count", "sum", "mean", "any", "all", "min", "max", "first", "last", "count_distinct"),
        *("var_samp", "var_pop", "stddev_samp", "stddev_pop", "covar_samp", "covar_pop", "corr"),
    }
)
"""The aggregations that SQL engines slide along frames. The others would collect the rows of every frame."""

DISTANCES: Mapping[DataType, Lowering] = {
    DATE: "TO_DAYS({0})",
    TIMESTAMP: "TO_MICROSECONDS({0})",
    TIMESTAMP_UTC: "TO_MICROSECONDS({0})",
}
"""How the bounds of ranges of time are written: days for dates, microseconds for timestamps."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of lists as rows of a table that stands beside the table of the lists.

    Args:
        table: Returns the table of the elements of a list, without an alias. Lists without elements, and null, have none.
        column: The column of that table that holds them.
        value: How an element is written, from that column.
    """

    table: Callable[[exp.Expression], exp.Lateral]
    column: str
    value: Lowering


@dataclass(frozen=True, slots=True)
class SqlDialect:
    """A dialect of SQL.

    Args:
        name: Its name in sqlglot.
        engine: The name of the engine, for errors.
        types: How the portable types are written.
        functions: How each catalogue function is written; those that are left out are not offered.
        aggregations: How each catalogue aggregation is written; those that are left out are not offered.
        casts: How conversions are written.
        aggregate_names: The functions in the texts of ``aggregations`` that are aggregates.
        framed: The aggregations that are cheap over frames; of the others, and those left out above, the kernel
            takes care.
        recomputes_frames: Whether the engine computes each frame anew, which costs the number of rows times the length
            of the frame. Only frames that begin with their partition are then left to it.
        longest_frame: How many rows a frame of rows may be long, and how far from its row it may begin or end; None: any.
        distances: How the bounds of ranges of time are written, by the type of the key.
        without_types: Why there are no types of some kinds (see :func:`onefold.contract.type_capability`).
        unnest: The template of a select item that gives one row per element of a list, none for null; or how a table
            gives the elements.
        entries: How the aggregate is written that collects a key and a value of each row into a list of
            ``struct<key, value>``, ascending by key; null over no rows.
        folds_case: Whether names that differ only in case are the same name, even when quoted.
        unquoted: Returns the names that tables and columns have in native SQL, where an engine changes names that are not
            quoted, so that authors need no quotes; None where they keep theirs.
        reserved: Names that no column can have, even when quoted, in small letters; columns with them are renamed.
        max_depth: How deep expressions may be nested in one query; what is deeper is computed in steps.
        most_rows: The greatest count that ``LIMIT`` and ``LAG`` take; None when they take any. A limit that means "all"
            is left out.
        temporal: How the engine computes as-of joins and trailing aggregates itself; None to leave all of them to the
            kernel, which is faster where rows can reach it.
        hints_materialisation: Whether ``WITH name AS [NOT] MATERIALIZED`` exists.
    """

    name: str
    engine: str
    types: SqlTypes
    functions: Mapping[str, Lowering] = field(default_factory=lambda: FUNCTIONS)
    aggregations: Mapping[str, AggregationLowering] = field(default_factory=lambda: AGGREGATIONS)
    casts: Mapping[tuple[str, str], CastLowering] = field(default_factory=lambda: CASTS)
    aggregate_names: frozenset[str] = AGGREGATE_NAMES
    framed: frozenset[str] = FRAMED
    recomputes_frames: bool = False
    longest_frame: int | None = None
    distances: Mapping[DataType, Lowering] = field(default_factory=lambda: DISTANCES)
    without_types: Mapping[str, str] = field(default_factory=dict)
    unnest: str | Elements = "UNNEST({0})"
    entries: Lowering = "LIST({{'key': {0}, 'value': {1}}} ORDER BY {0} ASC NULLS FIRST)"
    folds_case: bool = False
    unquoted: Callable[[str], str] | None = None
    reserved: frozenset[str] = frozenset()
    max_depth: int | None = None
    most_rows: int | None = None
    temporal: TemporalSql | None = None
    hints_materialisation: bool = False

    @property
    def slides(self) -> frozenset[str]:
        """The aggregations that a session computes over frames in SQL."""
        return self.framed & frozenset(self.aggregations)

    def name_of(self, name: str) -> str:
        """Return what a name is called in queries: itself, but for names that no column can have."""
        return f"{name}_" if name.rstrip("_").casefold() in self.reserved else name
