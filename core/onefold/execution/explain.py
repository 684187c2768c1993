"""What will run where, and after a run what did: as text and as HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass

from onefold.analysis import describe, leakage_notes
from onefold.errors import OnefoldError
from onefold.execution.runner import Job
from onefold.execution.sessions import session_for
from onefold.execution.stages import PYTHON, Stage
from onefold.execution.streams import Traffic

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage: what it runs, on which engine, the engine's own query, and what passed through after a run."""

    stage: Stage
    tree: str
    query: str
    traffic: Traffic | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The stages of a job; prints as text in a terminal and as HTML in a notebook.

    Args:
        stages: The stages in the order in which they run.
        notes: Remarks on time, such as features that include events at exactly the spine's time.
        queries: Whether the text shows the engines' own queries.
    """

    stages: tuple[StageReport, ...]
    notes: tuple[str, ...]
    queries: bool

    def __str__(self) -> str:
        parts = []
        for report in self.stages:
            stage = report.stage
            reads = f", reads {', '.join(f'stage {read}' for read in stage.reads)}" if stage.reads else ""
            reason = f" ({stage.reason})" if stage.reason else ""
            parts.append(f"stage {stage.id} on {stage.engine}{reason}{reads}{_passed(report.traffic)}")
            parts.append(_indented(report.tree))
            if self.queries and report.query:
                parts.append(_indented(f"native query:\n{_indented(report.query)}"))
        return "\n".join([*parts, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        boxes = "".join(
            f'<details open style="border:1px solid #8888;border-radius:6px;padding:.4em .8em;margin:.4em 0">'
            f"<summary><b>stage {report.stage.id}</b> on <code>{html.escape(report.stage.engine)}</code>"
            f"{html.escape(_passed(report.traffic))}</summary>"
            f"<pre style='line-height:1.3'>{html.escape(report.tree)}</pre>"
            + (
                f"<details><summary>native query</summary><pre>{html.escape(report.query)}</pre></details>"
                if report.query
                else ""
            )
            + "</details>"
            for report in self.stages
        )
        notes = "".join(f"<p><i>{html.escape(note)}</i></p>" for note in self.notes)
        return f"<div>{boxes}{notes}</div>"


def explain(job: Job, *, queries: bool = True) -> Explanation:
    """Return what a job runs where.

    Args:
        job: The job; after a run, rows, bytes and seconds of each stage are shown.
        queries: Whether the text shows the engines' own queries.
    """
    reports = tuple(
        StageReport(stage, describe(stage.plan), _query(stage, job), job.traffic.get(stage.id)) for stage in job.stages
    )
    notes = tuple(
        f"{', '.join(note.features)}: may use an event at exactly the spine's time ({note.reason})."
        for stage in job.stages
        for note in leakage_notes(stage.plan)
    )
    return Explanation(reports, notes, queries)


def _query(stage: Stage, job: Job) -> str:
    if stage.engine == PYTHON:
        return ""
    try:
        return session_for(stage.engine, job.options.get(stage.engine)).explain(stage.plan)
    except OnefoldError as error:  # explaining must work for plans that can not run: that is when it is needed most
        return f"-- not available: {error}"


def _passed(traffic: Traffic | None) -> str:
    if traffic is None:
        return ""
    return f": {traffic.rows:,} rows, {traffic.bytes / 1024 / 1024:,.1f} MiB, {traffic.seconds:.2f} s"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
