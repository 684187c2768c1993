"""What is said about constructs that are not understood, and about types that do not go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import expressions as exp

from onefold.types import BOOL, DATE, INT64, STRING, TIMESTAMP, TIMESTAMP_UTC, DataType

__all__ = ["refusal", "type_advice"]

_REFUSALS: Mapping[type[exp.Expr], str] = {
    exp.AggFunc: "This aggregation is not understood.",
    exp.Alias: "A name is given with AS to a column of the list of SELECT, not inside of an expression.",
    exp.Any: "ANY is not understood. Write IN (...) or a join; the aggregation is written bool_or(x).",
    exp.All: "ALL is not understood. Write NOT IN (...) or a join; the aggregation is written bool_and(x).",
    exp.Bracket: "Positions in lists begin with 0 in some databases and with 1 in others. Write list_get(x, 1) for the first.",
    exp.CurrentDate: "A plan has no present: features are computed as of the time of each row. Give the date as a constant.",
    exp.CurrentTimestamp: "A plan has no present: features are computed as of the time of each row. Give the time as a "
    "constant.",
    exp.Distinct: "DISTINCT is understood after SELECT and in COUNT(DISTINCT x).",
    exp.Dot: "A field of a struct is written struct_get(x, 'field').",
    exp.Exists: "EXISTS is understood only as a condition of WHERE that stands by itself or beside others with AND. "
    "Otherwise join the table, with LEFT JOIN.",
    exp.Filter: "FILTER follows an aggregation.",
    exp.If: "Write CASE WHEN condition THEN a ELSE b END.",
    exp.ILike: "Which letters are the same in ILIKE depends on the database. Write lower(x) LIKE 'abc%'.",
    exp.Interval: "An interval is not a value of a column. Add it to a time: t + INTERVAL '1' DAY.",
    exp.Kwarg: "An argument with a name is an option of a function.",
    exp.Lambda: "Functions are not arguments of functions here.",
    exp.Order: "ORDER BY is understood inside of aggregations that depend on an order, such as first(x ORDER BY t).",
    exp.Parameter: "Queries have no parameters. Write the constant.",
    exp.Placeholder: "Queries have no parameters. Write the constant.",
    exp.RegexpLike: "Write regexp_like(x, 'pattern').",
    exp.Select: "A query is no value. Join the table that it gives.",
    exp.SimilarTo: "Patterns of SIMILAR TO are not understood. Write LIKE, or regexp_like(x, 'pattern').",
    exp.Star: "* is a list of columns, and stands only in the list of SELECT and in COUNT(*).",
    exp.Struct: "Structs are not made in SQL. Keep their parts as columns.",
    exp.Array: "Lists are not made in SQL. In Python, lit([1, 2]) is one.",
    exp.Subquery: "A query is no value here. Join the table that it gives, with CROSS JOIN if it has one row.",
    exp.Tuple: "Rows of several values are not compared as one. Compare the values one by one, with AND.",
    exp.Window: "Window functions stand in the list of SELECT, in QUALIFY and in ORDER BY, and not in WHERE, GROUP BY or inside "
    "of another one. Compute them in a subquery first.",
    exp.WithinGroup: "WITHIN GROUP is understood after PERCENTILE_CONT, PERCENTILE_DISC and MODE.",
    exp.IgnoreNulls: "IGNORE NULLS is understood after FIRST_VALUE and LAST_VALUE.",
    exp.BitwiseXor: "^ is a power in some databases and works on bits in others. Write power(a, b).",
    exp.Collate: "Text is ordered by its UTF-8 bytes, and by nothing else. Leave COLLATE out.",
}


def refusal(node: exp.Expr) -> str:
    """Return what is said about a construct that is not understood."""
    for kind in type(node).__mro__:
        if kind in _REFUSALS:
            return _REFUSALS[kind]
    return f"{node.key.upper()} is not understood. onefold functions lists what can be computed."


def type_advice(types: Sequence[DataType | None], texts: Sequence[bool]) -> str:
    """Return what to do about types that do not go together.

    Args:
        types: The types of the arguments.
        texts: Which of them are constant texts.
    """
    known = {dtype for dtype in types if dtype is not None}
    if STRING in known and known & {DATE, TIMESTAMP, TIMESTAMP_UTC}:
        if any(texts):
            return (
                "Text is not read as a time by guessing: write DATE '2013-01-31', TIMESTAMP '2013-01-31 12:00:00' or "
                "TIMESTAMPTZ '2013-01-31 12:00:00+00:00'."
            )
        return "Cast the text first: CAST(x AS DATE) or CAST(x AS TIMESTAMP)."
    if {TIMESTAMP, TIMESTAMP_UTC} <= known:
        return "One is a wall clock without a time zone: when it is in UTC, write CAST(x AS TIMESTAMPTZ)."
    if DATE in known and known & {TIMESTAMP, TIMESTAMP_UTC}:
        return "A date is not a time: write CAST(t AS DATE), or give the time of a constant."
    if INT64 in known and known & {DATE, TIMESTAMP, TIMESTAMP_UTC}:
        return "A time is moved with + INTERVAL '1' DAY, or by a column with add_days(t, n)."
    if known and known <= {DATE, TIMESTAMP, TIMESTAMP_UTC}:
        return (
            "The time between two is duration_between(earlier, later) in microseconds, or days_between(earlier, later); a "
            "time is moved with + INTERVAL '1' DAY."
        )
    if BOOL in known and len(known) == 1:
        return "Turn it into 0 and 1 with CAST(x AS BIGINT); the true ones are counted with COUNT(*) FILTER (WHERE x)."
    if STRING in known and any(dtype.is_numeric for dtype in known):
        return "Cast the text to a number: CAST(x AS BIGINT) or CAST(x AS DOUBLE PRECISION)."
    return "Cast the arguments to one of these."
