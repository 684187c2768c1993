"""What will run where, and after a run what did: as text, as a tree in a terminal, and as HTML with a drawn graph."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.analysis import describe, leakage_notes
from onefold.display import html_page
from onefold.errors import OnefoldError
from onefold.execution.drawing import drawn, size_text
from onefold.execution.edges import Edge
from onefold.execution.runner import Job
from onefold.execution.sessions import session_for
from onefold.execution.stages import Stage
from onefold.execution.streams import Traffic
from onefold.execution.subplan import Subplan, steps_of
from onefold.plan import Input

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["Explanation", "StageReport", "explain"]

_FORMS = {"stream": "as a stream", "memory": "from memory", "parquet": "from Parquet files"}


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage: what it runs, on which engine, the engine's own query, and what passed through after a run.

    Args:
        stage: The stage.
        tree: Its plan, with the id of each step, by which :meth:`Explanation.subplan` finds it.
        query: The engine's own query.
        traffic: What it gave; None before a run.
        seconds: How long others waited for it, without the time that it waited for others itself. What an engine
            computes while its reader is busy with other things takes nobody's time, and is not counted.
        reads: What it read, by name: ``stage_<id>``, or an input's name; without an edge before a run.
    """

    stage: Stage
    tree: str
    query: str
    traffic: Traffic | None
    seconds: float
    reads: Mapping[str, Edge | None]

    @property
    def title(self) -> str:
        """Which stage it is, where it runs and why."""
        return f"stage {self.stage.id} on {self.stage.engine}{f' ({self.stage.reason})' if self.stage.reason else ''}"

    @property
    def passed(self) -> str:
        """What the stage gave, in how much time of its own; empty before a run."""
        if self.traffic is None:
            return ""
        return f"{self.traffic.rows:,} rows, {size_text(self.traffic.bytes)}, {self.seconds:.2f} s"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The stages of a job; prints as text, as a tree with rich, and as HTML in a notebook.

    Args:
        stages: The stages in the order in which they run.
        notes: Remarks on time, such as features that include events at exactly the spine's time.
        queries: Whether the text shows the engines' own queries.
        job: What was explained.
    """

    stages: tuple[StageReport, ...]
    notes: tuple[str, ...]
    queries: bool
    job: Job

    def subplan(self, id: str | int) -> Subplan:
        """Return one step, to be run alone.

        Args:
            id: What stands behind the step, such as ``"0.2"``; ``"0"`` is all of stage 0.

        Raises:
            PlanError: If there is no such step.
        """
        return Subplan.of(self.job, id)

    def to_html(self) -> str:
        """Return a whole HTML page that fits light and dark screens, and needs neither a network nor scripts."""
        return html_page("onefold explain", self._repr_html_())

    def __str__(self) -> str:
        parts = []
        for report in self.stages:
            reads = f", reads {', '.join(f'stage {read}' for read in report.stage.reads)}" if report.stage.reads else ""
            passed = f": {report.passed}" if report.passed else ""
            parts.append(f"{report.title}{reads}{passed}")
            parts.append(_indented(report.tree))
            parts += [f"  {line}" for line in _edge_lines(report)]
            if self.queries and report.query:
                parts.append(_indented(f"native query:\n{_indented(report.query)}"))
        return "\n".join([*parts, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return str(self)

    def __rich__(self) -> Tree:
        """Return the stages as a tree for a terminal, the result first and what it is made of below."""
        from rich.text import Text  # noqa: PLC0415 - only where something is printed with it
        from rich.tree import Tree  # noqa: PLC0415

        by_id = {report.stage.id: report for report in self.stages}
        shown: set[int] = set()

        def branch(report: StageReport, above: Tree | None) -> Tree:
            text = Text.assemble((f"stage {report.stage.id} on {report.stage.engine}", "bold"), overflow="ellipsis")
            text.no_wrap = True
            if report.stage.id in shown:
                text.append(", see above", "dim")
                return Tree(text) if above is None else above.add(text)
            text.append(f" ({report.stage.reason})" if report.stage.reason else "", "dim")
            text.append(f"  {report.passed}" if report.passed else "", "cyan")
            shown.add(report.stage.id)
            text.append(f"\n{report.tree}")
            text.append("".join(f"\n{line}" for line in _edge_lines(report)), "cyan")
            if self.queries and report.query:
                text.append(f"\n{report.query}", "dim")
            tree = Tree(text) if above is None else above.add(text)
            for read in report.stage.reads:
                branch(by_id[read], tree)
            return tree

        root = branch(self.stages[-1], None)
        for note in self.notes:
            root.add(Text(f"note: {note}", "italic"))
        return root

    def _repr_html_(self) -> str:
        anchor = f"onefold-{hashlib.sha256(str(self).encode()).hexdigest()[:12]}"
        stages = "".join(_unfolding(report, f"{anchor}-s{report.stage.id}") for report in self.stages)
        notes = "".join(f"<p><i>note: {html.escape(note)}</i></p>" for note in self.notes)
        return f'<div class="onefold-explain">{drawn(self.stages, anchor)}{stages}{notes}</div>'


def explain(job: Job, *, queries: bool = True) -> Explanation:
    """Return what a job runs where.

    Args:
        job: The job; after a run, rows, bytes and seconds of each stage and of what it read are shown.
        queries: Whether the text shows the engines' own queries.
    """
    notes = tuple(
        f"{', '.join(note.features)}: may use an event at exactly the spine's time ({note.reason})."
        for stage in job.stages
        for note in leakage_notes(stage.plan)
    )
    return Explanation(tuple(_report(stage, job) for stage in job.stages), notes, queries, job)


def _report(stage: Stage, job: Job) -> StageReport:
    ids = {step.fingerprint: id for id, step in steps_of(stage).items()}
    tree = describe(stage.plan, lambda step: f"  [{ids[step.fingerprint]}]" if step.fingerprint in ids else "")
    names = dict.fromkeys(leaf.name for leaf in stage.plan.walk() if isinstance(leaf, Input))
    traffic = job.traffic.get(stage.id)
    seconds = 0.0 if traffic is None else job.own_seconds(stage.id)
    reads = {name: job.edges.get((name, stage.id)) for name in names}
    return StageReport(stage, tree, _query(stage), traffic, seconds, reads)


def _query(stage: Stage) -> str:
    if stage.session is None:
        return ""
    try:
        return session_for(stage.engine, stage.options).explain(stage.plan)
    except OnefoldError as error:  # explaining must work for plans that can not run: that is when it is needed most
        return f"-- not available: {error}"


def _unfolding(report: StageReport, anchor: str) -> str:
    """Return all that there is to say of a stage, folded away behind a line; the anchor is inside, so that links unfold it."""
    pre = "overflow:auto;max-height:30em;line-height:1.35;margin:.4em 0;background:none"
    passed = f'<span style="float:right;opacity:.8">{html.escape(report.passed)}</span>' if report.passed else ""
    reason = f' <span style="opacity:.75">{html.escape(report.stage.reason)}</span>' if report.stage.reason else ""
    edges = "".join(f'<div style="font-size:.9em">{html.escape(line)}</div>' for line in _edge_lines(report))
    query = f'<pre style="{pre}">{html.escape(report.query)}</pre>'
    return (
        f'<details class="s{report.stage.id}" style="border:1px solid #8886;border-radius:6px;padding:.35em .8em;margin:.3em 0">'
        f'<summary style="font-variant-numeric:tabular-nums">{passed}<b>stage {report.stage.id}</b> on '
        f"<code>{html.escape(report.stage.engine)}</code>{reason}</summary>"
        f'<div id="{anchor}"><pre style="{pre}">{html.escape(report.tree)}</pre>{edges}'
        + (f'<div style="margin-top:.6em;font-size:.9em;opacity:.75">native query</div>{query}' if report.query else "")
        + "</div></details>"
    )


def _edge_lines(report: StageReport) -> list[str]:
    return [
        f"read {name.replace('stage_', 'stage ') if name.startswith('stage_') else name} {_FORMS[edge.form]}: "
        f"{edge.traffic.rows:,} rows, {size_text(edge.traffic.bytes)}, {edge.traffic.seconds:.2f} s"
        for name, edge in report.reads.items()
        if edge is not None
    ]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
