"""What was measured, as JSON, as tables for a terminal, as Markdown and as a plot."""

from benchmarks.reporting.markdown import markdown
from benchmarks.reporting.plot import plot
from benchmarks.reporting.ratios import ratios
from benchmarks.reporting.records import Record
from benchmarks.reporting.tables import notes, tables
from benchmarks.reporting.targets import targets

__all__ = ["Record", "markdown", "notes", "plot", "ratios", "tables", "targets"]
