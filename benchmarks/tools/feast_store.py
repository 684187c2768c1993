"""Feast: historical features of a data frame of entities, as its users fetch them, from each of its offline stores.

Definitions are registered before the clock starts. Feast takes events at exactly the spine's time, and none that is
older than the ``ttl`` of a view: with a ``ttl`` longer than all history its joins are faster than without.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq
from feast import (  # type: ignore[import-not-found]
    Entity,
    FeatureStore,
    FeatureView,
    Field,
    FileSource,
    RepoConfig,
    ValueType,
)
from feast.types import Float64, Int64  # type: ignore[import-not-found]

from benchmarks.cases import Case

__all__ = ["Store"]

_TYPES: Final = {"amount": Float64, "score": Float64, "category": Int64}


class Store:
    """A tool on one of the offline stores.

    Args:
        offline: The configuration of the offline store.
        source: Makes the source of a file.
    """

    def __init__(self, offline: Mapping[str, Any], source: Callable[[str, str], Any] | None = None) -> None:
        self._offline = dict(offline)
        self._source = source or (lambda name, path: FileSource(name=name, path=path, timestamp_field="ts"))
        self._store: FeatureStore | None = None

    def prepare(self, case: Case) -> None:
        """Register the views of a case."""
        config = RepoConfig(
            project="benchmark",
            provider="local",
            registry=f"{case.scratch}/registry.db",
            offline_store=self._offline,
            online_store=None,
            entity_key_serialization_version=3,
        )
        entities = {key: Entity(name=key, join_keys=[key], value_type=ValueType.INT64) for key in case.keys}
        views = [
            FeatureView(
                name=view.name,
                entities=[entities[view.key]],
                ttl=dt.timedelta(days=3650),
                schema=[
                    Field(name=view.key, dtype=Int64),
                    *(Field(name=one, dtype=_TYPES[one]) for one in view.columns),
                ],
                source=self._source(f"{view.name}_events", view.events),
                online=False,
            )
            for view in case.views
        ]
        self._store = FeatureStore(config=config)
        self._store.apply([*entities.values(), *views])

    def run(self, case: Case) -> None:
        """Compute the case into its output file."""
        assert self._store is not None
        spine = pd.read_parquet(case.spine).rename(columns={"ts": "event_timestamp"})
        wanted = [f"{view.name}:{column}" for view in case.views for column in view.columns]
        job = self._store.get_historical_features(spine, wanted, full_feature_names=True)
        pq.write_table(job.to_arrow(), case.output)
