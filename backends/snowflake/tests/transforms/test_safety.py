"""Which functions run in the warehouse; of all others, why they do not."""

from __future__ import annotations

import functools
import importlib.metadata
import re
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

import cloudpickle
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import sklearn
from backends.snowflake.tests.transforms.rows import NUMBERS

from onefold.errors import ConfigurationError, UnsupportedOperation
from onefold.plan import FunctionRef, Input, MapBatches
from onefold.transforms import reference
from onefold.types import INT64, Field, Schema
from onefold_snowflake.backend import SnowflakeBackend
from onefold_snowflake.options import checked_options
from onefold_snowflake.transforms import table_function
from onefold_snowflake.transforms.packages import is_available, stated_packages
from onefold_snowflake.transforms.packing import packed

FACTOR = 3
LOCK = threading.Lock()


def node(called: Callable[..., Any], schema: Schema = NUMBERS, **changes: Any) -> MapBatches:
    return MapBatches(input=Input(name="rows", columns=schema), function=reference(called), columns=schema).replace(
        **changes
    )


def why(transform: MapBatches, **options: Any) -> str | None:
    return SnowflakeBackend().why_outside(transform, {"transforms": "warehouse", **options})


def stated(transform: MapBatches, *packages: str) -> list[str]:
    """Return the packages that the statement names."""
    found = re.search(r"PACKAGES = \((.*?)\)", table_function(transform, packages).head)
    assert found is not None
    return [text.strip("' ") for text in found[1].split(",")]


def plain(batch: pa.Table) -> pa.Table:
    return batch


def with_numpy(batch: pa.Table) -> pa.Table:
    return batch.set_column(1, "v", pa.array(np.arange(batch.num_rows)))


def with_sklearn(batch: pa.Table) -> pa.Table:
    return batch if sklearn else None


def imports_sklearn(batch: pa.Table) -> pa.Table:
    import sklearn.linear_model

    return batch if sklearn else None


def imports_within(batch: pa.Table) -> pa.Table:
    def inner() -> Any:
        from sklearn import svm

        return svm

    return inner() and batch


def with_lock(batch: pa.Table) -> pa.Table:
    with LOCK:
        return batch


def with_onefold(batch: pa.Table) -> pa.Table:
    return batch.select([str(INT64)])


def with_own_module(batch: pa.Table) -> pa.Table:
    return OWN.plain(batch)


OWN = sys.modules[__name__]


class Scaled:
    """A callable object of this module."""

    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __call__(self, batch: pa.Table) -> pa.Table:
        return batch.set_column(1, "v", pc.multiply(batch["v"], self.factor))

    def method(self, batch: pa.Table) -> pa.Table:
        return self(batch)


def scaled(batch: pa.Table, factor: int) -> pa.Table:
    return Scaled(factor * FACTOR)(batch)


TENFOLD = functools.partial(scaled, factor=10)


def test_by_default_everything_runs_here() -> None:
    assert SnowflakeBackend().why_outside(node(plain), {}) == 'the option transforms is "here"'
    assert checked_options({"account": "a"}).transforms == "here"


@pytest.mark.parametrize("function", [plain, Scaled(2), TENFOLD, lambda batch: scaled(batch, 2), with_numpy])
def test_functions_that_are_safe(function: Callable[..., Any]) -> None:
    assert why(node(function)) is None


# An assert would refer to pytest, which rewrites it.
@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (with_sklearn, "it uses the module 'sklearn', which is in no package that is stated"),
        (imports_sklearn, "it uses the module 'sklearn', which is in no package that is stated"),
        (imports_within, "it uses the module 'sklearn', which is in no package that is stated"),
        (with_onefold, "it uses the module 'onefold', which is in no package that is stated"),
        (with_own_module, "it uses the module 'backends', which is in no package that is stated"),
        (with_lock, "it can not be pickled: cannot pickle '_thread.lock' object"),
        (Scaled(2).method, "it is a method of an object"),
    ],
)
def test_functions_that_are_not_safe(function: Callable[..., Any], reason: str) -> None:
    assert why(node(function)) == reason


def test_stated_packages_are_there() -> None:
    for function in (with_sklearn, imports_sklearn, imports_within):
        assert why(node(function), packages=["scikit-learn==1.5.2"]) is None
        assert "scikit-learn==1.5.2" in stated(node(function), "scikit-learn==1.5.2")
    assert why(node(with_sklearn), packages="pyyaml, scikit-learn") is None
    assert why(node(with_sklearn), packages="pyyaml") is not None


def version(name: str) -> str:
    return f"{name}=={importlib.metadata.version(name)}"


def test_what_is_always_stated_has_the_versions_that_are_installed_here() -> None:
    always = [version("cloudpickle"), version("pandas"), version("pyarrow")]
    assert stated(node(plain)) == always
    assert stated(node(plain, format="polars")) == sorted([*always, version("polars")])
    assert stated(node(plain), "pandas==2.2.3", "numpy") == [always[0], "numpy", "pandas==2.2.3", always[2]]


def test_what_another_package_brings_along_is_stated_with_its_version() -> None:
    assert version("numpy") in stated(node(with_numpy))
    assert "numpy==2.1.3" in stated(node(with_numpy), "numpy==2.1.3")


def test_a_package_that_is_not_installed_here_has_to_be_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    with monkeypatch.context() as patched:
        patched.setattr(importlib.metadata, "version", missing)
        assert stated_packages(["pandas"], [], []) == {"pandas": None}
        assert stated_packages(["pandas"], ["Pandas==2.2.3"], []) == {"pandas": "Pandas==2.2.3"}
        assert why(node(plain), packages=["cloudpickle", "pyarrow"]) == (
            "pandas is not installed here, so that its version is not known; state it in packages"
        )


