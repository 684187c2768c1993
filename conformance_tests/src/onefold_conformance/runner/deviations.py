"""A backend's ``conformance.toml``: the revision that it aims at, and the cases in which it knows that it is wrong.

::

    target_revision = 1

    [[deviation]]
    id = "row/add/overflow"
    reason = "the engine wraps around"
    issue = "https://example.org/issues/12"
    since = 2026-11-01
    expires = 2027-05-01

The file is strict, so that it can not rot: every member has to be there, the case has to exist and to fail, and the day on
which a deviation expires has to be in the future. No tool writes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.errors import ConfigurationError, listed
from onefold_conformance.revision import SUITE_REVISION

__all__ = ["Deviation", "Statement", "read_statement"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A case in which a backend is known to be wrong.

    Args:
        id: The case.
        reason: What is wrong.
        issue: Where it is being dealt with.
        since: Since when it is known.
        expires: On and after which day it counts as a failure.
    """

    id: str
    reason: str
    issue: str
    since: dt.date
    expires: dt.date


@dataclass(frozen=True, slots=True)
class Statement:
    """What a backend states about its conformance.

    Args:
        target_revision: The revision of the suite that it aims at.
        deviations: The cases in which it is known to be wrong, by id.
    """

    target_revision: int
    deviations: Mapping[str, Deviation]


def read_statement(document: Mapping[str, Any], *, where: str, known: Collection[str]) -> Statement:
    """Return what a ``conformance.toml`` says.

    Args:
        document: Its content; an empty one aims at the newest revision, without deviations.
        where: The file, for errors.
        known: The ids of all cases.

    Raises:
        ConfigurationError: If it is not complete, names a case that does not exist, or names one twice.
    """
    members = {"target_revision", "deviation"}
    if unknown := sorted(set(document) - members):
        raise ConfigurationError(f"{where}: {listed(unknown[0], sorted(members), what='members')}")
    revision = document.get("target_revision", SUITE_REVISION)
    if not isinstance(revision, int) or isinstance(revision, bool) or not 1 <= revision <= SUITE_REVISION:
        raise ConfigurationError(
            f"{where}: the target_revision is {revision!r}; this suite has the revisions 1 to {SUITE_REVISION}."
        )
    deviations: dict[str, Deviation] = {}
    for number, entry in enumerate(document.get("deviation", ()), start=1):
        deviation = _deviation(entry, f"{where}: deviation {number}")
        if deviation.id in deviations:
            raise ConfigurationError(f"{where}: two deviations name the case {deviation.id!r}.")
        if deviation.id not in known:
            raise ConfigurationError(
                f"{where}: there is no case {deviation.id!r}. {listed(deviation.id, known, what='cases')}"
            )
        deviations[deviation.id] = deviation
    return Statement(revision, deviations)


def _deviation(entry: Any, where: str) -> Deviation:
    kinds = {"id": str, "reason": str, "issue": str, "since": dt.date, "expires": dt.date}
    if not isinstance(entry, dict) or set(entry) != set(kinds):
        raise ConfigurationError(f"{where} has exactly the members {', '.join(kinds)}.")
    for name, kind in kinds.items():
        if type(entry[name]) is not kind or not entry[name]:
            raise ConfigurationError(f"{where}: {name!r} is a {kind.__name__}, and not empty.")
    return Deviation(**entry)
