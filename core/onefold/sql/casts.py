"""Conversions as SQL, with one meaning on every engine.

Keys are ``(source, target)`` as in :data:`onefold.plan.CASTS`. Texts are templates of :mod:`onefold.sql.template`;
``{0}`` is the value and ``{type}`` the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.sql.types import SqlTypes
from onefold.types import DataType, Decimal

__all__ = ["CASTS", "CastLowering", "as_double", "lower_cast"]


class CastLowering(NamedTuple):
    """How a conversion is written.

    Args:
        error: Stops the query at a value that can not be converted.
        null: Gives null for one; None when every value can be converted.
    """

    error: Lowering
    null: Lowering | None = None


def _parsed_text(guard: str, value: str = "TRY_CAST({0} AS {type})") -> CastLowering:
    """Return the conversion of text that looks as ``guard`` demands; engines themselves are lenient in many ways."""
    # The outer CASE reports the text that was refused; a plain cast would accept too much.
    null = f"CASE WHEN {guard} THEN {value} END"
    return CastLowering(
        f"CASE WHEN {{0}} IS NULL THEN NULL ELSE COALESCE({null}, "
        "CAST(ERROR('''' || LEFT({0}, 60) || ''' can not be converted to {type}') AS {type})) END",
        null,
    )


def _matches(pattern: str) -> str:
    return f"REGEXP_FULL_MATCH({{0}}, '{pattern.replace('{', '{{').replace('}', '}}')}')"


def as_double(dtype: DataType, place: str = "{0}") -> str:
    """Return the template of a number as a double: rounded once, also where a decimal has more digits than a double."""
    if isinstance(dtype, Decimal) and dtype.precision > 15:
        return f"CAST(CAST({place} AS VARCHAR) AS DOUBLE)"
    return f"CAST({place} AS DOUBLE)"


def _decimal_text(call: LoweredCall) -> exp.Expression:
    (dtype,) = call.arg_types
    assert isinstance(dtype, Decimal)
    text = "CAST({0} AS {type})"
    # Without a digit before the point in its type, the engine writes none.
    if dtype.scale == dtype.precision:
        text = f"REGEXP_REPLACE({text}, '^(-?)[.]', '\\10.')"
    return render(text, call)


_PLAIN = CastLowering("CAST({0} AS {type})")
_TRY = CastLowering("CAST({0} AS {type})", "TRY_CAST({0} AS {type})")
_TRUNCATED = CastLowering("CAST(TRUNC({0}) AS {type})", "TRY_CAST(TRUNC({0}) AS {type})")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
_WORD = "LOWER(TRIM({0}, ' '))"


def _fixed_point(*, on_failure: str) -> Lowering:
    """Return float64 to decimal: rounded half away from zero at the target's scale, through a 64-bit integer."""
    cast = "CAST" if on_failure == "error" else "TRY_CAST"

    def lowering(call: LoweredCall) -> exp.Expression:
        assert isinstance(call.result_type, Decimal)
        scale = call.result_type.scale
        if scale == 0:
            return render(f"{cast}({cast}(ROUND({{0}}) AS BIGINT) AS {{type}})", call)
        return render(
            f"{cast}(CAST({cast}(ROUND({{0}} * 1e{scale}) AS BIGINT) AS DECIMAL(38, 0)) * "
            f"CAST('{'0.' + '0' * (scale - 1) + '1'}' AS DECIMAL({min(38, scale + 1)}, {scale})) AS {{type}})",
            call,
        )

    return lowering


CASTS: Mapping[tuple[str, str], CastLowering] = MappingProxyType(
    {
        ("int64", "float64"): _PLAIN,
        ("int64", "decimal"): _TRY,
        ("int64", "string"): _PLAIN,
        ("int64", "bool"): _PLAIN,
        ("float64", "int64"): _TRUNCATED,
        ("float64", "decimal"): CastLowering(_fixed_point(on_failure="error"), _fixed_point(on_failure="null")),
        ("decimal", "int64"): _TRUNCATED,
        ("decimal", "float64"): CastLowering(lambda call: render(as_double(call.arg_types[0]), call)),
        ("decimal", "decimal"): _TRY,
        ("decimal", "string"): CastLowering(_decimal_text),
        ("bool", "int64"): _PLAIN,
        ("bool", "string"): _PLAIN,
        ("string", "int64"): _parsed_text(_matches("[+-]?[0-9]+")),
        ("string", "float64"): _parsed_text(_matches("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?")),
        ("string", "decimal"): _parsed_text(_matches("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)")),
        ("string", "bool"): _parsed_text(
            f"{_WORD} IN ('true', 't', 'yes', 'y', '1', 'false', 'f', 'no', 'n', '0')",
            f"{_WORD} IN ('true', 't', 'yes', 'y', '1')",
        ),
        ("string", "date32"): _parsed_text(f"{_matches(_DAY)} AND {{0}} >= '0001'"),
        ("string", "timestamp[us]"): _parsed_text(f"{_matches(f'{_DAY}[ T]{_CLOCK}')} AND {{0}} >= '0001'"),
        ("date32", "string"): _PLAIN,
        ("date32", "timestamp[us]"): _PLAIN,
        ("date32", "timestamp[us, UTC]"): CastLowering("MAKE_TIMESTAMPTZ(EPOCH_US(CAST({0} AS TIMESTAMP)))"),
        ("timestamp[us]", "date32"): _PLAIN,
        ("timestamp[us]", "string"): CastLowering("STRFTIME({0}, '%Y-%m-%d %H:%M:%S.%f')"),
        ("timestamp[us]", "timestamp[us, UTC]"): CastLowering("MAKE_TIMESTAMPTZ(EPOCH_US({0}))"),
        ("timestamp[us, UTC]", "date32"): CastLowering("CAST(MAKE_TIMESTAMP(EPOCH_US({0})) AS DATE)"),
        ("timestamp[us, UTC]", "string"): CastLowering(
            "STRFTIME(MAKE_TIMESTAMP(EPOCH_US({0})), '%Y-%m-%d %H:%M:%S.%f') || '+00:00'"
        ),
        ("timestamp[us, UTC]", "timestamp[us]"): CastLowering("MAKE_TIMESTAMP(EPOCH_US({0}))"),
    }
)
"""The canonical way to write each conversion."""


def lower_cast(
    value: exp.Expression,
    source: DataType,
    target: DataType,
    *,
    on_failure: Literal["error", "null"],
    types: SqlTypes,
    casts: Mapping[tuple[str, str], CastLowering] = CASTS,
) -> exp.Expression:
    """Return a conversion as SQL.

    Args:
        value: What is converted.
        source: Its type.
        target: The type that it gets.
        on_failure: What happens at a value that can not be converted.
        types: How the dialect writes types.
        casts: How it writes conversions.
    """
    if source == target:
        return value
    lowering = casts[_kind(source), _kind(target)]
    chosen = lowering.null if on_failure == "null" and lowering.null is not None else lowering.error
    return render(chosen, LoweredCall([value], [source], target, types))


def _kind(dtype: DataType) -> str:
    return "decimal" if isinstance(dtype, Decimal) else str(dtype)
