"""The tools that are compared: one module each, with ``run(case)``; importing the module imports the tool."""

from benchmarks.tools.names import BY_SOURCE, FLOOR, OURS, TOOLS, Tool

__all__ = ["BY_SOURCE", "FLOOR", "OURS", "TOOLS", "Tool"]
