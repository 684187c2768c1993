"""Which tools there are, and what each can not do; a tool is imported only in the process that measures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from benchmarks.cases import MEASURES, Case
from benchmarks.peers.environments import HERE

__all__ = ["BY_SOURCE", "FLOOR", "OURS", "TOOLS", "Tool"]

OURS: Final = "onefold"
FLOOR: Final = "sort-and-stream"
BY_SOURCE: Final = "onefold-by-source"

_HERE: Final = "benchmarks.tools"


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to compute cases.

    Args:
        name: As on the command line and in the report.
        module: The module with its ``run(case)``, and its ``prepare(case)`` where that is not to be measured.
        environment: Where it is run: an environment of the peers, or the one that onefold is in.
        packages: The distributions whose versions say what was measured.
        lacks: Measures that it can not compute, and why.
        memory: Whether it can be told how much memory to use.
        peer: Whether onefold is compared with it as with another's work; the floor and onefold itself are no peers.
        compared: Whether its values are looked at; the floor has none.
        faults: What is known to be wrong with its values; then it is no surprise that they do not agree.
        exact: Whether its values have to be right to the last digits, and not only to the sixth.
    """

    name: str
    module: str
    environment: str
    packages: tuple[str, ...]
    lacks: Mapping[str, str] = field(default_factory=dict)
    memory: bool = False
    peer: bool = True
    compared: bool = True
    faults: str = ""
    exact: bool = False

    def reason_against(self, case: Case) -> str:
        """Return why it can not compute a case; empty when it can."""
        lacking = [measure for measure in (*MEASURES, "latest") if measure in case.measures and measure in self.lacks]
        if lacking:
            return f"can not compute {', '.join(lacking)}: {self.lacks[lacking[0]]}"
        if case.memory_mib is not None and not self.memory:
            return "can not be told how much memory to use"
        if self.name == BY_SOURCE and len(case.sources) == 1:
            return "there is one source only"
        return ""


def _feast(store: str, *packages: str, faults: str = "") -> Tool:
    aggregates = "Feast computes no aggregates as of the times of a spine's rows"
    lacks = dict.fromkeys(MEASURES, aggregates)
    return Tool(
        f"feast-{store}", f"{_HERE}.feast_{store}", "feast", ("feast", "pandas", *packages), lacks, faults=faults
    )


_ONEFOLD: Final = ("onefold", "onefold-rift", "duckdb", "numpy", "pyarrow")

TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(OURS, f"{_HERE}.onefold_rift", HERE, _ONEFOLD, memory=True, peer=False, exact=True),
        Tool(BY_SOURCE, f"{_HERE}.onefold_by_source", HERE, _ONEFOLD, memory=True, peer=False, compared=False),
        Tool(
            FLOOR, f"{_HERE}.sort_and_stream", "engines", ("duckdb", "pyarrow"), memory=True, peer=False, compared=False
        ),
        Tool(
            "duckdb-frames",
            f"{_HERE}.duckdb_frames",
            "engines",
            ("duckdb",),
            {
                "last_10": "a list of a whole window has to be made first, see duckdb-best",
                "latest": "range frames are for windows, see duckdb-best",
            },
            memory=True,
        ),
        Tool("duckdb-best", f"{_HERE}.duckdb_best", "engines", ("duckdb",), memory=True),
        Tool(
            "polars-rolling",
            f"{_HERE}.polars_rolling",
            "engines",
            ("polars",),
            {"latest": "rolling is for windows, see polars-best"},
        ),
        Tool("polars-best", f"{_HERE}.polars_best", "engines", ("polars",)),
        Tool(
            "pandas",
            f"{_HERE}.pandas_rolling",
            "engines",
            ("pandas", "numpy", "pyarrow"),
            {"last_10": "its rolling windows give one number each"},
        ),
        _feast("dask", "dask", faults="loses spine rows without a match"),
        _feast("duckdb", "duckdb", "ibis-framework"),
        _feast("ray", "ray"),
        _feast("spark", "pyspark"),
        Tool("spark-sql", f"{_HERE}.spark_sql", "engines", ("pyspark",)),
        Tool(
            "onefold-spark",
            f"{_HERE}.onefold_spark",
            HERE,
            ("onefold", "onefold-spark", "pyspark", "numpy", "pyarrow"),
            peer=False,
            exact=True,
        ),
    )
}
