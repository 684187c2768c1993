"""``onefold explain``: what computing a view would run, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onefold.cli.options import Debug, Definitions, Engines, Json, named_engines
from onefold.cli.output import print_json, results

if TYPE_CHECKING:
    from onefold.choosing import Choice
    from onefold.features import FeatureView

__all__ = ["explain"]


def explain(
    file: Definitions,
    view: Annotated[
        str, typer.Argument(metavar="VIEW", help="A feature view or service of the file.", show_default=False)
    ],
    *,
    queries: Annotated[bool, typer.Option("--queries", help="Show the engines' own queries too.")] = False,
    engine: Engines = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what a view computes, from what, and what would run where, and why there. Nothing is computed.

    [bold]Examples[/]

      onefold explain features.py carrier_delay

      onefold explain features.py carrier_delay --queries --engine rift
    """
    from onefold.api.engines import chosen_engines
    from onefold.api.repository import load_repository

    named = named_engines(engine)
    repository = load_repository(file)
    views = repository.select([view])
    options = repository.project.options
    chosen = chosen_engines(
        views,
        engine=named.engine,
        engines=named.engines,
        project=repository.project.engine,
        options=options,
    )
    if json:
        explained = [_as_json(one, chosen[one.name], options) for one in views]
        print_json(explained[0] if view in repository.views else explained)
        return
    console = results()
    for number, one in enumerate(views):
        if number:
            console.print()
        _print(one, chosen[one.name], options, queries)


def _print(view: FeatureView, choice: Choice, options: Mapping[str, Mapping[str, Any]], queries: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = results()
    about = ", ".join(
        part
        for part in (
            f"of {view.entity.name} ({', '.join(view.entity.keys)})",
            f"owner {view.owner}" if view.owner else "",
        )
        if part
    )
    console.print(f"[bold]{escape(view.name)}[/]: {len(view.feature_names)} features {escape(about)}")
    if view.description:
        console.print(escape(view.description))
    console.print(f"on [bold]{escape(choice.engine)}[/] ({escape(choice.reason)})")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("feature", style="bold", header_style="dim")
    table.add_column("type", style="cyan", header_style="dim")
    for field in view.schema:
        table.add_row(escape(field.name), escape(str(field.dtype)))
    console.print()
    console.print(table)
    console.print()
    plan = view.explain(engine=choice, options=options, queries=queries)
    console.print(str(plan), markup=False, soft_wrap=True)


def _as_json(view: FeatureView, choice: Choice, options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    plan = view.explain(engine=choice, options=options, queries=True)
    return {
        "view": view.name,
        "description": view.description,
        "owner": view.owner,
        "entity": {"name": view.entity.name, "keys": list(view.entity.keys)},
        "engine": {"name": choice.engine, "reason": choice.reason},
        "features": [
            {"name": field.name, "type": str(field.dtype), "nullable": field.nullable} for field in view.schema
        ],
        "stages": [
            {
                "id": report.stage.id,
                "engine": report.stage.engine,
                "reason": report.stage.reason,
                "reads": list(report.stage.reads),
                "plan": report.tree,
                "query": report.query,
            }
            for report in plan.stages
        ],
        "notes": list(plan.notes),
    }
