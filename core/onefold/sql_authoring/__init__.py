"""Features written in SQL: a query is read into the plan that the Python API would build."""

from onefold.errors import SqlError
from onefold.sql_authoring.folders import ViewFolder
from onefold.sql_authoring.query import read_query, sql

__all__ = ["SqlError", "ViewFolder", "read_query", "sql"]
