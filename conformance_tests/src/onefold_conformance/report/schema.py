"""The JSON Schema of ``report.json``, for programs that read reports."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["report_schema"]


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of ``report.json``.

    Examples:
        >>> report_schema()["title"]
        'onefold conformance report'
    """
    text = files("onefold_conformance.report").joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
