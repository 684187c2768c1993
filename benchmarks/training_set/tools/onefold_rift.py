"""onefold on rift, through the public API, the way a user writes it."""

from __future__ import annotations

from importlib import import_module

import onefold as of
from benchmarks.training_set.workload import Case

__all__ = ["run", "view"]

# onefold imports its parts, the engine and the writer when they are first used; importing is not what is measured.
for _name in ("onefold.api", "onefold_rift.backend", "pyarrow.dataset"):
    import_module(_name)


def view(case: Case, engine: str = "rift") -> of.FeatureView:
    """Return the case as a feature view on an engine."""
    measures = {
        "count": of.count(),
        "sum": of.sum("amount"),
        "mean": of.mean("amount"),
        "stddev": of.std("amount"),
        "min": of.min("amount"),
        "max": of.max("amount"),
        "last": of.last("amount"),
    }
    windows = [of.lifetime if window.micros is None else window.name for window in case.windows]
    return of.FeatureView(
        "activity",
        source=of.ParquetSource("events", case.events, time="ts", unique=case.unique),
        entity=of.Entity("entity", keys=["entity_id"]),
        # "{window}" also names the window where there is only one.
        features=[measures[measure].over(*windows).named(measure + "_{window}") for measure in case.measures],
        engine=engine,
    )


def run(case: Case) -> None:
    """Compute the case into its output folder."""
    of.training_set(case.spine, [view(case)], time="ts").write_parquet(case.output)
