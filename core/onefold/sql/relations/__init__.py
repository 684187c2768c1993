"""Lowering of the ordinary relations of a plan to SQL queries."""

from onefold.sql.relations.compiler import STEPS, compile_plan, plan_text
from onefold.sql.relations.context import Context, Leaves
from onefold.sql.relations.fragment import Fragment, table_named

__all__ = ["STEPS", "Context", "Fragment", "Leaves", "compile_plan", "plan_text", "table_named"]
