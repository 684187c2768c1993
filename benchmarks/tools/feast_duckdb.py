"""Feast on its offline store for duckdb: see ``feast_store``."""

from benchmarks.tools.feast_store import Store

__all__ = ["prepare", "run"]

_STORE = Store({"type": "duckdb"})
prepare, run = _STORE.prepare, _STORE.run
