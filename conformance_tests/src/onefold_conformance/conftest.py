"""Keeps the suite out of test runs that collect this folder without having asked for the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suite's one test alone where its plugin is not loaded: see ``pytest_entry``."""
    asked = config.pluginmanager.has_plugin("onefold-conformance-suite")
    return True if collection_path.name == "test_suite.py" and not asked else None
