"""Arithmetic as Snowflake writes it. It computes whole numbers with 38 digits, and stops where floats have no result."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold.types import INT64, Decimal
from onefold_snowflake.types import INFINITY, NAN, within_64_bits

__all__ = ["LOWERINGS"]


def _sum(operator: str) -> Lowering:
    def lowering(call: LoweredCall) -> exp.Expression:
        if isinstance(call.result_type, Decimal):
            return render(f"CAST(CAST({{0}} AS {{type}}) {operator} CAST({{1}} AS {{type}}) AS {{type}})", call)
        return render(_kept(f"{{0}} {operator} {{1}}", call), call)

    return lowering


def _kept(text: str, call: LoweredCall) -> str:
    """Return a template whose result is an error outside of 64 bits, where it is an int64."""
    return within_64_bits(text) if call.result_type == INT64 else text


def _multiply(call: LoweredCall) -> exp.Expression:
    left = call.arg_types[0]
    if isinstance(left, Decimal):
        return render(f"CAST(CAST({{0}} AS NUMBER(38, {left.scale})) * {{1}} AS {{type}})", call)
    return render(_kept("{0} * {1}", call), call)


def _of_one(text: str) -> Lowering:
    """Return the lowering of a function whose result has the type of its argument."""

    def lowering(call: LoweredCall) -> exp.Expression:
        if isinstance(call.result_type, Decimal):
            return render(f"CAST({text} AS {{type}})", call)
        return render(_kept(text, call), call)

    return lowering


def _sign(call: LoweredCall) -> exp.Expression:
    if call.result_type == INT64:
        return render("CAST(SIGN({0}) AS {type})", call)
    return render(f"CASE WHEN {{0}} = {NAN} THEN {{0}} ELSE CAST(SIGN({{0}}) AS FLOAT) END", call)


LOWERINGS: Mapping[str, Lowering] = {
    "add": _sum("+"),
    "subtract": _sum("-"),
    "multiply": _multiply,
    "divide": "{0} / NULLIF({1}, 0)",
    # A quotient of whole numbers is rounded to six digits behind the point; that of a multiple is whole.
    "int_divide": within_64_bits("CAST(({0} - MOD({0}, NULLIF({1}, 0))) / NULLIF({1}, 0) AS NUMBER(19, 0))"),
    "modulo": "MOD({0}, NULLIF({1}, 0))",
    "negate": _of_one("-{0}"),
    "abs": _of_one("ABS({0})"),
    "sign": _sign,
    # Powers that are NaN or infinite are written out: elsewhere the query would stop.
    "power": (
        "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN {0} = 1 OR {1} = 0 THEN CAST(1 AS FLOAT) "
        f"WHEN {{0}} = {NAN} OR {{1}} = {NAN} THEN {NAN} "
        f"WHEN {{0}} = 0 AND {{1}} < 0 THEN {INFINITY} "
        f"WHEN {{0}} < 0 AND ABS({{0}}) < {INFINITY} AND {{1}} <> FLOOR({{1}}) THEN {NAN} "
        "ELSE POWER({0} + 0, {1}) END"
    ),
    "sqrt": "SQRT(CASE WHEN {0} >= 0 THEN {0} END)",
    "greatest": "GREATEST_IGNORE_NULLS({*})",
    "least": "LEAST_IGNORE_NULLS({*})",
}
