"""Python transforms inside of the warehouse: which are safe there, how their functions travel, and how they are called."""

from onefold_snowflake.transforms.functions import TableFunction, table_function, why_outside
from onefold_snowflake.transforms.lowering import lower_transform

__all__ = ["TableFunction", "lower_transform", "table_function", "why_outside"]
