"""Registers the backend under the name ``spark``; Spark is imported when the backend is created, not here."""

from __future__ import annotations

from onefold.contract import Backend, BackendEntry, hookimpl

__all__ = ["onefold_register_backends"]


def _create() -> Backend:
    from onefold_spark.backend import SparkBackend

    return SparkBackend()


@hookimpl
def onefold_register_backends() -> tuple[BackendEntry, ...]:
    """Return the one backend of this distribution."""
    return (
        BackendEntry(
            name="spark",
            create=_create,
            distribution="onefold-spark",
            summary="Spark, on a cluster or on this machine: for what does not fit one machine",
            aliases=("pyspark",),
            distributed=True,
        ),
    )
