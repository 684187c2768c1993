"""Feast on its offline store for Ray, on this machine: see ``feast_store``."""

from benchmarks.tools.feast_store import Store

__all__ = ["prepare", "run"]

_STORE = Store({"type": "ray", "storage_path": "ray"})
prepare, run = _STORE.prepare, _STORE.run
