"""Nulls as Snowflake writes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import expressions as exp

from onefold.sql.template import LoweredCall, Lowering, render
from onefold_snowflake.types import NAN

__all__ = ["LOWERINGS"]


def _coalesce(call: LoweredCall) -> exp.Expression:
    # It takes two arguments at least.
    return render("COALESCE({*})", call) if len(call.args) > 1 else call.args[0]


LOWERINGS: Mapping[str, Lowering] = {
    "coalesce": _coalesce,
    "nullif": "NULLIF({0}, {1})",
    "nan_to_null": f"NULLIF({{0}}, {NAN})",
}
