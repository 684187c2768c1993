"""onefold on rift, a training set of its own for each source: what a training set of all sources is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.tools import onefold_rift

__all__ = ["run"]


def run(case: Case) -> None:
    """Compute the case, source by source, into folders below its output."""
    Path(case.output).mkdir()
    for number, source in enumerate(case.sources):
        views = tuple(view for view in case.views if view.events == source.events)
        onefold_rift.run(replace(case, views=views, output=f"{case.output}/{number}"))
