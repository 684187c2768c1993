"""The compiled loops: the same values as numpy's, bit for bit, and a clear word where they are missing or too old."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import ConfigurationError
from onefold.kernel import compiled
from onefold.kernel.compiled import CompiledPrefix, CompiledSquares
from onefold.kernel.exact import ExactPrefix
from onefold.kernel.squares import Squares

needs_native = pytest.mark.skipif(find_spec("onefold_native") is None, reason="onefold-native is not installed")

ANY = st.floats(width=64)
AMOUNTS = st.integers(-(10**7), 10**7).map(lambda cents: cents / 100)
NEAR = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1e16, 1.0, -1e16, 2.0**53, math.nan, math.inf, -math.inf])
COLUMNS = st.lists(AMOUNTS, max_size=60) | st.lists(NEAR, max_size=60) | st.lists(ANY, max_size=60)


def windows(rows: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return all windows over so many rows."""
    left, right = np.triu_indices(rows + 1)
    return left.astype(np.int64), right.astype(np.int64)


def same(
    found: np.ndarray[tuple[int], np.dtype[np.float64]], expected: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> bool:
    """Whether all bits are equal; one NaN is like another."""
    broken = np.isnan(expected)
    return bool(
        np.array_equal(np.isnan(found), broken)
        and np.array_equal(found[~broken].view(np.int64), expected[~broken].view(np.int64))
    )


def test_it_is_installed_where_it_can_be_built() -> None:
    """Otherwise half of the kernel's tests would be missing without anybody noticing."""
    compiler = os.environ.get("CC") or next(filter(shutil.which, ("cc", "gcc", "clang")), None)
    assert find_spec("onefold_native") is not None or compiler is None


@needs_native
@given(COLUMNS)
def test_sums(values: list[float]) -> None:
    column = np.array(values, np.float64)
    prefix = compiled_prefix(column)
    if prefix is not None:
        left, right = windows(len(column))
        high, low = prefix.window(left, right)
        expected_high, expected_low = ExactPrefix.of_floats(column).window(left, right)
        assert same(high, expected_high)
        assert same(low, expected_low)


@needs_native
@given(COLUMNS)
def test_second_moments(values: list[float]) -> None:
    column = np.array(values, np.float64)
    with native():
        squares = CompiledSquares.of(column)
    if squares is None:
        return
    left, right = windows(len(column))
    left, right = left[left < right], right[left < right]
    sums = ExactPrefix.of_floats(column).window(left, right)
    with native(), np.errstate(invalid="ignore", over="ignore"):
        second, ordinary = squares.second_moments(sums, left, right)
        expected, expected_ordinary = Squares.of(column).second_moments(sums, left, right)
    assert np.array_equal(ordinary, expected_ordinary)
    assert same(second[ordinary], expected[ordinary])


@needs_native
@given(st.lists(AMOUNTS, max_size=60))
def test_money_is_never_left_to_numpy(values: list[float]) -> None:
    column = np.array(values, np.float64)
    assert compiled_prefix(column) is not None
    with native():
        assert CompiledSquares.of(column) is not None


@needs_native
def test_what_is_too_wide_is_left_to_numpy() -> None:
    assert compiled_prefix(np.array([1e100, 1.0, 1e-100])) is None
    assert compiled_prefix(np.array([5e-324, 1.0])) is None
    assert compiled_prefix(np.array([1e308, 1.0])) is None
    assert compiled_prefix(np.array([1e16, 1.0, -1e16])) is not None


class native:  # noqa: N801 - reads like a statement
    """The compiled loops, whatever the fixture chose: hypothesis runs many examples for one of its choices."""

    def __enter__(self) -> None:
        self._before = list(compiled._known)
        compiled._known[:] = [compiled._found("native")]

    def __exit__(self, *error: object) -> None:
        compiled._known[:] = self._before


def compiled_prefix(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> CompiledPrefix | None:
    with native():
        return CompiledPrefix.of(column)


@pytest.mark.parametrize(
    ("wanted", "module", "said"),
    [
        ("fast", None, "can be 'numpy', 'native', or unset"),
        ("native", None, "onefold-native is not installed"),
        ("", SimpleNamespace(INTERFACE=0), "has the interface 0, and onefold wants"),
    ],
)
def test_what_can_not_be_used(
    wanted: str, module: ModuleType | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onefold_native", module)
    with pytest.raises(ConfigurationError, match=said):
        compiled._found(wanted)


def test_numpy_does_the_work_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onefold_native", None)
    assert compiled._found("") is None


def test_the_environment_chooses() -> None:
    code = "from onefold.kernel.compiled import loops; print(loops() is None)"
    env = {**os.environ, "ONEFOLD_KERNEL": "numpy"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
