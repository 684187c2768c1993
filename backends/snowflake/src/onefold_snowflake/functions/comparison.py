"""Comparison as Snowflake writes it: to it NaN is equal to itself and greater than every other number."""

from __future__ import annotations

from collections.abc import Mapping

from onefold.sql.template import Lowering
from onefold_snowflake.types import INFINITY, NAN

__all__ = ["LOWERINGS"]

LOWERINGS: Mapping[str, Lowering] = {
    "equal": "{0} = {1}",
    "not_equal": "{0} <> {1}",
    "lt": "{0} < {1}",
    "lte": "{0} <= {1}",
    "gt": "{0} > {1}",
    "gte": "{0} >= {1}",
    "is_distinct_from": "{0} IS DISTINCT FROM {1}",
    "is_not_distinct_from": "{0} IS NOT DISTINCT FROM {1}",
    "between": "{0} BETWEEN {1} AND {2}",
    "is_in": "{0} IN ({1*})",
    "is_null": "{0} IS NULL",
    "is_not_null": "{0} IS NOT NULL",
    "is_nan": f"{{0}} = {NAN}",
    "is_finite": f"ABS({{0}}) < {INFINITY}",
    "is_infinite": f"ABS({{0}}) = {INFINITY}",
}
