"""Refuses window frames that Snowflake does not know, or does not know for the function."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from onefold_snowflake_emulator.errors import SnowflakeError, compilation_error, syntax_error

MAX_ROWS: Final = 1000
"""The longest sliding frame of ROWS."""

_NEVER: Final = {
    exp.Median: "MEDIAN",
    exp.ArgMax: "MAX_BY",
    exp.ArgMin: "MIN_BY",
    exp.Mode: "MODE",
    exp.ApproxQuantile: "APPROX_PERCENTILE",
    exp.ApproxDistinct: "APPROX_COUNT_DISTINCT",
    exp.GroupConcat: "LISTAGG",
    exp.ObjectAgg: "OBJECT_AGG",
    exp.Skewness: "SKEW",
    exp.Kurtosis: "KURTOSIS",
    exp.PercentileCont: "PERCENTILE_CONT",
    exp.PercentileDisc: "PERCENTILE_DISC",
}
"""Functions that have no sliding frames, and take no ORDER BY in their window."""

_RANKING: Final = {
    exp.RowNumber: "ROW_NUMBER",
    exp.Rank: "RANK",
    exp.DenseRank: "DENSE_RANK",
    exp.PercentRank: "PERCENT_RANK",
    exp.CumeDist: "CUME_DIST",
    exp.Ntile: "NTILE",
    exp.Lag: "LAG",
    exp.Lead: "LEAD",
}
"""Functions that need an ORDER BY and take no frame."""


def check_window(window: exp.Window) -> None:
    """Refuse a window that Snowflake would refuse.

    Args:
        window: The window.

    Raises:
        SnowflakeError: Snowflake would refuse it.
    """
    function = window.this
    while isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    if isinstance(function, exp.WithinGroup) and not isinstance(function.this, exp.ArrayAgg):
        function = function.this
    ordered, spec = window.args.get("order"), window.args.get("spec")
    if type(function) in _RANKING:
        _check_ranking(_RANKING[type(function)], ordered, spec)
        return
    moving = ordered is not None or spec is not None
    if type(function) in _NEVER and moving:
        raise _sliding(_NEVER[type(function)])
    if isinstance(function, exp.Func) and isinstance(function.this, exp.Distinct) and moving:
        raise _sliding(f"{function.sql_name()}(DISTINCT)")
    if spec is not None:
        _check_frame(spec, ordered)


def _check_ranking(name: str, ordered: exp.Expr | None, spec: exp.Expr | None) -> None:
    if ordered is None:
        raise compilation_error("002301", f"Window function type [{name}] requires ORDER BY in window specification")
    if spec is not None:
        raise compilation_error("002302", f"Cumulative window frame unsupported for function {name}", "0A000")


def _check_frame(spec: exp.Expr, ordered: exp.Expr | None) -> None:
    kind = str(spec.args.get("kind") or "").upper()
    if kind == "GROUPS":
        raise syntax_error("unexpected 'GROUPS': Snowflake has frames of ROWS and RANGE.")
    if spec.args.get("exclude") is not None:
        raise syntax_error("unexpected 'EXCLUDE': Snowflake's frames exclude nothing.")
    if ordered is None:
        raise compilation_error("002301", "A window frame requires ORDER BY in the window specification")
    bounds = [spec.args.get("start"), spec.args.get("end")]
    if kind == "ROWS":
        start, end = (_rows(spec.args.get(bound), spec.args.get(f"{bound}_side")) for bound in ("start", "end"))
        if abs(end - start) > MAX_ROWS:
            raise compilation_error(
                "002303", f"Sliding window frame of more than {MAX_ROWS} rows is unsupported", "0A000"
            )
        return
    moving = [bound for bound in bounds if isinstance(bound, exp.Expr)]
    if len(ordered.expressions) > 1 and moving:
        raise compilation_error("002303", "A RANGE frame with an offset needs one ORDER BY expression", "0A000")
    intervals = [isinstance(bound, exp.Interval) for bound in moving]
    if any(intervals) and not all(intervals):
        raise compilation_error("002303", "The bounds of a RANGE frame are both intervals or both numbers", "0A000")
    if any(bound.find(exp.Column) is not None for bound in moving):
        raise compilation_error("002303", "The bounds of a frame are constants", "0A000")


def _rows(bound: object, side: object) -> int:
    """Return how many rows a bound lies behind the current one; 0 for what is not a number of rows."""
    if isinstance(bound, exp.Literal) and not bound.is_string:
        return int(bound.name) if side == "FOLLOWING" else -int(bound.name)
    if isinstance(bound, exp.Expr) and bound.find(exp.Column) is not None:
        raise compilation_error("002303", "The bounds of a frame are constants", "0A000")
    return 0


def _sliding(name: str) -> SnowflakeError:
    return compilation_error("002303", f"Sliding window frame unsupported for function {name}", "0A000")
