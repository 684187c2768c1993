"""The codes of errors: stable, one for each class, at the end of every traceback, and in no message."""

from __future__ import annotations

import pickle
import traceback

import pytest

from onefold import errors
from onefold.errors import DefinitionError, OnefoldError, PlanError, UnsupportedOperation

CODES = {
    "OF000": "OnefoldError",
    "OF100": "DefinitionError",
    "OF110": "PlanError",
    "OF111": "DocumentError",
    "OF120": "SqlError",
    "OF200": "UnsupportedOperation",
    "OF300": "ConfigurationError",
    "OF310": "PluginError",
    "OF400": "SourceError",
    "OF500": "EngineError",
    "OF600": "TransformError",
    "OF700": "ExchangeError",
    "OF800": "Cancelled",
}
"""Codes are written down elsewhere: in issues, in runbooks. One is added here, and none is changed."""

CLASSES = [getattr(errors, name) for name in errors.__all__ if isinstance(getattr(errors, name), type)]


def test_codes_are_what_they_were() -> None:
    assert {cls.error_code: cls.__name__ for cls in CLASSES} == CODES


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_has_a_code_of_its_own_and_stands_in_the_tree(cls: type[OnefoldError]) -> None:
    assert "error_code" in vars(cls)
    assert errors.__doc__ is not None
    assert f"{cls.error_code} {cls.__name__}" in errors.__doc__


def test_a_traceback_ends_with_the_code_and_what_to_run() -> None:
    lines = traceback.format_exception_only(PlanError("no such column", path=("select",)))
    assert lines == [
        "onefold.errors.PlanError: select: no such column\n",
        "OF110: run `onefold errors OF110` for what it means and what to do.\n",
    ]


def test_a_message_is_as_it_was_written() -> None:
    assert str(DefinitionError("no such window")) == "no such window"


def test_an_error_that_comes_from_another_process_has_its_code_once() -> None:
    assert pickle.loads(pickle.dumps(DefinitionError("no such window"))).__notes__ == [
        "OF100: run `onefold errors OF100` for what it means and what to do."
    ]


def test_an_error_that_is_seen_from_further_out_has_its_code_once() -> None:
    assert len(PlanError("wrong").within("select").within("orders").__notes__) == 1


def test_a_class_of_a_backend_has_the_code_of_the_class_above_it() -> None:
    class NotInThisRegion(UnsupportedOperation):
        pass

    error = NotInThisRegion(node="sink.merge", engine="lake", reason="not there", way_out="Go elsewhere.")
    assert error.error_code == "OF200"
