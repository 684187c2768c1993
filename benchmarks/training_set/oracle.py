"""The truth for a sample of spine rows: every window filtered out of the raw events and added up exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from benchmarks.training_set.workload import Case

__all__ = ["expected"]

Value = int | float | None


def expected(case: Case, rows: npt.NDArray[np.int64]) -> dict[str, list[Value]]:
    """Return what the sampled spine rows must be given, by column, computed without windows, joins or sorting.

    Args:
        case: The files, measures and windows.
        rows: The row numbers of the sampled spine rows.
    """
    spine = pq.read_table(case.spine).take(pa.array(rows))
    wanted = pc.field("entity_id").isin(pc.unique(spine["entity_id"]))
    events = ds.dataset(case.events).to_table(columns=["entity_id", "ts", "amount"], filter=wanted)
    entity = events["entity_id"].to_numpy()
    ts = events["ts"].cast(pa.int64()).to_numpy()
    known = events["amount"].is_valid().to_numpy()
    amount = events["amount"].to_numpy()
    times = spine["ts"].cast(pa.int64()).to_pylist()
    found: dict[str, list[Value]] = {name: [] for name in case.columns}
    for key, at in zip(spine["entity_id"].to_pylist(), times, strict=True):
        before = (entity == key) & (ts < at)
        for window in case.windows:
            inside = before if window.micros is None else before & (ts >= at - window.micros)
            kept = inside & known
            latest = ts[kept].argsort()
            values = _measures(int(inside.sum()), amount[kept][latest].tolist())
            for measure in case.measures:
                found[f"{measure}_{window.name}"].append(values[measure])
    return found


def _measures(events: int, amounts: Sequence[float]) -> dict[str, Value]:
    """Return all measures of a window from its number of events and its amounts, earliest first."""
    n = len(amounts)
    if not n:
        return dict.fromkeys(("sum", "mean", "stddev", "min", "max", "last")) | {"count": events}
    total = math.fsum(amounts)
    mean = total / n
    return {
        "count": events,
        "sum": total,
        "mean": mean,
        "stddev": math.sqrt(math.fsum((amount - mean) ** 2 for amount in amounts) / (n - 1)) if n > 1 else None,
        "min": min(amounts),
        "max": max(amounts),
        "last": amounts[-1],
    }
