"""Which function of SQL is which of the catalogue, and in which order its arguments are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onefold.plan import FUNCTIONS

__all__ = ["ALIASES", "EXTRACTED", "REFUSED", "REFUSED_FIELDS", "Shape", "shape_of"]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a function is written.

    Args:
        name: The catalogue's name.
        arguments: How many arguments it has, without its options; None for any number.
        leading: The options that are written before the arguments.
        trailing: The options that are written behind them.
    """

    name: str
    arguments: int | None
    leading: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()


ALIASES: Mapping[str, str] = {
    "bool_and": "all",
    "bool_or": "any",
    "every": "all",
    "avg": "mean",
    "ceiling": "ceil",
    "char_length": "length",
    "character_length": "length",
    "div": "int_divide",
    "ifnull": "coalesce",
    "mod": "modulo",
    "nvl": "coalesce",
    "pow": "power",
    "regexp_like": "regexp_matches",
    "strpos": "position",
    "substr": "substring",
    "greatest_ignore_nulls": "greatest",
    "least_ignore_nulls": "least",
    "kurtosis_pop": "kurtosis",
    "skewness_pop": "skewness",
}
"""Other names of catalogue functions and aggregations that mean the same wherever they exist."""

REFUSED: Mapping[str, str] = {
    "concat": "CONCAT of a null is null in some databases and leaves it out in others. Write a || b, which is null, or "
    "concat_ws('', a, b), which leaves it out.",
    "greatest": "GREATEST of a null is null in the standard, and skips it in many databases. Write "
    "greatest_ignore_nulls(a, b), or CASE WHEN a >= b THEN a WHEN b >= a THEN b END for null.",
    "least": "LEAST of a null is null in the standard, and skips it in many databases. Write least_ignore_nulls(a, b), or "
    "CASE WHEN a <= b THEN a WHEN b <= a THEN b END for null.",
    "position": "With a comma, the order of POSITION's arguments depends on the database. Write POSITION('a' IN x).",
    "len": "LEN leaves blanks at the end out in some databases. Write length(x).",
    "stddev": "STDDEV divides by n in some databases and by n - 1 in others. Write stddev_samp(x) or stddev_pop(x).",
    "std": "STD divides by n in some databases and by n - 1 in others. Write stddev_samp(x) or stddev_pop(x).",
    "variance": "VARIANCE divides by n in some databases and by n - 1 in others. Write var_samp(x) or var_pop(x).",
    "var": "VAR divides by n in some databases and by n - 1 in others. Write var_samp(x) or var_pop(x).",
    "skewness": "Databases differ in the skewness that they mean. Write skewness_pop(x) for that of the population.",
    "kurtosis": "Databases differ in the kurtosis that they mean. Write kurtosis_pop(x) for the excess of the population.",
    "datediff": "The order of DATEDIFF's arguments depends on the database. Write days_between(earlier, later).",
    "date_diff": "The order of DATE_DIFF's arguments depends on the database. Write days_between(earlier, later).",
    "date_add": "Write t + INTERVAL '1' DAY, or add_days(t, n).",
    "dateadd": "Write t + INTERVAL '1' DAY, or add_days(t, n).",
    "dayofweek": "The first day of the week depends on the database. Write day_of_week(t): Monday is 1, Sunday is 7.",
    "weekday": "The first day of the week depends on the database. Write day_of_week(t): Monday is 1, Sunday is 7.",
    "week": "What a week is depends on the database. Write iso_week(t).",
    "now": "A plan has no present: features are computed as of the time of each row. Give the time as a constant.",
    "random": "A plan gives the same rows each time it runs. Write hash_bucket(key, 100) < 10 for a sample.",
    "rand": "A plan gives the same rows each time it runs. Write hash_bucket(key, 100) < 10 for a sample.",
    "array_agg": "ARRAY_AGG keeps nulls and has no limit. Write collect(x, 1000, 'skip' ORDER BY t NULLS LAST).",
    "string_agg": "Texts are not aggregated into one. Write collect(x ORDER BY t NULLS LAST) for a list.",
    "first_value": "FIRST_VALUE is a window function: add OVER (...). In a group write first(x ORDER BY t NULLS LAST).",
    "last_value": "LAST_VALUE is a window function: add OVER (...). In a group write last(x ORDER BY t NULLS LAST).",
    "ntile": "There is no NTILE. Write percent_rank() OVER (...), and cut its value into parts.",
    "nth_value": "There is no NTH_VALUE. Write lag(x, n) OVER (...) or lead(x, n) OVER (...).",
}
"""Functions that mean one thing here and another there, and what to write instead."""

EXTRACTED: Mapping[str, str] = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "doy": "day_of_year",
    "isodow": "day_of_week",
    "isoyear": "iso_year",
}
"""The fields of EXTRACT, and the functions that give them."""

REFUSED_FIELDS: Mapping[str, str] = {
    "second": "EXTRACT(SECOND ...) has a fraction in the standard. Write second(t) for whole seconds.",
    "dow": "The first day of the week depends on the database. Write day_of_week(t): Monday is 1, Sunday is 7.",
    "week": "What a week is depends on the database. Write iso_week(t).",
    "epoch": "EXTRACT(EPOCH ...) has a fraction in some databases. Write epoch_seconds(t) or epoch_microseconds(t).",
}
"""Fields of EXTRACT that mean one thing here and another there."""

_LEADING = {"date_trunc": ("unit",), "time_bucket": ("every",), "log": ("base",), "concat_ws": ("separator",)}


def shape_of(name: str) -> Shape:
    """Return how a catalogue function is written: its arguments, then its options in the catalogue's order.

    Args:
        name: The catalogue's name.

    Examples:
        >>> shape_of("lpad").trailing, shape_of("date_trunc").leading
        (('length', 'fill'), ('unit',))
    """
    entry = FUNCTIONS[name]
    variadic = any(signature.variadic for signature in entry.signatures)
    leading = _LEADING.get(name, ())
    return Shape(
        name,
        None if variadic else len(entry.signatures[0].args),
        leading,
        tuple(option for option in entry.options if option not in leading),
    )
