"""What a run of fuzzing drew and found, as a document that can be kept."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from onefold_conformance.case.files import suite_hash
from onefold_conformance.generate.fuzz import FuzzReport
from onefold_conformance.runner.located import Located

__all__ = ["fuzz_record"]


def fuzz_record(report: FuzzReport, located: Located, *, seed: int, options: Mapping[str, Any], seconds: float) -> str:
    """Return the record of a run as JSON text.

    Args:
        report: What it gave.
        located: The backend.
        seed: Where drawing began.
        options: The options of the session.
        seconds: How long it took.
    """
    names = ("onefold", "onefold-conformance", "hypothesis", "pyarrow")
    record = {
        "backend": report.backend,
        "distribution": located.distribution,
        "engine_version": located.backend.health().version,
        "plans": sum(report.outcomes.values()),
        "outcomes": dict(sorted(report.outcomes.items())),
        "difference": "" if report.finding is None else report.finding.problem,
        "seed": seed,
        "options": dict(options),
        "seconds": round(seconds, 1),
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "suite_hash": suite_hash(),
        "versions": {name: version(name) for name in names} | {"python": platform.python_version()},
        "exercised": dict(sorted(report.exercised.items())),
    }
    return f"{json.dumps(record, indent=1, ensure_ascii=False)}\n"
