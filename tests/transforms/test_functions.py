"""References to Python functions: two functions never share one, and running a plan never imports a module."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import pytest

from onefold.errors import ConfigurationError, DefinitionError
from onefold.plan import FunctionRef
from onefold.transforms import reference, resolve


def one(batch: Any) -> Any:
    return batch


def closing_over(value: Any) -> Callable[[Any], Any]:
    def inner(batch: Any) -> Any:
        return batch, value

    return inner


def with_default(value: Any) -> Callable[..., Any]:
    def inner(batch: Any, factor: Any = value, *, other: Any = value) -> Any:
        return batch, factor, other

    return inner


def logged(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(function)
    def wrapper(batch: Any) -> Any:
        return function(batch)

    return wrapper


def doubled(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(function)
    def wrapper(batch: Any) -> Any:
        return function(function(batch))

    return wrapper


class Scaler:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def scale(self, batch: Any) -> Any:
        return batch, self.factor

    def __call__(self, batch: Any) -> Any:
        return batch, self.factor


def test_a_function_is_found_again() -> None:
    ref = reference(one)
    assert (ref.module, ref.name) == (__name__, "one")
    assert reference(one) == ref
    assert resolve(ref) is one


PAIRS: dict[str, tuple[Any, Any]] = {
    "captured constants": (closing_over(1), closing_over(2)),
    "captured equal constants of two types": (closing_over(1), closing_over(True)),
    "captured floats": (closing_over(0.0), closing_over(-0.0)),
    "captured objects": (closing_over([1]), closing_over([1])),
    "captured functions": (closing_over(closing_over(1)), closing_over(closing_over(2))),
    "defaults": (with_default(1), with_default(2)),
    "lambdas of one line": (lambda batch: (batch, 1), lambda batch: (batch, 2)),
    "wrappers of one function": (logged(one), doubled(one)),
    "a function and its wrapper": (one, logged(one)),
    "methods of two objects": (Scaler(1.0).scale, Scaler(2.0).scale),
    "callable objects": (Scaler(1.0), Scaler(2.0)),
    "partial functions": (functools.partial(one, 1), functools.partial(one, 2)),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_two_functions_never_share_a_reference(pair: tuple[Any, Any]) -> None:
    first, second = map(reference, pair)
    assert first != second
    assert resolve(first) == pair[0]
    assert resolve(second) == pair[1]
    assert reference(pair[0]) == first


def test_functions_made_twice_from_one_text_and_equal_constants_are_one() -> None:
    """A view that is defined again in a notebook is the same plan."""
    assert reference(closing_over(1.5)) == reference(closing_over(1.5))


def test_a_function_that_calls_itself() -> None:
    def again(batch: Any, left: int = 1) -> Any:
        return again(batch, left - 1) if left else batch

    assert resolve(reference(again)) is again


def test_a_function_that_is_registered_before_its_cell_is_filled() -> None:
    def outer() -> FunctionRef:
        def later(batch: Any) -> Any:
            return helper(batch)

        ref = reference(later)

        def helper(batch: Any) -> Any:
            return batch

        return ref

    assert resolve(outer())(5) == 5


def test_a_function_without_source() -> None:
    scope: dict[str, Any] = {}
    exec("def typed(batch):\n    return batch\ndef other(batch):\n    return None", scope)
    assert resolve(reference(scope["typed"])) is scope["typed"]
    assert reference(scope["typed"]).source_hash != reference(scope["other"]).source_hash


@pytest.mark.parametrize("value", [None, 5, "module:function"])
def test_what_can_not_be_called_is_refused(value: Any) -> None:
    with pytest.raises(DefinitionError, match="A transform is a function"):
        reference(value)


def test_running_a_plan_never_imports_a_module() -> None:
    ref = FunctionRef(module="antigravity", name="geohash", source_hash="0")
    with pytest.raises(ConfigurationError, match=r"not registered in this process. Import the module 'antigravity'"):
        resolve(ref)
    assert "antigravity" not in sys.modules


def test_a_function_whose_source_has_changed_is_not_run() -> None:
    ref = reference(one)
    with pytest.raises(ConfigurationError, match="another source now"):
        resolve(FunctionRef(module=ref.module, name=ref.name, source_hash="0"))
