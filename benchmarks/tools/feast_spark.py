"""Feast on its offline store for Spark, on this machine: see ``feast_store``."""

from feast.infra.offline_stores.contrib.spark_offline_store.spark_source import (  # type: ignore[import-not-found]
    SparkSource,
)

from benchmarks.tools.feast_store import Store
from benchmarks.tools.spark_session import SPARK

__all__ = ["prepare", "run"]

# Feast takes the session that is running.
assert SPARK is not None
_STORE = Store(
    {"type": "spark", "staging_location": None},
    lambda name, path: SparkSource(name=name, path=path, file_format="parquet", timestamp_field="ts"),
)
prepare, run = _STORE.prepare, _STORE.run
