"""Tests of what the compiled loops compute run twice: with them, where they are installed, and with numpy alone."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from onefold.kernel import compiled

BOTH = {"test_asof", "test_driver", "test_exact", "test_moments", "test_trailing"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in BOTH:
        names = ["native", "numpy"] if find_spec("onefold_native") else ["numpy"]
        metafunc.fixturenames.append("loops")
        metafunc.parametrize("loops", names, indirect=True)


@pytest.fixture
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what does the work."""
    name: str = request.param
    monkeypatch.setattr(compiled, "_known", [compiled._found(name)])
    return name
