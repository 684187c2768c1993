"""``onefold docs``: a page with all features of a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results
from onefold.cli.validate import Repository

__all__ = ["docs"]


def docs(
    path: Repository = ".",
    output: Annotated[Path, typer.Option("--output", help="The folder for the page.")] = Path("feature-docs"),
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Write one page with all features: what they mean, their types, where they come from, and what a null says.

    The page needs no network and no server: it is one file.

    [bold]Examples[/]

      onefold docs

      onefold docs features.py --output public
    """
    from onefold.api.repository import load_repository
    from onefold.feature_docs import described, write_page

    place = Path(path).resolve()
    catalogue = described(load_repository(path), name=(place if place.is_dir() else place.parent).name)
    file = write_page(catalogue, output)
    if json:
        print_json({"file": file, "views": len(catalogue.views), "features": catalogue.count})
        return
    from rich.markup import escape

    results().print(
        f"[bold]{catalogue.count} features[/] of {len(catalogue.views)} views are in [bold]{escape(str(file))}[/]",
        soft_wrap=True,
    )
