"""Which tools there are; each is imported only in the process that measures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from benchmarks.training_set.workload import MEASURES, Case

__all__ = ["DEFAULT_TOOLS", "TOOLS", "Tool", "load"]


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to compute the cases.

    Args:
        name: As on the command line and in the report.
        module: The module with its ``run(case)``.
        packages: The distributions whose versions say what was measured.
        measures: What it can compute.
        computes: Whether it computes anything; the floor does not.
    """

    name: str
    module: str
    packages: tuple[str, ...]
    measures: tuple[str, ...] = MEASURES
    computes: bool = True


_HERE: Final = "benchmarks.training_set.tools"

TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool("onefold", f"{_HERE}.onefold_rift", ("onefold", "onefold-rift", "duckdb", "numpy", "pyarrow")),
        Tool("sort-and-stream", f"{_HERE}.sort_and_stream", ("duckdb",), computes=False),
        Tool("duckdb-sql", f"{_HERE}.duckdb_sql", ("duckdb",)),
        Tool(
            "duckdb-prefix-sums",
            f"{_HERE}.duckdb_prefix_sums",
            ("duckdb",),
            measures=("count", "sum", "mean", "stddev"),
        ),
        Tool("polars-rolling", f"{_HERE}.polars_rolling", ("polars",)),
        Tool("onefold-spark", f"{_HERE}.onefold_spark", ("onefold", "onefold-spark", "pyspark", "numpy", "pyarrow")),
        Tool("spark-range-frames", f"{_HERE}.spark_range_frames", ("pyspark",)),
    )
}

DEFAULT_TOOLS: Final = ",".join(name for name in TOOLS if "spark" not in name)
"""Those of one machine; see ``benchmarks/spark_training_set.py`` for the others."""


def load(name: str) -> Callable[[Case], None]:
    """Import a tool and return what computes a case with it."""
    run: Callable[[Case], None] = import_module(TOOLS[name].module).run
    return run
