"""The catalogue's functions in Python, for engines that can call it."""

from onefold.sql.python_functions.calls import PythonFunctions

__all__ = ["PythonFunctions"]
