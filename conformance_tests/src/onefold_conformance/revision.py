"""The revision of the suite: one more whenever a case is added or its expectation changed."""

from __future__ import annotations

__all__ = ["SUITE_REVISION"]

SUITE_REVISION = 1
