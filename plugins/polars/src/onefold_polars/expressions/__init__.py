"""Expressions of a plan as Polars expressions, with the portable meaning."""

from onefold_polars.expressions.casts import CASTS
from onefold_polars.expressions.compiler import can_fail, compile_expression
from onefold_polars.expressions.functions import FUNCTIONS
from onefold_polars.expressions.literals import lower_literal
from onefold_polars.expressions.lowering import LoweredCall, Lowering
from onefold_polars.expressions.types import polars_dtype

__all__ = [
    "CASTS",
    "FUNCTIONS",
    "LoweredCall",
    "Lowering",
    "can_fail",
    "compile_expression",
    "lower_literal",
    "polars_dtype",
]
