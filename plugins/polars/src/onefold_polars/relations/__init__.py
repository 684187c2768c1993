"""Ordinary relations as lazy frames."""

from onefold_polars.relations.aggregate import AGGREGATIONS, is_native
from onefold_polars.relations.compiler import STEPS, Leaves, compile_plan

__all__ = ["AGGREGATIONS", "STEPS", "Leaves", "compile_plan", "is_native"]
