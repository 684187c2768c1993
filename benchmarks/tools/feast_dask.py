"""Feast on its offline store for dask: see ``feast_store``."""

from benchmarks.tools.feast_store import Store

__all__ = ["prepare", "run"]

_STORE = Store({"type": "dask"})
prepare, run = _STORE.prepare, _STORE.run
