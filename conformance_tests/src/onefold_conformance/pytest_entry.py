"""What pytest loads in every environment that has the suite: it does nothing unless this very package is to be tested.

A plugin that adds options or fixtures for everyone would clash with those of a backend author's own tests. So the real
plugin is loaded only when the command names this package: ``pytest --pyargs onefold_conformance --backend NAME``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["pytest_load_initial_conftests"]


def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Load the real plugin if the arguments ask for the suite."""
    if "--pyargs" in args and any(arg.partition(".")[0] == "onefold_conformance" for arg in args):
        from onefold_conformance import pytest_plugin  # noqa: PLC0415 - never for an author's own tests

        pytest_plugin.add_options(parser)
        early_config.pluginmanager.register(pytest_plugin, "onefold-conformance-suite")
