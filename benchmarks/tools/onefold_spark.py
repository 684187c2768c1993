"""onefold on Spark, through the public API, the way a user writes it."""

from __future__ import annotations

from importlib import import_module

import onefold as of
from benchmarks.cases import Case
from benchmarks.tools import onefold_rift
from benchmarks.tools.spark_session import SPARK

__all__ = ["run"]

for _name in ("onefold.api", "onefold_spark.backend"):
    import_module(_name)


def run(case: Case) -> None:
    """Compute the case into its output folder, in the session that is running."""
    assert SPARK is not None
    spine = of.ParquetSource("spine", case.spine)
    of.training_set(spine, onefold_rift.views(case), time="ts", engine="spark").write_parquet(case.output)
