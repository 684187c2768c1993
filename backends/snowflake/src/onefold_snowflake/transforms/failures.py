"""Errors of functions in the warehouse as those that they are here."""

from __future__ import annotations

import json
import linecache
from collections.abc import Mapping

from onefold.errors import ExchangeError, OnefoldError, TransformError

__all__ = ["MARK", "transform_failure"]

MARK = "onefold transform: "
"""What stands before what the runtime of a transform says when it ends a statement."""

_KINDS: Mapping[str, type[OnefoldError]] = {
    "load": TransformError,
    "transform": TransformError,
    "exchange": ExchangeError,
}
_ADVICE = ' State other packages with the option packages, or set the option transforms to "here".'


def transform_failure(text: str) -> tuple[type[OnefoldError], str] | None:
    """Return the error that a function in the warehouse has ended a statement with, and what it says.

    The lines of the user's code are read here: the warehouse does not have the file.

    Args:
        text: What Snowflake says, which has the traceback in it.

    Returns:
        None when it says nothing of the kind, or not all of it.
    """
    _, mark, rest = text.partition(MARK)
    if not mark:
        return None
    try:
        said, _ = json.JSONDecoder().raw_decode(rest)
    except ValueError:  # cut off
        return None
    message = said["message"] + (_ADVICE if said["error"] == "load" else "")
    if said["place"] is not None:
        file, line, name = said["place"]
        message += f"\n  {file}:{line}, in {name}\n    {linecache.getline(file, line).strip()}"
    return _KINDS[said["error"]], message
