"""The one Spark session in which Spark tools are measured: started when a tool is imported, before the clock starts."""

from __future__ import annotations

import os
import sys
from typing import Final

from pyspark.sql import SparkSession

__all__ = ["SPARK"]

_SETTINGS: Final = {
    "spark.driver.memory": "3g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
}


def _started() -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.range(1000).count()  # the first query of a session starts much that is not what is measured
    return session


SPARK: Final = _started()
