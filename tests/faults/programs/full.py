"""Computes training sets while no file may grow beyond a size, as on a disk that is nearly full."""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.faults.data import spine, training_set, view
from tests.faults.leftovers import MARK, files, gone

import onefold as of
from onefold.execution import close_all, exchange

HERE = Path.cwd()
TEMPORARY = Path(tempfile.gettempdir())
MOST = 2 * 2**20
ROWS = 600_000


def wide_spine() -> pa.Table:
    """Return rows that do not compress."""
    rows = spine(ROWS)
    return rows.append_column("noise", pa.array(np.random.default_rng(1).random(ROWS)))


def refused(
    train: of.TrainingSet, kind: type[of.OnefoldError], *told: str, read: Any = of.TrainingSet.to_arrow
) -> None:
    """Check that a training set can not be computed, and that the error says where there is no room, and what to do."""
    with pytest.raises(kind) as raised:
        read(train)
    for text in told:
        assert text in str(raised.value), str(raised.value)
    left = [
        name for name in files(TEMPORARY) + files(HERE) if "parquet" in name or "arrow" in name or "partial" in name
    ]
    assert not left, left


def main() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, MOST))
    rows = wide_spine()
    views = view("one", engine="rift"), view("other", engine="polars")

    exchange.KEPT_BYTES = MOST
    staged = of.table(rows, name="spine").filter(of.col("noise") >= 0)
    refused(training_set(*views, rows=staged), of.ExchangeError, str(TEMPORARY), "scratch=", "ONEFOLD_SCRATCH")
    refused(training_set(*views, rows=staged, scratch=HERE), of.ExchangeError, str(HERE), "scratch=")
    exchange.KEPT_BYTES = 2**30

    small = training_set(
        view("one", engine="rift"), rows=rows, options={"rift": {"memory_limit": "32MiB", "threads": 1}}
    )
    refused(small, of.ExchangeError, str(TEMPORARY), "spill_directory")

    out = HERE / "out"
    refused(
        training_set(*views, rows=rows),
        of.ConfigurationError,
        str(out),
        "another path",
        read=lambda train: train.write_parquet(out),
    )
    assert not out.exists()

    on_spark = training_set(view("one", engine="spark"), rows=rows)
    refused(on_spark, of.ExchangeError, "spark", str(TEMPORARY), "staging")
    result = training_set(
        view("one", engine="spark"), rows=rows, options={"spark": {"small_input": 2**30, "collect_limit": 1}}
    )
    refused(result, of.EngineError, "engine 'spark' failed", str(TEMPORARY), "staging")

    few = training_set(view("one", engine="spark"), view("two", engine="polars"))
    assert few.to_arrow().equals(training_set(view("one", engine="rift"), view("two", engine="rift")).to_arrow())
    close_all()
    left = [files(TEMPORARY), gone(os.environ[MARK], but=os.getpid())]
    assert not any(left), left


if __name__ == "__main__":
    main()
