"""``onefold publish``: writes the features of views into tables, where analysts read them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from onefold.cli.options import Debug, Definitions, Engines, Json, Views, named_engines, named_views
from onefold.cli.output import print_json, progress_bar, results

__all__ = ["publish"]


def publish(
    file: Definitions,
    *,
    to: Annotated[str, typer.Option("--to", metavar="ENGINE", help="Engine that gets the tables.", show_default=False)],
    table: Annotated[
        str, typer.Option("--table", help="Name of each table, or directory; {view} is the name of the view.")
    ] = "{view}",
    views: Views = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="First time, such as 2025-01-31 or 2025-01-31T12:00Z.", show_default=False),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--end", help="Time before which all of them lie.", show_default=False)
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            "--every",
            help="Publish each key at the start and then every so often, such as 1d; left out, at its own events.",
            show_default=False,
        ),
    ] = None,
    spine: Annotated[
        str | None,
        typer.Option("--spine", help="Parquet or CSV file: publish its keys and times instead.", show_default=False),
    ] = None,
    time: Annotated[str | None, typer.Option("--time", help="Time column of the spine.", show_default=False)] = None,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", help='"UTC" states that a time without a zone is in UTC.', show_default=False),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Make the tables anew.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, and the queries. Nothing is computed.")
    ] = False,
    engine: Engines = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Compute feature views and write each into a table of its keys, the time as_of, and its features.

    A row holds what was known strictly before its time: what a training set has for the same key and time.

    Publishing again changes nothing: a row replaces the one with the same key and time, and another span adds its rows.

    Tables that can not merge rows, and directories of Parquet, have a column as_of_date; whole days are replaced there.

    What is computed on the engine of the tables never leaves it: --engine puts all views there.

    [bold]Examples[/]

      onefold publish features.py --to snowflake --engine snowflake --table ANALYTICS.FEATURES.{view} --dry-run

      onefold publish features.py --to snowflake --views spend --every 1d --start 2025-01-01 --end 2025-02-01

      onefold publish features.py --to rift --table published/{view}
    """
    from onefold import api
    from onefold.api.repository import load_repository

    named = named_engines(engine)
    chosen_names = named_views(views)
    repository = load_repository(file)
    publication = api.publication(
        repository.select(chosen_names),
        to=to,
        table=table,
        start=start,
        end=end,
        every=every,
        spine=spine,
        time=time,
        time_zone=time_zone,
        overwrite=overwrite,
        engine=named.engine,
        engines=named.engines,
        project=repository.project,
    )
    made = []
    for one in publication.tables:
        facts: dict[str, Any] = {
            "view": one.view.name,
            "table": one.table,
            "to": one.engine,
            "mode": one.sink.mode,
            "replaced_by": list(one.sink.partition_by),
            "columns": [{"name": field.name, "type": str(field.dtype)} for field in one.schema],
            "engine": {"name": one.choice.engine, "reason": one.choice.reason},
            "fingerprint": one.plan.fingerprint,
        }
        if dry_run:
            explanation = one.explain()
            facts["plan"] = str(explanation)
            if not json:
                console = results()
                console.print(one.title, style="bold", markup=False, soft_wrap=True)
                console.print(str(explanation), markup=False, soft_wrap=True)
        else:
            with progress_bar(f"Publishing {one.view.name}", total=None) as progress:
                written = one.run(progress)
            facts |= {"rows": written.rows, "seconds": round(written.seconds, 3)}
            if not json:
                results().print(
                    f"{written.rows:,} rows of {one.title} in {written.seconds:.1f} s", markup=False, soft_wrap=True
                )
        made.append(facts)
    if json:
        print_json(made)
