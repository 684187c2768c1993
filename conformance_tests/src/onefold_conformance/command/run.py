"""``onefold conformance run``: the suite on one backend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onefold_conformance.command.options import Backend, Cases, Filters, Level, Options, read_options

if TYPE_CHECKING:
    from rich.console import Console

    from onefold_conformance.report.model import CaseResult, Report
    from onefold_conformance.runner.run import SuiteRun

__all__ = ["run"]


def run(
    backend: Backend,
    *,
    level: Level = None,
    filters: Filters = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="A directory for report.json, junit.xml, report.md and report.html.", show_default=False
        ),
    ] = None,
    deviations: Annotated[
        Path | None,
        typer.Option(
            "--deviations", help="The backend's conformance.toml; that in its package by default.", show_default=False
        ),
    ] = None,
    cases: Cases = None,
    option: Options = None,
    timeout: Annotated[float, typer.Option("--timeout", help="How long a case may take, in seconds.")] = 60.0,
    workers: Annotated[int, typer.Option("--workers", help="How many processes run cases at once.", min=1)] = 2,
    sample: Annotated[
        bool, typer.Option("--sample", help="Run each case in only one of its variants: faster, and shows less.")
    ] = False,
) -> None:
    """Run the suite on a backend: every case as one batch, as several, and with its input rows shuffled.

    What the backend does not offer has to be refused: a value is wrong then, even if it is right. Exit code 0 when nothing
    failed, 1 when something did.

    Examples: [bold]onefold conformance run mine --out report[/] · [bold]onefold conformance run mine --level 1 --filter row/add[/]
    """
    from onefold.cli.output import messages, results
    from onefold_conformance.report.write import write_report
    from onefold_conformance.runner.run import SuiteRun

    suite = SuiteRun(
        backend,
        level=level,
        filters=filters or (),
        options=read_options(option),
        statement=deviations,
        folder=cases,
        timeout=timeout,
        workers=workers,
        sample=sample,
    )
    _run_all(suite, messages())
    report = suite.finish()
    paths = write_report(report, out) if out is not None else []
    _summarise(report, results())
    for path in paths:
        typer.echo(f"wrote {path}")
    if report.failed:
        raise typer.Exit(1)


def _run_all(suite: SuiteRun, console: Console) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from onefold_conformance.report.model import FAILING

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("running", total=len(suite.cases))
        failures = 0

        def show(result: CaseResult) -> None:
            nonlocal failures
            failures += result.status in FAILING
            topic = result.id.rpartition("/")[0]
            progress.update(task, advance=1, description=f"{failures} failed · {topic}" if failures else topic)

        suite.run_all(show)


def _summarise(report: Report, console: Console) -> None:
    """Print what failed, how many cases ended how, and the level."""
    from rich.markup import escape

    from onefold_conformance.case.model import LEVELS
    from onefold_conformance.report.model import FAILING

    for case in report.cases:
        if case.status in FAILING and case.status != "not-run":
            where = f" ({case.variant})" if case.variant else ""
            console.print(f"[bold red]{case.status}[/] {escape(case.id)}{where}: {escape(case.message[:500])}")
            hints = f" · catches: {', '.join(case.kills[:4])}" if case.kills else ""
            console.print(f"  [dim]{escape(case.why + hints)}[/]")
    sampled = "" if report.variants == "all" else ", each in one of its variants"
    counts = ", ".join(f"{count:,} {status}" for status, count in report.counts.items() if count)
    console.print(f"{report.backend} ({escape(report.distribution)}, engine {escape(report.engine_version)}): {counts}")
    console.print(
        f"suite revision {report.suite_revision}, {len(report.cases):,} cases, {report.seconds:.1f} s{sampled}"
    )
    if report.level is not None:
        console.print(f"[bold green]level {report.level}[/] ({LEVELS[report.level]})")
    above = 0 if report.level is None else report.level + 1
    if reasons := report.missing.get(str(above), ()):
        console.print(f"not level {above} ({LEVELS[above]}): {escape('; '.join(reasons))}")
