"""The tools that are compared: one module each, with ``run(case)``; importing the module imports the tool."""

from benchmarks.training_set.tools.names import DEFAULT_TOOLS, TOOLS, Tool, load

__all__ = ["DEFAULT_TOOLS", "TOOLS", "Tool", "load"]
