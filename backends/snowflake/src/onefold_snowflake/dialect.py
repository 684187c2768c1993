"""Snowflake's dialect of SQL: statements that mean the same whatever the parameters of the session are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.dialect import Elements, SqlDialect
from onefold.sql.template import LoweredCall, Lowering, render
from onefold.sql.temporal.strategies import TemporalSql
from onefold.types import DATE, TIMESTAMP, TIMESTAMP_UTC, DataType
from onefold_snowflake.aggregations import AGGREGATE_NAMES, AGGREGATIONS, FRAMED
from onefold_snowflake.aggregations.frequencies import entries
from onefold_snowflake.casts import CASTS
from onefold_snowflake.functions import FUNCTIONS
from onefold_snowflake.gate.frames import LONGEST_FRAME
from onefold_snowflake.names import unquoted
from onefold_snowflake.places import PLACE
from onefold_snowflake.types import TYPES
from onefold_snowflake.variants.elements import decoded

__all__ = ["DIALECT", "ENGINE"]

ENGINE = "snowflake"
"""The name by which views choose this backend."""


def _interval(*units: tuple[str, int]) -> Lowering:
    """Return the lowering of a length of time to a constant, which is all that the bounds of a range may be.

    Args:
        units: Units and how many of what is counted they are, the largest first: no number is then a large one.
    """

    def lowering(call: LoweredCall) -> exp.Expression:
        rest, parts = int(call.args[0].name), []
        for unit, size in units:
            count, rest = divmod(rest, size)
            parts += [f"{count} {unit}"] if count else []
        return exp.Interval(this=exp.Literal.string(", ".join(parts)))

    return lowering


_TIMES = _interval(("DAY", 86_400_000_000), ("SECOND", 1_000_000), ("MICROSECOND", 1))
_DISTANCES: Mapping[DataType, Lowering] = {DATE: _interval(("DAY", 1)), TIMESTAMP: _TIMES, TIMESTAMP_UTC: _TIMES}


def _elements(values: exp.Expression) -> exp.Lateral:
    """Return the table of https://docs.snowflake.com/en/sql-reference/functions/flatten."""
    given = exp.Kwarg(this=exp.Var(this="INPUT"), expression=values)
    return exp.Lateral(this=exp.Anonymous(this="FLATTEN", expressions=[given]))


def _element(call: LoweredCall) -> exp.Expression:
    return render(decoded("{0}", call.result_type), call)


_TEMPORAL = TemporalSql(
    asof="match_condition",
    ranges=frozenset({"min", "max"}),
    place=f'"{PLACE}"',
    failure="TO_NUMBER({0})",
)
"""As-of joins as on https://docs.snowflake.com/en/sql-reference/constructs/asof-join, of numbers; windows over numbers, too:
frames whose bounds are numbers need no intervals. A text that is no number stops the query, and the error shows it."""

DIALECT = SqlDialect(
    name="snowflake",
    engine=ENGINE,
    types=TYPES,
    functions=FUNCTIONS,
    aggregations=AGGREGATIONS,
    casts=CASTS,
    aggregate_names=AGGREGATE_NAMES,
    framed=FRAMED,
    longest_frame=LONGEST_FRAME,
    distances=_DISTANCES,
    unnest=Elements(_elements, "VALUE", _element),
    entries=entries,
    unquoted=unquoted,
    max_depth=8,  # each level may have several of SQL, and what checks statements parses them recursively
    most_rows=2**31 - 1,
    temporal=_TEMPORAL,
)
"""What Snowflake computes exactly; the rest is left to the kernel."""
