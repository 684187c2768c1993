"""The names that users write: all of them there, documented, and nothing else by accident."""

from __future__ import annotations

import ast
import inspect
import types
from importlib.metadata import version

import pytest

import onefold


def test_all_names_are_sorted_once_and_importable() -> None:
    names = list(onefold.__all__)
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(onefold, name) is not None, name
    assert set(names) <= set(dir(onefold))


def test_type_checkers_see_the_names_that_users_see() -> None:
    tree = ast.parse(inspect.getsource(onefold))
    seen = {
        alias.asname or alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(onefold.__all__) - {"__version__"}


def test_star_gives_exactly_these_names() -> None:
    scope: dict[str, object] = {}
    exec("from onefold import *", scope)
    assert set(scope) - {"__builtins__"} == set(onefold.__all__)


def test_names_of_the_design_are_there() -> None:
    wanted = (
        "ArrowSource CsvSource ParquetSource Entity FeatureView FeatureService training_set table col lit lifetime "
        "sum mean count min max first last OnefoldError"
    )
    assert set(wanted.split()) <= set(onefold.__all__)


def test_a_name_that_does_not_exist_is_an_attribute_error_with_a_guess() -> None:
    with pytest.raises(AttributeError, match="training_sets"):
        _ = onefold.training_sets


def test_every_function_and_class_is_documented() -> None:
    for name in onefold.__all__:
        value = getattr(onefold, name)
        if inspect.isclass(value) or isinstance(value, types.FunctionType):
            text = inspect.getdoc(value)
            assert text, name
            assert text.splitlines()[0].endswith((".", ":")), (name, text.splitlines()[0])


def test_public_methods_of_public_classes_are_documented() -> None:
    for name in onefold.__all__:
        value = getattr(onefold, name)
        if inspect.isclass(value) and not issubclass(value, BaseException):
            for method, function in inspect.getmembers(value, inspect.isfunction):
                if not method.startswith("_") and function.__module__.startswith("onefold"):
                    assert inspect.getdoc(function), f"{name}.{method}"


def test_errors_are_in_one_tree() -> None:
    classes = [getattr(onefold, name) for name in onefold.__all__]
    errors = [cls for cls in classes if inspect.isclass(cls) and issubclass(cls, Exception)]
    assert len(errors) > 8
    for cls in errors:
        assert issubclass(cls, onefold.OnefoldError) or issubclass(cls, Warning), cls


def test_the_version_is_that_of_the_distribution() -> None:
    assert onefold.__version__ == version("onefold")