def test_modules_and_packages() -> None:
    assert is_available("os.path", ())
    assert is_available("sklearn.svm", ("scikit-learn",))
    assert is_available("not_installed_here", ("not-installed-here",))
    assert not is_available("sklearn", ("pandas",))
    assert not is_available("pandas", ())


@pytest.mark.parametrize("dtype", ["binary", "list<int64>", "struct<a: int64>"])
def test_types_that_do_not_go_in_and_out(dtype: str) -> None:
    schema = Schema.of(k="string", v=dtype)
    for reads, gives in ((schema, NUMBERS), (NUMBERS, schema)):
        transform = node(plain, input=Input(name="rows", columns=reads), columns=gives)
        assert why(transform) == f"its column 'v' is {schema['v'].dtype}"


def test_functions_have_so_many_columns() -> None:
    widest = Schema(Field(f"c{number}", INT64) for number in range(250))
    assert why(node(plain, widest)) is None
    assert why(node(plain, Schema([*widest, Field("one", INT64)]))) == (
        "it has 251 columns, and functions in Snowflake at most 250 with their nulls"
    )


def capturing(size: int) -> Callable[[pa.Table], pa.Table]:
    captured = bytes(size)

    def function(batch: pa.Table) -> pa.Table:
        return batch if captured else None

    return function


def test_large_captures_stay_here() -> None:
    assert why(node(capturing(60 * 1024))) is None
    assert why(node(capturing(65 * 1024))) == "with what it captured it has 66 KiB, and at most 64 KiB travel"
    assert why(node(capturing(3 * 2**20))) == "with what it captured it has 3.0 MiB, and at most 64 KiB travel"


def test_of_what_is_too_large_only_the_size_is_found_out() -> None:
    function = capturing(10_000)
    whole = packed(function, 2**20, whole=lambda module: True)
    assert len(whole.content) == whole.size > 10_000
    cut = packed(function, 5_000, whole=lambda module: True)
    assert (cut.size, cut.content) == (whole.size, b"")


@pytest.mark.parametrize(("minor", "runs"), [(8, False), (9, True), (13, True), (14, False)])
def test_versions_of_python(monkeypatch: pytest.MonkeyPatch, minor: int, runs: bool) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version_info", types.SimpleNamespace(major=3, minor=minor))
        reason = why(node(plain))
        assert reason == (None if runs else f"it is of Python 3.{minor}, which Snowflake does not run")
        if runs:
            assert f"RUNTIME_VERSION = '3.{minor}'" in table_function(node(plain), ()).head


def test_a_function_that_nobody_registered() -> None:
    transform = node(plain, function=FunctionRef(module="m", name="f", source_hash="0"))
    assert why(transform) == "it is not registered in this process"
    with pytest.raises(UnsupportedOperation, match="it is not registered in this process"):
        table_function(transform, ())


def test_a_module_is_pickled_by_value_only_as_long_as_it_takes() -> None:
    assert cloudpickle.list_registry_pickle_by_value() == set()
    content = packed(scaled, 2**16, whole=lambda module: True).content
    assert cloudpickle.list_registry_pickle_by_value() == set()
    assert b"test_safety" not in re.sub(rb"[^\n]*test_safety\.py", b"", content.replace(__name__.encode(), b""))
    with pytest.raises(TypeError):
        packed(with_lock, 2**16, whole=lambda module: True)
    assert cloudpickle.list_registry_pickle_by_value() == set()
    own = sys.modules[__name__.partition(".")[0]]
    cloudpickle.register_pickle_by_value(own)  # somebody else's wish is kept
    try:
        packed(scaled, 2**16, whole=lambda module: True)
        assert cloudpickle.list_registry_pickle_by_value() == {own.__name__}
    finally:
        cloudpickle.unregister_pickle_by_value(own)


def test_equal_functions_have_one_name() -> None:
    def made(value: int) -> MapBatches:
        return node(lambda batch: batch.slice(value))

    names = {table_function(made(value), ()).name for value in (1, 2, 1)}
    assert len(names) == 2
    assert all(re.fullmatch(r"ONEFOLD_[0-9A-F]{32}", name) for name in names)
    other = node(plain, Schema.of(k="string", v="float64"))
    assert table_function(other, ()).name != table_function(node(plain), ()).name
    assert table_function(node(plain), ("numpy",)).name != table_function(node(plain), ()).name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"transforms": "there"}, 'The option transforms is "here" or "warehouse", not \'there\''),
        ({"packages": 3}, "The option packages is a list of packages"),
        ({"packages": ["numpy", 1]}, "The option packages is a list of packages"),
        ({"packages": ["numpy'); DROP TABLE t; --"]}, "The option packages names the package"),
        ({"packages": "numpy = 2"}, "The option packages names the package 'numpy = 2'"),
        ({"packges": ["numpy"]}, "has no option 'packges'"),
    ],
)
def test_options_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        SnowflakeBackend().why_outside(node(plain), {"transforms": "warehouse", **options})


def test_packages_as_a_list_or_with_commas() -> None:
    for given in (["numpy==2.1.*", " pyyaml"], "numpy==2.1.*, pyyaml,", ("numpy==2.1.*", "pyyaml")):
        assert checked_options({"account": "a", "packages": given}).packages == ("numpy==2.1.*", "pyyaml")
