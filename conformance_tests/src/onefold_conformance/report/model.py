"""What a run of the suite found, as data: the one thing that pages, badges and matrices are made from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from onefold.errors import ConfigurationError

__all__ = ["FAILING", "FARTHEST", "STATUSES", "CapabilityResult", "CaseResult", "Report", "Status"]

FORMAT = 1
"""The version of the form of ``report.json``."""

Status = Literal[
    "pass",
    "refused-ok",
    "new",
    "deviation",
    "fail",
    "error",
    "value-instead-of-refusal",
    "xpass",
    "not-run",
]
"""How a case ended.

* ``pass``: the values, or the error, that the case expects.
* ``refused-ok``: it needs what the backend does not offer, and the backend refused it.
* ``new``: the case is newer than the revision that the backend aims at; its result does not count.
* ``deviation``: it fails as the backend's ``conformance.toml`` says.
* ``fail``: other values, another schema, a value where an error is due, or a refusal of what is offered.
* ``error``: an exception that a backend must not raise, a crash, or no answer in time.
* ``value-instead-of-refusal``: the backend answered although it says that it does not offer what the case needs.
* ``xpass``: it passes although ``conformance.toml`` says that it does not, or says so no longer.
* ``not-run``: the run was given up before it came to this case.
"""

STATUSES: tuple[Status, ...] = get_args(Status)

FAILING: frozenset[Status] = frozenset({"fail", "error", "value-instead-of-refusal", "xpass", "not-run"})
"""With one of these, a run as a whole has failed."""

FARTHEST = 2.0**64
"""More units in the last place than lie between any two finite floats."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case ended.

    Args:
        id: The case, such as ``"row/add/overflow"``.
        level: Its level, 0 to 5.
        status: How it ended.
        seconds: How long all its variants took together.
        ulps: The largest difference between floats that were compared, in units in the last place; None for none.
            Where one of two is infinite or NaN, it is :data:`FARTHEST`: JSON has no infinity.
        needs: The capabilities that the case needs, sorted.
        message: What went wrong, or why it was refused; empty when nothing is to be said.
        variant: Where it failed: ``"whole"``, ``"split"`` or ``"shuffled"``; empty when it did not.
        why: What the case is about.
        kills: The wrong rules that the case is known to catch: what a failure probably means.
    """

    id: str
    level: int
    status: Status
    seconds: float
    ulps: float | None = None
    needs: tuple[str, ...] = ()
    message: str = ""
    variant: str = ""
    why: str = ""
    kills: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Keep the difference finite."""
        if self.ulps is not None and not self.ulps <= FARTHEST:
            object.__setattr__(self, "ulps", FARTHEST)


@dataclass(frozen=True, slots=True)
class CapabilityResult:
    """What a backend states about a capability, and what the cases that need it observed.

    Args:
        declared: ``"full"``, ``"emulated"``, ``"since"``, ``"not implemented"`` or ``"unsupported"``.
        detail: How it is emulated, since when, or why it is not offered.
        observed: How many of the cases that need it ended with each status.
    """

    declared: str
    detail: str
    observed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """A run of the suite on one backend.

    Args:
        backend: Its name.
        distribution: The distribution that provides it, and its version; empty where it is not known.
        engine_version: The version of its engine.
        suite_revision: The revision of the cases.
        suite_hash: A SHA-256 over all cases.
        target_revision: The revision that the backend aims at; newer cases are ``new``.
        level: The highest level without failures and deviations whose required capabilities are offered and passed;
            None when not even level 0 is, or when only a selection of cases was run.
        levels_run: The levels of which all cases were run.
        versions: Versions of onefold, the suite, Python and what else matters, by name.
        started: When the run began, as ISO 8601 in UTC.
        seconds: How long it took.
        cases: One result for each case that was selected, in the order of the suite.
        capabilities: Each capability that is declared or needed by a case, by name.
        missing: For each level that is not reached, why, in sentences.
        variants: Whether each case ran in all of its variants, or only in one of them.
    """

    backend: str
    distribution: str
    engine_version: str
    suite_revision: int
    suite_hash: str
    target_revision: int
    level: int | None
    levels_run: tuple[int, ...]
    versions: Mapping[str, str]
    started: str
    seconds: float
    cases: tuple[CaseResult, ...]
    capabilities: Mapping[str, CapabilityResult] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variants: Literal["all", "one"] = "all"

    @property
    def counts(self) -> dict[str, int]:
        """How many cases ended with each status; every status is there."""
        found = Counter(case.status for case in self.cases)
        return {status: found[status] for status in STATUSES}

    @property
    def failed(self) -> bool:
        """Whether the run as a whole has failed."""
        return any(case.status in FAILING for case in self.cases)

    def to_json(self) -> str:
        """Return the report as the JSON text that ``report.schema.json`` describes."""
        return json.dumps(
            {"onefold_conformance_report": FORMAT, **_plain(self), "counts": self.counts}, indent=1, allow_nan=False
        )

    @classmethod
    def from_json(cls, text: str, *, where: str = "the text") -> Report:
        """Return the report that a JSON text holds.

        Args:
            text: The JSON text.
            where: What the text is, for errors.

        Raises:
            ConfigurationError: If it is not a report of this form.
        """
        try:
            document: dict[str, Any] = json.loads(text)
            if document.pop("onefold_conformance_report") != FORMAT:
                raise ConfigurationError(f"{where} is a report of another form than this suite reads ({FORMAT}).")
            document.pop("counts")
            cases = tuple(
                CaseResult(**{**case, "needs": tuple(case["needs"]), "kills": tuple(case["kills"])})
                for case in document.pop("cases")
            )
            capabilities = {name: CapabilityResult(**result) for name, result in document.pop("capabilities").items()}
            missing = {level: tuple(reasons) for level, reasons in document.pop("missing").items()}
            levels = tuple(document.pop("levels_run"))
            return cls(**document, levels_run=levels, cases=cases, capabilities=capabilities, missing=missing)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, ConfigurationError):
                raise
            raise ConfigurationError(
                f"{where} is not a report of this suite ({type(error).__name__}: {error}). "
                "Give files that `onefold conformance run` has written."
            ) from error

    @classmethod
    def read(cls, path: Path) -> Report:
        """Return the report in a file.

        Raises:
            ConfigurationError: If it can not be read, or holds something else.
        """
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"The report {str(path)!r} can not be read: {error}.") from error
        return cls.from_json(text, where=repr(str(path)))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; unlike ``asdict``, which takes a Counter apart, of any mapping."""
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
