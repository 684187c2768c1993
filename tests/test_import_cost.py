"""Importing onefold imports no engine and no dataframe library; nor does defining features."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {"duckdb", "pandas", "polars", "pyspark", "sklearn", "snowflake", "onefold_rift"}

DEFINITIONS = """
import onefold as of
from onefold import FeatureView, col, training_set
flights = of.ParquetSource(
    "flights", "flights.parquet", time="at", schema={"k": "string", "at": "timestamp[us, UTC]", "v": "float64"}
)
view = FeatureView(
    "delay",
    source=flights,
    entity=of.Entity("carrier", keys=["k"]),
    transform=lambda t: t.filter(col("v") > 0),
    features=[of.mean("v").over("1d", "7d"), of.count().over("1h")],
)
str(view), view.schema
"""


def imported(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has imported for some code: some come with a bare one."""
    return _modules_after(code) - _modules_after("")


def _modules_after(code: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {line.split(".")[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    "code",
    ["import onefold", "from onefold import FeatureView, training_set, col", "import onefold.cli.main", DEFINITIONS],
    ids=["the package", "the names", "the command", "definitions"],
)
def test_no_engine_and_no_dataframe_library_is_imported(code: str) -> None:
    assert imported(code) & HEAVY == set()


def test_the_package_alone_imports_next_to_nothing() -> None:
    assert imported("import onefold") & {"pyarrow", "numpy", "pydantic", "sqlglot", "rich", "typer"} == set()


def test_naming_the_engines_imports_none_of_them() -> None:
    assert imported("from onefold.registry import installed; installed().names") & {"duckdb", "polars"} == set()
