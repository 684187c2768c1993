"""The levels: what a backend has to offer for each, besides failing nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onefold.contract import Capabilities
from onefold_conformance.case.model import LEVELS
from onefold_conformance.report.model import FAILING, CaseResult

__all__ = ["REQUIRED", "level_reached"]

REQUIRED: Mapping[int, tuple[str, ...]] = {
    0: (
        "relation.input",
        *(f"type.{kind}" for kind in ("int64", "float64", "bool", "string", "timestamp_utc")),
    ),
    1: (
        "relation.project",
        "relation.filter",
        *(f"expression.{kind}" for kind in ("column", "literal", "case", "cast")),
        *(f"function.{name}" for name in ("add", "subtract", "multiply", "divide", "negate", "abs")),
        *(f"function.{name}" for name in ("equal", "not_equal", "lt", "lte", "gt", "gte", "is_in", "between")),
        *(f"function.{name}" for name in ("and", "or", "not", "is_null", "is_not_null", "coalesce", "nullif")),
    ),
    2: (
        *(f"relation.{kind}" for kind in ("aggregate", "join", "union", "distinct", "deduplicate", "sort", "limit")),
        *(f"join.{how}" for how in ("inner", "left", "semi", "anti")),
        *(f"aggregation.{name}" for name in ("count", "sum", "mean", "min", "max", "any", "all")),
        *(f"aggregation.{name}" for name in ("first", "last", "count_distinct")),
    ),
    3: (
        "relation.window",
        "frame.rows",
        "frame.range",
        *(f"window.{name}" for name in ("row_number", "rank", "dense_rank", "lag", "lead")),
        *(f"window.{name}" for name in ("count", "sum", "mean", "min", "max")),
    ),
    4: (
        "relation.trailing_aggregate",
        "relation.as_of_join",
        *(f"trailing.{name}" for name in ("count", "sum", "mean", "min", "max", "any", "all")),
        *(f"trailing.{name}" for name in ("first", "last", "count_distinct", "stddev_samp")),
    ),
    5: ("source.parquet", "sink.parquet"),
}
"""The capabilities that each level demands, beside those of the levels below it. A level may be had without anything
else, as long as the rest is refused."""


def level_reached(
    results: Sequence[CaseResult], capabilities: Capabilities, levels_run: Iterable[int]
) -> tuple[int | None, dict[str, tuple[str, ...]]]:
    """Return the highest level that a backend has, and for each level that it has not, why.

    Args:
        results: The results of all cases that were run.
        capabilities: What the backend states.
        levels_run: The levels of which all cases were run; others can not be had.
    """
    reached: int | None = None
    missing: dict[str, tuple[str, ...]] = {}
    passed = {name for result in results if result.status == "pass" for name in result.needs}
    complete = set(levels_run)
    below = True
    for level in LEVELS:
        reasons = (
            list(_reasons(level, results, capabilities, passed))
            if level in complete
            else ["not all of its cases were run"]
        )
        if reasons:
            missing[str(level)] = tuple(reasons)
        below = below and not reasons
        reached = level if below else reached
    return reached, missing


def _reasons(level: int, results: Sequence[CaseResult], capabilities: Capabilities, passed: set[str]) -> Iterable[str]:
    bad = [result for result in results if result.level == level and result.status in FAILING]
    if bad:
        yield f"{len(bad)} of its cases failed, such as {bad[0].id}"
    if known := [result.id for result in results if result.level == level and result.status == "deviation"]:
        yield f"{len(known)} deviations, such as {known[0]}"
    absent = [name for name in REQUIRED[level] if not capabilities.offers(name)]
    if absent:
        yield f"it is required and not offered: {', '.join(absent)}"
    if unproven := [name for name in REQUIRED[level] if name not in absent and name not in passed]:
        yield f"no case passed that needs: {', '.join(unproven)}"
