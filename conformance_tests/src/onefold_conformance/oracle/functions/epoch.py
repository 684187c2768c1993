"""Timestamps as numbers since 1970-01-01, and buckets of a fixed length that are aligned to it."""

from __future__ import annotations

from collections.abc import Mapping

from onefold_conformance.oracle.interface import Application, FunctionRule
from onefold_conformance.oracle.numbers import checked_int64

__all__ = ["RULES"]


def _epoch(microseconds: int) -> FunctionRule:
    """Return the rule that counts whole units of a length, rounded down."""

    def rule(call: Application, value: int) -> int:
        return value // microseconds

    return rule


def _from_epoch(microseconds: int) -> FunctionRule:
    """Return the rule for the instant after a number of units of a length."""

    def rule(call: Application, number: int) -> int:
        return checked_int64(number * microseconds)

    return rule


def time_bucket(call: Application, value: int) -> int:
    """Return the start of the bucket that holds the timestamp."""
    return checked_int64(value - value % int(call.options["every"]))


RULES: Mapping[str, FunctionRule] = {
    "epoch_seconds": _epoch(1_000_000),
    "epoch_milliseconds": _epoch(1_000),
    "epoch_microseconds": _epoch(1),
    "from_epoch_seconds": _from_epoch(1_000_000),
    "from_epoch_milliseconds": _from_epoch(1_000),
    "from_epoch_microseconds": _from_epoch(1),
    "time_bucket": time_bucket,
}
