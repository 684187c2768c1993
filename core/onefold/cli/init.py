"""``onefold init``: the start of a repository of features."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onefold.cli.options import Debug, Json
from onefold.cli.output import print_json, results

__all__ = ["init"]


def init(
    name: Annotated[Path, typer.Argument(metavar="NAME", help="A folder that does not exist yet.", show_default=False)],
    sql: Annotated[bool, typer.Option("--sql", help="Write the views in SQL, instead of Python.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Write a repository of features that runs as it is: definitions, a little data, and a test.

    [bold]Examples[/]

      onefold init shop

      onefold init shop --sql
    """
    from onefold.scaffold import write_repository

    written = write_repository(name, sql=sql)
    if json:
        print_json({"folder": name, "sql": sql, "files": written})
        return
    from rich.markup import escape

    place = escape(str(name))
    lines = "\n".join(f"  {escape(str(path.relative_to(name)))}" for path in written)
    results().print(
        f"[bold green]The repository is in {place}:[/]\n\n{lines}\n\n"
        "[bold]What next[/]\n\n"
        f"  cd {place}\n"
        "  onefold validate      are the definitions right, and is the data what they say\n"
        "  onefold training-set . --spine data/spine.csv --time at --time-zone UTC --out training\n"
        "  onefold docs          a page with all features",
        soft_wrap=True,
    )
